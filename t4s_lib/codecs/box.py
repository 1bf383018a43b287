r"""Box: where the target is, then alias-repeat rows inside it. Ours.

Inspired by Text4Seg++ (arXiv 2509.06321), which localises with a box and describes
the mask inside it; its text format is unpublished, so this is not theirs.

    text   := box "\n " rows | "others\n"
    box    := place " " place (" in " rows "x" columns)?
    place  := start "+" length                      rows first, then columns
    rows   := as in ``alias-repeat``, on the box's own grid

    5+7 6+9\n others *7| water fowl=a *2\n ...      rows 5 to 11, columns 6 to 14

Places are counted in cells of the grid that ``decode`` is asked for, and that grid is
what it returns, each cell with what the box's own grid shows at its centre. The own
grid has the box's cells, unless a side of it is longer than ``INSIDE``: then that side
has the fewest cells, ``INSIDE`` or more, that lose nothing. So every grid comes back
as it was, and a mask put on a fine grid by ``box_grid.boxed_grid`` has a box placed
finely around rows that are as few as on a coarse one.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from t4s_lib.codecs.alias import AliasRepeat
from t4s_lib.codecs.base import Codec, Reading, written_labels
from t4s_lib.codecs.box_places import (
    Box,
    around,
    as_text,
    find_box,
    own_grid,
    spread,
)
from t4s_lib.codecs.labels import BLANKS, LabelTable
from t4s_lib.codecs.report import Fault
from t4s_lib.codecs.row_rle import ROW
from t4s_lib.codecs.tags import Tagged
from t4s_lib.descriptor import OTHERS, DescriptorGrid


class BoxRows(Codec):
    """A box around the targets, then the rows inside it."""

    name = "box"

    def encode(self, grid: DescriptorGrid) -> str:
        r"""Write the box and its rows; ``others`` where there is no target.

        Examples:
            >>> cells = [["others"] * 3, ["others", "dog", "dog"], ["others"] * 3]
            >>> BoxRows().encode(DescriptorGrid.from_cells(cells))
            '1+1 1+2\n dog=a *2\n'
        """
        box = around(grid.ids)
        if box is None:
            return f"{OTHERS}\n"
        inside = own_grid(box, grid.ids)
        rows = AliasRepeat().write(inside, written_labels(grid))
        return as_text(box, inside.shape) + ROW + rows

    def read(
        self, tagged: Tagged, shape: tuple[int, int], table: LabelTable
    ) -> Reading:
        """Find the box, read its rows on its own grid, lay them out."""
        if tagged.body.strip(BLANKS) == OTHERS:
            return Reading(np.zeros(shape, np.int32))
        found = find_box(tagged, shape)
        inside, own = found.rows, found.own
        ids, faults = AliasRepeat().read(tagged._replace(body=inside), own, table)
        if ids is None:
            return Reading(None, [*found.faults, *faults])
        moved = [_moved(fault, found.box, own) for fault in faults]
        laid = np.zeros(shape, np.int32)
        laid[found.box.cells] = spread(ids, found.box.shape)
        faults = [*found.faults, *moved]
        if not faults and around(laid) != found.box:
            faults = [Fault("loose_box", found=as_text(found.box, own))]
        return Reading(laid, faults)


def _moved(fault: Fault, box: Box, own: tuple[int, int]) -> Fault:
    """A fault inside a box, by its row and column on the whole grid."""
    row, column = (
        None if at is None else start + int(np.floor(at * length / cells))
        for at, start, length, cells in zip(
            (fault.row, fault.column), (box.top, box.left), box.shape, own, strict=True
        )
    )
    return replace(fault, row=row, column=column)
