"""R-RLE rows made shorter: equal rows folded, long labels named once, or both.

``row_repeat``, ``alias`` and ``box`` are made of this; the rows themselves are read
by R-RLE, so a broken row breaks no other and every repair of R-RLE works here too.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from t4s_lib.codecs.aliases import AliasTable, alias, name_first
from t4s_lib.codecs.base import Codec, Reading, written_labels
from t4s_lib.codecs.exact import run_text
from t4s_lib.codecs.folds import fold, not_folded, unfold
from t4s_lib.codecs.labels import LabelTable
from t4s_lib.codecs.report import Fault
from t4s_lib.codecs.row_rle import ROW, RowRle
from t4s_lib.codecs.tags import Tagged
from t4s_lib.descriptor import DescriptorGrid


class ShortRows(Codec):
    """R-RLE with rows folded, labels named once, or both.

    Attributes:
        folds: Whether equal neighbouring rows are written once.
        names: Whether labels are written once.
    """

    folds: bool = False
    names: bool = False

    def encode(self, grid: DescriptorGrid) -> str:
        """Write the rows of a grid."""
        return self.write(grid.ids, written_labels(grid))

    def read(
        self, tagged: Tagged, shape: tuple[int, int], table: LabelTable
    ) -> Reading:
        """Write every row out, then read them as R-RLE."""
        starts: list[int] = []
        faults: list[Fault] = []
        if self.folds:
            body, starts, faults = unfold(tagged.body, shape[0])
            tagged = tagged._replace(body=body)
        labels = AliasTable(table) if self.names else table
        ids, more = RowRle().read(tagged, shape, labels)
        faults += more
        if ids is not None and not faults:
            faults = not_folded(ids, starts)
        return Reading(ids, faults)

    def write(self, ids: NDArray[np.int32], words: Sequence[str]) -> str:
        """Write rows of ids.

        Args:
            ids: Int ``(rows, cols)``.
            words: How each id is written, ``others`` first.
        """
        keys = list(map(tuple, ids.tolist()))
        order = [k for k in dict.fromkeys(ids.ravel().tolist()) if k]
        short = list(words)
        if self.names:
            for number, k in enumerate(order):
                short[k] = alias(number)
        rows = [run_text(key, short) for key in keys]
        named = [(short[k], words[k]) for k in order] if self.names else []
        if not self.folds:
            return ROW.join(name_first(rows, named)) + "\n"
        return ROW.join(name_first(fold(rows), named)) + "\n"
