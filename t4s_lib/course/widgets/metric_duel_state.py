"""The metric duel without its picture: two models, three samples, every figure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from t4s_lib.descriptor import BoolMask
from t4s_lib.evaluation.metrics import Counts, Scores, count, scores

SIDE = 128
"""Side of each picture, in pixels."""

METRICS = {
    "cIoU": "cIoU",
    "gIoU": "gIoU",
    "n_acc": "N-acc",
    "t_acc": "T-acc",
    "acc_50": "Acc@0.5",
}
"""Keys of ``scores.json`` and what they are called."""

NAMES = ("A", "B")

_MIDDLE = SIDE // 2


class Player(NamedTuple):
    """How wrong a model is on each of the three samples.

    Attributes:
        large: By how much of its side the mask of the large target is off, in
            percent; at 100 nothing is drawn.
        small: The same for the small target.
        stray: Side of the square that it draws where nothing is meant, in pixels.
    """

    large: int
    small: int
    stray: int


@dataclass(frozen=True)
class Duel:
    """Two models on a benchmark of three samples.

    Attributes:
        large: Side of the large target, in pixels, at most half the picture's.
        small: Side of the small one.
        players: Model A and model B.
    """

    large: int = 60
    small: int = 16
    players: tuple[Player, Player] = (Player(5, 60, 0), Player(25, 10, 0))

    @cached_property
    def targets(self) -> tuple[BoolMask, BoolMask, BoolMask]:
        """The true masks: a large square, a small one, and none."""
        return _square(self.large), _square(self.small), _square(0)

    def drawn(self, k: int) -> tuple[BoolMask, BoolMask, BoolMask]:
        """The masks of model ``k``."""
        player = self.players[k]
        return (
            _off(self.large, player.large),
            _off(self.small, player.small),
            _square(player.stray),
        )

    def counts(self, k: int) -> list[Counts]:
        """What is counted on the samples of model ``k``."""
        pairs = zip(self.targets, self.drawn(k), strict=True)
        return [count(truth, drawn) for truth, drawn in pairs]

    @cached_property
    def scores(self) -> tuple[Scores, Scores]:
        """Every figure of both models, as ``t4s evaluate`` computes it."""
        return scores(self.counts(0)), scores(self.counts(1))

    @cached_property
    def winners(self) -> dict[str, str]:
        """By metric: A, B or tie."""
        return {key: self._winner(key) for key in METRICS}

    def value(self, k: int, key: str) -> float:
        """A figure of model ``k``."""
        return float(self.scores[k][key] or 0)

    def _winner(self, key: str) -> str:
        ahead = self.value(0, key) - self.value(1, key)
        return "tie" if abs(ahead) < 1e-9 else NAMES[int(ahead < 0)]


CASES = {
    "Large against small": Duel(),
    "A few stray pixels": Duel(players=(Player(10, 10, 4), Player(15, 15, 0))),
    "Just above one half": Duel(players=(Player(30, 30, 0), Player(2, 40, 0))),
    "Never draws anything": Duel(players=(Player(100, 100, 0), Player(60, 60, 20))),
}
"""Duels to begin with, by name."""


def describe_metric_duel(duel: Duel) -> str:
    """Say in words who wins by what.

    Examples:
        >>> describe_metric_duel(Duel())
        'A wins by cIoU. B wins by gIoU, Acc@0.5. A tie by N-acc, T-acc.'
    """
    told = []
    for who, words in (("A", "A wins"), ("B", "B wins"), ("tie", "A tie")):
        names = [METRICS[key] for key, found in duel.winners.items() if found == who]
        if names:
            told.append(f"{words} by {', '.join(names)}.")
    return " ".join(told)


def _square(side: int, right: int = 0) -> BoolMask:
    """A square a little left of the middle, moved right by some pixels."""
    mask = np.zeros((SIDE, SIDE), dtype=bool)
    top, left = _MIDDLE - side // 2, _MIDDLE - side + right
    mask[top : top + side, left : left + side] = True
    return mask


def _off(side: int, percent: int) -> BoolMask:
    if percent >= 100:
        return _square(0)
    return _square(side, round(side * percent / 100))
