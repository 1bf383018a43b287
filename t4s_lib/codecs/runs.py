"""Reading runs out of text that is not quite right.

A run is ``label *count``. Labels hold no ``*`` (it is escaped), so each star that
is followed by digits ends a run, whatever stands around it. All patterns here are
read in time linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from t4s_lib.codecs.labels import BLANKS, LabelTable
from t4s_lib.codecs.report import Fault
from t4s_lib.codecs.tags import Tagged

_COUNT = re.compile(r"[ \t]*([0-9]*)")
_HUGE = 10**9  # a count above any grid; what is longer is read as this


class Run(NamedTuple):
    """One run as it was found.

    Attributes:
        raw: The label as written, blanks and separators around it taken away.
        cells: Its count, at most 10^9; None where there is none.
        fault: Kind of what is wrong with its spelling, if anything.
    """

    raw: str
    cells: int | None
    fault: str | None = None


def find_runs(line: str) -> list[Run]:
    """The runs of one row, in whatever state they are.

    Examples:
        >>> find_runs("others *5| dog *3")
        [Run(raw='others', cells=5, fault=None), Run(raw='dog', cells=3, fault=None)]
        >>> find_runs("others *5, dog")[1]
        Run(raw='dog', cells=None, fault='no_count')
    """
    return [run for piece in line.split("|") for run in _in_piece(piece)]


def mark_stump(runs: list[Run], tagged: Tagged) -> list[Run]:
    """Name a last run without a count a stump, where the text may be cut off."""
    if runs and runs[-1].fault == "no_count" and tagged.may_be_cut:
        return [*runs[:-1], runs[-1]._replace(fault="cut_off")]
    return runs


def _in_piece(piece: str) -> Iterator[Run]:
    label, *behind_stars = piece.split("*")
    separators = BLANKS
    for behind in behind_stars:
        count = _COUNT.match(behind)
        digits, end = (count[1], count.end()) if count else ("", 0)
        yield _run(label.strip(separators), digits, separators == BLANKS)
        label, separators = behind[end:], BLANKS + ",;"
    rest = label.strip(separators)
    if rest:
        yield Run(rest, None, "no_count")


def _run(raw: str, digits: str, is_first: bool) -> Run:
    if not digits:
        return Run(raw, None, "no_count")
    value = digits.lstrip("0")
    count = int(value or 0) if len(value) < 10 else _HUGE
    spelling = "count_spelling" if value != digits and count else None
    kind = "zero_count" if count == 0 else spelling
    return Run(raw, count, kind if is_first else kind or "run_separator")


class RowFiller:
    """Lays runs into one row of a grid and notes what does not fit.

    Args:
        row: The row's number.
        width: Its cells.
        table: Gives each written label its number.
        joins: Whether neighbours of one label should have been one run.
    """

    def __init__(
        self, row: int, width: int, table: LabelTable, joins: bool = True
    ) -> None:
        self.row, self.width, self.table, self.joins = row, width, table, joins
        self.ids: list[int] = []
        self.faults: list[Fault] = []

    @property
    def is_full(self) -> bool:
        """Whether every cell is filled."""
        return len(self.ids) == self.width

    def fault(self, kind: str, found: str = "") -> None:
        """Note a fault at the next cell."""
        self.faults.append(
            Fault(kind, self.row, min(len(self.ids), self.width - 1), found)
        )

    def add(self, run: Run) -> int:
        """Lay one run; returns how many of its cells found no room."""
        if run.fault:
            self.fault(run.fault, run.raw)
        if not run.cells:
            return 0
        if self.is_full:
            return run.cells
        number, kind = self.table.tolerant(run.raw)
        if kind:
            self.fault(kind, run.raw)
        elif self.joins and self.ids[-1:] == [number]:
            self.fault("split_run", run.raw)
        room = self.width - len(self.ids)
        self.ids += [number] * min(run.cells, room)
        return max(0, run.cells - room)

    def close(self) -> list[int]:
        """Draw the last label out to the row's end."""
        if not self.ids:
            self.fault("unreadable")
            return [0] * self.width
        if not self.is_full:
            self.fault("row_too_short", f"{len(self.ids)} of {self.width} cells")
        return self.ids + self.ids[-1:] * (self.width - len(self.ids))


def fill_row(runs: Sequence[Run], row: int, width: int, table: LabelTable) -> RowFiller:
    """Lay the runs of one row; what goes beyond its width is dropped."""
    filler = RowFiller(row, width, table)
    for run in runs:
        if filler.add(run):
            filler.fault("row_too_long", f"{run.raw} *{run.cells}")
            break
    return filler


def flow(
    runs: Iterable[Run], shape: tuple[int, int], table: LabelTable, joins: bool = True
) -> tuple[list[list[int]], list[Fault]]:
    """Lay runs one after the other, on into the next row where one is full.

    Returns:
        The rows begun, each whole, and the faults. A list that ends early fills
        its row with the last label.
    """
    fillers = [RowFiller(0, shape[1], table, joins)]
    surplus: list[Fault] = []
    for run in runs:
        over = fillers[-1].add(run)
        while over and len(fillers) < shape[0]:
            fillers.append(RowFiller(len(fillers), shape[1], table, joins))
            over = fillers[-1].add(Run(run.raw, over))
        if over:
            surplus = [Fault("surplus_rows", shape[0], None, f"{run.raw} *{over}")]
            break
    rows = [filler.close() for filler in fillers]
    faults = [fault for filler in fillers for fault in filler.faults]
    return rows, faults + surplus


def missing_rows(rows: Sequence[Sequence[int]], shape: tuple[int, int]) -> list[Fault]:
    """A fault where there are fewer rows than the grid has."""
    found = f"{len(rows)} of {shape[0]} rows"
    return [Fault("missing_rows", len(rows), 0, found)] * (len(rows) < shape[0])


def as_grid(rows: Sequence[Sequence[int]], shape: tuple[int, int]) -> NDArray[np.int32]:
    """Rows of ids as an array; rows that are not there are background."""
    ids = np.zeros(shape, np.int32)
    if rows:
        ids[: len(rows)] = rows
    return ids
