r"""Row-repeat: R-RLE with equal neighbouring rows folded. Not in the paper: ours.

    rows := line ("\n " line)* "\n"
    line := row (" x" times)?            times is 2 or more; row as in R-RLE

The counts of a row sum to the grid's width, the times of all lines to its height.
A wrong number of times moves the rows below it; everything else stays in its row.
"""

from __future__ import annotations

from t4s_lib.codecs.short_rows import ShortRows
from t4s_lib.descriptor import DescriptorGrid


class RowRepeat(ShortRows):
    """R-RLE with equal neighbouring rows written once."""

    name = "row-repeat"
    folds = True

    def encode(self, grid: DescriptorGrid) -> str:
        r"""Write each row that differs from the one above, and how often it stands.

        Examples:
            >>> cells = [["others", "others"], ["others", "others"], ["dog", "others"]]
            >>> RowRepeat().encode(DescriptorGrid.from_cells(cells))
            'others *2 x2\n dog *1| others *1\n'
        """
        return super().encode(grid)
