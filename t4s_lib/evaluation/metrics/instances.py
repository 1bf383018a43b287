"""How many instances were found, and how well each.

Instances have no confidence, so there is no order to draw a precision-recall curve in
and no AP. Panoptic quality needs none (Kirillov et al., 2019):

    PQ = SQ x RQ      SQ  mean IoU of matched pairs
                      RQ  pairs / (pairs + half of all that have no partner)

A pair is matched if its IoU is above one half. Where instances do not overlap, each
then has one partner at most; where they do, as COCO's may, the assignment with the
largest sum of IoUs is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

HALF = 0.5
"""The IoU that a pair must exceed."""


class Match(NamedTuple):
    """A true instance and the one that was found for it.

    Attributes:
        true: Position among the true ones.
        found: Position among those found.
        iou: Their overlap.
    """

    true: int
    found: int
    iou: float


@dataclass(frozen=True)
class InstanceCounts:
    """What one picture adds to the scores.

    Attributes:
        n_true: Instances that are there.
        n_found: Instances that were found.
        ious: Overlaps of the matched pairs.
    """

    n_true: int
    n_found: int
    ious: tuple[float, ...]


def instance_ious(
    true: Sequence[ArrayLike], found: Sequence[ArrayLike]
) -> NDArray[np.float64]:
    """The IoU of every true instance with every one found, ``(n_true, n_found)``.

    Raises:
        ValueError: If masks differ in shape.

    Examples:
        >>> instance_ious([[[1, 1, 0]]], [[[1, 0, 0]], [[0, 0, 1]]]).tolist()
        [[0.5, 0.0]]
    """
    shapes = {np.shape(mask) for mask in (*true, *found)}
    if len(shapes) > 1:
        raise ValueError(f"masks have shapes {sorted(shapes)}, expected one shape")
    if not true or not found:
        return np.zeros((len(true), len(found)))
    a, b = _flat(true), _flat(found)
    both = a @ b.T
    either = a.sum(axis=1)[:, None] + b.sum(axis=1)[None, :] - both
    return np.asarray(both / np.maximum(either, 1))


def match_instances(
    true: Sequence[ArrayLike], found: Sequence[ArrayLike], above: float = HALF
) -> list[Match]:
    """Who belongs to whom: each has one partner at most.

    Args:
        true: Bool ``(H, W)`` masks.
        found: Masks of the same shape.
        above: The IoU that a pair must exceed, 0 or more.

    Returns:
        The pairs whose IoUs have the largest sum, by position of the true one.

    Examples:
        >>> match_instances([[[1, 1, 0]], [[0, 0, 1]]], [[[0, 0, 1]]])
        [Match(true=1, found=0, iou=1.0)]
    """
    from scipy.optimize import linear_sum_assignment

    ious = instance_ious(true, found)
    worth = np.where(ious > above, ious, 0.0)
    pairs = zip(*linear_sum_assignment(worth, maximize=True), strict=True)
    return [Match(int(i), int(j), float(worth[i, j])) for i, j in pairs if worth[i, j]]


def count_instances(
    true: Sequence[ArrayLike], found: Sequence[ArrayLike]
) -> InstanceCounts:
    """Compare the instances of one picture; see ``match_instances``."""
    matched = match_instances(true, found)
    return InstanceCounts(len(true), len(found), tuple(m.iou for m in matched))


def instance_scores(pictures: Sequence[InstanceCounts]) -> dict[str, float]:
    """The scores of many pictures, of one kind of instance.

    Args:
        pictures: From ``count_instances``; one at least.

    Returns:
        Fractions: ``PQ``, ``SQ``, ``RQ`` (over all pictures together),
        ``count_accuracy`` (pictures with the right number of instances); then
        ``count_error`` (how far the number is off, the mean) and ``n``. Where
        nothing is there and nothing was found, the first three are 1.

    Raises:
        ValueError: If there is no picture.

    Examples:
        >>> found = instance_scores([InstanceCounts(2, 2, (0.8, 0.6))])
        >>> round(found["PQ"], 3), found["count_accuracy"]
        (0.7, 1.0)
        >>> instance_scores([InstanceCounts(3, 1, (0.8,))])["RQ"]
        0.5
    """
    if not pictures:
        raise ValueError("found no picture, expected one at least")
    ious = [iou for one in pictures for iou in one.ious]
    all_true = sum(one.n_true for one in pictures)
    all_found = sum(one.n_found for one in pictures)
    quality = sum(ious) / len(ious) if ious else float(all_true == all_found == 0)
    both = (all_true + all_found) / 2  # pairs, and half of what has no partner
    recognized = len(ious) / both if both else 1.0
    errors = [abs(one.n_true - one.n_found) for one in pictures]
    return {
        "PQ": quality * recognized,
        "SQ": quality,
        "RQ": recognized,
        "count_accuracy": errors.count(0) / len(errors),
        "count_error": sum(errors) / len(errors),
        "n": len(pictures),
    }


def _flat(masks: Sequence[ArrayLike]) -> NDArray[np.float64]:
    """Masks as rows of zeros and ones; floats, because these multiply fast."""
    return np.stack([np.asarray(mask, dtype=bool).ravel() for mask in masks]).astype(
        np.float64
    )
