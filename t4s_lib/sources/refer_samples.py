"""RefCOCO, RefCOCO+, RefCOCOg and RefCLEF in the layout of the REFER toolbox.

``<root>/<dataset>/refs(<splitBy>).p`` holds who is meant by which sentence,
``<root>/<dataset>/instances.json`` the masks (github.com/lichengunc/refer).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from t4s_lib.sources.base import BoolMask
from t4s_lib.sources.benchmark import Benchmark
from t4s_lib.sources.coco_instances import (
    Instances,
    Record,
    read_instances,
)
from t4s_lib.sources.errors import DataError, require_one_of
from t4s_lib.sources.forms import ID, Form, fits
from t4s_lib.sources.lazy import LazySamples
from t4s_lib.sources.refer_layout import (
    find_base,
    find_file,
    image_folders,
    pick_split,
)
from t4s_lib.sources.refer_reader import SentenceReader
from t4s_lib.sources.safe_pickle import load_plain_pickle

DATASETS: tuple[str, ...] = ("refcoco", "refcoco+", "refcocog", "refclef")
"""The data sets in this layout."""

_REF: Form = {
    "ref_id": ID,
    "ann_id": ID,
    "image_id": ID,
    "category_id": ID,
    "split": str,
    "sentences": list,
}


def _is_ref(ref: Any, text: str) -> bool:
    return fits(ref, _REF) and all(
        fits(sentence, {"sent_id": ID, text: str}) for sentence in ref["sentences"]
    )


def _read_refs(path: Path, text: str) -> list[Record]:
    refs = load_plain_pickle(path)
    if not isinstance(refs, list) or not all(_is_ref(ref, text) for ref in refs):
        raise DataError(
            f"{path} is not a list of refs: expected dicts with "
            f"{', '.join(_REF)}, and sentences with sent_id, {text}"
        )
    return refs


def _check_links(refs: Sequence[Record], instances: Instances, path: Path) -> None:
    """Every ref must lead to an annotation on its image."""
    for ref in refs:
        annotation = instances.annotations.get(ref["ann_id"])
        if annotation is None or ref["image_id"] not in instances.images:
            found = "is not in instances.json"
        elif annotation["image_id"] != ref["image_id"]:
            found = f"is on image {annotation['image_id']}"
        else:
            continue
        raise DataError(
            f"ref {ref['ref_id']} of {path} means annotation {ref['ann_id']} on "
            f"image {ref['image_id']}, which {found}"
        )


class _Reader(SentenceReader):
    """Each sentence means one annotation."""

    def mask(self, ref: Record, image: Record) -> BoolMask:
        """That annotation's pixels."""
        return self.instances.mask(ref["ann_id"])

    def number(self, ref: Record, sentence: Record) -> str:
        """The sentence's own."""
        return str(sentence["sent_id"])

    def meant(self, ref: Record) -> dict[str, Any]:
        """The annotation, its category and box."""
        names = self.instances.categories
        return {
            "ann_id": ref["ann_id"],
            "category": names.get(ref["category_id"], str(ref["category_id"])),
            "bbox": self.instances.annotations[ref["ann_id"]].get("bbox"),
        }


def refer(
    root: str | Path, dataset: str, split_by: str, split: str, *, text: str = "sent"
) -> LazySamples:
    """Referring expressions on real photographs, one sample per sentence.

    ``extra`` has ``ref_id``, ``ann_id``, ``image_id``, ``sent_id``, ``category``,
    ``bbox`` (x, y, width, height in pixels), ``image_file``, ``image_folders``,
    ``height`` and ``width``. Masks need no pictures; a picture that is not there
    raises ``MissingFileError`` when asked for (see ``has_image``).

    Args:
        root: The folder with the folders of the data sets, or the one above it
            where they are in ``refer`` or ``refer_seg``.
        dataset: ``refcoco``, ``refcoco+``, ``refcocog`` or ``refclef``.
        split_by: ``unc``, ``google``, ``umd`` or ``berkeley``; which are there
            depends on the data set.
        split: e.g. ``train``, ``val``, ``test``, ``testA``; compared exactly.
        text: ``sent``, the cleaned sentence in lower case, which the published
            results use, or ``raw``, as it was typed.

    Returns:
        The samples in the order of the file.

    Raises:
        DataError: If a name is not known or a file not in its form; as
            ``MissingFileError`` if it is not there. One line, says what is there.

    Examples:
        >>> from t4s_lib.sources.benchmark import parse_benchmark
        >>> refer("no/such/folder", *parse_benchmark("refcocog:umd:val"))
        Traceback (most recent call last):
        ...
        t4s_lib.sources.errors.MissingFileError: data folder ... does not exist
    """
    require_one_of("REFER data set", dataset, DATASETS)
    require_one_of("text", text, ["sent", "raw"])
    base = find_base(root, dataset)
    folder = base / dataset
    refs_path = find_file(folder, f"refs({split_by}).p", "refs(*")
    instances_path = find_file(folder, "instances.json", "*")
    refs = pick_split(_read_refs(refs_path, text), split, refs_path)
    instances = read_instances(instances_path)
    _check_links(refs, instances, refs_path)
    rows = [(ref, sentence) for ref in refs for sentence in ref["sentences"]]
    folders = image_folders(Path(root), base, dataset)
    name = Benchmark(dataset, split_by, split)
    reader = _Reader(rows, instances, folders, name, text)
    return LazySamples(reader, range(len(rows)))
