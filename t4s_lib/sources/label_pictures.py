"""Data sets whose truth is a picture of class numbers: VOC, ADE20K and their like.

One sample a photograph. ``extra["classes"]`` is its label map, int ``(H, W)``: 0 where
no class is, ``k`` for ``class_names[k - 1]``, ``VOID`` where nothing may be counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from t4s_lib.pictures import UNREADABLE, reason
from t4s_lib.prompts import join_labels
from t4s_lib.sources.base import BoolMask, Sample
from t4s_lib.sources.coco_instances import image_opener
from t4s_lib.sources.errors import DataError, MissingFileError
from t4s_lib.sources.facts import LazyFacts

VOID = 255
"""The class of pixels that no score may count."""

ClassMap = NDArray[np.uint8]
Decoder = Callable[[Path], ClassMap]


def numbered(values: Mapping[int, int]) -> Decoder:
    """A decoder of pictures whose pixels are numbers.

    Args:
        values: What each number in the picture is as a class, 0 or ``VOID``.
    """
    table = np.full(256, -1, dtype=np.int16)
    table[list(values)] = list(values.values())

    def decode(path: Path) -> ClassMap:
        numbers = read_numbers(path)
        found = table[numbers]
        if (strange := numbers[found < 0]).size:
            what = f"the value {strange.min()}, expected {_ranges(values)}"
            raise DataError(f"{path} holds {what}")
        return found.astype(np.uint8)

    return decode


def as_they_are(classes: int, void: bool = True) -> Decoder:
    """A decoder where number ``k`` is class ``k``, and 255 may be void."""
    return numbered({k: k for k in (*range(classes + 1), *([VOID] if void else []))})


def read_numbers(path: Path) -> NDArray[np.uint8]:
    """The numbers of a grey or palette picture, uint8 ``(H, W)``.

    Raises:
        MissingFileError: If it is not there.
        DataError: If it is no such picture.
    """
    with _opened(path) as file:
        if file.mode not in ("L", "P"):
            raise DataError(f"{path} is {file.mode}, expected one channel, L or P")
        try:
            return np.asarray(file, dtype=np.uint8)
        except UNREADABLE as fault:
            why = f"{path} is not a readable picture: {reason(fault)}"
            raise DataError(why) from fault


def size_of(path: Path) -> tuple[int, int]:
    """Width and height of a picture, from its first bytes."""
    with _opened(path) as file:
        return file.size


def _opened(path: Path) -> Image.Image:
    try:
        return Image.open(path)
    except FileNotFoundError as fault:
        raise MissingFileError(f"{path} not found") from fault
    except UNREADABLE as fault:
        raise DataError(f"{path} is not a readable picture: {reason(fault)}") from fault


def _ranges(values: Mapping[int, int]) -> str:
    most = max(value for value in values if value != VOID)
    return f"0 to {most}" + (f" or {VOID}" if VOID in values else "")


class ClassMasks(Mapping[str, BoolMask]):
    """Class name to its mask, bool ``(H, W)``, made when asked for."""

    def __init__(self, read: Callable[[], ClassMap], names: Sequence[str]) -> None:
        self._read = read
        self._number = {name: k for k, name in enumerate(names, start=1)}

    def __getitem__(self, name: str) -> BoolMask:
        return np.asarray(self._read() == self._number[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._number)

    def __len__(self) -> int:
        return len(self._number)


@dataclass(frozen=True)
class _Pair:
    """A photograph and its label picture, read when asked for."""

    photo: str
    folders: tuple[Path, ...]
    labels: Path
    decode: Decoder

    def image(self) -> Image.Image:
        width, height = size_of(self.labels)
        record = {"file_name": self.photo, "width": width, "height": height}
        return image_opener(record, self.folders)()

    @cached_property
    def classes(self) -> ClassMap:
        found = self.decode(self.labels)
        for folder in self.folders:
            path = folder / self.photo
            if path.is_file():
                _check_size(self.labels, found.shape[::-1], path)
        return found

    def void(self) -> BoolMask:
        return np.asarray(self.classes == VOID)

    def mask(self) -> BoolMask:
        return np.asarray((self.classes > 0) & (self.classes != VOID))


def _check_size(labels: Path, size: tuple[int, ...], photo: Path) -> None:
    expected = size_of(photo)
    if size != expected:
        raise DataError(f"{labels} is {size} pixels, {photo.name} is {expected}")


@dataclass(frozen=True)
class LabelSet:
    """A folder of photographs with a folder of label pictures.

    Calling it makes the sample of a position. Its ``mask`` is every pixel with a
    class. ``expression`` lists ``others`` and all classes, as the authors ask for
    them in open-vocabulary segmentation; ``extra["question"]`` names that kind of
    question. ``extra`` also has ``classes``, ``class_names``, ``ignore`` (void
    pixels), ``masks`` (class name to bool ``(H, W)``), ``image_id``, ``image_file``,
    ``image_folders`` and ``label_file``.

    Attributes:
        benchmark: Its name, for ``source``.
        keys: Name of each photograph, without folder and ending.
        names: The classes.
        photos: Where the photographs may be.
        labels: The label picture of a key.
        decode: Reads it.
        ending: Of the photographs' names.
    """

    benchmark: str
    keys: Sequence[str]
    names: tuple[str, ...]
    photos: tuple[Path, ...]
    labels: Callable[[str], Path]
    decode: Decoder
    ending: str = ".jpg"

    def __call__(self, index: int) -> Sample:
        """The sample of a position."""
        key = self.keys[index]
        pair = _Pair(key + self.ending, self.photos, self.labels(key), self.decode)
        return Sample(
            pair.image,
            join_labels(["others", *self.names]),
            pair.mask,
            self.names,
            f"{self.benchmark}#{key}",
            self._facts(key, pair),
        )

    def _facts(self, key: str, pair: _Pair) -> LazyFacts:
        known: dict[str, Any] = {
            "question": "condition",
            "class_names": self.names,
            "masks": ClassMasks(lambda: pair.classes, self.names),
            "image_id": key,
            "image_file": pair.photo,
            "image_folders": self.photos,
            "label_file": pair.labels,
        }
        return LazyFacts(known, {"classes": lambda: pair.classes, "ignore": pair.void})
