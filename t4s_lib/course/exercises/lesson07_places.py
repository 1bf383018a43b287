"""Exercises 7.3 and 7.4: where the target is, as a box and as spans."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

import numpy as np

from t4s_lib.codecs import box_places, spans
from t4s_lib.course.exercises.model import Exercise, Mistake
from t4s_lib.course.exercises.shorter import CellBox, row_spans, tight_box
from t4s_lib.descriptor import BoolMask

_TREE = np.array(
    [
        [0, 0, 0, 0, 0, 0, 0],
        [0, 0, 0, 1, 0, 0, 0],
        [0, 0, 1, 1, 1, 0, 0],
        [0, 0, 0, 1, 0, 0, 0],
        [0, 0, 0, 1, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 0],
    ],
    dtype=bool,
)
_TWO = np.array(
    [[0, 1, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 1, 1]], dtype=bool
)
_DOT = np.array([[0, 0, 0, 0], [0, 0, 0, 0], [1, 0, 0, 0]], dtype=bool)


def painted(answer: Callable[..., Any], cells: BoolMask) -> Any:
    """The box that an answer gives, as cells; what is no box as it is."""
    found = answer(cells)
    is_box = isinstance(found, list | tuple) and len(found) == 4 and cells.any()
    if not is_box or not all(isinstance(n, int | np.integer) for n in found):
        return found
    top, left, rows, cols = (max(0, int(n)) for n in found)
    drawn = np.zeros(cells.shape, int)
    drawn[top : top + rows, left : left + cols] = 1
    return drawn


def _boxed(change: Callable[[CellBox], Any]) -> Callable[[BoolMask], Any]:
    """The right box, changed; nothing stays nothing."""
    return lambda cells: change(found) if (found := tight_box(cells)) else None


def _held(cells: BoolMask) -> Any:
    """Sides as the number of rows and columns that hold a cell."""
    found = tight_box(cells)
    sides = [int(cells.any(axis=k).sum()) for k in (1, 0)]
    return found and (*found[:2], *sides)


def _first_part(cells: BoolMask) -> Any:
    """The box of the first rows that hold a cell, up to the first that holds none."""
    down = np.flatnonzero(cells.any(axis=1))
    if not len(down):
        return None
    ends = np.flatnonzero(~cells[down[0] :].any(axis=1))
    first = cells.copy()
    first[down[0] + (ends[0] if len(ends) else len(cells)) :] = False
    return tight_box(first)


def _each_span(
    write: Callable[[int, int], str], between: str = " "
) -> Callable[[Sequence[int]], str]:
    """Spans written in another way, from their first column and their length."""

    def answer(row: Sequence[int]) -> str:
        pairs = (span.split("+") for span in row_spans(row).split(" ") if "+" in span)
        return between.join(write(int(a), int(n)) for a, n in pairs) or "-"

    return answer


def _runs(row: Sequence[int]) -> str:
    return " ".join(f"{cell}*{len(list(same))}" for cell, same in groupby(row))


def _hull(row: Sequence[int]) -> str:
    held = [k for k, cell in enumerate(row) if cell]
    return f"{held[0]}+{held[-1] - held[0] + 1}" if held else "-"


EXERCISES = (
    Exercise(
        "7.3",
        "The tight box",
        tight_box,
        [
            Mistake(
                "last row and column",
                _boxed(lambda b: (b[0], b[1], b[0] + b[2] - 1, b[1] + b[3] - 1)),
                "The last two numbers are the box's last row and column. Wanted is "
                "how many rows and columns it *has*.",
            ),
            Mistake(
                "one too few",
                _boxed(lambda b: (b[0], b[1], b[2] - 1, b[3] - 1)),
                "From row 1 to row 4 are four rows, not three: last less first, "
                "plus one.",
            ),
            Mistake(
                "columns first",
                _boxed(lambda b: (b[1], b[0], b[3], b[2])),
                "You give columns before rows. `cells.any(axis=1)` looks along each "
                "row, so it says which *rows* hold a cell.",
            ),
            Mistake(
                "empty rows not counted",
                _held,
                "You count the rows that hold a cell. A box has no holes: it goes "
                "from the first of them to the last.",
            ),
            Mistake(
                "first part only",
                _first_part,
                "Your box ends at the first empty row. A target may have several "
                "parts, and the box is around all of them.",
            ),
            Mistake(
                "nothing has a box",
                lambda cells: tight_box(cells) or (0, 0, *cells.shape),
                "Where there is no target there is no box: `None`. A box of the "
                "whole grid would say the opposite.",
            ),
        ],
        [
            "Which rows hold a cell? The first and the last of them are the box's.",
            "`np.flatnonzero(cells.any(axis=1))` has the numbers of these rows; "
            "`axis=0` does the same for columns.",
        ],
        [tight_box, box_places.around],
        ((_TREE,), (_TWO,), (_DOT,), (np.zeros((3, 4), dtype=bool),)),
        "cells",
        "Four numbers, and most of the background is gone. They also answer the "
        "question *where*, which some benchmarks ask for alone.",
        painted,
    ),
    Exercise(
        "7.4",
        "Spans of a row",
        row_spans,
        [
            Mistake(
                "last column",
                _each_span(lambda a, n: f"{a}+{a + n - 1}"),
                "Behind the plus stands the length, not the last column.",
            ),
            Mistake(
                "counted from one",
                _each_span(lambda a, n: f"{a + 1}+{n}"),
                "Columns are counted from 0, here as everywhere in the library.",
            ),
            Mistake(
                "one span a row",
                _hull,
                "You write one span from the first cell to the last, so a gap is "
                "filled. Each run of target cells is a span of its own.",
            ),
            Mistake(
                "last span forgotten",
                lambda row: (
                    row_spans(row)
                    if not row[-1]
                    else " ".join(row_spans(row).split(" ")[:-1]) or "-"
                ),
                "A span that reaches the row's end is missing: it ends with the row, "
                "not with a change.",
            ),
            Mistake(
                "empty text",
                lambda row: row_spans(row).replace("-", ""),
                "A row without a target is a dash. Nothing at all could not be told "
                "from a line that was lost.",
            ),
            Mistake(
                "commas",
                _each_span(lambda a, n: f"{a}+{n}", ", "),
                "Between two spans stands one blank, no comma.",
            ),
            Mistake(
                "runs",
                _runs,
                "These are runs: they spell the background too. Write only where the "
                "target is, with its first column.",
            ),
        ],
        [
            "Walk along the row with a column number. Where a run of target cells "
            "begins, note it; where it ends, write `start+length`.",
            "`itertools.groupby(row)` gives runs; add up their lengths to know where "
            "each begins.",
        ],
        [row_spans, spans.Spans.encode],
        (
            ([0, 1, 1, 0, 0],),
            ([0, 1, 1, 0, 1],),
            ([0, 0, 0, 0],),
            ([1, 1, 1, 1],),
            ([1, 0, 0, 1, 1, 0, 1, 0],),
        ),
        note="A span names its column, so one wrong number moves no other.",
    ),
)
