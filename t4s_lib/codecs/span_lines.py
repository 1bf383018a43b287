"""Spans read from a text that is not quite right: sections, their rows, their cells."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from t4s_lib.codecs.folds import cut_times
from t4s_lib.codecs.labels import BLANKS, LabelTable
from t4s_lib.codecs.report import Fault
from t4s_lib.codecs.sections import NONE, SectionReader
from t4s_lib.codecs.tags import Tagged

# Possessive, and never begun within digits or blanks: linear in any text.
_SPAN = re.compile(r"(?<![0-9])([0-9]++)[ \t]*+\+[ \t]*+([0-9]++)")
_ROW_END = re.compile(r"(?<![ \t])[ \t]*+(?:;|\\n)[ \t]*+(?=[0-9-])")


def read_lines(
    tagged: Tagged, shape: tuple[int, int], table: LabelTable
) -> tuple[NDArray[np.int32] | None, list[Fault]]:
    """The grid that a text's sections describe; None where there is no section."""
    return _Spans(shape, table).read(tagged)


class _Spans(SectionReader):
    """A section says which rows it has; a row says where each span begins."""

    _above = ""

    def has_cells(self, line: str) -> bool:
        """Whether there is a span."""
        return bool(_SPAN.search(line))

    def open(self, rest: str, may_be_cut: bool) -> None:
        """See which rows the section has."""
        found = _SPAN.search(rest)
        start, length = _numbers(found) if found else (0, 0)
        self.row = min(start, self.shape[0] - 1)
        self.end = min(self.row + max(1, length), self.shape[0])
        self._above = ""
        if found is None and may_be_cut:
            self.end = self.row
            self.fault("cut_off", rest)
        elif (self.row, self.end) != (start, start + length):
            self.end = self.end if found else self.shape[0]
            self.fault("box_place", rest.strip(BLANKS))

    def go_on(self, line: str, may_be_cut: bool) -> None:
        """Read a row, or several."""
        rows, odd = _ROW_END.subn("\n", line)
        if odd:
            self.fault("row_separator", f"{odd} times", None)
        for row in rows.split("\n"):
            self._rows(row, may_be_cut)

    def _rows(self, line: str, may_be_cut: bool) -> None:
        row, times, kind = cut_times(line)
        if self.row >= self.end:
            self.surplus(line)
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
        if self.row + times > self.end:
            self.surplus(line)
        for _ in range(min(times, self.end - self.row)):
            self._lay(spans)
            self.row += 1

    def _lay(self, spans: list[re.Match[str]]) -> None:
        """Lay the spans of one row; from left to right."""
        before, cols = -1, self.shape[1]
        for start, length in map(_numbers, spans):
            at, found = min(start, cols - 1), f"{start}+{length}"
            if length == 0 or start + length > cols:
                kind = "row_too_long" if length else "zero_count"
                self.fault(kind, found, at)
            if start <= before:
                self.fault("split_run", found, at)
            before = min(start + length, cols)
            self.claim(start, before, found)


def _numbers(span: re.Match[str]) -> tuple[int, int]:
    return int(span[1][:9]), int(span[2][:9])
