"""Exercise 7.6: several things of one name, kept apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from t4s_lib import instances
from t4s_lib.course.exercises.model import Exercise, Mistake
from t4s_lib.course.exercises.shorter import instance_words

Cells = Sequence[Sequence[int]]
Words = list[list[str]]

_TOUCHING = [[0, 2, 2, 0], [0, 2, 1, 1], [0, 0, 1, 1]]
_CROSSED = [[0, 0, 3, 0], [5, 0, 3, 0], [5, 5, 0, 4]]
_ALONE = [[0, 6], [6, 6]]
_NONE = [[0, 0], [0, 0]]


def as_lines(answer: Callable[..., Any], ids: Cells, label: str) -> Any:
    """Rows of words as lines of text; what is no rows of words as it is."""
    found = answer(ids, label)
    rows = found if isinstance(found, list | tuple) else []
    if not rows or not all(isinstance(row, list | tuple) for row in rows):
        return found
    if not all(isinstance(word, str) for row in rows for word in row):
        return found
    return "\n".join("| ".join(row) for row in rows)


def _named(order: Callable[[Cells], Sequence[int]]) -> Callable[[Cells, str], Words]:
    """Numbers in another order."""

    def answer(ids: Cells, label: str) -> Words:
        names = {cell: f"{label} {k}" for k, cell in enumerate(order(ids), start=1)}
        return [[names.get(cell, "others") for cell in row] for row in ids]

    return answer


def _all_of(ids: Cells) -> set[int]:
    return {cell for row in ids for cell in row if cell}


def _by_columns(ids: Cells) -> list[int]:
    columns = (row[k] for k in range(len(ids[0])) for row in ids)
    return list(dict.fromkeys(cell for cell in columns if cell))


def _single_bare(ids: Cells, label: str) -> Words:
    words = instance_words(ids, label)
    if len(_all_of(ids)) > 1:
        return words
    return [[word.replace(f"{label} 1", label) for word in row] for row in words]


def _from_zero(ids: Cells, label: str) -> Words:
    order = dict.fromkeys(cell for row in ids for cell in row if cell)
    names = {cell: f"{label} {k}" for k, cell in enumerate(order)}
    return [[names.get(cell, "others") for cell in row] for row in ids]


EXERCISE = Exercise(
    "7.6",
    "Several of one name",
    instance_words,
    [
        Mistake(
            "one label",
            lambda ids, label: [[label if c else "others" for c in row] for row in ids],
            "All of them have the same label, so two that touch become one. Put a "
            "blank and a number behind it.",
        ),
        Mistake(
            "numbers as they are",
            lambda ids, label: [
                [f"{label} {c}" if c else "others" for c in row] for row in ids
            ],
            "You write the numbers of `ids`. A model cannot know them: number the "
            "things 1, 2, 3 as they come up.",
        ),
        Mistake(
            "order of the ids",
            _named(lambda ids: sorted(_all_of(ids))),
            "You number by the size of the ids. A model writes from the top left, so "
            "the thing that comes up first there is number 1.",
        ),
        Mistake(
            "column by column",
            _named(_by_columns),
            "You go down the columns. A text is written row by row, and so are the "
            "numbers.",
        ),
        Mistake(
            "from zero",
            _from_zero,
            "The first one is number 1, as people count.",
        ),
        Mistake(
            "a single one without number",
            _single_bare,
            "A single one has a number too. Else nobody knows whether `number 7` is "
            "the seventh number, or a thing called `number 7`.",
        ),
    ],
    [
        "Go through the cells row by row, and give each id that you have not met yet "
        "the next number.",
        "`dict.fromkeys(...)` keeps the first of equal things, in order; "
        "`enumerate(..., start=1)` counts.",
    ],
    [instance_words, instances.instances_to_grid],
    (
        (_TOUCHING, "dog"),
        (_CROSSED, "dog"),
        (_ALONE, "number 7"),
        (_NONE, "dog"),
    ),
    note="Now the text counts by itself: the last new number is how many there are.",
    trial=as_lines,
)
