"""RefCOCO, RefCOCO+, RefCOCOg and RefCLEF in the layout of the REFER toolbox.

``<root>/<dataset>/refs(<splitBy>).p`` holds who is meant by which sentence,
``<root>/<dataset>/instances.json`` the masks (github.com/lichengunc/refer).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from t4s_lib.sources.base import Sample
from t4s_lib.sources.benchmark import Benchmark
from t4s_lib.sources.coco_instances import (
    Instances,
    Record,
    image_opener,
    read_instances,
)
from t4s_lib.sources.errors import (
    DataError,
    MissingFileError,
    listed,
    require_one_of,
)
from t4s_lib.sources.lazy import LazySamples
from t4s_lib.sources.safe_pickle import load_plain_pickle

DATASETS: tuple[str, ...] = ("refcoco", "refcoco+", "refcocog", "refclef")
"""The data sets in this layout."""

_COCO_FOLDERS = (
    "images/coco_2014/train2014",
    "images/mscoco/images/train2014",
    "images/train2014",
    "train2014",
)
_CLEF_FOLDERS = ("images/saiapr_tc-12", "saiapr_tc-12")
_REF_KEYS = ("ref_id", "ann_id", "image_id", "category_id", "split", "sentences")


def _inside(folder: Path) -> str:
    return listed(path.name for path in folder.iterdir())


def find_base(root: str | Path, dataset: str) -> Path:
    """The folder that holds the folder of a data set.

    Args:
        root: That folder, or one with it under the name ``refer`` or ``refer_seg``.
        dataset: Name of the data set's folder.

    Returns:
        ``root``, ``root/refer`` or ``root/refer_seg``.

    Raises:
        MissingFileError: If there is none; says where it looked and what is there.
    """
    top = Path(root)
    if not top.is_dir():
        raise MissingFileError(f"data folder {top} does not exist")
    places = [top, top / "refer", top / "refer_seg"]
    for place in places:
        if (place / dataset).is_dir():
            return place
    there = "; ".join(f"{p} has {_inside(p)}" for p in places if p.is_dir())
    raise MissingFileError(f"folder {dataset} not found: {there}")


def find_file(folder: Path, name: str, like: str) -> Path:
    """A file of a data set.

    Args:
        folder: The folder it should be in.
        name: Its name.
        like: A glob pattern of files to name if it is not there.

    Returns:
        Its path.

    Raises:
        MissingFileError: If it is not there; says what is.
    """
    if not (folder / name).is_file():
        there = listed(path.name for path in folder.glob(like))
        raise MissingFileError(f"{name} not found in {folder}: there is {there}")
    return folder / name


def _complete(record: object, keys: Sequence[str]) -> bool:
    return isinstance(record, Mapping) and all(key in record for key in keys)


def _is_ref(ref: Any, text: str) -> bool:
    return (
        _complete(ref, _REF_KEYS)
        and isinstance(ref["ann_id"], int)
        and isinstance(ref["sentences"], list)
        and all(_complete(sentence, ("sent_id", text)) for sentence in ref["sentences"])
    )


def _read_refs(path: Path, text: str) -> list[Record]:
    refs = load_plain_pickle(path)
    if not isinstance(refs, list) or not all(_is_ref(ref, text) for ref in refs):
        raise DataError(
            f"{path} is not a list of refs: expected dicts with "
            f"{', '.join(_REF_KEYS)}, and sentences with sent_id, {text}"
        )
    return refs


def _pick_split(refs: Sequence[Record], split: str, path: Path) -> list[Record]:
    """The refs of exactly this split."""
    splits = {str(ref["split"]) for ref in refs}
    if split not in splits:
        raise DataError(
            f"split {split!r} not found in {path}: there is {listed(splits)}"
        )
    return [ref for ref in refs if ref["split"] == split]


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


@dataclass(frozen=True)
class _Reader:
    """Makes the sample of one sentence."""

    rows: Sequence[tuple[Record, Record]]
    instances: Instances
    folders: tuple[Path, ...]
    benchmark: Benchmark
    text: str

    def __call__(self, index: int) -> Sample:
        ref, sentence = self.rows[index]
        image = self.instances.images[ref["image_id"]]
        expression = _expression(sentence, self.text)
        return Sample(
            image_opener(image, self.folders),
            expression,
            partial(self.instances.mask, ref["ann_id"]),
            (expression,),
            f"{self.benchmark}#{sentence['sent_id']}",
            self._extra(ref, sentence, image),
        )

    def _extra(self, ref: Record, sentence: Record, image: Record) -> dict[str, Any]:
        names = self.instances.categories
        return {
            "ref_id": ref["ref_id"],
            "ann_id": ref["ann_id"],
            "image_id": ref["image_id"],
            "sent_id": sentence["sent_id"],
            "category": names.get(ref["category_id"], str(ref["category_id"])),
            "bbox": self.instances.annotations[ref["ann_id"]].get("bbox"),
            "image_file": image["file_name"],
            "image_folders": self.folders,
            "height": image["height"],
            "width": image["width"],
        }


def _expression(sentence: Record, text: str) -> str:
    """The sentence as the authors' loader takes it, or as typed."""
    words = str(sentence[text]).strip()
    return words.lower() if text == "sent" else words


def _folders(root: Path, base: Path, dataset: str) -> tuple[Path, ...]:
    names = _CLEF_FOLDERS if dataset == "refclef" else _COCO_FOLDERS
    tops = dict.fromkeys([base, root])
    return tuple(top / name for top in tops for name in names)


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
    refs = _pick_split(_read_refs(refs_path, text), split, refs_path)
    instances = read_instances(instances_path)
    _check_links(refs, instances, refs_path)
    rows = [(ref, sentence) for ref in refs for sentence in ref["sentences"]]
    folders = _folders(Path(root), base, dataset)
    name = Benchmark(dataset, split_by, split)
    reader = _Reader(rows, instances, folders, name, text)
    return LazySamples(reader, range(len(rows)))
