"""Exercise 6.6: the interval of a difference, drawn by picture."""

from __future__ import annotations

from typing import Any

import numpy as np

from t4s_lib.course.exercises.model import Exercise, Mistake
from t4s_lib.course.exercises.scoring import Run, difference_interval, drawn_ciou
from t4s_lib.evaluation.metrics import bootstrap

_OURS: Run = {"a": [(9, 10), (30, 50)], "b": [(60, 80)], "c": [(2, 9), (3, 4)]}
_THEIRS: Run = {"a": [(7, 11), (33, 52)], "b": [(50, 84)], "c": [(4, 8), (1, 5)]}
_DRAWS = ["abc", "aab", "ccb", "bbb", "acc", "bca", "aaa", "cbb"]
_RUNS = (
    (_OURS, _THEIRS, [list(names) for names in _DRAWS]),
    (_THEIRS, _OURS, [list(names) for names in _DRAWS[1:6]]),
)
_MIDDLE = [0.025, 0.975]


def _apart(ours: Run, theirs: Run, draws: Any) -> Any:
    pairs = [(drawn_ciou(ours, one), drawn_ciou(theirs, one)) for one in draws]
    return np.array([a - b for a, b in pairs])


def _alone(run: Run, draws: Any) -> Any:
    return np.quantile([drawn_ciou(run, names) for names in draws], _MIDDLE)


def _first_only(run: Run) -> Run:
    return {name: samples[:1] for name, samples in run.items()}


def _mean_of_ious(run: Run, names: Any) -> float:
    return float(np.mean([both / union for name in names for both, union in run[name]]))


EXERCISE = Exercise(
    "6.6",
    "A paired interval, by picture",
    difference_interval,
    [
        Mistake(
            "each run for itself",
            lambda a, b, draws: tuple(_alone(a, draws) - _alone(b, draws)),
            "You make an interval of each run and subtract their ends. Subtract in "
            "each draw: what makes a picture hard for both then cancels out.",
        ),
        Mistake(
            "a picture counts once",
            lambda a, b, draws: difference_interval(
                a, b, [sorted(set(names)) for names in draws]
            ),
            "A picture that was drawn twice counts twice.",
        ),
        Mistake(
            "one sample a picture",
            lambda a, b, draws: difference_interval(
                _first_only(a), _first_only(b), draws
            ),
            "A picture is drawn with all its samples; you take only the first.",
        ),
        Mistake(
            "gIoU",
            lambda a, b, draws: tuple(
                np.quantile(
                    [_mean_of_ious(a, n) - _mean_of_ious(b, n) for n in draws],
                    _MIDDLE,
                )
            ),
            "You take the mean of the samples' IoUs. cIoU is wanted: add up "
            "intersections and unions over the draw, then divide.",
        ),
        Mistake(
            "smallest and largest",
            lambda a, b, draws: (
                _apart(a, b, draws).min(),
                _apart(a, b, draws).max(),
            ),
            "From the smallest to the largest: with more draws that grows without "
            "end. Take the middle 95 %.",
        ),
        Mistake(
            "two standard deviations",
            lambda a, b, draws: tuple(
                _apart(a, b, draws).mean()
                + np.array([-1.96, 1.96]) * _apart(a, b, draws).std()
            ),
            "Mean and spread describe a bell. Take the percentiles of the draws "
            "themselves: `np.quantile(differences, [0.025, 0.975])`.",
        ),
        Mistake(
            "90 percent",
            lambda a, b, draws: tuple(np.quantile(_apart(a, b, draws), [0.05, 0.95])),
            "Between the 5th and the 95th percentile lie 90 %. Of 95 %, half of "
            "what is left lies at each end.",
        ),
        Mistake(
            "the other way round",
            lambda a, b, draws: difference_interval(b, a, draws),
            "Ours less theirs: above 0 where ours is better.",
        ),
    ],
    [
        "For each draw: the cIoU of ours on these pictures, less the cIoU of theirs "
        "on the same ones.",
        "`run[name]` has a picture's samples. Quantiles 0.025 and 0.975 of all "
        "differences are the two ends.",
    ],
    [difference_interval, drawn_ciou, bootstrap.paired_difference],
    _RUNS,
    "value",
    "An interval that holds 0 does not show that either run is better.",
)
