"""Lesson 06: the figures of referring segmentation, from pairs of masks."""

from __future__ import annotations

from t4s_lib import grid
from t4s_lib.course.exercises import (
    lesson06_boxes,
    lesson06_classes,
    lesson06_empty,
    lesson06_interval,
)
from t4s_lib.course.exercises.lesson06_masks import (
    ALL,
    DOT,
    LEFT,
    MIDDLE,
    NONE,
    with_target,
)
from t4s_lib.course.exercises.model import Exercise, Mistake
from t4s_lib.course.exercises.scoring import (
    Pairs,
    cumulative_iou,
    mean_iou,
)
from t4s_lib.descriptor import BoolMask
from t4s_lib.evaluation.metrics import counts, reductions

_CASES: tuple[tuple[Pairs], ...] = (
    (((LEFT, MIDDLE),),),
    (((ALL, ALL), (LEFT, DOT)),),
    (((LEFT, LEFT), (NONE, MIDDLE)),),
)
_EMPTY_CASES: tuple[tuple[Pairs], ...] = (
    (((LEFT, MIDDLE), (ALL, ALL)),),
    (((LEFT, MIDDLE), (NONE, NONE)),),
    (((LEFT, LEFT), (NONE, MIDDLE)),),
    (((LEFT, LEFT), (ALL, NONE)),),
)


def _areas(pairs: Pairs) -> tuple[int, int, int]:
    """Pixels of all intersections, true masks, and predictions."""
    both = sum(int((t & d).sum()) for t, d in pairs)
    return (
        both,
        sum(int(t.sum()) for t, _ in pairs),
        sum(int(d.sum()) for _, d in pairs),
    )


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


def _strict(truth: BoolMask, found: BoolMask) -> float:
    """IoU; 0 where there is no pixel at all."""
    return grid.iou(truth, found) if (truth | found).any() else 0.0


EXERCISES = (
    Exercise(
        "6.1",
        "cIoU",
        cumulative_iou,
        [
            Mistake(
                "mean of the IoUs",
                mean_iou,
                "You take the mean of each pair's IoU. Here all intersections are "
                "added up first, then all unions, and divided once.",
            ),
            Mistake(
                "areas added",
                lambda p: _areas(p)[0] / sum(_areas(p)[1:]),
                "You add both areas, so what both have is counted twice. A union has "
                "each pixel once: `truth | drawn`.",
            ),
            Mistake(
                "Dice",
                lambda p: 2 * _areas(p)[0] / sum(_areas(p)[1:]),
                "That is the Dice score, or F1: twice the intersection over both "
                "areas. Divide the intersection by the union.",
            ),
            Mistake(
                "recall",
                lambda p: _areas(p)[0] / _areas(p)[1],
                "You divide by the true pixels alone, so what is drawn too much costs "
                "nothing. Divide by the union.",
            ),
            Mistake(
                "precision",
                lambda p: _areas(p)[0] / _areas(p)[2],
                "You divide by the predicted pixels alone, so what is missed costs "
                "nothing. Divide by the union.",
            ),
            Mistake(
                "no-target samples left out",
                lambda p: cumulative_iou(with_target(p)),
                "A sample without a target counts too: what is drawn for it adds to "
                "the unions.",
            ),
        ],
        [
            "Two sums, one over all intersections, one over all unions; divide at the "
            "very end.",
            "`(truth & drawn).sum()` and `(truth | drawn).sum()` of each pair.",
        ],
        [cumulative_iou, counts.count],
        _CASES,
        "value",
        "The library keeps tp, fp and fn of each sample, so every score can be had "
        "later without a mask.",
    ),
    Exercise(
        "6.2",
        "gIoU with its empty rules",
        mean_iou,
        [
            Mistake(
                "cIoU",
                lambda p: cumulative_iou(p),
                "You still add up pixels. Here each sample has an IoU of its own, and "
                "all samples count alike.",
            ),
            Mistake(
                "two empty masks are 0",
                lambda p: _mean([_strict(t, d) for t, d in p]),
                "Nothing was asked for and nothing was drawn: that is right, and "
                "counts 1.",
            ),
            Mistake(
                "two empty masks left out",
                lambda p: mean_iou([(t, d) for t, d in p if (t | d).any()]),
                "You leave out samples where both masks are empty. They are right "
                "answers: each counts 1.",
            ),
            Mistake(
                "no-target samples left out",
                lambda p: mean_iou(with_target(p)),
                "You leave out samples without a target. Drawing something there is "
                "wrong and counts 0; drawing nothing counts 1.",
            ),
            Mistake(
                "no target is always 1",
                lambda p: _mean([grid.iou(t, d) if t.any() else 1.0 for t, d in p]),
                "Where there is no target you count 1 whatever was drawn. Only an "
                "empty mask is right there.",
            ),
            Mistake(
                "empty predictions left out",
                lambda p: mean_iou([(t, d) for t, d in p if d.any() or not t.any()]),
                "You leave out samples for which nothing was drawn. A target that was "
                "missed counts 0.",
            ),
        ],
        [
            "An IoU for each pair, then the mean. What is 0 over 0?",
            "If neither mask has a pixel the IoU is 1; otherwise intersection over "
            "union, which is 0 by itself where one is empty.",
        ],
        [mean_iou, grid.iou, reductions.scaled_iou],
        _EMPTY_CASES,
        "value",
        "One name, two meanings: in box detection, gIoU is something else.",
    ),
    lesson06_empty.EXERCISE,
    lesson06_classes.EXERCISE,
    lesson06_boxes.EXERCISE,
    lesson06_interval.EXERCISE,
)
