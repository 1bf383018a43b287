"""Which row comes when: a pure function of the seed and the position.

Epochs   every row of every source once an epoch, shuffled anew each time
Stream   no epochs: sources take turns by weight, each going round and round
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

_TURNS = 100
"""Positions after which the pattern of a stream's sources repeats."""


class Place(NamedTuple):
    """Where a row comes from.

    Attributes:
        part: Number of the source.
        sample: Which of its samples.
        turn: Which pass over the source; each has its own wordings.
    """

    part: int
    sample: int
    turn: int


class Order(Protocol):
    """What ``Epochs`` and ``Stream`` have in common."""

    def at(self, position: int) -> Place:
        """Where the row of a position comes from."""


class Epochs:
    """Every sample of every source, ``passes`` times an epoch, in random order.

    The same wordings come back each epoch: the authors write them once.

    Args:
        sizes: Samples of each source.
        passes: How often each is gone through in an epoch.
        seed: Of the shuffling.

    Examples:
        >>> order = Epochs([2, 1], [2, 1], seed=0)
        >>> len(order), sorted(order.at(k) for k in range(5))[1]
        (5, Place(part=0, sample=0, turn=1))
    """

    def __init__(self, sizes: Sequence[int], passes: Sequence[int], seed: int) -> None:
        self._sizes = list(sizes)
        counts = [size * times for size, times in zip(sizes, passes, strict=True)]
        self._ends = np.cumsum(counts)
        self._seed = seed
        if not len(self):
            raise ValueError("training samples are none, expected at least one")

    def __len__(self) -> int:
        return int(self._ends[-1])

    def at(self, position: int) -> Place:
        """Where the row of a position comes from."""
        epoch, k = divmod(position, len(self))
        spot = int(_shuffled(len(self), self._seed, epoch)[k])
        part = int(np.searchsorted(self._ends, spot, side="right"))
        start = int(self._ends[part - 1]) if part else 0
        turn, index = divmod(spot - start, self._sizes[part])
        return Place(part, index, turn)


class Stream:
    """Sources by turns, in the shares that their weights say; there is no end.

    Args:
        sizes: Samples of each source; None for one that has no end of its own.
        weights: Their shares, relative to one another.
        seed: Of the shuffling.

    Examples:
        >>> order = Stream([None, 3], [3, 1], seed=0)
        >>> [order.at(k).part for k in range(100)].count(1)
        25
    """

    def __init__(
        self, sizes: Sequence[int | None], weights: Sequence[float], seed: int
    ) -> None:
        self._sizes = list(sizes)
        self._seed = seed
        self._pattern = _pattern(weights, seed)
        one_hot = self._pattern[:, None] == np.arange(len(self._sizes))
        self._before = np.cumsum(one_hot, axis=0) - one_hot
        self._counts = one_hot.sum(axis=0)
        if 0 in self._sizes:
            raise ValueError("training samples are none, expected at least one")

    def at(self, position: int) -> Place:
        """Where the row of a position comes from."""
        lap, k = divmod(position, _TURNS)
        part = int(self._pattern[k])
        drawn = lap * int(self._counts[part]) + int(self._before[k, part])
        size = self._sizes[part]
        if size is None:
            return Place(part, drawn, 0)
        turn, index = divmod(drawn, size)
        return Place(part, int(_shuffled(size, self._seed, turn)[index]), turn)


def _pattern(weights: Sequence[float], seed: int) -> NDArray[np.int64]:
    """Which source has each of ``_TURNS`` turns."""
    shares = np.array(weights, dtype=float) / sum(weights) * _TURNS
    counts = np.maximum(np.floor(shares), 1).astype(int)
    while counts.sum() < _TURNS:
        counts[np.argmax(shares - counts)] += 1
    while counts.sum() > _TURNS:
        counts[np.argmax(counts - shares)] -= 1
    turns = np.repeat(np.arange(len(counts)), counts)
    return np.random.default_rng(seed).permutation(turns)


@lru_cache(maxsize=8)
def _shuffled(size: int, seed: int, turn: int) -> NDArray[np.int64]:
    return np.random.default_rng([seed, turn]).permutation(size)
