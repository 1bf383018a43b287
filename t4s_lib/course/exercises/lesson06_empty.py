"""Exercise 6.3: whether anything is drawn just where there is something to draw."""

from __future__ import annotations

from t4s_lib import grid
from t4s_lib.course.exercises.lesson06_masks import (
    ALL,
    DOT,
    LEFT,
    MIDDLE,
    NONE,
    with_target,
)
from t4s_lib.course.exercises.model import Exercise, Mistake
from t4s_lib.course.exercises.scoring import Pairs, empty_rates
from t4s_lib.descriptor import BoolMask
from t4s_lib.evaluation.metrics import reductions

_RATE_CASES: tuple[tuple[Pairs], ...] = (
    (((NONE, NONE), (LEFT, LEFT), (ALL, NONE)),),
    (
        (
            *[(NONE, NONE), (NONE, NONE), (NONE, DOT)],
            *[(LEFT, LEFT), (ALL, NONE), (LEFT, NONE), (LEFT, NONE)],
        ),
    ),
    (((NONE, DOT), (LEFT, DOT), (LEFT, MIDDLE), (ALL, NONE)),),
)


def _mean(values: list[bool] | list[float]) -> float:
    return sum(values) / len(values)


def _right(truth: BoolMask, found: BoolMask) -> bool:
    """Whether something is drawn just where there is something to draw."""
    return bool(truth.any() == found.any())


EXERCISE = Exercise(
    "6.3",
    "N-acc and T-acc",
    empty_rates,
    [
        Mistake(
            "swapped",
            lambda p: empty_rates(p)[::-1],
            "N-acc comes first: the share of samples without a target that were "
            "left empty.",
        ),
        Mistake(
            "over all samples",
            lambda p: (
                _mean([not t.any() and not d.any() for t, d in p]),
                _mean([bool(t.any() and d.any()) for t, d in p]),
            ),
            "You divide by all samples. N-acc is a share of those without a "
            "target, T-acc of those with one.",
        ),
        Mistake(
            "the target must be met",
            lambda p: (
                empty_rates(p)[0],
                _mean([bool((t & d).any()) for t, d in with_target(p)]),
            ),
            "T-acc does not ask where the mask is, only whether there is one.",
        ),
        Mistake(
            "half must be right",
            lambda p: (
                empty_rates(p)[0],
                _mean([grid.iou(t, d) >= 0.5 for t, d in with_target(p)]),
            ),
            "No IoU is asked for: T-acc only asks whether anything was drawn.",
        ),
        Mistake(
            "of what was left empty",
            lambda p: (
                _mean([not t.any() for t, d in p if not d.any()] or [0.0]),
                _mean([bool(t.any()) for t, d in p if d.any()]),
            ),
            "You ask how many of the empty predictions are right. Turn it round: "
            "of the samples without a target, how many were left empty?",
        ),
        Mistake(
            "one accuracy for both",
            lambda p: (_mean([_right(*one) for one in p]),) * 2,
            "That is one accuracy over all samples. Two are wanted: a model that "
            "always draws something has N-acc 0 and T-acc 1.",
        ),
    ],
    [
        "Sort the samples by whether the true mask has a pixel, then look at the "
        "predicted ones.",
        "`[not drawn.any() for truth, drawn in pairs if not truth.any()]` is half "
        "of it.",
    ],
    [empty_rates, reductions._terms],
    _RATE_CASES,
    "value",
    "Neither says where the mask is, so report them beside gIoU, never alone.",
)
