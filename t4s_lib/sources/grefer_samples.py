"""gRefCOCO: expressions that mean several objects, one, or none.

``<root>/grefcoco/grefs(unc).json`` (or ``.p``) holds who is meant by which sentence,
``<root>/grefcoco/instances.json`` the masks; the pictures are RefCOCO's
(github.com/henghuiding/gRefCOCO). No target is written as the annotation -1.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from t4s_lib.sources.base import BoolMask
from t4s_lib.sources.benchmark import Benchmark
from t4s_lib.sources.coco_instances import (
    Instances,
    Record,
    read_instances,
    read_json,
)
from t4s_lib.sources.errors import DataError, require_one_of
from t4s_lib.sources.forms import ID, Form, fits
from t4s_lib.sources.lazy import LazySamples
from t4s_lib.sources.places import first_file
from t4s_lib.sources.refer_layout import (
    find_base,
    find_file,
    image_folders,
    pick_split,
)
from t4s_lib.sources.refer_reader import SentenceReader
from t4s_lib.sources.safe_pickle import load_plain_pickle

DATASET = "grefcoco"
_REF: Form = {
    "ref_id": ID,
    "ann_id": (int, list),
    "image_id": ID,
    "split": str,
    "sentences": list,
}
_NONE = -1


def targets_of(ref: Record) -> tuple[int, ...]:
    """The annotations that a ref means; none for a sentence without a target.

    Examples:
        >>> targets_of({"ann_id": [7, 9]}), targets_of({"ann_id": [-1]})
        ((7, 9), ())
        >>> targets_of({"ann_id": 7}), targets_of({"ann_id": -1})
        ((7,), ())
    """
    given = ref["ann_id"]
    numbers = given if isinstance(given, list | tuple) else (given,)
    return tuple(number for number in numbers if number not in (_NONE, None))


def _is_ref(ref: Any, text: str) -> bool:
    return (
        fits(ref, _REF)
        and all(isinstance(number, int) for number in targets_of(ref))
        and all(fits(one, {"sent_id": ID, text: str}) for one in ref["sentences"])
    )


def _read_refs(path: Path, text: str) -> list[Record]:
    refs = load_plain_pickle(path) if path.suffix == ".p" else read_json(path)
    if not isinstance(refs, list) or not all(_is_ref(ref, text) for ref in refs):
        raise DataError(
            f"{path} is not a list of refs: expected dicts with "
            f"{', '.join(_REF)}, and sentences with sent_id, {text}"
        )
    return refs


def _check_links(refs: Sequence[Record], instances: Instances, path: Path) -> None:
    """Every ref must be on a known image, and its annotations on that image."""
    for ref in refs:
        image = ref["image_id"]
        if image not in instances.images:
            raise _broken(ref, path, f"image {image}, which is not in instances.json")
        for number in targets_of(ref):
            annotation = instances.annotations.get(number)
            if annotation is None:
                what = f"annotation {number}, which is not in instances.json"
                raise _broken(ref, path, what)
            if annotation["image_id"] != image:
                what = f"annotation {number} on image {image}, which is on image "
                raise _broken(ref, path, f"{what}{annotation['image_id']}")


def _broken(ref: Record, path: Path, what: str) -> DataError:
    return DataError(f"ref {ref['ref_id']} of {path} means {what}")


class _Reader(SentenceReader):
    """A sentence means several annotations, one, or none."""

    def mask(self, ref: Record, image: Record) -> BoolMask:
        """All pixels of the targets, crowds left out as the benchmark does."""
        mask = np.zeros((image["height"], image["width"]), dtype=bool)
        for number in targets_of(ref):
            if not self.instances.annotations[number].get("iscrowd"):
                mask |= self.instances.mask(number)
        return mask

    def number(self, ref: Record, sentence: Record) -> str:
        """With the ref's: a sentence may stand in several."""
        return f"{ref['ref_id']}/{sentence['sent_id']}"

    def meant(self, ref: Record) -> dict[str, Any]:
        """The annotations, their categories and boxes."""
        targets = targets_of(ref)
        found = [self.instances.annotations[number] for number in targets]
        boxes = [annotation.get("bbox") for annotation in found]
        numbers = [str(annotation.get("category_id")) for annotation in found]
        names = {str(k): name for k, name in self.instances.categories.items()}
        return {
            "ann_ids": targets,
            "no_target": not targets,
            "categories": tuple(names.get(k, k) for k in numbers),
            "bbox": boxes[0] if len(boxes) == 1 else None,
            "boxes": boxes,
        }


def grefer(
    root: str | Path, split_by: str = "unc", split: str = "val", *, text: str = "sent"
) -> LazySamples:
    """Generalised referring expressions, one sample a sentence.

    A mask is all its targets together; it is empty where there are none. ``extra``
    has ``ref_id``, ``ann_ids``, ``image_id``, ``sent_id``, ``no_target``,
    ``categories``, ``boxes`` (x, y, width, height, one a target), ``bbox`` (the box
    of a single target, else None), ``image_file``, ``image_folders``, ``height`` and
    ``width``.

    Args:
        root: The folder with ``grefcoco``, or the one above it where that is in
            ``refer`` or ``refer_seg``.
        split_by: ``unc``.
        split: ``train``, ``val``, ``testA`` or ``testB``; compared exactly.
        text: ``sent``, the cleaned sentence in lower case, or ``raw``, as typed.

    Returns:
        The samples in the order of the file.

    Raises:
        DataError: If a file is not in its form, a ref leads nowhere, or there is no
            such split; as ``MissingFileError`` if a file is not there.
    """
    require_one_of("text", text, ["sent", "raw"])
    base = find_base(root, DATASET)
    folder = base / DATASET
    names = [f"grefs({split_by}).json", f"grefs({split_by}).p"]
    path = first_file(folder, names, f"refs of {DATASET}:{split_by}")
    refs = pick_split(_read_refs(path, text), split, path)
    instances = read_instances(find_file(folder, "instances.json", "*"))
    _check_links(refs, instances, path)
    rows = [(ref, sentence) for ref in refs for sentence in ref["sentences"]]
    folders = image_folders(Path(root), base, DATASET)
    name = Benchmark(DATASET, split_by, split)
    reader = _Reader(rows, instances, folders, name, text)
    return LazySamples(reader, range(len(rows)))
