"""Spans read from a text that is not quite right: sections, their rows, their cells."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from t4s_lib.codecs.folds import cut_times
from t4s_lib.codecs.labels import BLANKS, LabelTable
from t4s_lib.codecs.report import Fault
from t4s_lib.codecs.tags import Tagged

NONE = "-"
"""A row without a cell."""

# Possessive, and never begun within digits or blanks: linear in any text.
_SPAN = re.compile(r"(?<![0-9])([0-9]++)[ \t]*+\+[ \t]*+([0-9]++)")
_ROW_END = re.compile(r"(?<![ \t])[ \t]*+(?:;|\\n)[ \t]*+(?=[0-9-])")


def read_lines(
    tagged: Tagged, shape: tuple[int, int], table: LabelTable
) -> tuple[NDArray[np.int32] | None, list[Fault]]:
    """The grid that a text's sections describe; None where there is no section."""
    body = tagged.body.replace("\r\n", "\n").strip(BLANKS)
    page = _Page(shape, table)
    lines = body.split("\n")
    for at, line in enumerate(lines):
        is_last = tagged.may_be_cut and at == len(lines) - 1
        page.line(line.strip(BLANKS), is_last, tagged.is_tagged)
    page.close()
    if not page.sections:
        return None, [Fault("unreadable", found=body)]
    return page.ids, page.faults


class _Page:
    """A grid that is filled section by section.

    Args:
        shape: Rows and columns.
        table: Gives each written label its number.
    """

    def __init__(self, shape: tuple[int, int], table: LabelTable) -> None:
        self.shape, self.table = shape, table
        self.ids = np.zeros(shape, np.int32)
        self.faults: list[Fault] = []
        self.sections = 0
        self._number = self._row = self._end = 0
        self._above = ""

    def fault(self, kind: str, found: str = "", column: int | None = 0) -> None:
        """Note a fault in the row that comes next."""
        self.faults.append(
            Fault(kind, min(self._row, self.shape[0] - 1), column, found)
        )

    def line(self, line: str, may_be_cut: bool, is_tagged: bool) -> None:
        """Read a line: a section's beginning, or rows."""
        label, bar, place = line.rpartition("|")
        if bar:
            self._open(label.strip(BLANKS), place, may_be_cut)
        elif not line:
            self.fault("white_space", "an empty line", None)
        elif not self.sections:
            is_prose = not is_tagged and not _SPAN.search(line)
            self.faults.append(Fault("prose" if is_prose else "no_label", found=line))
        else:
            rows, odd = _ROW_END.subn("\n", line)
            if odd:
                self.fault("row_separator", f"{odd} times", None)
            for row in rows.split("\n"):
                self._rows(row, may_be_cut)

    def close(self) -> None:
        """End a section."""
        if self._row < self._end:
            self.fault("missing_rows", f"{self._end - self._row} more expected")

    def _open(self, label: str, place: str, may_be_cut: bool) -> None:
        self.close()
        found = _SPAN.search(place)
        self._number, kind = self.table.tolerant(label)
        self.sections += 1
        start, length = _numbers(found) if found else (0, 0)
        self._row = min(start, self.shape[0] - 1)
        self._end = min(self._row + max(1, length), self.shape[0])
        self._above = ""
        if kind:
            self.fault(kind, label)
        if found is None and may_be_cut:
            self._end = self._row
            self.fault("cut_off", place)
        elif (self._row, self._end) != (start, start + length):
            self._end = self._end if found else self.shape[0]
            self.fault("box_place", place.strip(BLANKS))

    def _rows(self, line: str, may_be_cut: bool) -> None:
        row, times, kind = cut_times(line)
        if self._row >= self._end:
            self.faults.append(Fault("surplus_rows", self._end, None, line))
            return
        spans = list(_SPAN.finditer(row))
        if len(spans) > self.shape[1]:  # more than cells: the rest finds no room
            self.fault("row_too_long", f"{len(spans)} spans")
            spans = spans[: self.shape[1]]
        if kind:
            self.fault(kind, line)
        if _SPAN.sub("", row).strip(BLANKS + ",") not in ("", NONE) or not row:
            self.fault("cut_off" if may_be_cut else "unreadable", row)
        if row == self._above:
            self.fault("not_folded", line)
        self._above = row
        if self._row + times > self._end:
            self.faults.append(Fault("surplus_rows", self._end, None, line))
        for _ in range(min(times, self._end - self._row)):
            self._lay(spans)
            self._row += 1

    def _lay(self, spans: list[re.Match[str]]) -> None:
        """Lay the spans of one row; cells that are taken stay as they are."""
        before, cols = -1, self.shape[1]
        for start, length in map(_numbers, spans):
            at, found = min(start, cols - 1), f"{start}+{length}"
            if length == 0 or start + length > cols:
                kind = "row_too_long" if length else "zero_count"
                self.fault(kind, found, at)
            if start <= before:
                self.fault("split_run", found, at)
            before = min(start + length, cols)
            cells = self.ids[self._row, start:before]
            if np.any((cells != 0) & (cells != self._number)):
                self.fault("overlap", found, at)
            cells[cells == 0] = self._number


def _numbers(span: re.Match[str]) -> tuple[int, int]:
    return int(span[1][:9]), int(span[2][:9])
