r"""The rest of a text of gaps: rows that may follow, written out by the codec.

dog| -, *3 *2, *3        two rows are there; the third has a gap of 3, or of 30
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from t4s_lib.codecs.exact import STAR
from t4s_lib.codecs.gap_rows import BAR, COMMA
from t4s_lib.codecs.gaps import Gaps, gap_row
from t4s_lib.generation.moved_rows import fitting, moved
from t4s_lib.generation.short_text import Guess, grid_guess, written_words

Bools = NDArray[np.bool_]
Ids = NDArray[np.int32]


def gap_guess(names: Sequence[str], shape: tuple[int, int]) -> Guess:
    """Guesses texts of ``gaps``."""
    words = written_words(names)
    return grid_guess(Gaps(), names, lambda body: _grids(body, shape, words))


def _grids(body: str, shape: tuple[int, int], words: Sequence[str]) -> Iterator[Ids]:
    *lines, last = body.split("\n")
    ids = np.zeros(shape, np.int32)
    for line in lines:
        if not _laid(ids, line.removeprefix(" "), words):
            return
    if lines and not last:
        yield ids
        return
    word, bar, rows = last.removeprefix(" ").rpartition(BAR)
    for label in (k for k in range(1, len(words)) if not np.any(ids == k)):
        if word == words[label] if bar else f"{words[label]}{BAR}".startswith(rows):
            yield from _whole(ids, label, rows if bar else "")


def _laid(ids: Ids, line: str, words: Sequence[str]) -> bool:
    """Lay a finished section; False where it is none."""
    word, _, text = line.rpartition(BAR)
    rows = text.split(COMMA)
    if word not in words[1:] or len(rows) != len(ids):
        return False
    for cells, row in zip(ids, rows, strict=True):
        found = _row(row, len(cells))
        if found is None:
            return False
        cells[found] = words.index(word, 1)
    return True


def _row(text: str, cols: int) -> Bools | None:
    """The cells of a finished row; None where it is none."""
    counts = text.split(STAR)[1:]
    if not all(n.isdecimal() and len(n) < 6 for n in counts):
        return None
    found = np.zeros(cols, bool)
    ends = np.cumsum([int(n) for n in counts], dtype=int)
    for start, end in zip(ends[::2], ends[1::2], strict=False):
        found[start:end] = True
    return found if gap_row(found) == text else None


def _whole(ids: Ids, label: int, text: str) -> Iterator[Ids]:
    """Grids whose last section goes on from these rows."""
    *done, begun = text.split(COMMA)
    cells, free = np.zeros(ids.shape, bool), ids == 0
    if len(done) >= len(cells):
        return
    for number, written in enumerate(done):
        row = _row(written, ids.shape[1])
        if row is None:
            return
        cells[number] = row
    at = len(done)
    for row in _rows(begun, cells[at - 1], free[at]):  # above the first row: none
        for below in _below(row, free[at + 1 :]):
            found = ids.copy()
            found[np.vstack([cells[:at], row, below])] = label
            yield found


def _rows(begun: str, above: Bools, free: Bools) -> Iterator[Bools]:
    """Rows that begin so, likely ones first: like the one above, or nearly."""
    near = (np.array(row, bool) for row in moved(above.astype(int).tolist()))
    for row in (above & free, *(row & free for row in near), np.zeros_like(free)):
        if gap_row(row).startswith(begun):
            yield row
    yield from _built(begun, free)


def _built(begun: str, free: Bools) -> Iterator[Bools]:
    """Rows that go on from the counts that are written."""
    cols = len(free)
    more = "*" if begun.endswith(" ") else "" if begun else STAR
    *done, digits = (begun + more).split(STAR)[1:] or [""]
    if not all(n.isdecimal() and len(n) < 6 for n in done):
        return
    ends = np.cumsum([0, *map(int, done)], dtype=int).tolist()
    row = np.zeros(cols, bool)
    for start, end in zip(ends[1::2], ends[2::2], strict=False):
        row[start:end] = True
    if len(done) % 2:
        yield from _with_runs(row, ends[-1], digits, free)
    else:
        for gap in fitting(digits, range(min(ends[-1], 1), cols - ends[-1])):
            yield from _with_runs(row, ends[-1] + gap, "", free)


def _with_runs(row: Bools, start: int, digits: str, free: Bools) -> Iterator[Bools]:
    """A row with one more run from a column on, and with a run behind that one."""
    for length in fitting(digits, range(1, len(free) - start + 1)):
        longer = row.copy()
        longer[start : start + length] = True
        if np.any(longer & ~free):
            return
        yield longer
        behind = start + length + 1
        for at in np.flatnonzero(free[behind:])[:1] + behind:
            yield longer | (np.arange(len(free)) == at)


def _below(row: Bools, free: Bools) -> Iterator[Bools]:
    """The rows below one: the same, none, or the last free cell alone."""
    yield row & free
    yield np.zeros_like(free)
    last = np.zeros_like(free)
    last.flat[np.flatnonzero(free)[-1:]] = True
    yield last
