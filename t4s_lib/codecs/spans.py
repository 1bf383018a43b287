r"""Spans: only where the target is, row by row. Not in the paper: ours.

    text    := section ("\n " section)* "\n" | "others\n"
    section := label "| " start "+" length ("\n " line)+     its rows of the grid
    line    := row (" x" times)?                             times is 2 or more
    row     := span (" " span)* | "-"                        "-": no cell in this row
    span    := start "+" length                              columns

    water fowl| 5+4\n 13+1 x2\n 6+3 13+1\n 12+1\n

The background is what nobody claims, so it costs nothing, and each label is written
once. Sections come in the order in which their labels come up, from the top left. A
span names its column, so a wrong one moves no other; a wrong ``x`` moves the rows
below it, within its section.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from t4s_lib.codecs.base import Codec, Reading
from t4s_lib.codecs.exact import RUN
from t4s_lib.codecs.folds import fold
from t4s_lib.codecs.labels import LabelTable
from t4s_lib.codecs.row_rle import ROW
from t4s_lib.codecs.sections import NONE, write_sections
from t4s_lib.codecs.span_lines import read_lines
from t4s_lib.codecs.tags import Tagged
from t4s_lib.descriptor import DescriptorGrid


class Spans(Codec):
    """Where the targets are, row by row, and nothing else."""

    name = "spans"

    def encode(self, grid: DescriptorGrid) -> str:
        r"""Write the spans of each label; ``others`` where there is no target.

        Examples:
            >>> cells = [["others"] * 3, ["others", "dog", "dog"], ["others"] * 3]
            >>> Spans().encode(DescriptorGrid.from_cells(cells))
            'dog| 1+1\n 1+2\n'
        """
        return write_sections(grid, _section)

    def read(
        self, tagged: Tagged, shape: tuple[int, int], table: LabelTable
    ) -> Reading:
        """Lay each section's spans, whatever else stands there."""
        return Reading(*read_lines(tagged, shape, table))


def row_spans(cells: NDArray[np.bool_]) -> str:
    """The spans of one row.

    Examples:
        >>> row_spans(np.array([True, True, False, True])), row_spans(np.zeros(2, bool))
        ('0+2 3+1', '-')
    """
    edges = np.flatnonzero(np.diff(cells.astype(np.int8), prepend=0, append=0)).tolist()
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return " ".join(f"{start}+{end - start}" for start, end in pairs) or NONE


def _section(cells: NDArray[np.bool_], word: str) -> str:
    rows = np.flatnonzero(cells.any(axis=1))
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    lines = fold([row_spans(row) for row in cells[top:bottom]])
    return ROW.join([f"{word}{RUN}{top}+{bottom - top}", *lines])
