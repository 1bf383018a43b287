r"""What the tiny base learns: to name, count, box, and say what stands where.

Each task is a question about a scene with its answer. None writes an R-RLE mask:
rows are met one at a time (``row``), as numbers (``widths``, ``starts``) and, whole,
only down the columns (``columns``). That is left for the adapter to learn.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from t4s_lib.descriptor import OTHERS
from t4s_lib.models.tiny.wordings import (
    ABSENT,
    ALONG,
    BLOCK,
    BOX,
    COLUMNS,
    COUNT,
    EXISTS,
    FILL,
    NAME,
    ROW,
    STARTS,
    WIDTHS,
)
from t4s_lib.sources.base import BoolMask
from t4s_lib.sources.scene_expressions import Phrase, plural
from t4s_lib.sources.scene_views import View

Cells = NDArray[np.int32]

Piece = tuple[str, int, int]
"""Part of an answer, its line, and the cells already written in that line."""

SIDE = 16
"""Rows and columns of the grid."""


@dataclass(frozen=True)
class Look:
    """A scene seen on the grid.

    Attributes:
        view: What can be said of its shapes.
        ids: Which shape each cell shows, int ``(16, 16)``; 0 is background.
    """

    view: View
    ids: Cells

    def cells(self, targets: tuple[int, ...]) -> BoolMask:
        """The cells of some shapes, bool ``(16, 16)``."""
        return np.asarray(np.isin(self.ids, [k + 1 for k in targets]), dtype=bool)


@dataclass(frozen=True)
class Exchange:
    """A question with its answer.

    Attributes:
        task: The task's name.
        question: What is asked.
        pieces: The answer in pieces, each with the line and the cells already
            written in that line when the piece begins; ``(-1, -1)`` outside lines.
        where: The cells the question is about, bool ``(16, 16)``, or None.
    """

    task: str
    question: str
    pieces: tuple[Piece, ...]
    where: BoolMask | None

    @property
    def answer(self) -> str:
        """The whole answer."""
        return "".join(text for text, _, _ in self.pieces)


_Task = Callable[[random.Random, Look, Phrase], Exchange]


def _ask(rng: random.Random, wordings: tuple[str, ...], **slots: str) -> str:
    text = rng.choice(wordings)
    for slot, words in slots.items():
        text = text.replace(slot, words, 1)
    return text


def _plain(text: str) -> tuple[Piece, ...]:
    return ((text, -1, -1),)


def _runs(cells: NDArray[np.bool_], label: str, line: int) -> list[Piece]:
    """One line of runs, in pieces: `` *5`` apart from the label before it."""
    pieces: list[Piece] = []
    done = 0
    for inside, run in groupby(cells.tolist()):
        length = len(list(run))
        between = "| " if done else ""
        pieces += [(between + (label if inside else OTHERS), line, done)]
        pieces += [(f" *{length}", line, done)]
        done += length
    return pieces


def _tagged(tag: str, pieces: list[Piece]) -> tuple[Piece, ...]:
    return ((f"<{tag}>", -1, -1), *pieces, (f"</{tag}>", -1, -1))


def _down(cells: BoolMask, label: str) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    for column in range(SIDE):
        pieces += _runs(cells[:, column], label, column)
        pieces += [("\n " if column < SIDE - 1 else "\n", column, SIDE)]
    return _tagged("col", pieces)


def _box(rng: random.Random, look: Look, phrase: Phrase) -> Exchange:
    cells = look.cells(phrase.targets)
    question = _ask(rng, BOX, X=phrase.text)
    if not cells.any():
        return Exchange("box", question, _plain(ABSENT), cells)
    rows, columns = np.nonzero(cells)
    corners = (rows.min(), columns.min(), rows.max() + 1, columns.max() + 1)
    text = "<box>" + "".join(f" {corner}" for corner in corners) + "</box>"
    return Exchange("box", question, _plain(text), cells)


def _row(rng: random.Random, look: Look, phrase: Phrase) -> Exchange:
    cells = look.cells(phrase.targets)
    filled = np.flatnonzero(cells.any(axis=1)).tolist()
    row = rng.choice(filled) if filled and rng.random() < 0.8 else rng.randrange(SIDE)
    question = _ask(rng, ROW, N=str(row + 1), X=phrase.text)
    pieces = _tagged("row", _runs(cells[row], phrase.text, row))
    return Exchange("row", question, pieces, cells)


def _columns(rng: random.Random, look: Look, phrase: Phrase) -> Exchange:
    cells = look.cells(phrase.targets)
    question = _ask(rng, COLUMNS, X=phrase.text)
    return Exchange("columns", question, _down(cells, phrase.text), cells)


def _numbers(tag: str, numbers: list[int]) -> tuple[Piece, ...]:
    return _tagged(tag, [(f" *{n}", row, 0) for row, n in enumerate(numbers)])


def _widths(rng: random.Random, look: Look, phrase: Phrase) -> Exchange:
    cells = look.cells(phrase.targets)
    question = _ask(rng, WIDTHS, X=phrase.text)
    pieces = _numbers("width", cells.sum(axis=1).tolist())
    return Exchange("widths", question, pieces, cells)


def _starts(rng: random.Random, look: Look, phrase: Phrase) -> Exchange:
    cells = look.cells(phrase.targets)
    first = np.where(cells.any(axis=1), cells.argmax(axis=1), SIDE)
    question = _ask(rng, STARTS, X=phrase.text)
    return Exchange("starts", question, _numbers("start", first.tolist()), cells)


def _name_at(look: Look, row: int, column: int) -> str:
    number = int(look.ids[row, column])
    return look.view.objects[number - 1].name if number else OTHERS


def _name(rng: random.Random, look: Look, phrase: Phrase) -> Exchange:
    shown = np.argwhere(look.ids > 0)
    row, column = rng.randrange(SIDE), rng.randrange(SIDE)
    if rng.random() < 0.75 and len(shown):
        row, column = shown[rng.randrange(len(shown))].tolist()
    where = np.zeros((SIDE, SIDE), dtype=bool)
    where[row, column] = True
    question = _ask(rng, NAME, N=str(row + 1), M=str(column + 1))
    return Exchange("name", question, _plain(_name_at(look, row, column)), where)


def _count(rng: random.Random, look: Look, phrase: Phrase) -> Exchange:
    noun = rng.choice(list(look.view.nouns))
    members = look.view.nouns[noun]
    question = _ask(rng, COUNT, X=plural(noun))
    return Exchange("count", question, _plain(f"{len(members)}"), look.cells(members))


def _exists(rng: random.Random, look: Look, phrase: Phrase) -> Exchange:
    said = "Yes, it is there." if phrase.targets else "No, it is not."
    question = _ask(rng, EXISTS, X=phrase.text)
    return Exchange("exists", question, _plain(said), look.cells(phrase.targets))


def _along(rng: random.Random, look: Look, phrase: Phrase) -> Exchange:
    row = rng.randrange(SIDE)
    seen = [number for number, _ in groupby(look.ids[row].tolist()) if number]
    names = [look.view.objects[k - 1].name for k in dict.fromkeys(seen)]
    where = np.zeros((SIDE, SIDE), dtype=bool)
    where[row] = look.ids[row] > 0
    text = ", ".join(names) or "nothing"
    return Exchange("along", _ask(rng, ALONG, N=str(row + 1)), _plain(text), where)


def _some_box(rng: random.Random) -> tuple[str, BoolMask]:
    top, bottom = sorted(rng.sample(range(SIDE + 1), 2))
    left, right = sorted(rng.sample(range(SIDE + 1), 2))
    cells = np.zeros((SIDE, SIDE), dtype=bool)
    cells[top:bottom, left:right] = True
    return f"{top} {left} {bottom} {right}", cells


def _fill(rng: random.Random, look: Look, phrase: Phrase) -> Exchange:
    corners, cells = _some_box(rng)
    return Exchange("fill", _ask(rng, FILL, N=corners), _down(cells, "box"), cells)


def _block(rng: random.Random, look: Look, phrase: Phrase) -> Exchange:
    corners, cells = _some_box(rng)
    row = rng.randrange(SIDE)
    question = _ask(rng, BLOCK, M=str(row + 1), N=corners)
    pieces = _tagged("row", _runs(cells[row], "box", row))
    return Exchange("block", question, pieces, cells)


TASKS: Mapping[str, _Task] = MappingProxyType(
    {
        "box": _box,
        "row": _row,
        "columns": _columns,
        "widths": _widths,
        "starts": _starts,
        "name": _name,
        "count": _count,
        "exists": _exists,
        "along": _along,
        "fill": _fill,
        "block": _block,
    }
)
"""Every task of the base."""


def exchange(task: str, rng: random.Random, look: Look, phrase: Phrase) -> Exchange:
    """One question of a task about a scene.

    Args:
        task: One of ``TASKS``.
        rng: Chooses wording, row and column.
        look: The scene on the grid.
        phrase: The expression the question may be about, with its targets.
    """
    return TASKS[task](rng, look, phrase)
