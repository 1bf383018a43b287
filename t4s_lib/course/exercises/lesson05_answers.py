"""How cells become pixels: the answers of lesson 05, as short as a learner's.

The library does the same in more general ways; tests keep the two in step.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from t4s_lib.descriptor import BoolMask

Floats = NDArray[np.float64]


def blend_row(cells: Sequence[float], pixels: int) -> Floats:
    """Blend a row of cells: each pixel by the place of its centre among the cells'."""
    n = len(cells)
    place = (np.arange(pixels) + 0.5) * n / pixels - 0.5
    return np.asarray(np.interp(place, np.arange(n), cells))


def label_pixels(chances: Floats, has_cell: Sequence[bool]) -> NDArray[np.intp]:
    """The likeliest label of each pixel, among those that have a cell."""
    among = chances * np.array(has_cell)[:, None, None]
    return np.asarray(among.argmax(axis=0))


def share_logits(share: Any) -> Floats:
    """The log odds of shares, none surer than 999 to 1."""
    kept = np.clip(np.asarray(share, dtype=float), 0.001, 0.999)
    return np.asarray(np.log(kept / (1 - kept)))


def seeded_points(
    mask: BoolMask, count: int, seed: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Points on a mask and off it, x before y, the same for the same seed."""
    draw = np.random.default_rng(seed)
    points, labels = [], []
    for label, side in ((1, mask), (0, ~mask)):
        there = np.argwhere(side)[:, ::-1]
        taken = draw.permutation(len(there))[:count]
        points.append(there[taken])
        labels += [label] * len(taken)
    return np.concatenate(points), np.array(labels)


def change(before: Sequence[float], after: Sequence[float]) -> tuple[float, int]:
    """How much a score changes, mask by mask: the mean, and how many got worse."""
    steps = np.array(after) - np.array(before)
    return float(steps.mean()), int((steps < 0).sum())
