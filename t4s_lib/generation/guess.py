"""How a mask that is begun may go on: each row as the one above.

Only a guess, checked by the model before it is kept. Of masks of real objects, six
edges in ten stand where the row above has them, and following an edge's slope
guesses no better (measured on RefCOCOg).
"""

from __future__ import annotations

from collections.abc import Sequence

from t4s_lib.generation.begun import Begun

FRESH = 1
"""Cells that the first run of an object is taken to have."""


def guess_row(above: Sequence[int], begun: Begun) -> list[int]:
    """Guess a row of which the first runs are written.

    Args:
        above: Ids of the row above.
        begun: What is written of this one.

    Returns:
        Ids of the whole row; longer than the one above if what is written is.

    Examples:
        >>> guess_row([0, 1, 1, 0], Begun([], (0, 1)))
        [0, 1, 1, 0]
        >>> guess_row([0, 1, 1, 0], Begun([], (0,), "2"))
        [0, 0, 1, 0]
    """
    cells, labels = list(begun.cells), begun.labels
    if begun.digits and len(cells) < len(above):
        label, end = _run_at(above, len(cells), _closed(cells), labels)
        length = _count(begun.digits, end - len(cells), len(above) - len(cells))
        cells, labels = cells + [label] * length, ()
    return cells + _rest(above, len(cells), _closed(cells), labels)


def guess_all(begun: Begun, shape: tuple[int, int], counts: bool = True) -> list[int]:
    """Guess all cells of a mask whose runs go on from row to row.

    Args:
        begun: What is written of it.
        shape: Rows and columns.
        counts: Whether it has counts, so that equal neighbours are one run.

    Examples:
        >>> guess_all(Begun([0, 1, 1, 0, 0], (1,)), (3, 4))
        [0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0]
    """
    cells, start = begun.cells, len(begun.cells)
    guess = _below(cells, begun.labels, shape, counts)
    if not begun.digits or start >= len(guess):
        return guess
    length = _count(begun.digits, run_length(guess, start), len(guess) - start)
    return _below([*cells, *guess[start : start + 1] * length], (), shape, counts)


def _below(
    cells: list[int], labels: tuple[int, ...], shape: tuple[int, int], counts: bool
) -> list[int]:
    """The cells with the rest of their row and every row below."""
    rows, cols = shape
    row, at = divmod(len(cells), cols)
    above = cells[(row - 1) * cols : row * cols] if row else [0] * cols
    whole = cells[row * cols :]
    whole += _rest(above, at, _closed(cells) if counts else None, labels)
    return cells[: row * cols] + whole * (rows - row)


def _closed(cells: list[int]) -> int | None:
    return cells[-1] if cells else None


def _rest(
    above: Sequence[int], at: int, closed: int | None, labels: tuple[int, ...]
) -> list[int]:
    """The rest of a row from a column on: its edges where the row above has them."""
    rest: list[int] = []
    while at < len(above):
        label, end = _run_at(above, at, closed, labels)
        rest += [label] * (end - at)
        at, closed, labels = end, label, ()
    return rest


def _run_at(
    above: Sequence[int], at: int, closed: int | None, labels: tuple[int, ...]
) -> tuple[int, int]:
    """The run that begins at a column: its label and its end.

    Args:
        above: The row above.
        at: The column.
        closed: The label of the run before it, which this one cannot have.
        labels: The labels it may have; any if empty.
    """
    label = _label(above[at:], closed, labels, max(above))
    if label in above[at:]:
        start = above.index(label, at)
        return label, start + run_length(above, start)
    if label == 0:
        return label, len(above)
    return label, min(len(above), at + (above.count(label) or FRESH))


def _label(
    ahead: Sequence[int], closed: int | None, labels: tuple[int, ...], known: int
) -> int:
    for label in ahead:
        if label != closed and (not labels or label in labels):
            return label
    if not labels:
        return 0 if closed else max(1, known)
    others = [label for label in labels if label != closed] or labels
    return known if known in others and not closed else others[0]


def run_length(cells: Sequence[int], start: int) -> int:
    """How many equal cells follow each other from a place on.

    Examples:
        >>> run_length([0, 1, 1, 0], 1)
        2
    """
    end = start
    while end < len(cells) and cells[end] == cells[start]:
        end += 1
    return end - start


def _count(digits: str, likely: int, most: int) -> int:
    """The count that begins with these digits: near a likely one, or to the end."""
    fits = [n for n in range(1, most + 1) if str(n).startswith(digits)]
    near = min(fits, key=lambda n: abs(n - likely), default=0)
    if near == 0:  # no such count: the row is wrong anyway
        return min(int(digits[:4]), 2 * most)
    return most if abs(near - likely) > 1 and most in fits else near
