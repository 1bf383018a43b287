"""Lesson 02: write runs, read them, and mend what is broken."""

from __future__ import annotations

from collections import Counter

from t4s_lib.codecs import exact, runs
from t4s_lib.codecs.row_rle import RowRle
from t4s_lib.course.exercises.answers import (
    grid_text,
    read_row,
    repair_row,
    row_runs,
    row_text,
)
from t4s_lib.course.exercises.model import Exercise, Mistake


def _flat(rows: list[list[str]]) -> str:
    return row_text(row_runs([label for row in rows for label in row])) + "\n"


TWO_DOGS = [
    ["sky"] * 6,
    ["sky"] * 6,
    ["sky", "sky", "brown dog", "black dog", "sky", "sky"],
    ["sky", "sky", "brown dog", "black dog", "black dog", "sky"],
    ["sand", "sand", "brown dog", "black dog", "black dog", "sand"],
    ["sand", "sand", "brown dog", "black dog", "sand", "sand"],
]
"""The paper's toy picture: 6 rows of 6 cells. Source: Text4Seg, figure 3."""

_O, _D, _C = "others", "dog", "cat"
_ROWS = [[_O] * 6, [_O, _O, _D, _D, _D, _O], [_D] * 4 + [_C] * 2]

EXERCISES = (
    Exercise(
        "2.1",
        "The runs of a row",
        row_runs,
        [
            Mistake(
                "last run forgotten",
                lambda row: row_runs(row)[:-1],
                "The last run is missing: it ends with the row, not with a change.",
            ),
            Mistake(
                "totals",
                lambda row: list(Counter(row).items()),
                "You count each label in the whole row. A run ends where the label "
                "changes, and the same label may come again.",
            ),
            Mistake(
                "one too few",
                lambda row: [(label, n - 1) for label, n in row_runs(row)],
                "Every count is one too small: a new run starts at 1.",
            ),
            Mistake(
                "one too many",
                lambda row: [(label, n + 1) for label, n in row_runs(row)],
                "Every count is one too large: the first cell is counted twice.",
            ),
        ],
        [
            "Walk along the row. Same label as before: count one more. Else: new run.",
            "`itertools.groupby` groups equal neighbours.",
        ],
        [row_runs, exact.run_text],
        (
            ([_O, _O, _D, _D, _D, _O],),
            ([_D],),
            ([_O, _D, _O, _D, _D, _O],),
            ([_O] * 16,),
        ),
        note="Counts add up to the width: a sum that later tells a broken row.",
    ),
    Exercise(
        "2.2",
        "A row as text",
        row_text,
        [
            Mistake(
                "commas",
                lambda r: ", ".join(f"{a} *{n}" for a, n in r),
                "The paper draws commas; the code writes a pipe and a blank, `| `.",
            ),
            Mistake(
                "no blank before the star",
                lambda r: "| ".join(f"{a}*{n}" for a, n in r),
                "There is one blank before the star: `dog *3`.",
            ),
            Mistake(
                "blank behind the star",
                lambda r: "| ".join(f"{a} * {n}" for a, n in r),
                "There is no blank between the star and the number.",
            ),
            Mistake(
                "count of one left out",
                lambda r: "| ".join(f"{a} *{n}" if n > 1 else a for a, n in r),
                "A count of 1 is written too.",
            ),
            Mistake(
                "pipe at the end",
                lambda r: "".join(f"{a} *{n}| " for a, n in r),
                "The pipe stands between runs, not behind the last one.",
            ),
        ],
        ["One run is `label *count`.", '`"| ".join(...)` puts the pipes between.'],
        [row_text, exact.run_text],
        (
            ([(_O, 2), (_D, 3), (_O, 11)],),
            ([(_O, 16)],),
            ([("dog laying down", 1), (_O, 15)],),
        ),
        note="Byte for byte what the released checkpoints were trained on.",
    ),
    Exercise(
        "2.3",
        "A grid as text",
        grid_text,
        [
            Mistake(
                "newline without blank",
                lambda rows: "\n".join(row_text(row_runs(r)) for r in rows) + "\n",
                "Rows are set apart by a newline and one blank.",
            ),
            Mistake(
                "blank on both sides",
                lambda rows: " \n ".join(row_text(row_runs(r)) for r in rows) + "\n",
                "The paper's figure has a blank before the newline; the code has none.",
            ),
            Mistake(
                "no newline at the end",
                lambda rows: "\n ".join(row_text(row_runs(r)) for r in rows),
                "Behind the last row stands a newline too, without a blank.",
            ),
            Mistake(
                "runs across rows",
                _flat,
                "Your runs go on into the next row: that is I-RLE. Start afresh in "
                "every row.",
            ),
        ],
        ["Use 2.1 and 2.2 for each row.", 'Rows are joined by `"\\n "`.'],
        [grid_text, RowRle.encode],
        (
            (_ROWS,),
            ([[_O] * 4] * 4,),
            ([[_D, _O], [_O, _D]],),
        ),
        note="You have written the encoder of the paper.",
    ),
    Exercise(
        "2.4",
        "Read a row",
        read_row,
        [
            Mistake(
                "counts as text",
                lambda t: [(a, str(n)) for a, n in read_row(t)],
                "Your counts are still text. `int` makes them numbers.",
            ),
            Mistake(
                "blank kept before the star",
                lambda t: [(a + " ", n) for a, n in read_row(t)],
                "Your labels end in a blank: split at the blank and the star, `' *'`.",
            ),
            Mistake(
                "blank kept behind the pipe",
                lambda t: [
                    (" " * (k > 0) + a, n) for k, (a, n) in enumerate(read_row(t))
                ],
                "From the second on, your labels begin with a blank: split at `'| '`.",
            ),
            Mistake(
                "first word only",
                lambda t: [(a.split()[0], n) for a, n in read_row(t)],
                "A label may be a whole phrase. Split at the star, not at every blank.",
            ),
        ],
        ["Split at the pipes first, then each run at its star."],
        [read_row, exact.exact_runs, runs.find_runs],
        (
            ("others *2| dog *3| others *11",),
            ("dog laying down *1| others *15",),
            ("others *16",),
            ("man, left *7| others *9",),
        ),
        note="This reads a right text. Models do not always write one.",
    ),
    Exercise(
        "2.5",
        "Mend a row",
        repair_row,
        [
            Mistake(
                "filled with others",
                lambda r, w: (repair_row(r, sum(n for _, n in r)) + [_O] * w)[:w],
                "You fill up with `others`. The rule here: draw the last label out.",
            ),
            Mistake(
                "not filled",
                lambda r, w: [a for a, n in r for _ in range(n)][:w],
                "A short row stays short, so all rows below would shift.",
            ),
            Mistake(
                "not cut",
                lambda r, w: repair_row(r, max(w, sum(n for _, n in r))),
                "A long row stays long, so all rows below would shift.",
            ),
            Mistake(
                "cut at the front",
                lambda r, w: (
                    [a for a, n in r for _ in range(n)][-w:]
                    if sum(n for _, n in r) > w
                    else repair_row(r, w)
                ),
                "Cut what is too much at the end: what came first was right.",
            ),
        ],
        [
            "Write the runs out as cells first.",
            "A slice `[:width]` cuts; adding the last label fills. And no runs at all?",
        ],
        [repair_row, runs.RowFiller],
        (
            ([(_O, 2), (_D, 1)], 5),
            ([(_D, 2), (_O, 2), (_D, 4)], 5),
            ([(_O, 2), (_D, 3)], 5),
            ([], 4),
        ),
        note="A mended row has the right width, so the fault stays in its row.",
    ),
)
