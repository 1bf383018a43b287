"""A written mask's tokens, row by row, with the choices there were at each run."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from typing import NamedTuple

import numpy as np

from t4s_lib.codecs.exact import exact_runs
from t4s_lib.codecs.labels import LabelTable, unescape
from t4s_lib.codecs.tags import CLOSE, OPEN
from t4s_lib.generation.chain import Choice, Floats
from t4s_lib.generation.choices import Chances, Fork, Scores, forks
from t4s_lib.generation.spelling import Before, Spelling, after_run


class Place(NamedTuple):
    """Where a run stands.

    Attributes:
        where: What stands before it.
        before: The label of the run before it in its row.
        room: Cells left in the row.
        last: Whether the row is the mask's last.
    """

    where: Before
    before: int | None
    room: int
    last: bool


class RowReader:
    """Reads an answer's rows.

    Args:
        spelling: Spells the pieces of its text.
        rows: How many rows it has.
        cols: Cells of a row.
        scores: What the model thought at each token.
    """

    def __init__(
        self, spelling: Spelling, rows: int, cols: int, scores: Scores
    ) -> None:
        self._spelling, self._rows, self._cols = spelling, rows, cols
        self._chances = Chances(scores)
        self._names = [unescape(word) for word in spelling.words]
        self._forks: dict[tuple[int, int, Place], list[Fork]] = {}

    def read(self, text: str, written: Sequence[int]) -> list[list[Choice]]:
        """The choices of each row, as far as rows are written exactly.

        Args:
            text: The answer.
            written: Its tokens.
        """
        opening, lines = _lines(text)
        start = self._spelling.opening(opening)
        if not _begins(written, start):
            return []
        found, at = [], len(start)
        for number, line in enumerate(lines[: self._rows]):
            runs = self._runs(line if number == 0 else line.removeprefix(" "))
            row = self._row(number, runs, written, at)
            if row is None:
                break
            found.append(row[0])
            at = row[1]
        return found

    def _runs(self, line: str) -> list[tuple[int, int]]:
        """Ids and counts of a line; none if it is not a row written exactly."""
        runs = exact_runs(line, self._cols, LabelTable(self._names))
        return list(zip(*runs, strict=True)) if runs else []

    def _row(
        self,
        number: int,
        runs: Sequence[tuple[int, int]],
        written: Sequence[int],
        at: int,
    ) -> tuple[list[Choice], int] | None:
        """The choices of a row, and where the next one starts."""
        found: list[Choice] = []
        last, room = number == self._rows - 1, self._cols
        for label, count in runs:
            where: Before = "run" if found else "row" if number else "tag"
            name = self._spelling.label(label, where)
            piece = self._spelling.counts.piece(count, after_run(count, room, last))
            end = at + len(name) + len(piece)
            if list(written[at:end]) != [*name, *piece]:
                return None
            place = Place(where, found[-1].label if found else None, room, last)
            labels = self._labels(label, count, place, at)
            ends = self._ends(count, place, at + len(name))
            found.append(Choice(label, labels, ends))
            at, room = end, room - count
        return (found, at) if found else None

    def _labels(self, label: int, count: int, place: Place, at: int) -> Floats:
        """How likely each label was."""
        key, size = (label, count, place), len(self._names)
        if key not in self._forks:
            self._forks[key] = self._label_forks(label, count, place)
        return self._chances.of(self._forks[key], label, size, at)

    def _label_forks(self, label: int, count: int, place: Place) -> list[Fork]:
        size = len(self._names)
        free = [k for k in range(size) if k != place.before]
        if len(free) == 1:
            return []
        names = {k: self._spelling.label(k, place.where) for k in free}
        if not any(_begins(a, b) for a, b in permutations(names.values(), 2)):
            return forks(names[label], names.items(), size)
        counts = self._spelling.counts.every(place.room, place.last)
        pieces = [(k, [*names[k], *piece]) for k in free for piece in counts]
        return forks([*names[label], *counts[count - 1]], pieces, size)

    def _ends(self, count: int, place: Place, at: int) -> Floats:
        """How likely the run ends before each column."""
        found = self._spelling.counts.forks(count, place.room, place.last)
        chances = self._chances.of(found, count - 1, place.room, at)
        return np.concatenate([np.zeros(self._cols + 1 - place.room), chances])


def _begins(long: Sequence[int], short: Sequence[int]) -> bool:
    """Whether one list is the beginning of another."""
    return list(long[: len(short)]) == list(short)


def _lines(text: str) -> tuple[str, list[str]]:
    """What stands before the mask, its tag included, and the mask's whole lines."""
    opening, tag, body = text.partition(OPEN)
    lines = body.partition(CLOSE)[0].split("\n")
    return opening + tag, lines[:-1] if tag else []
