"""LLaVA's instruction mix: conversations about pictures, for training.

``<root>/llava_v1_5_mix665k.json`` is a list of records with ``conversations`` (turns
from ``human`` and ``gpt``) and mostly ``image``, a path under the root such as
``coco/train2017/000000033471.jpg`` (github.com/haotian-liu/LLaVA).
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from PIL import Image

from t4s_lib.pictures import UNREADABLE, reason, to_rgb
from t4s_lib.sources.base import Sample
from t4s_lib.sources.errors import DataError, MissingFileError
from t4s_lib.sources.forms import fits
from t4s_lib.sources.lazy import LazySamples
from t4s_lib.sources.places import data_root, first_file

BENCHMARK = "llava:mix665k:train"
FILES = ("llava_v1_5_mix665k.json", "llava/llava_v1_5_mix665k.json")
"""Where the file may be under the root."""

_PLACE = "<image>"


@dataclass(frozen=True)
class Records:
    """A JSON list on disk, whose entries are read one at a time.

    The mix is a gigabyte, several in memory: kept are places in the file.

    Attributes:
        path: The file.
        starts: First byte of each entry.
        ends: Byte behind each entry.
    """

    path: Path
    starts: array[int]
    ends: array[int]

    def __getitem__(self, index: int) -> Any:
        with self.path.open("rb") as file:
            file.seek(self.starts[index])
            return json.loads(file.read(self.ends[index] - self.starts[index]))


def index_records(path: Path, has_image: bool) -> Records:
    """Find the entries of a JSON list.

    Args:
        path: The file.
        has_image: Only those with a picture; else all.

    Raises:
        DataError: If the file is no JSON list of conversations.
    """
    starts, ends = array("q"), array("q")
    for record, start, end in _scan(path):
        if not fits(record, {"conversations": list}):
            raise DataError(f"{path} has no conversations at byte {start}")
        if not isinstance(record.get("image"), str | None):
            raise DataError(f"{path} has an image that is no name at byte {start}")
        if record.get("image") or not has_image:
            starts.append(start)
            ends.append(end)
    return Records(path, starts, ends)


def _scan(path: Path) -> Iterator[tuple[Any, int, int]]:
    """The entries of a JSON list with the bytes that they take."""
    text = _read(path)
    decoder = json.JSONDecoder()
    at, byte = _skip(text, 0, "[", path), 0
    last = 0
    while text[at : at + 1] != "]":
        try:
            record, end = decoder.raw_decode(text, at)
        except ValueError as fault:
            raise DataError(f"{path} is not a JSON list: {fault}") from fault
        byte += len(text[last:at].encode())
        size = len(text[at:end].encode())
        yield record, byte, byte + size
        byte, last = byte + size, end
        at = _skip(text, end, ",", path, or_end="]")


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as fault:
        raise DataError(f"{path} is not UTF-8: {fault}") from fault


def _skip(text: str, at: int, mark: str, path: Path, or_end: str = "") -> int:
    """The place of the next entry, behind a mark and blanks."""
    at = _blanks(text, at)
    if or_end and text[at : at + 1] == or_end:
        return at
    if text[at : at + 1] != mark:
        raise DataError(f"{path} is not a JSON list: expected {mark} at character {at}")
    return _blanks(text, at + 1)


def _blanks(text: str, at: int) -> int:
    while text[at : at + 1] in (" ", "\t", "\r", "\n"):
        at += 1
    return at


def turns_of(record: Mapping[str, Any], name: str) -> tuple[tuple[str, str], ...]:
    r"""Questions with their answers; where the picture stands is left out.

    Raises:
        DataError: If the turns are not questions and answers by turns.

    Examples:
        >>> turns_of({"conversations": [{"from": "human", "value": "<image>\nWhat?"},
        ...     {"from": "gpt", "value": "A dog."}]}, "it")
        (('What?', 'A dog.'),)
    """
    turns = record["conversations"]
    if not all(fits(turn, {"from": str, "value": str}) for turn in turns):
        raise DataError(f"{name} has a turn without from and value, expected both")
    speakers = [turn["from"] for turn in turns]
    if not turns or speakers != ["human", "gpt"] * (len(turns) // 2):
        raise DataError(
            f"{name} has turns from {speakers}, expected human and gpt by turns"
        )
    said = [str(turn["value"]).replace(_PLACE, "").strip() for turn in turns]
    return tuple(zip(said[::2], said[1::2], strict=True))


@dataclass(frozen=True)
class _Reader:
    """Makes the sample of one conversation."""

    records: Records
    root: Path

    def __call__(self, index: int) -> Sample:
        record = self.records[index]
        name = f"{BENCHMARK}#{record.get('id', '')}@{self.records.starts[index]}"
        turns = turns_of(record, name)
        image = record.get("image")
        extra = {
            "turns": turns,
            "image_id": image,
            "image_file": image,
            "image_folders": (self.root,),
        }

        def no_mask() -> NoReturn:
            raise DataError(f"{name} has no mask: it is a conversation")

        def picture() -> Image.Image:
            return _open(self.root, image, name)

        return Sample(picture, turns[0][0], no_mask, (), name, extra)


def _open(root: Path, name: str | None, source: str) -> Image.Image:
    if name is None:
        raise DataError(f"{source} has no picture: it is a conversation in words")
    if not (root / name).is_file():
        raise MissingFileError(f"{name} not found: looked in {root}")
    try:
        with Image.open(root / name) as file:
            file.load()
            return to_rgb(file)
    except UNREADABLE as fault:
        why = f"{root / name} is not a readable picture: {reason(fault)}"
        raise DataError(why) from fault


def instruct(root: str | Path, has_image: bool = True) -> LazySamples:
    """LLaVA's conversations, one sample each, for training.

    ``expression`` is the first question. There is no mask: asking for it is an
    error. ``extra`` has ``turns`` (pairs of question and answer), ``image_id``,
    ``image_file`` and ``image_folders``.

    Args:
        root: The folder with ``llava_v1_5_mix665k.json`` and, beside it, the pictures'
            folders (``coco``, ``gqa``, ``ocr_vqa``, ``textvqa``, ``vg``).
        has_image: Leave out conversations without a picture.

    Returns:
        The samples in the order of the file. Opening reads the file once.

    Raises:
        DataError: If the file is not in its form or empty; as ``MissingFileError``
            if it is not there.
    """
    top = data_root(root, BENCHMARK)
    path = first_file(top, FILES, BENCHMARK)
    records = index_records(path, has_image)
    if not records.starts:
        raise DataError(f"{BENCHMARK} has no samples: {path} lists none")
    return LazySamples(_Reader(records, path.parent), range(len(records.starts)))
