"""COCO instances, by category: all zebras of a photograph are one sample.

``[coco/]annotations/instances_val2017.json`` and ``[coco/]val2017/*.jpg``
(cocodataset.org/#format-data).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from t4s_lib.sources.base import BoolMask, Sample
from t4s_lib.sources.coco_instances import (
    Instances,
    Record,
    image_opener,
    read_instances,
)
from t4s_lib.sources.coco_places import annotation_file, photo_folders
from t4s_lib.sources.errors import DataError, require_one_of
from t4s_lib.sources.facts import LazyFacts
from t4s_lib.sources.forms import fits
from t4s_lib.sources.lazy import LazySamples
from t4s_lib.sources.places import data_root

SPLITS = ("train", "val")


@dataclass(frozen=True)
class _Things:
    """All annotations of one category on one image."""

    image: Record
    category: int
    single: tuple[int, ...]
    crowds: tuple[int, ...]


def coco_instances(root: str | Path, split: str = "val") -> LazySamples:
    """One sample for each category on each photograph: all its instances together.

    Crowds are no target; their pixels are in ``extra["ignore"]``. ``extra`` also has
    ``instances`` (a mask each), ``ann_ids``, ``boxes`` (x, y, width, height, one an
    instance), ``bbox`` (the box of a single instance, else None), ``image_id``,
    ``category``, ``image_file``, ``image_folders``, ``height`` and ``width``.

    Args:
        root: The folder with ``coco``, or that folder.
        split: ``train`` or ``val``.

    Returns:
        The samples by image and category.

    Raises:
        DataError: If there is no annotation; as ``MissingFileError`` if there is no
            file.
    """
    require_one_of("split of COCO", split, SPLITS)
    name = f"coco:instances:{split}"
    top = data_root(root, name)
    path = annotation_file(top, f"instances_{split}2017.json", name)
    instances = read_instances(path)
    rows = _grouped(instances)
    if not rows:
        raise DataError(f"{name} has no samples: {path} has no instances")
    make = _Reader(rows, instances, photo_folders(top, split), name)
    return LazySamples(make, range(len(rows)))


def _grouped(instances: Instances) -> list[_Things]:
    groups: dict[tuple[int, int], tuple[list[int], list[int]]] = {}
    for number, record in instances.annotations.items():
        known = record["image_id"] in instances.images
        if not fits(record, {"category_id": int}) or not known:
            raise DataError(
                f"annotation {number} has no category or is on image "
                f"{record['image_id']}, which is not among the images"
            )
        key = (record["image_id"], record["category_id"])
        pair = groups.setdefault(key, ([], []))
        pair[1 if record.get("iscrowd") else 0].append(number)
    return [
        _Things(instances.images[image], category, tuple(single), tuple(crowds))
        for (image, category), (single, crowds) in sorted(groups.items())
        if single
    ]


def _union(instances: Instances, numbers: Sequence[int], image: Record) -> BoolMask:
    mask = np.zeros((image["height"], image["width"]), dtype=bool)
    for number in numbers:
        mask |= instances.mask(number)
    return mask


def _ignored(instances: Instances, things: _Things) -> BoolMask:
    """The crowds' pixels that no single instance has."""
    crowds = _union(instances, things.crowds, things.image)
    return crowds & ~_union(instances, things.single, things.image)


@dataclass(frozen=True)
class _Reader:
    rows: Sequence[_Things]
    instances: Instances
    folders: tuple[Path, ...]
    benchmark: str

    def __call__(self, index: int) -> Sample:
        things = self.rows[index]
        image = things.image
        number = things.category
        label = self.instances.categories.get(number, str(number))
        return Sample(
            image_opener(image, self.folders),
            label,
            partial(_union, self.instances, things.single, image),
            (label,),
            f"{self.benchmark}#{image['id']}/{number}",
            self._facts(things, label),
        )

    def _facts(self, things: _Things, label: str) -> LazyFacts:
        annotations = self.instances.annotations
        boxes = [annotations[number].get("bbox") for number in things.single]
        known: dict[str, Any] = {
            "ann_ids": things.single,
            "boxes": boxes,
            "bbox": boxes[0] if len(boxes) == 1 else None,
            "image_id": things.image["id"],
            "category": label,
            "image_file": things.image["file_name"],
            "image_folders": self.folders,
            "height": things.image["height"],
            "width": things.image["width"],
        }
        made: dict[str, Callable[[], Any]] = {
            "ignore": partial(_ignored, self.instances, things),
            "instances": lambda: [self.instances.mask(k) for k in things.single],
        }
        return LazyFacts(known, made)
