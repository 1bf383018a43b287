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

import re

import numpy as np
from numpy.typing import NDArray

from t4s_lib.codecs.base import Codec, Reading, written_labels
from t4s_lib.codecs.exact import RUN, exact_runs, run_text
from t4s_lib.codecs.labels import BLANKS, LabelTable
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

_MARK = re.compile(r"[*|0-9]")
_ODD_ROW_END = re.compile(r"(\*[ \t]*[0-9]+)[ \t]*(?:;|\\n)[ \t]*\n?")


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
        lines, faults = _lines(tagged, shape[0])
        rows_of_runs = [find_runs(line) for line in lines]
        if rows_of_runs:
            rows_of_runs[-1] = mark_stump(rows_of_runs[-1], tagged)
        if not any(run.cells for runs in rows_of_runs for run in runs):
            return Reading(None, [Fault("unreadable", found=tagged.body)])
        if len(lines) == 1 and _needs_breaks(rows_of_runs[0], shape):
            rows, more = flow(rows_of_runs[0], shape, table)
            faults.append(Fault("no_row_breaks", 0, shape[1] - 1))
        else:
            rows, more = _rows(lines, rows_of_runs, shape, table)
        faults += [*more, *missing_rows(rows, shape)]
        return Reading(as_grid(rows, shape), faults)

    def read_flat(self, body: str) -> Runs:
        """The authors' reading: rows into one flat list, no tolerance."""
        rows = body.strip("\n").split(ROW)
        return [flat_run(run) for row in rows for run in row.split(RUN)]


def _lines(tagged: Tagged, rows: int) -> tuple[list[str], list[Fault]]:
    """The lines that stand for rows, and what was dropped between them."""
    faults: list[Fault] = []
    body, odd = _ODD_ROW_END.subn(r"\1\n ", tagged.body.replace("\r\n", "\n"))
    if odd:
        faults.append(Fault("row_separator", found=f"{odd} times"))
    lines = body.rstrip(" \t").removesuffix("\n").split("\n")
    if len(lines) != rows:  # else an empty line stands where a row should
        inner = "\n".join(lines).strip(BLANKS).split("\n")
        blank = [k for k, line in enumerate(inner) if not line.strip(BLANKS)]
        faults += [Fault("white_space", k, found="an empty line") for k in blank[:1]]
        lines = [line for line in inner if line.strip(BLANKS)]
    if not tagged.is_tagged:
        lines, outside = _without_prose(lines, rows)
        faults += outside
    return lines, faults


def _without_prose(lines: list[str], rows: int) -> tuple[list[str], list[Fault]]:
    """Where there are no tags: drop the lines around the mask that are no rows.

    A line without a run is a broken row rather than prose if it has a mark of one
    (star, pipe or digit) and there are not too many lines: so a fault in the first
    row moves no other row.
    """
    first, last = 0, len(lines)
    while first < last and _is_prose(lines[first], last - first > rows):
        first += 1
    while first < last and _is_prose(lines[last - 1], last - first > rows):
        last -= 1
    if first == last:
        return lines, []
    outside = [line.strip(BLANKS) for line in lines[:first] + lines[last:]]
    return lines[first:last], [Fault("prose", found=line) for line in outside]


def _is_prose(line: str, is_surplus: bool) -> bool:
    has_run = any(run.cells for run in find_runs(line))
    return not has_run and (is_surplus or not _MARK.search(line))


def _rows(
    lines: list[str],
    rows_of_runs: list[list[Run]],
    shape: tuple[int, int],
    table: LabelTable,
) -> tuple[list[list[int]], list[Fault]]:
    rows: list[list[int]] = []
    faults: list[Fault] = []
    for k, (line, runs) in enumerate(
        zip(lines[: shape[0]], rows_of_runs, strict=False)
    ):
        filler = fill_row(runs, k, shape[1], table)
        is_odd = line != ROW[1:] * (k > 0) + _canonical(runs)
        if is_odd and runs and not filler.faults:
            filler.faults.append(Fault("white_space", k, 0, line))
        rows.append(filler.close())
        faults += filler.faults
    if len(lines) > shape[0]:
        faults.append(Fault("surplus_rows", shape[0], None, lines[shape[0]]))
    return rows, faults


def _canonical(runs: list[Run]) -> str:
    return RUN.join(f"{run.raw} *{run.cells}" for run in runs)


def _needs_breaks(runs: list[Run], shape: tuple[int, int]) -> bool:
    return shape[0] > 1 and sum(run.cells or 0 for run in runs) > shape[1]
