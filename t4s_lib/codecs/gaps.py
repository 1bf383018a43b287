r"""Gaps: each label once, then its rows one after the other. Not in the paper: ours.

    text    := section ("\n " section)* "\n" | "others\n"
    section := label "|" row ("," row)*         as many rows as the grid has
    row     := (" *" gap " *" run)+ | " -"      "-": no cell in this row

    water fowl| -, *13 *1, *6 *3 *4 *1, *12 *1, -, -\n

A row alternates, as the lines of a fax do (ITU-T T.4): so many cells that are not the
label's, so many that are, and again; what lies behind the last run goes unsaid. A gap
of 0 stands only in front. With one label these are R-RLE's own counts, in its rows and
in its order: only the words are gone. Sections come in the order in which their labels
come up, from the top left. A wrong count moves cells of its own row only.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from t4s_lib.codecs.base import Codec, Reading
from t4s_lib.codecs.exact import STAR
from t4s_lib.codecs.gap_rows import BAR, COMMA, read_sections
from t4s_lib.codecs.labels import LabelTable
from t4s_lib.codecs.sections import NONE, write_sections
from t4s_lib.codecs.tags import Tagged
from t4s_lib.descriptor import DescriptorGrid


class Gaps(Codec):
    """Each label once, then its rows: a gap, a run, a gap, a run."""

    name = "gaps"
    row_end = COMMA

    def encode(self, grid: DescriptorGrid) -> str:
        r"""Write the rows of each label; ``others`` where there is no target.

        Examples:
            >>> cells = [["others"] * 3, ["others", "dog", "dog"], ["dog"] * 3]
            >>> Gaps().encode(DescriptorGrid.from_cells(cells))
            'dog| -, *1 *2, *0 *3\n'
        """
        return write_sections(grid, gap_section)

    def read(
        self, tagged: Tagged, shape: tuple[int, int], table: LabelTable
    ) -> Reading:
        """Lay each section's runs, whatever else stands there."""
        return Reading(*read_sections(tagged, shape, table))


def gap_section(cells: NDArray[np.bool_], word: str) -> str:
    """One label's rows.

    Args:
        cells: Where it is, bool ``(rows, cols)``.
        word: The label as it is written.
    """
    return word + BAR + COMMA.join(map(gap_row, cells))


def gap_row(cells: NDArray[np.bool_]) -> str:
    """One row, with the blank in front.

    Examples:
        >>> gap_row(np.array([True, True, False, True])), gap_row(np.zeros(2, bool))
        (' *0 *2 *1 *1', ' -')
    """
    edges = np.flatnonzero(np.diff(cells.astype(np.int8), prepend=0, append=0))
    counts = np.diff(edges, prepend=0).tolist()
    return "".join(f"{STAR}{n}" for n in counts) or f" {NONE}"
