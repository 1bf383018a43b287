"""Lesson 00: read a text, write one, change one, ask well, find a slip."""

from __future__ import annotations

from t4s_lib.codecs.row_rle import RowRle
from t4s_lib.course.exercises.model import Exercise, Mistake
from t4s_lib.sources import Scene, SceneObject

KITE = """others *8
 others *2| kite *3| others *3
 others *1| kite *5| others *2
 others *2| kite *3| others *3
 others *3| kite *1| others *4
 others *8
"""
"""The text that lesson 00 reads, 6 rows of 8 cells."""

TEE = ["tee *5", "others *2| tee *1| others *2", "others *2| tee *1| others *2"]

SLIP = """others *8
 others *2| kite *3| others *3
 others *1| kite *1| others *3| kite *1| others *2
 kite *2| others *4| kite *2
 others *2| kite *3| others *4
 others *8
"""
"""The text of exercise 0.5: 6 rows of 8 cells, but for one row."""

OPTIONS = {
    "A": "the red circle",
    "B": "the small circle",
    "C": "the small red circle",
    "D": "the circle on the right",
}
"""Expressions for exercise 0.4; each but one fits another shape, or two."""

CIRCLES = Scene(
    (
        SceneObject("circle", "red", (0.24, 0.36), 0.19, 0.0),
        SceneObject("circle", "red", (0.56, 0.42), 0.1, 0.0),
        SceneObject("circle", "blue", (0.82, 0.34), 0.1, 0.0),
        SceneObject("square", "red", (0.5, 0.76), 0.13, 0.2),
    ),
    7,
)
"""The scene of exercise 0.4; its second shape is the one to name."""


def _tee(change: tuple[str, str]) -> list[str]:
    return [row.replace(*change) for row in TEE]


EXERCISES = (
    Exercise(
        "0.1",
        "Read a mask",
        12,
        [
            Mistake(
                "runs", 4, "That is how many runs say `kite`. Add up their counts."
            ),
            Mistake(
                "background", 36, "Those are the cells of `others`. Add up `kite`."
            ),
            Mistake("widest row", 5, "That is its widest row. Add up all its rows."),
            Mistake("all cells", 48, "That is every cell. Only runs of `kite` count."),
        ],
        ["`kite *3` is three cells in a row.", "Add the counts of the four kite runs."],
        ["3 + 5 + 3 + 1 = **12**: the counts behind every `kite *`, added up."],
        view="value",
        note="A mask's area is a sum you can do in your head: the text is the mask.",
    ),
    Exercise(
        "0.2",
        "Write a mask",
        TEE,
        [
            Mistake(
                "no blank before the star",
                _tee((" *", "*")),
                "A run is `label *count`: one blank before the star, none behind it.",
            ),
            Mistake(
                "commas",
                _tee(("| ", ", ")),
                "Runs are set apart by a pipe and a blank: `| `.",
            ),
            Mistake(
                "no blank after the pipe",
                _tee(("| ", "|")),
                "Behind the pipe stands one blank: `| `.",
            ),
            Mistake(
                "background left out",
                ["tee *5", "tee *1", "tee *1"],
                "Every cell is written. The empty ones are `others`.",
            ),
            Mistake(
                "blank in front",
                [TEE[0], *(" " + row for row in TEE[1:])],
                "The blank in front of a row belongs to the row break, not to the row.",
            ),
            Mistake(
                "a count of one left out",
                _tee(("tee *1", "tee")),
                "The count is always written, `*1` too.",
            ),
        ],
        [
            "The first row is five cells of `tee` and nothing else.",
            "The second row has three runs: two, one and two cells.",
        ],
        ["```python\nrows = " + repr(TEE) + "\n```", RowRle.encode],
        note="Each row adds up to 5, so a reader can tell when one is wrong.",
    ),
    Exercise(
        "0.3",
        "Move a shape",
        "others *3| kite *3| others *2",
        [
            Mistake(
                "to the left",
                "others *1| kite *3| others *4",
                "That moved it to the left. Right means more cells before it.",
            ),
            Mistake(
                "blank in front",
                " others *3| kite *3| others *2",
                "The cells are right. The blank in front belongs to the row break.",
            ),
            Mistake(
                "row too long",
                "others *3| kite *3| others *3",
                "That row has 9 cells. What comes in on the left must go on the right.",
            ),
            Mistake(
                "made wider",
                "others *2| kite *4| others *2",
                "That made it wider. Its own count stays; those around it change.",
            ),
            Mistake(
                "made narrower",
                "others *3| kite *2| others *3",
                "That cut its left cell off. Its own count stays 3.",
            ),
        ],
        ["The kite's count stays.", "One cell of `others` goes from right to left."],
        ['`"others *3| kite *3| others *2"`: one cell of `others` changes sides.'],
        note="Editing a mask is editing a text.",
    ),
    Exercise(
        "0.4",
        "Ask well",
        "C",
        [
            Mistake("A", "A", "Two shapes are red circles, a large and a small one."),
            Mistake("B", "B", "Two circles are small, a red and a blue one."),
            Mistake(
                "small letter", "c", "Write the letter as it stands there: a capital."
            ),
            Mistake("D", "D", "Look again: which circle is farthest to the right?"),
        ],
        ["An expression refers if it fits one shape and no other."],
        ["**C**. It is the only one of the four that fits this one shape alone."],
        view="value",
        note="A referring expression must fit its target and nothing else.",
    ),
    Exercise(
        "0.5",
        "Find a slip",
        4,
        [
            Mistake(
                "counted from one",
                5,
                "The right row, counted from 1. Its number stands before it.",
            ),
            Mistake(
                "number of cells",
                9,
                "That is how many cells that row has. What is its number?",
            ),
            Mistake(
                "begins with a kite",
                3,
                "A row may begin with a kite. Add up: 2 + 4 + 2 is 8.",
            ),
            Mistake(
                "many runs",
                2,
                "That row has many runs, but 1 + 1 + 3 + 1 + 2 is 8.",
            ),
        ],
        ["Add up the counts of each row.", "Two rows look alike. Compare them."],
        ["**4**: 2 + 3 + 4 is 9, one cell more than the grid is wide."],
        view="value",
        note='`codec("row-rle").decode` sees it as well, mends that row and leaves the '
        "others as they are: lesson 02 shows how.",
    ),
)
