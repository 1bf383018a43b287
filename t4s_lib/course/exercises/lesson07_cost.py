"""Exercise 7.5: what a shorter text costs, with an interval over scenes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from t4s_lib.course.exercises.model import Exercise, Mistake
from t4s_lib.course.exercises.shorter import Scores, paired_cost
from t4s_lib.evaluation.metrics import bootstrap

_SHORT: Scores = [[0.9, 0.7], [0.4, 0.6], [0.8, 0.8], [0.2, 0.3], [0.7, 0.5]]
_LONG: Scores = [[0.8, 0.7], [0.5, 0.6], [0.7, 0.8], [0.1, 0.1], [0.7, 0.6]]
_ONE_MODEL: Scores = [[0.5], [0.25], [1.0], [0.75]]
_WORSE: Scores = [[0.25], [0.25], [0.5], [0.75]]
_CASES = ((_SHORT, _LONG), (_WORSE, _ONE_MODEL), (_LONG, _SHORT))


def _around(middle: float, reach: float) -> tuple[float, float, float]:
    return middle, middle - reach, middle + reach


def _apart(short: Any, long: Any) -> Any:
    """The differences, one a scene."""
    return np.mean(short, axis=1) - np.mean(long, axis=1)


def _with_reach(reach: Callable[[Any], float]) -> Callable[[Any, Any], Any]:
    """The right middle, and another reach."""
    return lambda short, long: _around(
        float(_apart(short, long).mean()), reach(_apart(short, long))
    )


def _unpaired(short: Any, long: Any) -> Any:
    each = [np.mean(scores, axis=1) for scores in (short, long)]
    spread = sum(scores.var(ddof=1) / len(scores) for scores in each)
    return _around(float(each[0].mean() - each[1].mean()), 1.96 * spread**0.5)


def _one_by_one(short: Any, long: Any) -> Any:
    """Each answer of each model as a scene of its own."""
    columns = (np.asarray(scores).reshape(-1, 1) for scores in (short, long))
    return paired_cost(*columns)


def _first_model(short: Any, long: Any) -> Any:
    return paired_cost(*([row[:1] for row in scores] for scores in (short, long)))


EXERCISE = Exercise(
    "7.5",
    "What a shorter text costs",
    paired_cost,
    [
        Mistake(
            "answers as scenes",
            _one_by_one,
            "You take each model's answer as a scene of its own. Three answers about "
            "one scene are no three scenes: take the scene's mean first.",
        ),
        Mistake(
            "not paired",
            _unpaired,
            "You add up the spread of both codecs. Subtract scene by scene first: "
            "what makes a scene hard for both then cancels out.",
        ),
        Mistake(
            "spread of the scenes",
            _with_reach(lambda d: 1.96 * d.std(ddof=1)),
            "That is how far the *scenes* spread. The mean of n of them is surer by "
            "a factor of √n: divide.",
        ),
        Mistake(
            "one standard error",
            _with_reach(lambda d: d.std(ddof=1) / len(d) ** 0.5),
            "One standard error to either side holds the truth 68 times in 100. For "
            "95 it takes 1.96 of them.",
        ),
        Mistake(
            "divided by n",
            _with_reach(lambda d: 1.96 * d.std() / len(d) ** 0.5),
            "`np.std` divides by n unless told `ddof=1`, and is then a little too "
            "small: the mean was fitted to the same scenes.",
        ),
        Mistake(
            "first model only",
            _first_model,
            "You look at the first model of each codec. Take the mean over all of a "
            "scene's models.",
        ),
        Mistake(
            "the other way round",
            lambda short, long: paired_cost(long, short),
            "Short less long: above 0 where the shorter text is better.",
        ),
    ],
    [
        "One difference a scene: the mean of its row in `short`, less the mean of its "
        "row in `long`.",
        "The standard error is `d.std(ddof=1) / np.sqrt(len(d))`; go 1.96 of them to "
        "either side of `d.mean()`.",
    ],
    [paired_cost, bootstrap.paired_difference],
    _CASES,
    "value",
    "An interval that holds 0 shows no cost. Whether it rules one out depends on its "
    "lower end: how much would you mind?",
)
