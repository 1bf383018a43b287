"""Gaps and runs read from a text that is not quite right: sections, rows, cells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from t4s_lib.codecs.labels import BLANKS, LabelTable
from t4s_lib.codecs.report import Fault
from t4s_lib.codecs.sections import NONE, SectionReader
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
    return _Gaps(shape, table).read(tagged)


class _Gaps(SectionReader):
    """A section has every row of the grid, all in its line."""

    def has_cells(self, line: str) -> bool:
        """Whether there is a count."""
        return "*" in line

    def open(self, rest: str, may_be_cut: bool) -> None:
        """Read all rows that stand in the line."""
        self._rows(rest, may_be_cut)

    def go_on(self, line: str, may_be_cut: bool) -> None:
        """Read rows that were broken off their section."""
        self.fault("row_separator", "a line break", None)
        self._rows(line, may_be_cut)

    def _rows(self, text: str, may_be_cut: bool) -> None:
        text, odd = _OTHER_COMMA.subn(COMMA, text)
        if odd:
            self.fault("row_separator", f"{odd} times", None)
        # The last item holds all rows beyond the grid, if there are any.
        rows = text.split(COMMA, self.end - self.row)
        for at, row in enumerate(rows):
            if self.row == self.end:
                self.surplus(row.strip(BLANKS))
                return
            self._lay(row.strip(BLANKS), may_be_cut and at == len(rows) - 1)
            self.row += 1

    def _lay(self, row: str, may_be_cut: bool) -> None:
        """Lay the runs of one row."""
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
            self.claim(start, start + run, row)

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
