"""The value in the middle of everything: one label for each cell of a grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

OTHERS = "others"
"""The label of every cell that belongs to no target."""

MAX_SIDE = 4096
"""The largest grid side accepted: a bound, so that bad input allocates little."""

Size = int | tuple[int, int]
BoolMask = NDArray[np.bool_]


def grid_size(size: Size) -> tuple[int, int]:
    """Rows and columns of a grid given as one side or as a pair.

    Raises:
        ValueError: If a side is not a whole number from 1 to ``MAX_SIDE``.

    Examples:
        >>> grid_size(16), grid_size((9, 16))
        ((16, 16), (9, 16))
    """
    sides = tuple(size) if isinstance(size, tuple | list) else (size, size)
    whole = all(isinstance(side, int | np.integer) for side in sides)
    if len(sides) != 2 or not whole or not all(1 <= side <= MAX_SIDE for side in sides):
        raise ValueError(
            f"grid size is {size!r}, expected a side or (rows, cols), "
            f"whole numbers from 1 to {MAX_SIDE}"
        )
    return int(sides[0]), int(sides[1])


@dataclass(frozen=True, eq=False, init=False)
class DescriptorGrid:
    """One label for each cell of a grid laid over the picture.

    Two grids are equal when every cell says the same; how the labels are
    numbered, and which of them no cell carries, is not compared.

    Attributes:
        ids: Int ``(rows, cols)``, read-only: positions in ``labels``.
        labels: The label table. ``labels[0]`` is ``"others"``, the background.
        lost: Labels whose target has pixels in the picture but got no cell.

    Raises:
        ValueError: If the table or the ids do not fit this description.

    Examples:
        >>> grid = DescriptorGrid([[0, 1], [1, 1]], ("others", "dog"))
        >>> grid.shape, grid.foreground.tolist()
        ((2, 2), [[False, True], [True, True]])
        >>> grid.cells()
        [['others', 'dog'], ['dog', 'dog']]
    """

    ids: NDArray[np.int32]
    labels: tuple[str, ...]
    lost: tuple[str, ...] = field(default=(), repr=False)

    def __init__(
        self, ids: ArrayLike, labels: Sequence[str], lost: Sequence[str] = ()
    ) -> None:
        labels = tuple(labels)
        _check_labels(labels)
        ids = np.array(ids, dtype=np.int32)
        if ids.ndim != 2 or ids.size == 0:
            raise ValueError(f"ids have shape {ids.shape}, expected (rows, cols)")
        low, high = int(ids.min()), int(ids.max())
        if low < 0 or high >= len(labels):
            raise ValueError(
                f"ids run from {low} to {high}, but there are {len(labels)} labels"
            )
        ids.setflags(write=False)
        object.__setattr__(self, "ids", ids)
        object.__setattr__(self, "labels", labels)
        object.__setattr__(self, "lost", tuple(lost))

    @classmethod
    def from_cells(cls, cells: Sequence[Sequence[str]]) -> DescriptorGrid:
        """Build a grid from rows of labels, numbered in order of appearance.

        Examples:
            >>> DescriptorGrid.from_cells([["sky", "sky"], ["others", "dog"]]).labels
            ('others', 'sky', 'dog')
        """
        if len({len(row) for row in cells}) != 1:
            found = [len(row) for row in cells]
            raise ValueError(f"rows have {found} cells, expected equal lengths")
        table = dict.fromkeys([OTHERS, *(label for row in cells for label in row)])
        number = {label: i for i, label in enumerate(table)}
        ids = np.array([[number[label] for label in row] for row in cells], np.int32)
        return cls(ids, tuple(table))

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        rows, cols = self.ids.shape
        return rows, cols

    @cached_property
    def foreground(self) -> BoolMask:
        """Bool ``(rows, cols)``: the cells that are not background."""
        return np.asarray(self.ids > 0)

    def where(self, label: str) -> BoolMask:
        """Bool ``(rows, cols)``: the cells that carry this target label.

        Raises:
            ValueError: If no entry of the table has this name.
        """
        return np.asarray(self.ids == self._number(label))

    def cells(self) -> list[list[str]]:
        """The labels as rows of words."""
        return [[self.labels[i] for i in row] for row in self.ids.tolist()]

    def canonical(self) -> DescriptorGrid:
        """The same grid, labels numbered in order of appearance, none unused.

        Examples:
            >>> DescriptorGrid([[2, 0]], ("others", "cat", "dog")).canonical().labels
            ('others', 'dog')
        """
        used, first, back = np.unique(self.ids, return_index=True, return_inverse=True)
        order = sorted(range(len(used)), key=lambda k: (used[k] != 0, first[k]))
        labels = [self.labels[used[k]] for k in order]
        shift = 0 if 0 in used else 1
        number = np.empty(len(used), np.int32)
        number[order] = np.arange(shift, shift + len(used))
        table = (OTHERS,) * shift + tuple(labels)
        return DescriptorGrid(number[back.reshape(self.shape)], table)

    def _number(self, label: str) -> int:
        if label in self.labels[1:]:
            return self.labels.index(label, 1)
        if label == OTHERS:
            return 0
        raise ValueError(
            f"label {label!r} is not in this grid, which has {self.labels}"
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, DescriptorGrid):
            return NotImplemented
        if self.shape != other.shape:
            return False
        a, b = self.canonical(), other.canonical()
        return a.labels == b.labels and bool(np.array_equal(a.ids, b.ids))

    def __hash__(self) -> int:
        same = self.canonical()
        return hash((same.labels, same.ids.tobytes(), self.shape))


def _check_labels(labels: tuple[str, ...]) -> None:
    if not labels or labels[0] != OTHERS:
        raise ValueError(f"labels are {labels}, expected {OTHERS!r} first")
    if not all(isinstance(label, str) and label for label in labels):
        raise ValueError(f"labels are {labels}, expected words that are not empty")
    if len(set(labels[1:])) != len(labels) - 1:
        raise ValueError(f"labels are {labels}, expected no target twice")
