"""Gaps and runs read from a text that is not quite right: sections, rows, cells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from t4s_lib.codecs.labels import BLANKS, LabelTable
from t4s_lib.codecs.report import Fault
from t4s_lib.codecs.span_lines import NONE
from t4s_lib.codecs.tags import Tagged

BAR, COMMA = "|", ","
"""What stands behind a label, and between two rows."""

# Possessive, and never begun within digits or blanks: linear in any text.
_COUNT = re.compile(r"(?<![0-9])(?:\*[ \t]*+)?+([0-9]++)")
_OTHER_COMMA = re.compile(r";|\\n")


def read_sections(
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
        self._number = self._row = 0

    def fault(self, kind: str, found: str = "", column: int | None = 0) -> None:
        """Note a fault in the row that comes next."""
        self.faults.append(
            Fault(kind, min(self._row, self.shape[0] - 1), column, found)
        )

    def line(self, line: str, may_be_cut: bool, is_tagged: bool) -> None:
        """Read a line: a section, or rows that were broken off one."""
        label, bar, rows = line.rpartition(BAR)
        if bar:
            self._open(label.strip(BLANKS))
        elif not line:
            self.fault("white_space", "an empty line", None)
            return
        elif not self.sections:
            is_prose = not is_tagged and "*" not in line
            self.faults.append(Fault("prose" if is_prose else "no_label", found=line))
            return
        else:
            self.fault("row_separator", "a line break", None)
        self._rows(rows if bar else line, may_be_cut)

    def close(self) -> None:
        """End a section."""
        missing = self.shape[0] - self._row
        if self.sections and missing:
            self.fault("missing_rows", f"{missing} more expected")

    def _open(self, label: str) -> None:
        self.close()
        self._number, kind = self.table.tolerant(label)
        self._row = 0
        self.sections += 1
        if kind:
            self.fault(kind, label)

    def _rows(self, text: str, may_be_cut: bool) -> None:
        text, odd = _OTHER_COMMA.subn(COMMA, text)
        if odd:
            self.fault("row_separator", f"{odd} times", None)
        # The last item holds all rows beyond the grid, if there are any.
        rows = text.split(COMMA, self.shape[0] - self._row)
        for at, row in enumerate(rows):
            if self._row == self.shape[0]:
                self.faults.append(Fault("surplus_rows", self._row, None, row.strip()))
                return
            self._lay(row.strip(BLANKS), may_be_cut and at == len(rows) - 1)
            self._row += 1

    def _lay(self, row: str, may_be_cut: bool) -> None:
        """Lay the runs of one row; cells that are taken stay as they are."""
        counts = [int(count[1][:9]) for count in _COUNT.finditer(row)]
        rest = _COUNT.sub("", row).strip(BLANKS)
        most = 2 * self.shape[1]  # more than cells: the rest finds no room
        if len(counts) > most:
            self.fault("row_too_long", f"{len(counts)} counts")
            counts = counts[:most]
        if may_be_cut and (len(counts) % 2 or rest not in ("", NONE)):
            self.fault("cut_off", row)
        elif len(counts) % 2 or rest != ("" if counts else NONE):
            self.fault("unreadable", row)
        for start, run in self._runs(counts):
            cells = self.ids[self._row, start : start + run]
            if np.any((cells != 0) & (cells != self._number)):
                self.fault("overlap", row, start)
            cells[cells == 0] = self._number

    def _runs(self, counts: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Where each run begins and how long it is, within the grid's columns."""
        end, cols = 0, self.shape[1]
        for gap, run in zip(counts[::2], counts[1::2], strict=False):
            found = f"*{gap} *{run}"
            start = end + gap
            if start + run > cols:
                self.fault("row_too_long", found, min(start, cols - 1))
                if start >= cols:
                    return
            if run == 0:
                self.fault("zero_count", found, start)
            if gap == 0 and end:
                self.fault("split_run", found, start)
            yield start, run
            end = start + run
