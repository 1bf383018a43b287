"""Batches of rows of about one length, so that little of a batch is padding.

A mask's text is 80 to 400 tokens long, and a batch is as long as its longest row.
Sorting within a window of some batches keeps the order a function of position
alone, as resuming needs.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Protocol

from t4s_lib.training.rows import Row

WINDOW = 8
"""How many batches are sorted together."""


class Rows(Protocol):
    """Rows by position."""

    def __getitem__(self, index: int) -> Row:
        """The row at a position."""


class Levelled:
    """The same rows in another order: batch by batch of about one length.

    Args:
        rows: Rows by position, endless or as many as are asked for.
        batch: Rows a step.
        window: Batches that are sorted together.

    Examples:
        >>> words = ["aaa", "a", "aaaa", "aa"]
        >>> rows = [{"completion": [{"content": word}]} for word in words]
        >>> level = Levelled(rows, batch=2, window=2)
        >>> found = [level[k]["completion"][0]["content"] for k in range(4)]
        >>> sorted([found[:2], found[2:]])
        [['a', 'aa'], ['aaa', 'aaaa']]
    """

    def __init__(self, rows: Rows, batch: int, window: int = WINDOW) -> None:
        self._rows, self._batch, self._window = rows, batch, window
        self._number = -1
        self._sorted: list[Row] = []

    def __getitem__(self, index: int) -> Row:
        """The row at a position in the new order."""
        number, place = divmod(index, self._batch * self._window)
        if number != self._number:
            self._number, self._sorted = number, self._sort(number)
        return self._sorted[place]

    def _sort(self, number: int) -> list[Row]:
        size = self._batch * self._window
        rows = [self._rows[k] for k in range(number * size, (number + 1) * size)]
        rows.sort(key=_length)
        batches = [rows[k : k + self._batch] for k in range(0, size, self._batch)]
        random.Random(number).shuffle(batches)
        return [row for batch in batches for row in batch]


def _length(row: Row) -> int:
    content: str | Sequence[dict[str, str]] = row["completion"][0]["content"]
    parts = [content] if isinstance(content, str) else [p["text"] for p in content]
    return sum(map(len, parts))
