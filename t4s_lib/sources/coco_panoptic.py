"""COCO panoptic: every pixel a segment, every segment a class; things and stuff.

``panoptic_val2017.json`` lists the segments of each picture, and
``panoptic_val2017/*.png`` holds their ids as R + 256 G + 65536 B, 0 for void
(cocodataset.org/#format-data).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from t4s_lib.pictures import UNREADABLE, reason
from t4s_lib.sources.coco_instances import Record, read_json
from t4s_lib.sources.coco_places import annotation_file, photo_folders
from t4s_lib.sources.errors import DataError, MissingFileError, require_one_of
from t4s_lib.sources.forms import Form, described, fits
from t4s_lib.sources.label_pictures import VOID, ClassMap, LabelSet
from t4s_lib.sources.lazy import LazySamples
from t4s_lib.sources.places import data_root

_KINDS_FIRST = ("floor", "wall")
_KEYS: dict[str, Form] = {
    "annotations": {"file_name": str, "segments_info": list},
    "categories": {"id": int, "name": str},
}
_SEGMENT: Form = {"id": int, "category_id": int}
_TAILS = ("-merged", "-other", "-stuff")


def plain_name(name: str) -> str:
    """COCO's name of a class in plain English.

    Examples:
        >>> plain_name("wall-other-merged"), plain_name("wall-brick")
        ('wall', 'brick wall')
        >>> plain_name("window-blind"), plain_name("playingfield")
        ('window blind', 'playing field')
    """
    for tail in _TAILS:
        name = name.replace(tail, "")
    thing, dash, kind = name.partition("-")
    if not dash:
        return "playing field" if name == "playingfield" else name
    return f"{kind} {thing}" if thing in _KINDS_FIRST else f"{thing} {kind}"


def read_ids(path: Path) -> NDArray[np.int32]:
    """The segment ids of a panoptic picture, int ``(H, W)``; 0 is void.

    Raises:
        MissingFileError: If it is not there.
        DataError: If it is no RGB picture.
    """
    try:
        with Image.open(path) as file:
            if file.mode != "RGB":
                raise DataError(f"{path} is {file.mode}, expected RGB")
            pixels = np.asarray(file, dtype=np.int32)
    except FileNotFoundError as fault:
        raise MissingFileError(f"{path} not found") from fault
    except DataError:
        raise
    except UNREADABLE as fault:
        raise DataError(f"{path} is not a readable picture: {reason(fault)}") from fault
    return np.asarray(pixels @ np.array([1, 256, 65536]), dtype=np.int32)


def to_classes(
    ids: NDArray[np.int32], segments: Sequence[Record], number: Mapping[int, int]
) -> ClassMap:
    """Segment ids as classes.

    Args:
        ids: Int ``(H, W)``.
        segments: Records with ``id`` and ``category_id``.
        number: Category id to class, from 1 on.

    Raises:
        DataError: If a pixel's segment is not listed or its category unknown.
    """
    classes = {0: VOID}
    for segment in segments:
        if segment["category_id"] not in number:
            raise DataError(f"category {segment['category_id']} is not listed")
        classes[segment["id"]] = number[segment["category_id"]]
    found, back = np.unique(ids, return_inverse=True)
    unknown = [int(k) for k in found if int(k) not in classes]
    if unknown:
        raise DataError(f"segment {unknown[0]} is not listed")
    table = np.array([classes[int(k)] for k in found], dtype=np.uint8)
    return table[back.reshape(ids.shape)]


@dataclass(frozen=True)
class _File:
    """A ``panoptic_*.json``, indexed."""

    path: Path

    @cached_property
    def content(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = read_json(self.path)
        if not fits(found, {"annotations": list, "categories": list}):
            raise DataError(f"{self.path} is not panoptic: expected {', '.join(_KEYS)}")
        for key, form in _KEYS.items():
            self._check(found[key], form)
        for record in found["annotations"]:
            self._check(record["segments_info"], _SEGMENT)
        if len(found["categories"]) >= VOID:
            many = len(found["categories"])
            raise DataError(f"{self.path} has {many} categories, expected under {VOID}")
        return found

    def _check(self, records: Sequence[Any], form: Form) -> None:
        if not all(fits(record, form) for record in records):
            raise DataError(
                f"{self.path} is not panoptic: a record has not all of "
                f"{described(form)}"
            )

    @cached_property
    def segments(self) -> Mapping[str, Sequence[Record]]:
        """Name of the picture, without ending, to its segments."""
        records = self.content["annotations"]
        return {Path(r["file_name"]).stem: r["segments_info"] for r in records}

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(plain_name(kind["name"]) for kind in self.content["categories"])

    @cached_property
    def number(self) -> Mapping[int, int]:
        kinds = self.content["categories"]
        return {kind["id"]: k for k, kind in enumerate(kinds, start=1)}

    def decode(self, path: Path) -> ClassMap:
        try:
            ids, segments = read_ids(path), self.segments[path.stem]
            return to_classes(ids, segments, self.number)
        except MissingFileError:
            raise
        except DataError as fault:
            raise DataError(f"{path}: {fault} in {self.path.name}") from fault


def coco_panoptic(root: str | Path, split: str = "val") -> LazySamples:
    """Photographs of COCO 2017 with a class for each pixel, things and stuff.

    Args:
        root: The folder with ``coco``, or that folder.
        split: ``train`` or ``val``.

    Returns:
        The samples in the order of the file; see ``label_pictures.LabelSet``.

    Raises:
        DataError: If the file is not in its form or empty; as ``MissingFileError``
            if it is not there.
    """
    require_one_of("split of COCO", split, ("train", "val"))
    name = f"coco:panoptic:{split}"
    top = data_root(root, name)
    path = annotation_file(top, f"panoptic_{split}2017.json", name)
    file = _File(path)
    keys = list(file.segments)
    if not keys:
        raise DataError(f"{name} has no samples: {path} lists no picture")
    folder = _pictures(path)
    made = LabelSet(
        name,
        keys,
        file.names,
        photo_folders(top, split),
        partial(_png, folder),
        file.decode,
    )
    return LazySamples(made, range(len(keys)))


def _png(folder: Path, key: str) -> Path:
    return folder / f"{key}.png"


def _pictures(path: Path) -> Path:
    """The folder of the PNGs: beside the file, or one above."""
    beside = path.parent / path.stem
    above = path.parent.parent / path.stem
    return above if above.is_dir() and not beside.is_dir() else beside
