"""``instances.json`` of the COCO family, indexed by id."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from PIL import Image

from t4s_lib.pictures import UNREADABLE, reason, to_rgb
from t4s_lib.sources.base import BoolMask, Sample
from t4s_lib.sources.coco_masks import segmentation_mask
from t4s_lib.sources.errors import DataError, MissingFileError
from t4s_lib.sources.forms import ID, Form, described, fits

Record = Mapping[str, Any]

_IMAGE: Form = {"id": ID, "file_name": str, "height": int, "width": int}
_ANNOTATION: Form = {"id": ID, "image_id": ID, "segmentation": (list, dict)}
_KIND: Form = {"id": ID, "name": str}


@dataclass(frozen=True, slots=True)
class Instances:
    """The three tables of an ``instances.json``.

    Attributes:
        images: Image id to its record (``file_name``, ``height``, ``width``).
        annotations: Annotation id to its record.
        categories: Category id to its name.
    """

    images: Mapping[int, Record]
    annotations: Mapping[int, Record]
    categories: Mapping[int, str]

    def mask(self, annotation_id: int) -> BoolMask:
        """The mask of an annotation, bool ``(H, W)`` at the image's size.

        Raises:
            DataError: If its segmentation cannot be read.
        """
        annotation = self.annotations[annotation_id]
        image = self.images[annotation["image_id"]]
        return segmentation_mask(
            annotation["segmentation"],
            image["height"],
            image["width"],
            name=f"segmentation of annotation {annotation_id}",
        )


def read_json(path: Path) -> Any:
    """What a JSON file holds.

    Args:
        path: The file.

    Returns:
        The parsed content.

    Raises:
        MissingFileError: If there is no such file.
        DataError: If it is not JSON.
    """
    if not path.is_file():
        raise MissingFileError(f"{path} is not a file")
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as fault:
        raise DataError(f"{path} is not JSON: {fault}") from fault


def read_instances(path: str | Path) -> Instances:
    """Read an ``instances.json``; the last few files read are kept.

    Args:
        path: The file, in COCO's layout.

    Returns:
        Its images, annotations and category names by id.

    Raises:
        MissingFileError: If there is no such file.
        DataError: If it is not JSON or lacks one of the three tables.
    """
    file = Path(path).resolve()
    stamp = file.stat().st_mtime_ns if file.is_file() else 0
    return _read(file, stamp)


def _by_id(records: Sequence[Record], form: Form, path: Path) -> dict[int, Record]:
    """Index records; one that lacks a field is named."""
    for k, record in enumerate(records):
        if not fits(record, form):
            name = record.get("id", k) if isinstance(record, Mapping) else k
            raise DataError(
                f"{path} is not in COCO's layout: record {name!r} has not all of "
                f"{described(form)}"
            )
        if not all(record.get(side, 1) > 0 for side in ("height", "width")):
            raise DataError(
                f"{path}: image {record['id']} is {record['width']} by "
                f"{record['height']} pixels, expected 1 or more"
            )
    return {record["id"]: record for record in records}


@lru_cache(maxsize=4)
def _read(path: Path, stamp: int) -> Instances:
    del stamp  # only makes a changed file a new entry of the cache
    content = read_json(path)
    try:
        return Instances(
            _by_id(content["images"], _IMAGE, path),
            _by_id(content["annotations"], _ANNOTATION, path),
            {
                k: r["name"]
                for k, r in _by_id(content["categories"], _KIND, path).items()
            },
        )
    except (KeyError, TypeError) as fault:
        raise DataError(
            f"{path} is not in COCO's layout: expected images, annotations and "
            f"categories with their ids, found no {fault}"
        ) from fault


def _find(name: str, folders: Sequence[Path]) -> Path | None:
    found = (folder / name for folder in folders if (folder / name).is_file())
    return next(found, None)


def _open(image: Record, folders: Sequence[Path]) -> Image.Image:
    name, size = image["file_name"], (image["width"], image["height"])
    path = _find(name, folders)
    if path is None:
        places = ", ".join(str(folder) for folder in folders)
        raise MissingFileError(f"{name} not found: looked in {places}")
    try:
        with Image.open(path) as file:
            file.load()
            picture = to_rgb(file)
    except UNREADABLE as fault:
        raise DataError(f"{path} is not a readable picture: {reason(fault)}") from fault
    if picture.size != size:
        raise DataError(f"{path} is {picture.size} pixels, expected {size}")
    return picture


def image_opener(image: Record, folders: Sequence[Path]) -> Callable[[], Image.Image]:
    """A function that opens the picture of an image record.

    Args:
        image: The record, with ``file_name``, ``width`` and ``height``.
        folders: Where to look, in order.

    Returns:
        The function. It raises ``MissingFileError`` where the picture is not
        there and ``DataError`` where it has another size.
    """
    return partial(_open, image, folders)


def has_image(sample: Sample) -> bool:
    """Whether the picture of a sample can be opened.

    Data sets often come without their pictures; masks and expressions do not
    need them.

    Args:
        sample: A sample of any source.

    Returns:
        False only where the picture is a file that is not there.

    Examples:
        >>> from t4s_lib.sources.scene_samples import scenes
        >>> has_image(scenes(1)[0])
        True
    """
    folders = sample.extra.get("image_folders")
    return folders is None or _find(sample.extra["image_file"], folders) is not None
