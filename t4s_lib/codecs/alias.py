r"""Alias: R-RLE in which a long expression is named once. Not in the paper: ours.

    run := label "=" letter " *" count     where a label comes up for the first time
         | letter " *" count               from then on
         | "others *" count

``alias-repeat`` folds equal neighbouring rows besides, as ``row-repeat`` does. Of a
text that names the background at every run, most tokens are the expression, so this
saves more the longer people speak.
"""

from __future__ import annotations

from t4s_lib.codecs.short_rows import ShortRows
from t4s_lib.descriptor import DescriptorGrid


class Alias(ShortRows):
    """R-RLE with each label written once."""

    name = "alias"
    names = True

    def encode(self, grid: DescriptorGrid) -> str:
        r"""Write rows; a label stands beside its letter once.

        Examples:
            >>> grid = DescriptorGrid.from_cells([["others", "dog"], ["dog", "dog"]])
            >>> Alias().encode(grid)
            'others *1| dog=a *1\n a *2\n'
        """
        return super().encode(grid)


class AliasRepeat(ShortRows):
    """R-RLE with each label written once, and equal neighbouring rows too."""

    name = "alias-repeat"
    names = True
    folds = True

    def encode(self, grid: DescriptorGrid) -> str:
        r"""Write each row that differs from the one above; a label stands once.

        Examples:
            >>> cells = [["others", "dog"], ["others", "dog"], ["dog", "others"]]
            >>> AliasRepeat().encode(DescriptorGrid.from_cells(cells))
            'others *1| dog=a *1 x2\n a *1| others *1\n'
        """
        return super().encode(grid)
