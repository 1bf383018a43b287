r"""The rest of a text of spans: rows that may follow, written out by the codec.

dog| 5+6\n 4+5 x        six rows from row 5 on; the first one is to be folded
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from t4s_lib.codecs.exact import RUN
from t4s_lib.codecs.sections import NONE
from t4s_lib.codecs.spans import Spans
from t4s_lib.generation.box_text import places
from t4s_lib.generation.moved_rows import fitting, moved
from t4s_lib.generation.short_text import Guess, grid_guess, written_words

Bools = NDArray[np.bool_]

_ROW = re.compile(r"(-|[0-9]+\+[0-9]+(?: [0-9]+\+[0-9]+)*)(?: x([0-9]+))?")
_BEGUN = re.compile(r"((?:[0-9]+\+[0-9]+ )*)(?:([0-9]*)(?:(\+)([0-9]*))?)")
_TIMES = re.compile(r"(-|[0-9]+\+[0-9]+(?: [0-9]+\+[0-9]+)*) (?:x([0-9]*))?")


class _Section(NamedTuple):
    """A section that is being written: its label, its next row, its end."""

    label: int
    row: int
    end: int


def span_guess(names: Sequence[str], shape: tuple[int, int]) -> Guess:
    """Guesses texts of ``spans``."""
    words = written_words(names)
    return grid_guess(Spans(), names, lambda body: _grids(body, shape, words))


def _grids(
    body: str, shape: tuple[int, int], words: Sequence[str]
) -> Iterator[NDArray[np.int32]]:
    *lines, last = body.split("\n")
    ids = np.zeros(shape, np.int32)
    at: _Section | None = None
    for line in lines:
        line = line.removeprefix(" ")
        at = _opened(line, shape[0], words) if at is None else _laid(ids, at, line)
        if at is None:
            return
        at = at if at.row < at.end or at.label < 0 else None
    begun = last.removeprefix(" ")
    if at is None and lines and not last:
        yield ids
    elif at is None:
        yield from _sections(ids, begun, words)
    else:
        yield from _rows(ids, at, begun)


def _opened(line: str, rows: int, words: Sequence[str]) -> _Section | None:
    word, bar, place = line.rpartition(RUN)
    found = places(place, rows, True)
    if not bar or word not in words[1:] or not found:
        return None
    top, length = found[0]
    return _Section(words.index(word, 1), top, top + length)


def _laid(ids: NDArray[np.int32], at: _Section, line: str) -> _Section | None:
    """Lay a finished line's rows; None where it is none."""
    match = _ROW.fullmatch(line)
    if match is None:
        return None
    times = int((match[2] or "1")[:6])
    if at.row + times > at.end:
        return None
    cells = _cells(match[1], ids.shape[1])
    ids[at.row : at.row + times][:, cells] = at.label
    return at._replace(row=at.row + times)


def _cells(spans: str, cols: int) -> Bools:
    cells = np.zeros(cols, bool)
    for span in spans.split():
        if span != NONE:
            start, _, length = span.partition("+")
            cells[int(start[:6]) : int(start[:6]) + int(length[:6])] = True
    return cells


def _sections(
    ids: NDArray[np.int32], last: str, words: Sequence[str]
) -> Iterator[NDArray[np.int32]]:
    """Grids with one more section that begins so."""
    word, bar, place = last.rpartition(RUN)
    unused = (k for k in range(1, len(words)) if not np.any(ids == k))
    for label in unused:
        begins = (
            word == words[label] if bar else f"{words[label]}{RUN}".startswith(last)
        )
        if begins:
            for top, rows in places(place if bar else "", ids.shape[0], False):
                yield from _rows(ids, _Section(label, top, top + rows), "")


def _rows(
    ids: NDArray[np.int32], at: _Section, last: str
) -> Iterator[NDArray[np.int32]]:
    """Grids whose section goes on with a row that begins so."""
    free = ids == 0
    times, rows = _begun(ids, at, last)
    for row in rows:
        for count in times:
            if at.row + count <= at.end:
                for below in _below(row, free[at.row + count : at.end]):
                    found = ids.copy()
                    stretch = found[at.row : at.end]
                    stretch[np.vstack([*[row] * count, below])] = at.label
                    yield found


def _begun(
    ids: NDArray[np.int32], at: _Section, last: str
) -> tuple[list[int], Iterator[Bools]]:
    """How often a row that begins so may stand, and what it may be."""
    cols, left = ids.shape[1], at.end - at.row
    match = _TIMES.fullmatch(last)
    if match and match[2] is not None:
        return fitting(match[2], range(2, left + 1)), iter([_cells(match[1], cols)])
    folded = [1, left, *range(2, left)] if match else [1, left]
    return folded, _whole(ids, at, last)


def _whole(ids: NDArray[np.int32], at: _Section, last: str) -> Iterator[Bools]:
    """Rows that begin so."""
    cols, free = ids.shape[1], ids[at.row] == 0
    if not last:
        above = ids[at.row - 1] == at.label if at.row else free
        yield above & free
        yield from (
            np.array(row, bool) & free for row in moved(above.astype(int).tolist())
        )
        yield free
    if last == NONE[: len(last)] or last.startswith(f"{NONE} "):
        yield np.zeros(cols, bool)
    match = _BEGUN.fullmatch(last)
    if match is None:
        return
    done = _cells(match[1], cols)
    if last.endswith(" ") or not last:
        yield done
    behind = int(np.flatnonzero(done)[-1]) + 2 if done.any() else 0
    for start in fitting(match[2], range(behind, cols)):
        if not match[3] or str(start) == match[2]:
            for length in fitting(match[4] or "", range(1, cols - start + 1)):
                row = done.copy()
                row[start : start + length] = True
                if not np.any(row & ~free):
                    yield row
                    yield from _longer(row, free)


def _longer(row: Bools, free: Bools) -> Iterator[Bools]:
    """A row with one more span behind its last, where there is room."""
    behind = int(np.flatnonzero(row)[-1]) + 2
    for start in np.flatnonzero(free[behind:])[:1] + behind:
        more = row.copy()
        more[start] = True
        yield more


def _below(row: Bools, free: Bools) -> Iterator[Bools]:
    """The rows of a section below one: the same, all that is free, or little."""
    if len(free) == 0:
        yield free
        return
    last = free[-1] & (np.cumsum(free[-1]) == 1)
    for first in (*_moved(row), row, np.ones_like(row)):
        found = np.vstack([first & free[0], *(first & line for line in free[1:])])
        yield found
        yield np.vstack([found[:-1], last]) if len(found) > 1 else found
    little = free & (np.cumsum(free, axis=1) == 1)
    yield little
    yield np.vstack([np.zeros_like(little[:-1]), little[-1:]])


def _moved(row: Bools) -> list[Bools]:
    """Rows like this one, but not the same."""
    return [np.array(other, bool) for other in moved(row.astype(int).tolist())]
