"""The predictions of a run: lines that are appended, survive a kill, and are merged.

    predictions.jsonl            the first process's lines; in the end all, in order
    predictions.part1.jsonl ...  those of the others, while the run lasts
    predictions.part-1of4.jsonl  those of a share, see ``shares``, until they are merged

A line is whole when it ends with a line feed and is JSON; what a kill tore is taken
out, and its sample is evaluated again. Reading keeps one line a position, so a kill
while lines are merged doubles none.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

PREDICTIONS = "predictions.jsonl"
Record = dict[str, Any]

_SYNC_SECONDS = 2.0


class Journal:
    """Appends lines to a file.

    Each line is handed to the system at once, so that a killed process loses none;
    every two seconds the disk is made to keep them, for the loss of power.

    Args:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("ab", buffering=0)
        self._synced = time.monotonic()

    def add(self, record: Mapping[str, Any]) -> None:
        """Append one line."""
        self._file.write(as_line(record))
        if time.monotonic() - self._synced > _SYNC_SECONDS:
            self._sync()

    def _sync(self) -> None:
        os.fsync(self._file.fileno())
        self._synced = time.monotonic()

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._sync()
        self._file.close()


def as_line(record: Mapping[str, Any]) -> bytes:
    """A record as it is written."""
    return (json.dumps(record, ensure_ascii=False) + "\n").encode()


def read_records(out: Path) -> Iterator[Record]:
    """The whole lines of ``predictions.jsonl``, one at a time."""
    return read_lines(out / PREDICTIONS)


def read_lines(path: Path) -> Iterator[Record]:
    """The whole lines of one file, one at a time; none if it is not there."""
    for record, _ in _lines(path):
        if record is not None:
            yield record


def cut_torn(path: Path) -> None:
    """Take out a last line that a kill tore, so that lines can be appended."""
    if not path.is_file():
        return
    with path.open("rb") as file:
        whole = sum(len(line) for line in file if line.endswith(b"\n"))
    os.truncate(path, whole)


def part_of(out: Path, rank: int) -> Path:
    """The file that a process appends to."""
    return out / (PREDICTIONS if rank == 0 else f"predictions.part{rank}.jsonl")


def merge(
    out: Path,
    *,
    retry: bool = False,
    check: Callable[[Record], None] | None = None,
) -> set[int]:
    """Bring all lines of a run into ``predictions.jsonl``, in order, each once.

    Args:
        out: The folder of the run.
        retry: Take out the lines of bad samples, so that they are tried again.
        check: Is shown each line that is kept, and may raise.

    Returns:
        The positions that have a line.
    """
    parts = sorted(out.glob("predictions.part*.jsonl"))
    places: dict[int, _Place] = {}
    is_clean = not parts
    for path in (out / PREDICTIONS, *parts):
        for record, place in _lines(path):
            if record is None or (retry and "error" in record):
                is_clean = False
            elif record["position"] not in places:
                if check is not None:
                    check(record)
                places[record["position"]] = place
            else:
                is_clean = False
    if not is_clean or list(places) != sorted(places):
        _rewrite(out, places)
    for path in parts:
        path.unlink()
    return set(places)


class _Place(NamedTuple):
    """Where a line is."""

    path: Path
    offset: int
    length: int


def _lines(path: Path) -> Iterator[tuple[Record | None, _Place]]:
    """Each line of a file with its place; None for one that is not whole."""
    if not path.is_file():
        return
    offset = 0
    with path.open("rb") as file:
        for line in file:
            yield _parsed(line), _Place(path, offset, len(line))
            offset += len(line)


def _parsed(line: bytes) -> Record | None:
    if not line.endswith(b"\n"):
        return None
    try:
        record = json.loads(line)
    except ValueError:
        return None
    return record if isinstance(record, dict) and "position" in record else None


def _rewrite(out: Path, places: Mapping[int, _Place]) -> None:
    """Write the lines beside ``predictions.jsonl``, then rename."""
    beside = out / f".{PREDICTIONS}.partial"
    files = {place.path: place.path.open("rb") for place in places.values()}
    try:
        with beside.open("wb") as merged:
            for _, place in sorted(places.items()):
                source = files[place.path]
                source.seek(place.offset)
                merged.write(source.read(place.length))
            merged.flush()
            os.fsync(merged.fileno())
    finally:
        for file in files.values():
            file.close()
    beside.replace(out / PREDICTIONS)
