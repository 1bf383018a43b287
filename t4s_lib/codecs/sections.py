"""Texts that go label by label: written, and read though they are not quite right.

``spans`` and ``gaps`` say what a section begins with and how a row is written.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from t4s_lib.codecs.base import written_labels
from t4s_lib.codecs.labels import BLANKS, LabelTable
from t4s_lib.codecs.report import Fault
from t4s_lib.codecs.row_rle import ROW
from t4s_lib.codecs.tags import Tagged
from t4s_lib.descriptor import OTHERS, DescriptorGrid

NONE = "-"
"""A row without a cell."""


def write_sections(
    grid: DescriptorGrid, section: Callable[[NDArray[np.bool_], str], str]
) -> str:
    """The sections of all labels, in the order in which they come up.

    Args:
        grid: What is written; ``others`` where there is no target.
        section: Writes one from its cells, bool ``(rows, cols)``, and its label.
    """
    words = written_labels(grid)
    order = [k for k in dict.fromkeys(grid.ids.ravel().tolist()) if k]
    if not order:
        return f"{OTHERS}\n"
    return ROW.join(section(grid.ids == k, words[k]) for k in order) + "\n"


class SectionReader(ABC):
    """A grid that is filled section by section.

    Args:
        shape: Rows and columns.
        table: Gives each written label its number.
    """

    def __init__(self, shape: tuple[int, int], table: LabelTable) -> None:
        self.shape, self.table = shape, table
        self.ids = np.zeros(shape, np.int32)
        self.faults: list[Fault] = []
        self.row = self.end = 0
        """The row that comes next, and the one behind the section's last."""
        self._sections = self._number = 0

    def read(self, tagged: Tagged) -> tuple[NDArray[np.int32] | None, list[Fault]]:
        """The grid that a text's sections describe; None where there is no section."""
        body = tagged.body.replace("\r\n", "\n").strip(BLANKS)
        if body == OTHERS:
            return self.ids, self.faults
        lines = body.split("\n")
        for at, line in enumerate(lines):
            is_last = tagged.may_be_cut and at == len(lines) - 1
            self._line(line.strip(BLANKS), is_last, tagged.is_tagged)
        self._close()
        if not self._sections:
            return None, [Fault("unreadable", found=body)]
        return self.ids, self.faults

    @abstractmethod
    def open(self, rest: str, may_be_cut: bool) -> None:
        """Begin a section; ``rest`` stands behind its label's bar."""

    @abstractmethod
    def go_on(self, line: str, may_be_cut: bool) -> None:
        """Read a line without a label, within a section."""

    @abstractmethod
    def has_cells(self, line: str) -> bool:
        """Whether a line without a label is more than prose."""

    def fault(self, kind: str, found: str = "", column: int | None = 0) -> None:
        """Note a fault in the row that comes next."""
        row = min(self.row, self.shape[0] - 1)
        self.faults.append(Fault(kind, row, column, found))

    def surplus(self, found: str) -> None:
        """Note rows behind the section's last."""
        self.faults.append(Fault("surplus_rows", self.end, None, found))

    def claim(self, start: int, end: int, found: str) -> None:
        """Give cells of the row to the label; those that are taken stay as they are."""
        cells = self.ids[self.row, start:end]
        if np.any((cells != 0) & (cells != self._number)):
            self.fault("overlap", found, start)
        cells[cells == 0] = self._number

    def _line(self, line: str, may_be_cut: bool, is_tagged: bool) -> None:
        label, bar, rest = line.rpartition("|")
        if bar:
            self._close()
            self._number, kind = self.table.tolerant(label.strip(BLANKS))
            self._sections += 1
            self.row, self.end = 0, self.shape[0]
            if kind:
                self.fault(kind, label.strip(BLANKS))
            self.open(rest, may_be_cut)
        elif not line:
            self.fault("white_space", "an empty line", None)
        elif not self._sections:
            is_prose = not is_tagged and not self.has_cells(line)
            self.faults.append(Fault("prose" if is_prose else "no_label", found=line))
        else:
            self.go_on(line, may_be_cut)

    def _close(self) -> None:
        if self.row < self.end:
            self.fault("missing_rows", f"{self.end - self.row} more expected")
