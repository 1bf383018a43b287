"""One row of a mask, with its edges random: how likely each cell has each label.

    written row      others *5| dog *3| others *8
    what is known    how likely each label, and each end of its run, was at each of
                     the three places, given what was written before it
    what comes out   P(cell is a dog), for sixteen cells

Plain mathematics; nothing here knows tokens or models.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Choice(NamedTuple):
    """What could have been written where a run stands.

    Attributes:
        label: Id of the label that was written.
        labels: Float ``(L,)``: how likely each label was here; sums to 1.
        ends: Float ``(cols + 1,)``: how likely a run of the written label ends
            before each column; sums to 1.
    """

    label: int
    labels: Floats
    ends: Floats


def row_chances(row: Sequence[Choice], cols: int) -> Floats:
    """How likely each cell of a row has each label.

    The runs are a chain. A run that is entered at a column ends where the written
    one of that place would, as far as that lies to the right (else after one cell);
    then the next label is drawn. Where a label comes up whose turn it was not, the
    written runs before its next one are left out. Where it has none left, it takes
    one cell and background follows; background itself fills the row.

    Args:
        row: The written runs, from the left; at least one.
        cols: Cells of the row.

    Returns:
        Float ``(L, cols)``; each column sums to 1. Exact for this chain.

    Examples:
        >>> ends = np.array([0, 0.75, 0.25])
        >>> run = Choice(0, np.array([1.0, 0]), ends)
        >>> rest = Choice(1, np.array([0, 1.0]), np.array([0, 0, 1.0]))
        >>> row_chances([run, rest], 2).tolist()
        [[1.0, 0.25], [0.0, 0.75]]
    """
    count = len(row[0].labels)
    chain = _Chain([run.label for run in row], count, cols)
    chain.enter(0, row[0].labels, np.eye(1, cols + 1)[0])
    for place, run in enumerate(row):
        over = chain.lay(run.label, chain.entered[place], run.ends)
        chain.enter(place + 1, _next_labels(row, place, count), over)
    one_cell = np.zeros(cols + 1)
    for label in range(1, count):
        over = chain.lay(label, chain.left[label], one_cell)
        chain.left[0, :-1] += over[:-1]
    chain.lay(0, chain.left[0], np.eye(cols + 1)[-1])
    return chain.chances()


class _Chain:
    """Probability on its way through a row.

    Attributes:
        entered: Float ``(runs, cols + 1)``: that a written run is entered at a column.
        left: Float ``(L, cols + 1)``: that a label comes up at a column and has no
            written run left.
    """

    def __init__(self, written: Sequence[int], count: int, cols: int) -> None:
        self._written = list(written)
        self.entered = np.zeros((len(written), cols + 1))
        self.left = np.zeros((count, cols + 1))
        self._steps = np.zeros((count, cols + 1))

    def enter(self, place: int, labels: Floats, at: Floats) -> None:
        """Draw a label at columns, from a place of the written row on."""
        later = self._written[place:]
        for label in np.flatnonzero(labels).tolist():
            known = label in later
            to = self.entered if known else self.left
            row = place + later.index(label) if known else label
            to[row, :-1] += labels[label] * at[:-1]

    def lay(self, label: int, at: Floats, ends: Floats) -> Floats:
        """Fill cells from where runs start to where they end.

        Args:
            label: The runs' label.
            at: Float ``(cols + 1,)``: how likely one starts at each column.
            ends: How likely one ends before each column, if it may.

        Returns:
            Float ``(cols + 1,)``: how likely one does end before each column.
        """
        behind = np.zeros(len(ends))
        behind[:-1] = ends[:0:-1].cumsum()[::-1]
        some = behind > 0
        share = np.where(some, at / np.where(some, behind, 1), 0)
        over = ends * _one_on(share.cumsum()) + _one_on(np.where(some, 0, at))
        self._steps[label] += at - over
        return over

    def chances(self) -> Floats:
        """Float ``(L, cols)``: that a cell has a label."""
        chances = self._steps.cumsum(1)[:, :-1].clip(0, 1)
        found: Floats = chances / chances.sum(0)
        return found


def _one_on(values: Floats) -> Floats:
    """Values one column further to the right."""
    moved = np.zeros(len(values))
    moved[1:] = values[:-1]
    return moved


def _next_labels(row: Sequence[Choice], place: int, count: int) -> Floats:
    """How likely each label follows a written run; all alike where none was."""
    if place + 1 < len(row):
        return row[place + 1].labels
    others = np.ones(count)
    others[row[place].label] = 0
    return others / max(1, count - 1)
