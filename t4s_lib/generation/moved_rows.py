"""Rows like a row, but not the same; and what may stand below it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from t4s_lib.generation.guess import FRESH


def fitting(digits: str, numbers: Iterable[int]) -> list[int]:
    """The numbers that begin with these digits.

    Examples:
        >>> fitting("1", range(1, 13))
        [1, 10, 11, 12]
    """
    return [number for number in numbers if str(number).startswith(digits)]


def moved(row: Sequence[int]) -> Iterator[list[int]]:
    """A row with its last edge moved by one cell to either side.

    Examples:
        >>> list(moved([0, 1, 1, 0, 0]))
        [[0, 1, 1, 1, 0], [0, 1, 0, 0, 0]]
        >>> list(moved([0, 0, 0]))
        [[0, 1, 0]]
    """
    edges = [at for at in range(1, len(row)) if row[at] != row[at - 1]]
    if not edges:
        middle, other = len(row) // 2, 0 if row[0] else 1
        behind = list(row[middle + FRESH :])
        yield [*row[:middle], other, *behind]
        return
    at = edges[-1]
    yield [*row[:at], row[at - 1], *row[at + 1 :]]
    yield [*row[: at - 1], row[at], *row[at:]]


def rows_below(row: Sequence[int], left: int, labels: int) -> Iterator[list[list[int]]]:
    """So many rows that may stand below a row, none of them equal to it at first.

    Args:
        row: The row.
        left: How many rows.
        labels: How many labels there are, the background among them.
    """
    if left == 0:
        yield []
        return
    cols = len(row)
    empty = [0] * cols
    full = [[k] * cols for k in range(1, labels)]
    firsts = [*moved(row), empty, *full]
    for first in firsts:
        yield [first, *[empty] * (left - 1)]
    for first in firsts:
        for last in (*full, empty):
            yield [first, *[last] * (left - 1)]
