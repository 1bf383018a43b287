r"""The rest of a text whose rows are folded, have letters for labels, or a box.

    others *16 x5\n others *4| dog=a *3        which grids' texts begin like this?

Rows that may follow are proposed, likely ones first; each proposal is written out by
the codec itself, and the first whose text begins with what is written is the guess. A
row that follows a folded one differs from it, so the next row is guessed as this one
with an edge moved.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from t4s_lib.codecs.alias import Alias, AliasRepeat
from t4s_lib.codecs.aliases import IS, alias
from t4s_lib.codecs.base import Codec
from t4s_lib.codecs.labels import escape
from t4s_lib.codecs.row_repeat import RowRepeat
from t4s_lib.codecs.short_rows import ShortRows
from t4s_lib.descriptor import OTHERS, DescriptorGrid
from t4s_lib.generation.begun import Begun, read_begun
from t4s_lib.generation.guess import guess_row
from t4s_lib.generation.moved_rows import fitting, moved, rows_below

Guess = Callable[[str], str | None]
Rows = list[list[int]]

MOST_TRIED = 400
"""How many proposals are written out before a text is given up."""

_TIMES = re.compile(r"(.*\*[0-9]+) (?:x([0-9]*))?")


def row_repeat_guess(names: Sequence[str], shape: tuple[int, int]) -> Guess:
    """Guesses texts of ``row-repeat``."""
    return _Short(names, shape, RowRepeat()).guess


def alias_guess(names: Sequence[str], shape: tuple[int, int]) -> Guess:
    """Guesses texts of ``alias``."""
    return _Short(names, shape, Alias()).guess


def alias_repeat_guess(names: Sequence[str], shape: tuple[int, int]) -> Guess:
    """Guesses texts of ``alias-repeat``."""
    return _Short(names, shape, AliasRepeat()).guess


class _Short:
    """Guesses masks of one size and set of labels."""

    def __init__(
        self, names: Sequence[str], shape: tuple[int, int], codec: ShortRows
    ) -> None:
        self._shape, self._codec = shape, codec
        self._words = written_words(names)

    def guess(self, body: str) -> str | None:
        """A whole text that begins with this one."""
        found = propose(body, self._shape, self._words, self._codec)
        for rows in islice(found, MOST_TRIED):
            text = self._codec.write(as_ids(rows), self._words)
            if text.startswith(body):
                return text
        return None


def grid_guess(
    codec: Codec,
    names: Sequence[str],
    grids: Callable[[str], Iterator[NDArray[np.int32]]],
) -> Guess:
    """Guesses texts that say ``others`` where nothing is meant.

    Args:
        codec: Writes a grid out.
        names: All labels, the first is ``others``.
        grids: Ids that a text which begins so may have; likely ones first.
    """

    def guess(body: str) -> str | None:
        if body and f"{OTHERS}\n".startswith(body):
            return f"{OTHERS}\n"
        for ids in islice(grids(body), MOST_TRIED):
            text = codec.encode(DescriptorGrid(ids, tuple(names)))
            if text.startswith(body):
                return text
        return None

    return guess


class _Line(NamedTuple):
    """The line that is being written, read as far as it goes.

    Attributes:
        begun: Its runs.
        times: What is written of its times; None where nothing is.
    """

    begun: Begun
    times: str | None


def written_words(names: Sequence[str]) -> list[str]:
    """How labels are written; the first is ``others``."""
    return [OTHERS, *map(escape, names[1:])]


def as_ids(rows: Rows) -> NDArray[np.int32]:
    """Rows as an array."""
    return np.array(rows, np.int32)


def propose(
    body: str, shape: tuple[int, int], words: Sequence[str], codec: ShortRows
) -> Iterator[Rows]:
    """All rows of a grid, some ways in which they may go on; likely ones first.

    Args:
        body: The rows as far as they are written.
        shape: How many rows there will be, and their cells.
        words: Labels as they are written, ``others`` first.
        codec: Says whether rows are folded and labels have letters.
    """
    reader = _Reader(words, codec)
    *lines, last = body.split("\n")
    rows = reader.rows(lines, shape[1])
    left = shape[0] - len(rows or ())
    if rows is None or left < 0 or (left == 0 and last):
        return
    if left == 0:
        yield rows
        return
    line = reader.line(last.removeprefix(" "), shape[1])
    if line is None:
        return
    above = rows[-1] if rows else [0] * shape[1]
    count = len(words)
    for row in _whole_rows(above, line, count):
        is_over = not any(row) and any(map(any, rows))
        for times in _times(line.times, left, is_over, codec.folds):
            for below in rows_below(row, left - times, count):
                yield [*rows, *[row] * times, *below]


class _Reader:
    """Reads rows, and learns the letters in them."""

    def __init__(self, words: Sequence[str], codec: ShortRows) -> None:
        self._words, self._codec = words, codec
        self._called: list[int] = []

    def rows(self, lines: Sequence[str], cols: int) -> Rows | None:
        """The rows of finished lines; None where one cannot be read."""
        found: Rows = []
        for line in lines:
            match = _TIMES.fullmatch(line) if self._codec.folds else None
            text, times = (
                (match[1], int(match[2][:6] or 1)) if match and match[2] else (line, 1)
            )
            cells = self._runs(text.removeprefix(" ").split("|"), cols)
            if cells is None or len(cells) != cols or times > 4096:
                return None
            found += [cells] * times
        return found

    def line(self, text: str, cols: int) -> _Line | None:
        """The line that is being written."""
        match = _TIMES.fullmatch(text) if self._codec.folds else None
        if match:
            cells = self._runs(match[1].split("|"), cols)
            is_whole = cells is not None and len(cells) == cols
            return _Line(Begun(cells or [], ()), match[2] or "") if is_whole else None
        *closed, last = text.split("|")
        cells = self._runs(closed, cols) if closed else []
        begun = read_begun(last, self._ids())
        if cells is None or begun is None:
            return None
        return _Line(begun._replace(cells=cells), None)

    def _runs(self, runs: Sequence[str], cols: int) -> list[int] | None:
        """The cells of finished runs; None for one unread, or too many cells."""
        cells: list[int] = []
        for run in runs:
            word, _, digits = run.removeprefix(" ").rpartition(" *")
            number = self._ids().get(word)
            if number is None or not digits.isdecimal() or len(digits) > 6:
                return None
            if self._codec.names and number and number not in self._called:
                self._called.append(number)
            cells += [number] * int(digits)
            if len(cells) > cols:
                return None
        return cells

    def _ids(self) -> Mapping[str, int]:
        """The words that may stand here."""
        if not self._codec.names:
            return {word: k for k, word in enumerate(self._words)}
        found = {OTHERS: 0}
        found |= {alias(at): k for at, k in enumerate(self._called)}
        fresh = f"{IS}{alias(len(self._called))}"
        new = (k for k in range(1, len(self._words)) if k not in self._called)
        return found | {self._words[k] + fresh: k for k in new}


def _whole_rows(above: Sequence[int], line: _Line, labels: int) -> Iterator[list[int]]:
    """Whole rows that go on from a line, as wide as the one above."""
    begun, cols = line.begun, len(above)
    if line.times is not None or len(begun.cells) >= cols:
        yield begun.cells
        return
    likely = guess_row(above, begun)
    if len(likely) == cols:
        yield likely
        yield from moved(likely)
    left = cols - len(begun.cells)
    last = begun.cells[-1] if begun.cells else None
    for label in (k for k in begun.labels or range(labels) if k != last):
        for count in fitting(begun.digits, range(left, 0, -1)):
            row = begun.cells + [label] * count
            rest = [k for k in range(labels) if k != label] or [label]
            yield from (row + [k] * (left - count) for k in rest)


def _times(written: str | None, left: int, is_over: bool, folds: bool) -> Sequence[int]:
    """How often a row may stand."""
    if not folds:
        return [1]
    if written is None:
        return [left, 1] if is_over else [1, left]
    found = fitting(written, range(2, left + 1))
    return found[::-1] if is_over else found
