"""How sure the figures of an experiment are, and what that does not cover.

Scenes are drawn again and again from themselves, with replacement; all models answer
the same ones, so two codecs are drawn together and what makes a scene hard for both
cancels out. Where a codec has several seeds, each draw's figure is the mean of theirs.

Such an interval covers which scenes happened to be asked. It does not cover what a
training from yet another seed would give; ``spread`` says how far the seeds that were
trained lie apart, and two or three of them say little about a fourth.

Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993), percentile
interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from t4s_lib.experiments.results import BASELINE, ArmResult, Overlaps, Results

DRAWS, SEED, LEVEL = 2000, 0, 0.95

Floats = NDArray[np.float64]


class Estimate(NamedTuple):
    """A figure with its 95 % interval over scenes.

    Attributes:
        estimate: On the scenes as they are.
        low: Lower end.
        high: Upper end.
    """

    estimate: float
    low: float
    high: float

    @property
    def holds_zero(self) -> bool:
        """Whether no difference at all is among what it could be."""
        return self.low <= 0 <= self.high


def difference(
    results: Results, codec: str, other: str = BASELINE, grid: int | None = None
) -> Estimate:
    """The cIoU of a codec's models less that of another's, on the same scenes.

    Args:
        results: The experiment.
        codec: The one.
        other: The other.
        grid: Grid side of both; may be left out where the codec has one only.

    Returns:
        In cIoU, from -1 to 1. An interval that holds 0 does not show that either is
        better. It covers the scenes, not the seeds.

    Raises:
        ValueError: If no model learned one of them on that grid.
    """
    side = the_grid(results, codec) if grid is None else grid
    ours = _means(results.of(codec, side))
    theirs = _means(results.of(other, side))
    return _estimate(ours - theirs)


def share_of_ceiling(results: Results, codec: str, grid: int) -> Estimate:
    """A codec's cIoU as a share of what its grid allows: the mean over its seeds.

    Raises:
        ValueError: If no model learned it on that grid.
    """
    tops = _draws(results.ceilings[grid])
    return _estimate(_means(results.of(codec, grid)) / tops)


def mean_ciou(results: Results, codec: str, grid: int) -> Estimate:
    """A codec's cIoU: the mean over its seeds.

    Raises:
        ValueError: If no model learned it on that grid.
    """
    return _estimate(_means(results.of(codec, grid)))


def spread(results: Results, codec: str, grid: int) -> float | None:
    """The highest less the lowest cIoU of a codec's seeds; None for a single seed.

    Raises:
        ValueError: If no model learned it on that grid.
    """
    found = [arm.overlaps.ciou for arm in results.of(codec, grid)]
    return max(found) - min(found) if len(found) > 1 else None


def the_grid(results: Results, codec: str) -> int:
    """The grid of a codec that was learned on one only.

    Raises:
        ValueError: If it was learned on none, or on several.
    """
    found = sorted(side for name, side in results.groups if name == codec)
    if len(found) != 1:
        known = ", ".join(map(str, found)) or "none"
        raise ValueError(f"{codec} was learned on grids {known}, expected grid=N")
    return found[0]


def _means(arms: Sequence[ArmResult]) -> Floats:
    """The mean cIoU of models: first as it is, then in each draw."""
    return np.asarray(np.mean([_draws(arm.overlaps) for arm in arms], axis=0))


def _draws(overlaps: Overlaps) -> Floats:
    """The cIoU on the scenes as they are, then in each draw, ``(1 + DRAWS,)``."""
    pixels = np.array([overlaps.intersections, overlaps.unions], dtype=np.float64)
    above, below = pixels @ _times_drawn(pixels.shape[1])
    return np.asarray(np.divide(above, below, out=np.ones_like(above), where=below > 0))


@lru_cache(maxsize=8)
def _times_drawn(n: int) -> Floats:
    """How often each scene comes up, ``(n, 1 + DRAWS)``; in the first column once."""
    drawn = np.random.default_rng(SEED).multinomial(n, np.full(n, 1 / n), DRAWS)
    return np.vstack([np.ones((1, n)), drawn]).T


def _estimate(found: Floats) -> Estimate:
    tails = [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
    low, high = np.quantile(found[1:], tails).tolist()
    return Estimate(float(found[0]), low, high)
