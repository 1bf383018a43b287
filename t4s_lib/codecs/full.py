r"""Full descriptors: every cell's label, one after the other.

    text := label ("| " label)* "\n"

No counts and no row breaks: what the run-length formats are measured against.
Source: Text4Seg, section 3; the authors' ``decode_mask_l`` for the bytes (their
repository has no encoder for it).
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from t4s_lib.codecs.base import Codec, Reading, written_labels
from t4s_lib.codecs.exact import RUN
from t4s_lib.codecs.labels import BLANKS, LabelTable
from t4s_lib.codecs.parity import Runs
from t4s_lib.codecs.report import Fault
from t4s_lib.codecs.runs import Run, as_grid, flow, missing_rows
from t4s_lib.codecs.tags import Tagged
from t4s_lib.descriptor import OTHERS, DescriptorGrid

_BREAK = re.compile(r"\|[ \t\r]*\n|[|\n]")


class Full(Codec):
    """One label a cell."""

    name = "full"

    def encode(self, grid: DescriptorGrid) -> str:
        r"""Write every cell's label.

        Examples:
            >>> grid = DescriptorGrid.from_cells([["others", "dog"], ["dog", "dog"]])
            >>> Full().encode(grid)
            'others| dog| dog| dog\n'
        """
        words = written_labels(grid)
        return RUN.join([words[k] for k in grid.ids.ravel().tolist()]) + "\n"

    def read_exact(
        self, body: str, shape: tuple[int, int], table: LabelTable
    ) -> NDArray[np.int32] | None:
        """Read one canonical label a cell; None for any other text."""
        cells = body.strip(BLANKS).split(RUN)
        if len(cells) != shape[0] * shape[1]:
            return None
        ids = [table.exact(raw) for raw in cells]
        return None if None in ids else np.array(ids, np.int32).reshape(shape)

    def read(
        self, tagged: Tagged, shape: tuple[int, int], table: LabelTable
    ) -> Reading:
        """Lay the labels one after the other, whatever separates them."""
        body = tagged.body.strip(BLANKS)
        pieces = [piece.strip(BLANKS) for piece in _BREAK.split(body)]
        if len(pieces) < min(2, shape[0] * shape[1]) or not any(pieces):
            return Reading(None, [Fault("unreadable", found=body)])
        cells = [_cell(piece) for piece in pieces]
        if tagged.may_be_cut and len(pieces) < shape[0] * shape[1]:
            cells[-1] = Run(pieces[-1], None, "cut_off")
        rows, faults = flow(cells, shape, table, joins=False)
        return Reading(as_grid(rows, shape), [*faults, *missing_rows(rows, shape)])

    def read_flat(self, body: str) -> Runs:
        """The authors' reading: split on separators, any label goes."""
        return [(label, 1) for label in body.strip("\n").split(RUN)]


def _cell(piece: str) -> Run:
    if not piece:
        return Run("", None, "run_separator")
    return Run(OTHERS, 1, "unreadable") if "*" in piece else Run(piece, 1)
