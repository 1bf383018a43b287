"""How masks are scored: the answers of lesson 06, as short as a learner's.

The library does the same for any number of samples, in ``t4s_lib.evaluation.metrics``;
tests keep the two in step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from t4s_lib.descriptor import BoolMask
from t4s_lib.grid import iou

Pairs = Sequence[tuple[BoolMask, BoolMask]]
"""Of each sample the true mask and the predicted one."""

PixelBox = tuple[int, int, int, int]
"""First column, first row, last column, last row."""

Run = Mapping[str, Sequence[tuple[int, int]]]
"""Of each picture: intersection and union of each of its samples."""


def cumulative_iou(pairs: Pairs) -> float:
    """All intersections over all unions."""
    both = sum(int((truth & drawn).sum()) for truth, drawn in pairs)
    either = sum(int((truth | drawn).sum()) for truth, drawn in pairs)
    return both / either


def mean_iou(pairs: Pairs) -> float:
    """The mean of the samples' IoUs; two empty masks agree, one empty is 0."""
    return sum(iou(truth, drawn) for truth, drawn in pairs) / len(pairs)


def empty_rates(pairs: Pairs) -> tuple[float, float]:
    """Left empty, of those without a target; drawn, of those with one."""
    left = [not drawn.any() for truth, drawn in pairs if not truth.any()]
    made = [drawn.any() for truth, drawn in pairs if truth.any()]
    return sum(left) / len(left), sum(made) / len(made)


def class_mean_iou(
    pairs: Sequence[tuple[NDArray[np.int_], NDArray[np.int_]]], classes: int
) -> float:
    """Each class's pixels of all pictures, then the mean of those that occur."""
    ious = []
    for k in range(1, classes + 1):
        both = either = 0
        for truth, drawn in pairs:
            known = (truth >= 1) & (truth <= classes)
            both += (known & (truth == k) & (drawn == k)).sum()
            either += (known & ((truth == k) | (drawn == k))).sum()
        if either:
            ious.append(both / either)
    return float(np.mean(ious))


def box_overlap(one: PixelBox, two: PixelBox) -> float:
    """IoU of two boxes, their last column and row included."""
    wide = min(one[2], two[2]) - max(one[0], two[0]) + 1
    high = min(one[3], two[3]) - max(one[1], two[1]) + 1
    both = max(0, wide) * max(0, high)
    areas = [(b[2] - b[0] + 1) * (b[3] - b[1] + 1) for b in (one, two)]
    return both / (sum(areas) - both)


def accuracy_at_half(pairs: Sequence[tuple[PixelBox, PixelBox | None]]) -> float:
    """The share of boxes that overlap by half or more; none drawn is a miss."""
    hits = [d is not None and box_overlap(t, d) >= 0.5 for t, d in pairs]
    return sum(hits) / len(hits)


def drawn_ciou(run: Run, pictures: Sequence[str]) -> float:
    """The cIoU of the samples of some pictures, each as often as it was drawn."""
    samples = [sample for name in pictures for sample in run[name]]
    return sum(both for both, _ in samples) / sum(union for _, union in samples)


def difference_interval(
    ours: Run, theirs: Run, draws: Sequence[Sequence[str]]
) -> tuple[float, float]:
    """Where the middle 95 % of the differences lie, both runs drawn together."""
    apart = [drawn_ciou(ours, names) - drawn_ciou(theirs, names) for names in draws]
    low, high = np.quantile(apart, [0.025, 0.975])
    return float(low), float(high)
