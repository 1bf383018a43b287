"""Pictures that training must not see: the val and test splits of the RefCOCO family.

RefCOCO, RefCOCO+ and RefCOCOg share COCO's pictures but divide them differently, so
a joint training set holds pictures that another of them is tested on.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from t4s_lib.sources.base import Sample
from t4s_lib.sources.errors import DataError, MissingFileError
from t4s_lib.sources.lazy import LazySamples
from t4s_lib.sources.refer_samples import refer

TESTS: tuple[tuple[str, str, str], ...] = (
    *(("refcoco", "unc", split) for split in ("val", "testA", "testB")),
    *(("refcoco+", "unc", split) for split in ("val", "testA", "testB")),
    *(("refcocog", "umd", split) for split in ("val", "test")),
)
"""The splits that the published results are computed on."""

_COCO = ("refcoco", "refcoco+", "refcocog", "grefcoco")


def image_ids(samples: Iterable[Sample]) -> frozenset[int]:
    """The ids of the COCO pictures that samples show."""
    found = (_coco_id(sample) for sample in samples)
    return frozenset(number for number in found if number is not None)


def read_image_ids(path: str | Path) -> frozenset[int]:
    """Ids of pictures from a JSON list of whole numbers.

    Raises:
        DataError: If the file is not there or holds anything else.
    """
    try:
        found = json.loads(Path(path).read_text("utf-8"))
    except FileNotFoundError:
        raise MissingFileError(f"{path} does not exist, expected a JSON list") from None
    except ValueError as error:
        raise DataError(f"{path} is not JSON: {error}") from None
    if not isinstance(found, list) or not all(type(k) is int for k in found):
        raise DataError(f"{path} is not a list of image ids, expected whole numbers")
    return frozenset(found)


def held_out_image_ids(root: str | Path) -> frozenset[int]:
    """The pictures of every val and test split of the RefCOCO family.

    Args:
        root: The folder that the data sets are in, see ``sources.refer``. A list
            ``leak/refcoco_val_test_image_ids.json`` in it is taken as it is.

    Raises:
        DataError: If a split is not there; a filter that misses some is none.
    """
    listed = Path(root) / "leak" / "refcoco_val_test_image_ids.json"
    if listed.is_file():
        return read_image_ids(listed)
    try:
        parts = [image_ids(refer(root, *split)) for split in TESTS]
    except DataError as error:
        raise DataError(
            f"leak_filter needs every val and test split: {error}"
        ) from None
    return frozenset[int]().union(*parts)


def without_images(samples: Sequence[Sample], ids: Collection[int]) -> Sequence[Sample]:
    """The samples whose picture is not among the ids.

    Ids are COCO's: samples of other pictures (RefCLEF, scenes) all stay.

    Examples:
        >>> from t4s_lib.sources import scenes
        >>> len(without_images(scenes(3), {1, 2}))
        3
    """
    banned = frozenset(ids)
    kept = [k for k, sample in enumerate(samples) if _coco_id(sample) not in banned]
    return LazySamples(samples.__getitem__, kept)


def _coco_id(sample: Sample) -> int | None:
    dataset = sample.source.partition(":")[0]
    return sample.extra.get("image_id") if dataset in _COCO else None
