r"""R-RLE, the paper's format: runs within a row, rows kept apart.

    answer  := sentence "\n" "<seg>" rows "</seg>"
    rows    := row ("\n " row)* "\n"      a newline and one blank between rows
    row     := run ("| " run)*             a pipe and one blank between runs
    run     := label " *" count            the count is always written
    label   := the expression, or "others"

The counts of a row sum to the grid's width. Runs do not cross rows, so a fault
stays in its row. Source: Text4Seg, section 3; the authors' ``encode`` for the bytes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from t4s_lib.codecs.base import Codec, Reading, written_labels
from t4s_lib.codecs.exact import RUN, exact_runs, run_text
from t4s_lib.codecs.labels import BLANKS, LabelTable
from t4s_lib.codecs.lines import Line, row_lines, split_joined
from t4s_lib.codecs.parity import Runs, flat_run
from t4s_lib.codecs.report import Fault
from t4s_lib.codecs.runs import (
    Run,
    as_grid,
    fill_row,
    find_runs,
    flow,
    mark_stump,
    missing_rows,
)
from t4s_lib.codecs.tags import Tagged
from t4s_lib.descriptor import DescriptorGrid

ROW = "\n "


class RowRle(Codec):
    """R-RLE: the runs of each row."""

    name = "row-rle"

    def encode(self, grid: DescriptorGrid) -> str:
        r"""Write each row as runs; equal rows are worked out once.

        Examples:
            >>> grid = DescriptorGrid.from_cells([["others", "dog"], ["dog", "dog"]])
            >>> RowRle().encode(grid)
            'others *1| dog *1\n dog *2\n'
        """
        words = written_labels(grid)
        keys = list(map(tuple, grid.ids.tolist()))
        texts = {key: run_text(key, words) for key in dict.fromkeys(keys)}
        return ROW.join([texts[key] for key in keys]) + "\n"

    def read_exact(
        self, body: str, shape: tuple[int, int], table: LabelTable
    ) -> NDArray[np.int32] | None:
        """Read canonical rows, equal ones once; None for any other text."""
        lines = body.strip(BLANKS).split(ROW)
        if len(lines) != shape[0]:
            return None
        ids: list[int] = []
        counts: list[int] = []
        known: dict[str, tuple[list[int], list[int]] | None] = {}
        for line in lines:
            if line not in known:
                known[line] = exact_runs(line, shape[1], table)
            row = known[line]
            if row is None:
                return None
            ids += row[0]
            counts += row[1]
        return np.repeat(np.array(ids, np.int32), counts).reshape(shape)

    def read(
        self, tagged: Tagged, shape: tuple[int, int], table: LabelTable
    ) -> Reading:
        """Read each line as a row; a fault stays in its row."""
        lines, faults = row_lines(tagged, shape[0])
        found = [Line(line, find_runs(line)) for line in lines]
        if found:
            found[-1] = Line(lines[-1], mark_stump(found[-1].runs, tagged))
        if not any(run.cells for line in found for run in line.runs):
            return Reading(None, [Fault("unreadable", found=tagged.body)])
        if len(found) == 1 and _needs_breaks(found[0].runs, shape):
            rows, more = flow(found[0].runs, shape, table)
            faults.append(Fault("no_row_breaks", 0, shape[1] - 1))
        else:
            found, lost = split_joined(found, shape)
            rows, more = _rows(found, shape, table)
            faults += lost
        faults += [*more, *missing_rows(rows, shape)]
        return Reading(as_grid(rows, shape), faults)

    def read_flat(self, body: str) -> Runs:
        """The authors' reading: rows into one flat list, no tolerance."""
        rows = body.strip("\n").split(ROW)
        return [flat_run(run) for row in rows for run in row.split(RUN)]


def _rows(
    lines: list[Line], shape: tuple[int, int], table: LabelTable
) -> tuple[list[list[int]], list[Fault]]:
    rows: list[list[int]] = []
    faults: list[Fault] = []
    for k, (text, runs) in enumerate(lines[: shape[0]]):
        filler = fill_row(runs, k, shape[1], table)
        is_odd = text is not None and text != ROW[1:] * (k > 0) + _canonical(runs)
        if is_odd and runs and not filler.faults:
            filler.faults.append(Fault("white_space", k, 0, text or ""))
        rows.append(filler.close())
        faults += filler.faults
    if len(lines) > shape[0]:
        faults.append(Fault("surplus_rows", shape[0], None, lines[shape[0]].text or ""))
    return rows, faults


def _canonical(runs: list[Run]) -> str:
    return RUN.join(f"{run.raw} *{run.cells}" for run in runs)


def _needs_breaks(runs: list[Run], shape: tuple[int, int]) -> bool:
    return shape[0] > 1 and sum(run.cells or 0 for run in runs) > shape[1]
