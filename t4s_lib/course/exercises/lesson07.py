"""Lesson 07: shorter texts, what they cost, and several things of one name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from t4s_lib.codecs import folds
from t4s_lib.course.exercises import (
    lesson07_cost,
    lesson07_instances,
    lesson07_places,
)
from t4s_lib.course.exercises.model import Exercise, Mistake
from t4s_lib.course.exercises.shorter import fold_rows, unfold_rows

_O, _DOG, _BOTH = "others *16", "dog *3| others *13", "others *2| dog *3| others *11"
_X = "the letter x *16"
_HUGE = 10**6


def _all_alike(rows: Sequence[str]) -> list[str]:
    """Rows folded wherever they stand."""
    return [f"{row} x{n}" if n > 1 else row for row, n in Counter(rows).items()]


def _always_counted(rows: Sequence[str]) -> list[str]:
    return [row if " x" in row else f"{row} x1" for row in fold_rows(rows)]


def _further_ones(rows: Sequence[str]) -> list[str]:
    """The count says how many more rows there are."""
    out = []
    for line in fold_rows(rows):
        row, times, n = line.rpartition(" x")
        out.append(f"{row} x{int(n) - 1}" if times else line)
    return out


def _counts(lines: Sequence[str]) -> list[tuple[str, int]]:
    """Each line's row, and the number behind it; 1 where there is none."""
    parts = [line.rpartition(" x") for line in lines]
    return [
        (row, int(n)) if n.isdecimal() else (line, 1)
        for line, (row, _, n) in zip(lines, parts, strict=True)
    ]


def _at_first_x(lines: Sequence[str], rows: int) -> list[str]:
    """Cut at the first x, so a label may be cut in two."""
    out: list[str] = []
    for line in lines:
        row, _, n = line.partition(" x")
        out += [row] * max(1, int(n) if n.isdecimal() else 1)
    return out[:rows]


EXERCISES = (
    Exercise(
        "7.1",
        "Fold equal rows",
        fold_rows,
        [
            Mistake(
                "wherever they stand",
                _all_alike,
                "You count a row wherever it stands. Only neighbours fold: a row that "
                "comes again further down is written again, or nobody knows where.",
            ),
            Mistake(
                "once is counted too",
                _always_counted,
                "A row that stands alone gets no count. `x1` would cost tokens, and "
                "most rows of a curved shape stand alone.",
            ),
            Mistake(
                "how many more",
                _further_ones,
                "You write how many *more* rows there are. The count is of all of "
                "them: two equal rows are `x2`.",
            ),
            Mistake(
                "no blank before the x",
                lambda rows: [
                    line.replace(" x", "x") if line not in rows else line
                    for line in fold_rows(rows)
                ],
                "There is one blank before the `x`: `others *16 x2`.",
            ),
            Mistake(
                "counts left out",
                lambda rows: [line.split(" x")[0] for line in fold_rows(rows)],
                "You drop the repeated rows and do not say how many there were. "
                "Nobody could write them out again.",
            ),
        ],
        [
            "It is exercise 2.1 again, with rows in place of cells.",
            "`itertools.groupby(rows)` gives each row with its equal neighbours.",
        ],
        [fold_rows, folds.fold],
        (
            ([_O, _O, _DOG],),
            ([_O, _DOG, _O, _O],),
            ([_DOG, _BOTH, _DOG],),
            ([_O] * 16,),
            ([_DOG],),
        ),
        note="Runs of runs: what R-RLE does to cells, this does to rows.",
    ),
    Exercise(
        "7.2",
        "Unfold them, and trust no count",
        unfold_rows,
        [
            Mistake(
                "a count of 0 believed",
                lambda lines, rows: [
                    row for row, n in _counts(lines) for _ in range(n)
                ][:rows],
                "A row `x0` was written, so it stands once at least. If it vanished, "
                "all rows below would move up.",
            ),
            Mistake(
                "a large count believed",
                lambda lines, rows: [
                    row for row, n in _counts(lines) for _ in range(max(1, n))
                ],
                "The grid has no more than `rows` rows, whatever the text says. A "
                "slip of the model must not fill the memory.",
            ),
            Mistake(
                "a line with a large count dropped",
                lambda lines, rows: [
                    row
                    for row, n in _counts(lines)
                    for _ in range(max(1, n) if n <= rows else 0)
                ][:rows],
                "You throw away a line whose count is too large. Its row was "
                "written: keep as many as there is room for.",
            ),
            Mistake(
                "counts forgotten",
                lambda lines, rows: [row for row, _ in _counts(lines)][:rows],
                "Each line gives one row only: the count behind the `x` is not used.",
            ),
            Mistake(
                "at the first x",
                _at_first_x,
                "A label may hold an ` x` of its own: `the letter x *16`. Cut at the "
                "*last* one, and only if a number follows.",
            ),
            Mistake(
                "filled up",
                lambda lines, rows: (
                    unfold_rows(lines, rows) + unfold_rows(lines, rows)[-1:] * rows
                )[:rows],
                "You repeat the last row until the grid is full. What was not "
                "written is left out here: the reader reports it as missing.",
            ),
        ],
        [
            '`line.rpartition(" x")` cuts at the last x. `"12".isdecimal()` is true.',
            "At least once, and at most `rows - len(out)` times.",
        ],
        [unfold_rows, folds.unfold],
        (
            ([f"{_O} x2", _DOG], 3),
            ([_O, f"{_DOG} x0", _BOTH], 3),
            ([_O, f"{_DOG} x{_HUGE}", _BOTH], 4),
            ([f"{_X} x2", _X], 3),
            ([f"{_O} x2", _DOG], 8),
        ),
        note="A reader never trusts a number: it was written by a model.",
    ),
    *lesson07_places.EXERCISES,
    lesson07_cost.EXERCISE,
    lesson07_instances.EXERCISE,
)
