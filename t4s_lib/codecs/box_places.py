"""A box on a grid: found around cells, read from a text, with a grid of its own."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from t4s_lib.codecs.labels import BLANKS
from t4s_lib.codecs.report import Fault
from t4s_lib.codecs.tags import Tagged
from t4s_lib.sampling import centres

INSIDE = 16
"""A side of a box up to so many cells is written cell by cell."""

_NUMBER = r"[ \t]*+([0-9]++)"
_PLACE = rf"{_NUMBER}[ \t]*+\+{_NUMBER}"
_GRID = rf"in{_NUMBER}[ \t]*+[xX]{_NUMBER}[ \t]*+"
_BOX = re.compile(rf"{_PLACE}(?:[ \t]++,?|,){_PLACE}[ \t]*+(?:{_GRID})?,?\s*")

Ids = NDArray[np.int32]


class Box(NamedTuple):
    """A box, in cells of the whole grid.

    Attributes:
        top: Its first row.
        left: Its first column.
        rows: How many rows it has.
        cols: How many columns.
    """

    top: int
    left: int
    rows: int
    cols: int

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.rows, self.cols

    @property
    def cells(self) -> tuple[slice, slice]:
        """Its cells, to index a grid with."""
        return (
            slice(self.top, self.top + self.rows),
            slice(self.left, self.left + self.cols),
        )


class Found(NamedTuple):
    """What was read of a text with a box.

    Attributes:
        box: The box; the whole grid where there is none.
        own: Rows and columns of its own grid.
        rows: The text behind it.
        faults: What is wrong with it.
    """

    box: Box
    own: tuple[int, int]
    rows: str
    faults: list[Fault]


def around(ids: Ids) -> Box | None:
    """The smallest box around all cells that are not background.

    Examples:
        >>> around(np.array([[0, 0, 0], [0, 1, 1]]))
        Box(top=1, left=1, rows=1, cols=2)
    """
    rows, cols = (np.flatnonzero(np.any(ids, axis=k)) for k in (1, 0))
    if len(rows) == 0:
        return None
    top, left = int(rows[0]), int(cols[0])
    return Box(top, left, int(rows[-1]) + 1 - top, int(cols[-1]) + 1 - left)


def own_grid(box: Box, ids: Ids) -> Ids:
    """The cells of a box, on the coarsest grid of its own that loses nothing."""
    inside = ids[box.cells]
    rows, cols = (_fewest(np.moveaxis(inside, k, 0)) for k in (0, 1))
    return inside[np.ix_(_firsts(rows, box.rows), _firsts(cols, box.cols))]


def spread(inside: Ids, shape: tuple[int, int]) -> Ids:
    """A box's own grid over its cells: each shows what lies under its centre."""
    picked = (centres(n, m) for n, m in zip(inside.shape, shape, strict=True))
    return np.asarray(inside[np.ix_(*picked)])


def as_text(box: Box, own: tuple[int, ...]) -> str:
    """How a box is written.

    Examples:
        >>> as_text(Box(5, 6, 7, 9), (7, 9)), as_text(Box(20, 24, 30, 40), (16, 16))
        ('5+7 6+9', '20+30 24+40 in 16x16')
    """
    grid = f" in {own[0]}x{own[1]}" * (own != box.shape)
    return f"{box.top}+{box.rows} {box.left}+{box.cols}{grid}"


def find_box(tagged: Tagged, shape: tuple[int, int]) -> Found:
    """Read a box, whatever stands before it; the whole grid where there is none."""
    lines = tagged.body.strip(BLANKS).split("\n")
    matches = ((at, _BOX.fullmatch(line)) for at, line in enumerate(lines))
    at, match = next(((at, m) for at, m in matches if m), (-1, None))
    if match is None:
        whole = Box(0, 0, *shape)
        return Found(whole, shape, tagged.body, [Fault("no_box", 0, 0)])
    before = [line.strip(BLANKS) for line in lines[:at]]
    faults = [Fault("prose", found=line) for line in before if line]
    numbers = [int(digits[:9]) if digits else 0 for digits in match.groups()]
    box = _fitted(numbers, shape)
    if [box.top, box.rows, box.left, box.cols] != numbers[:4]:
        faults.append(Fault("box_place", box.top, box.left, match[0]))
    own = _own(numbers[4:], box)
    if match[5] and list(own) != numbers[4:]:
        faults.append(Fault("box_place", box.top, box.left, match[0]))
    rest = "\n".join(lines[at + 1 :]).removeprefix(" ")
    return Found(box, own, rest + "\n" * tagged.body.endswith("\n"), faults)


def _fitted(numbers: list[int], shape: tuple[int, int]) -> Box:
    """The part of a box that lies on the grid, one cell at least."""
    top, rows, left, cols = numbers[:4]
    top, left = min(top, shape[0] - 1), min(left, shape[1] - 1)
    rows = min(max(1, rows), shape[0] - top)
    return Box(top, left, rows, min(max(1, cols), shape[1] - left))


def _own(numbers: list[int], box: Box) -> tuple[int, int]:
    """Rows and columns of the own grid, no more than the box has cells."""
    rows, cols = (
        min(max(1, n), m) if n else m for n, m in zip(numbers, box.shape, strict=True)
    )
    return rows, cols


def _fewest(lines: Ids) -> int:
    """The fewest lines, ``INSIDE`` or more, that stand for all without a loss."""
    cells = len(lines)
    edges = set((np.flatnonzero(np.any(np.diff(lines, axis=0), axis=1)) + 1).tolist())
    for fewer in range(INSIDE, cells):
        if edges <= set((np.flatnonzero(np.diff(centres(fewer, cells))) + 1).tolist()):
            return fewer
    return cells


def _firsts(fewer: int, cells: int) -> NDArray[np.intp]:
    """Of each line of the own grid, the first cell that it stands for."""
    return np.unique(centres(fewer, cells), return_index=True)[1]
