r"""What else could have been written: the choices of a text, from a model's scores.

    others *5| dog *3| others *8
           ^ here it could have been *4 or *6: what did the model think of them?

Every other label or count that may stand in a place leaves the written tokens at some
token; what the model gave for that token, against all others that may stand there, is
how likely it was. So a count may have any number of tokens. Where several counts leave
with the same token (``2``: 2, or 20 to 29) its probability is shared equally, since
the model was never asked how it would have gone on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from t4s_lib.generation.chain import Floats

Piece = tuple[int, Sequence[int]]
"""What a piece of text means, as a number, and its tokens."""


class Scores(NamedTuple):
    """What a model thought of some tokens at each token that it wrote.

    Attributes:
        ids: The tokens scored, k of them.
        values: Float ``(n, k)``: logits or log-probabilities before each of the n
            written tokens.
    """

    ids: Sequence[int]
    values: NDArray[np.float32]


class Fork(NamedTuple):
    """A token of a written piece, and those that could have stood in its place.

    Attributes:
        place: Which token of the piece.
        ids: Its id, then theirs.
        shares: Float ``(len(ids) - 1, size)``: what each of theirs means.
    """

    place: int
    ids: tuple[int, ...]
    shares: Floats


def forks(spine: Sequence[int], pieces: Iterable[Piece], size: int) -> list[Fork]:
    """Where the pieces that may stand in a place leave the written one.

    Args:
        spine: The tokens of the written piece.
        pieces: What each piece means, a number below ``size``, and its tokens. One
            that goes on where another ends is one with it.
        size: How many meanings there are.

    Returns:
        The forks, from the first token on.

    Examples:
        >>> found = forks([1, 9], [(0, [1, 9]), (1, [1, 2, 9]), (2, [3, 9])], 3)
        >>> [(fork.place, fork.ids) for fork in found]
        [(0, (1, 3)), (1, (9, 2))]
    """
    leaving: dict[int, dict[int, set[int]]] = {}
    for meaning, piece in pieces:
        left = _leaves(spine, piece)
        if left is not None:
            leaving.setdefault(left[0], {}).setdefault(left[1], set()).add(meaning)
    return [
        Fork(at, (spine[at], *found), _shares(list(found.values()), size))
        for at, found in sorted(leaving.items())
    ]


class Chances:
    """Turns scores into chances.

    Args:
        scores: What the model thought of the tokens that forks are about.
    """

    def __init__(self, scores: Scores) -> None:
        self._values = np.asarray(scores.values, np.float64)
        self._columns: Mapping[int, int] = {t: k for k, t in enumerate(scores.ids)}

    def of(self, found: Sequence[Fork], written: int, size: int, start: int) -> Floats:
        """How likely each meaning was.

        Args:
            found: The forks of the written piece.
            written: What that piece means.
            size: How many meanings there are.
            start: At which written token it starts.

        Returns:
            Float ``(size,)`` that sums to 1.
        """
        chances, left = np.zeros(size), 1.0
        for fork in found:
            here = self._at(start + fork.place, fork.ids)
            chances += left * (here[1:] @ fork.shares)
            left *= here[0]
        chances[written] += left
        return chances

    def _at(self, row: int, ids: Sequence[int]) -> Floats:
        """Chances of some tokens; all on the first, the written, if none is known."""
        columns = [self._columns.get(token) for token in ids]
        scores = np.array(
            [-np.inf if k is None else self._values[row, k] for k in columns]
        )
        top = scores.max()
        if top == -np.inf:
            scores[0] = top = 0.0
        raised = np.exp(scores - top)
        chances: Floats = raised / raised.sum()
        return chances


def _leaves(spine: Sequence[int], other: Sequence[int]) -> tuple[int, int] | None:
    """The first place where a list differs from another, and its token there."""
    pairs = enumerate(zip(spine, other, strict=False))
    return next(((at, b) for at, (a, b) in pairs if a != b), None)


def _shares(meanings: list[set[int]], size: int) -> Floats:
    shares = np.zeros((len(meanings), size))
    for row, found in enumerate(meanings):
        shares[row, sorted(found)] = 1 / len(found)
    return shares
