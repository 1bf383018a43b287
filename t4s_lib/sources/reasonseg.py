"""ReasonSeg: questions that must be thought about, with outlines as the answer.

``<top>/<split>/<name>.jpg`` and ``<name>.json``: ``text`` (a list), ``is_sentence``
and labelme ``shapes`` labelled ``target``, ``ignore`` or ``flag``
(github.com/dvlab-research/LISA).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from t4s_lib.sources.base import BoolMask, Sample
from t4s_lib.sources.coco_instances import image_opener
from t4s_lib.sources.errors import DataError, MissingFileError, listed, require_one_of
from t4s_lib.sources.facts import LazyFacts
from t4s_lib.sources.label_pictures import size_of
from t4s_lib.sources.lazy import LazySamples
from t4s_lib.sources.places import data_root, find_top
from t4s_lib.sources.shapes_to_mask import area, draw, whole_points

VARIANTS = ("all", "short", "long")
"""All questions; phrases alone; whole sentences alone."""

SPLITS = ("train", "val", "test")
TOPS = ("reason_seg/ReasonSeg", "ReasonSeg", "reason_seg", "reasonseg")
"""Where the data set may be under the root."""

_TARGET, _IGNORE = 1, 255


class _Question(NamedTuple):
    """One text of one file."""

    path: Path
    number: int
    text: str
    is_sentence: bool


def reasonseg(
    root: str | Path, variant: str = "all", split: str = "val"
) -> LazySamples:
    """Reasoning questions on photographs, one sample a question.

    Shapes labelled ``ignore`` are no target and in ``extra["ignore"]``: no score
    counts them. A smaller shape lies on a larger one, as in LISA's loader. ``extra``
    also has ``is_sentence``, ``image_id``, ``image_file`` and ``image_folders``.

    Args:
        root: The folder with the data set in one of ``TOPS``, or its own folder.
        variant: One of ``VARIANTS``.
        split: ``train``, ``val`` or ``test``.

    Returns:
        The samples by file name.

    Raises:
        DataError: If a file is not in its form or no sample is left; as
            ``MissingFileError`` if there is no folder.
    """
    require_one_of("kind of ReasonSeg question", variant, VARIANTS)
    require_one_of("split of ReasonSeg", split, SPLITS)
    name = f"reasonseg:{variant}:{split}"
    top = find_top(data_root(root, name), TOPS, [split], name)
    files = sorted((top / split).glob("*.json"))
    if not files:
        found = listed(path.name for path in (top / split).iterdir())
        raise DataError(f"{name} has no samples: {top / split} has {found}")
    rows = [row for path in files for row in _questions(path)]
    wanted = [row for row in rows if _belongs(row, variant)]
    if not wanted:
        raise DataError(f"{name} has no samples: none of {len(rows)} is {variant}")

    def make(index: int) -> Sample:
        return _sample(wanted[index], name)

    return LazySamples(make, range(len(wanted)))


def read_labelme(path: Path) -> Mapping[str, Any]:
    """A labelme file; UTF-8 or, as some are, Windows-1252.

    Raises:
        MissingFileError: If it is not there.
        DataError: If it is not JSON or holds no shapes.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError as fault:
        raise MissingFileError(f"{path} not found") from fault
    try:
        content = json.loads(_text(data))
    except ValueError as fault:
        raise DataError(f"{path} is not JSON: {fault}") from fault
    if not isinstance(content, dict) or not isinstance(content.get("shapes"), list):
        raise DataError(f"{path} is no labelme file: expected a dict with shapes")
    return content


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252")


def _questions(path: Path) -> list[_Question]:
    content = read_labelme(path)
    texts = content.get("text")
    texts = [texts] if isinstance(texts, str) else texts
    if not isinstance(texts, list) or not all(isinstance(t, str) for t in texts):
        raise DataError(f"{path} has no text: expected a list of questions")
    long = bool(content.get("is_sentence"))
    return [_Question(path, k, text.strip(), long) for k, text in enumerate(texts)]


def _belongs(row: _Question, variant: str) -> bool:
    return variant == "all" or row.is_sentence == (variant == "long")


@dataclass(frozen=True)
class _Drawing:
    """The shapes of one file, drawn when asked for."""

    path: Path
    photo: str

    @property
    def folders(self) -> tuple[Path, ...]:
        return (self.path.parent,)

    @cached_property
    def size(self) -> tuple[int, int]:
        """Width and height: of the photograph, or of what the file says."""
        if (self.path.parent / self.photo).is_file():
            return size_of(self.path.parent / self.photo)
        content = read_labelme(self.path)
        width, height = content.get("imageWidth"), content.get("imageHeight")
        if isinstance(width, int) and isinstance(height, int):
            return width, height
        raise MissingFileError(
            f"{self.photo} not found: looked in {self.path.parent}, and "
            f"{self.path.name} has no imageWidth and imageHeight"
        )

    @cached_property
    def values(self) -> NDArray[np.uint8]:
        content = read_labelme(self.path)
        width, height = self.size
        _check_size(self.path, content, (width, height))
        shapes = [
            (whole_points(shape.get("points"), f"shape {k} of {self.path}"), value)
            for k, shape in enumerate(content["shapes"])
            if (value := _value(shape, f"shape {k} of {self.path}"))
        ]
        shapes.sort(key=lambda shape: area(shape[0]), reverse=True)
        return draw(shapes, height, width)

    def image(self) -> Image.Image:
        width, height = self.size
        record = {"file_name": self.photo, "width": width, "height": height}
        return image_opener(record, self.folders)()

    def mask(self) -> BoolMask:
        return np.asarray(self.values == _TARGET)

    def ignore(self) -> BoolMask:
        return np.asarray(self.values == _IGNORE)


def _value(shape: Any, name: str) -> int:
    """1 for a target, 255 for what is ignored, 0 for what is no shape at all."""
    label = shape.get("label") if isinstance(shape, Mapping) else None
    if not isinstance(label, str):
        raise DataError(f"{name} has no label, expected target, ignore or flag")
    word = label.lower()
    if "flag" in word:
        return 0
    return _IGNORE if "ignore" in word else _TARGET


def _check_size(path: Path, content: Mapping[str, Any], size: tuple[int, int]) -> None:
    said = content.get("imageWidth"), content.get("imageHeight")
    if None not in said and said != size:
        raise DataError(f"{path} outlines a picture of {said} pixels, it is {size}")


def _sample(row: _Question, benchmark: str) -> Sample:
    stem = row.path.stem
    drawing = _Drawing(row.path, f"{stem}.jpg")
    known = {
        "is_sentence": row.is_sentence,
        "image_id": stem,
        "image_file": drawing.photo,
        "image_folders": drawing.folders,
    }
    source = f"{benchmark}#{stem}" + (f"/{row.number}" if row.number else "")
    facts = LazyFacts(known, {"ignore": drawing.ignore})
    labels = (row.text,)
    return Sample(drawing.image, row.text, drawing.mask, labels, source, facts)
