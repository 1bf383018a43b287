"""How sure a figure is, and a difference between two runs on the same samples.

A split is drawn again and again from itself, with replacement. Several expressions
about one picture are not independent, so what is drawn are pictures, each with all
its samples; drawing samples one by one makes the interval too narrow. Two runs are
drawn together, so what makes a sample hard for both cancels out.

Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993), percentile
interval; Field and Welsh, Bootstrapping clustered data (2007), for the pictures.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from t4s_lib.evaluation.metrics.counts import Counts

METRICS = ("cIoU", "gIoU")
"""The figures that intervals are made for."""

Floats = NDArray[np.float64]

_AT_ONCE = 1_000_000  # weights in memory


class Interval(NamedTuple):
    """A figure with what it could as well have been.

    Attributes:
        value: The figure, or the difference, on the samples as they are.
        low: Lower end of the interval.
        high: Upper end of the interval.
        units: How many things were drawn from: pictures, or samples.
    """

    value: float
    low: float
    high: float
    units: int


def interval(
    counts: Sequence[Counts],
    metric: str = "cIoU",
    *,
    by_image: bool = True,
    draws: int = 2000,
    level: float = 0.95,
    seed: int = 0,
) -> Interval:
    """The interval of one run's figure.

    Args:
        counts: One for each sample.
        metric: ``cIoU`` or ``gIoU``.
        by_image: Draw pictures with all their samples; else single samples.
        draws: How often to draw.
        level: How often such intervals hold the true figure.
        seed: Of the draws; the same seed gives the same interval.

    Raises:
        ValueError: If there are no counts, a count names no picture, an option is
            not known, or no sample has a pixel to divide by.

    Examples:
        >>> from t4s_lib.evaluation.metrics.counts import count
        >>> good, bad = [[1, 1]], [[0, 1]]
        >>> run = [count(good, m, image=str(k)) for k, m in enumerate([good, bad] * 20)]
        >>> found = interval(run, "gIoU")
        >>> found.value, 0.66 < found.low < 0.72, found.units
        (0.75, True, 40)
    """
    _check(metric, draws, level)
    parts = _parts(counts, metric)
    sums = _grouped(parts, _units(counts, by_image))
    drawn = _draw(sums, draws, seed)
    return _ends(_figure(sums.sum(axis=0)), _figure(drawn), len(sums), level)


def paired_difference(
    ours: Sequence[Counts],
    theirs: Sequence[Counts],
    metric: str = "cIoU",
    *,
    by_image: bool = True,
    draws: int = 2000,
    level: float = 0.95,
    seed: int = 0,
) -> Interval:
    """The interval of ``ours`` less ``theirs``, both run on the same samples.

    Args:
        ours: Counts of one run, one for each sample.
        theirs: Counts of the other run, in the same order.
        metric: ``cIoU`` or ``gIoU``.
        by_image: Draw pictures with all their samples; else single samples.
        draws: How often to draw.
        level: How often such intervals hold the true difference.
        seed: Of the draws.

    Returns:
        The difference and its interval. One that holds 0 does not show that either
        run is better.

    Raises:
        ValueError: If the runs are not of the same samples; else as ``interval``.

    Examples:
        >>> from t4s_lib.evaluation.metrics.counts import count
        >>> truth = [[1, 1]]
        >>> ours = [count(truth, truth, image=str(k)) for k in range(30)]
        >>> theirs = [count(truth, [[0, 1]], image=str(k)) for k in range(30)]
        >>> paired_difference(ours, theirs, "gIoU")
        Interval(value=0.5, low=0.5, high=0.5, units=30)
    """
    _check(metric, draws, level)
    _check_pairs(ours, theirs)
    both = np.hstack([_parts(ours, metric), _parts(theirs, metric)])
    sums = _grouped(both, _units(ours, by_image))
    drawn = _draw(sums, draws, seed)
    here = _figure(sums.sum(axis=0)[:2]) - _figure(sums.sum(axis=0)[2:])
    there = _figure(drawn[:, :2]) - _figure(drawn[:, 2:])
    return _ends(here, there, len(sums), level)


def _parts(counts: Sequence[Counts], metric: str) -> Floats:
    """What is summed above and below the line, ``(samples, 2)``."""
    pairs: list[tuple[float, int]]
    if metric == "cIoU":
        pairs = [(item.tp, item.union) for item in counts]
    else:
        pairs = [(item.iou, 1) for item in counts]
    return np.array(pairs, dtype=np.float64).reshape(len(counts), 2)


def _units(counts: Sequence[Counts], by_image: bool) -> list[str]:
    """The name of what each sample is drawn with."""
    if not by_image:
        return [str(number) for number in range(len(counts))]
    for number, item in enumerate(counts):
        if not item.image:
            name = item.source or f"number {number}"
            raise ValueError(f"counts of sample {name} name no picture to draw by")
    return [item.image for item in counts]


def _grouped(parts: Floats, units: Sequence[str]) -> Floats:
    """Sums over the samples of each unit, in order of first appearance."""
    if not units:
        raise ValueError("there are no counts, expected one for each sample")
    place = {name: k for k, name in enumerate(dict.fromkeys(units))}
    sums = np.zeros((len(place), parts.shape[1]))
    np.add.at(sums, [place[name] for name in units], parts)
    return sums


def _draw(sums: Floats, draws: int, seed: int) -> Floats:
    """The sums over each draw of as many units as there are, ``(draws, columns)``."""
    rng = np.random.default_rng(seed)
    step = max(1, _AT_ONCE // len(sums))
    sizes = [min(step, draws - start) for start in range(0, draws, step)]
    return np.concatenate([_times_drawn(rng, size, len(sums)) @ sums for size in sizes])


def _times_drawn(rng: np.random.Generator, draws: int, units: int) -> Floats:
    """How often each unit comes up, ``(draws, units)``; each row sums to ``units``."""
    chosen = rng.integers(units, size=(draws, units))
    chosen += units * np.arange(draws)[:, None]
    times = np.bincount(chosen.ravel(), minlength=draws * units)
    return times.reshape(draws, units).astype(np.float64)


def _figure(sums: Floats) -> Floats:
    """Above the line over below it; NaN where that is 0."""
    above, below = sums[..., 0], sums[..., 1]
    empty = np.full(below.shape, np.nan)
    return np.asarray(np.divide(above, below, out=empty, where=below > 0))


def _ends(here: Floats, drawn: Floats, units: int, level: float) -> Interval:
    """Percentiles; draws with no pixel to divide by say nothing and are left out."""
    if np.isnan(here):
        raise ValueError("no sample has a pixel to divide by, expected at least one")
    tails = [(1 - level) / 2, (1 + level) / 2]
    low, high = np.nanquantile(drawn, tails).tolist()
    return Interval(float(here), low, high, units)


def _check(metric: str, draws: int, level: float) -> None:
    if metric not in METRICS:
        raise ValueError(f"metric is {metric!r}, expected one of {', '.join(METRICS)}")
    if draws < 1:
        raise ValueError(f"draws is {draws}, expected 1 or more")
    if not 0 < level < 1:
        raise ValueError(f"level is {level}, expected between 0 and 1")


def _check_pairs(ours: Sequence[Counts], theirs: Sequence[Counts]) -> None:
    if len(ours) != len(theirs):
        found = f"{len(ours)} and {len(theirs)} samples"
        raise ValueError(f"the runs have {found}, expected the same ones")
    for number, (one, two) in enumerate(zip(ours, theirs, strict=True)):
        if (one.source, one.image) != (two.source, two.image):
            names = f"{one.source or one.image!r} and {two.source or two.image!r}"
            raise ValueError(f"sample {number} is {names}, expected the same in both")
