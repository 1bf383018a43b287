"""Exercises 5.4 to 5.6: what SAM is told, and whether a refiner helped."""

from __future__ import annotations

from typing import Any

import numpy as np

from t4s_lib.course.exercises.lesson05_answers import (
    change,
    seeded_points,
    share_logits,
)
from t4s_lib.course.exercises.masks import box
from t4s_lib.course.exercises.model import Exercise, Late, Mistake, is_blank


def _open(share: Any) -> Any:
    """The log odds without an end."""
    share = np.asarray(share, dtype=float)
    with np.errstate(divide="ignore"):
        return np.log(share / (1 - np.minimum(share, 1 - 1e-12)))


def _clipped(share: Any) -> Any:
    return np.clip(np.asarray(share, dtype=float), 0.001, 0.999)


def _points(answer: Any, mask: Any, count: int, seed: int) -> Any:
    """What points an answer drew, in words; chance itself cannot be compared."""
    found = answer(mask.copy(), count, seed)
    if is_blank(found):
        return found
    points, labels = (np.asarray(part) for part in found)
    if points.shape != (len(labels), 2):
        raise ValueError(f"{points.shape} points, {len(labels)} labels")
    again = np.asarray(answer(mask.copy(), count, seed)[0])
    other = np.asarray(answer(mask.copy(), count, seed + 1)[0])
    told = [
        f"labelled {label}: {_side(points, labels, label, mask)}" for label in (1, 0)
    ]
    twice = len(points) - len({tuple(point) for point in points.tolist()})
    told.append(f"drawn twice: {twice}")
    told.append(f"same seed, {'same' if _alike(points, again) else 'other'} points")
    told.append(f"other seed, {'same' if _alike(points, other) else 'other'} points")
    return "\n".join(told)


def _side(points: Any, labels: Any, label: int, mask: Any) -> str:
    x, y = points[labels == label].astype(int).T
    inside = (x >= 0) & (x < mask.shape[1]) & (y >= 0) & (y < mask.shape[0])
    on = mask[y[inside], x[inside]]
    off = f"{int((~on).sum())} off it"
    return f"{int(on.sum())} on the target, {off}, {int((~inside).sum())} outside"


def _alike(one: Any, two: Any) -> bool:
    return one.shape == two.shape and bool((one == two).all())


def _drawn(mask: Any, count: int, draw: Any, repeated: bool = False) -> Any:
    there = np.argwhere(mask)[:, ::-1]
    size = count if repeated else min(count, len(there))
    return there[draw.choice(len(there), size, replace=repeated)]


def _both(mask: Any, count: int, draw: Any, off: Any = None, **how: Any) -> Any:
    sides = (mask, ~mask if off is None else off)
    points = [_drawn(side, count, draw, **how) for side in sides]
    return np.concatenate(points), np.repeat([1, 0], [len(part) for part in points])


def _first(mask: Any, count: int, seed: int) -> Any:
    """The first pixels of each side; no chance at all."""
    points = [np.argwhere(side)[:count, ::-1] for side in (mask, ~mask)]
    return np.concatenate(points), np.repeat([1, 0], [len(part) for part in points])


def _fresh(seed: int) -> Any:
    return np.random.default_rng(seed)


_WIDE, _DOT = box((30, 50), 6, 8, 20, 40), box((30, 50), 6, 40, 7, 43)
_BEFORE = [0.6, 0.7, 0.5, 0.8]
_AFTER = [0.7, 0.9, 0.4, 0.8]

EXERCISES = (
    Exercise(
        "5.4",
        "Cells as logits",
        share_logits,
        [
            Mistake(
                "shares as they are",
                lambda share: np.asarray(share, dtype=float),
                "These are shares, from 0 to 1. A logit is below 0 where the target is "
                "unlikely: the logarithm of the odds.",
            ),
            Mistake(
                "no bound",
                _open,
                "A cell that is sure has infinite odds, and SAM can do nothing with "
                "infinity. Cut the shares at 0.001 and 0.999 first.",
            ),
            Mistake(
                "turned round",
                lambda share: -share_logits(share),
                "The sign is turned: cells of the target should be above 0.",
            ),
            Mistake(
                "log of the share",
                lambda share: np.log(_clipped(share)),
                "This is the logarithm of the share. Odds are the share divided by "
                "what is left of 1.",
            ),
            Mistake(
                "base 10",
                lambda share: share_logits(share) / np.log(10),
                "These are logarithms to the base 10. Logits use the natural one, "
                "`np.log`.",
            ),
            Mistake(
                "hard cells",
                lambda share: share_logits(np.asarray(share, dtype=float) > 0.5),
                "Unsure cells became sure ones. A share of one half has the logit 0.",
            ),
        ],
        [
            "The odds of a share p are p / (1 - p); their logarithm is the logit.",
            "`np.clip(share, 0.001, 0.999)` first. What do you get for 1, what for 0?",
        ],
        [share_logits, Late("t4s_lib.refine.sam_prompts", "to_logits")],
        (
            (np.array([[0.0, 1.0], [1.0, 0.0]]),),
            (np.array([[0.25, 0.5], [0.9, 0.9995]]),),
        ),
        note="ln 999 is 6.9: what the authors give SAM for every cell of a grid.",
    ),
    Exercise(
        "5.5",
        "Points from a seed",
        seeded_points,
        [
            Mistake(
                "row before column",
                lambda mask, count, seed: (
                    seeded_points(mask, count, seed)[0][:, ::-1],
                    seeded_points(mask, count, seed)[1],
                ),
                "You give row and column. A point is x and y: the column first.",
            ),
            Mistake(
                "no seed",
                lambda mask, count, seed: _both(mask, count, np.random.default_rng()),
                "The same seed gives other points each time. Make the generator from "
                "the seed: `np.random.default_rng(seed)`.",
            ),
            Mistake(
                "outside is anywhere",
                lambda mask, count, seed: _both(
                    mask, count, _fresh(seed), np.ones_like(mask)
                ),
                "Some points labelled 0 lie on the target: you drew them from the "
                "whole picture. `~mask` is what is outside.",
            ),
            Mistake(
                "one point twice",
                lambda mask, count, seed: _both(
                    mask, count, _fresh(seed), repeated=True
                ),
                "A point may come twice, and a small target gets more points than it "
                "has pixels. Draw without putting back.",
            ),
            Mistake(
                "labels swapped",
                lambda mask, count, seed: (
                    seeded_points(mask, count, seed)[0],
                    1 - seeded_points(mask, count, seed)[1],
                ),
                "The labels are swapped: 1 for points on the target, 0 for the others.",
            ),
            Mistake(
                "the first ones",
                _first,
                "No chance is in it: these are the first pixels, all along one edge. "
                "Every pixel should be equally likely.",
            ),
        ],
        [
            "`np.argwhere(mask)` lists all pixels of a side; choose `count` of them, "
            "or all where there are fewer.",
            "`draw = np.random.default_rng(seed)`; `draw.permutation(n)[:count]` are "
            "places, none twice. Turn row, column into x, y with `[:, ::-1]`.",
        ],
        [seeded_points, Late("t4s_lib.refine.sam_prompts", "draw_points")],
        ((_WIDE, 10, 42), (_DOT, 10, 7)),
        note="The authors draw without a seed, so their scores move a little from "
        "run to run. Ours do not.",
        trial=_points,
    ),
    Exercise(
        "5.6",
        "Did it help or hurt?",
        change,
        [
            Mistake(
                "before minus after",
                lambda before, after: (
                    -change(before, after)[0],
                    change(before, after)[1],
                ),
                "Your sign is turned: what gets better should be above 0.",
            ),
            Mistake(
                "those that got better",
                lambda before, after: (
                    change(before, after)[0],
                    change(after, before)[1],
                ),
                "You counted the masks that got better. How many got worse?",
            ),
            Mistake(
                "as good counts as worse",
                lambda before, after: (
                    change(before, after)[0],
                    int((np.array(after) <= np.array(before)).sum()),
                ),
                "A mask that stayed as it was did not get worse.",
            ),
            Mistake(
                "a share",
                lambda before, after: (
                    change(before, after)[0],
                    change(before, after)[1] / len(before),
                ),
                "The second number is a count of masks; yours is their share.",
            ),
            Mistake(
                "gains only",
                lambda before, after: (
                    float(np.mean(np.maximum(np.subtract(after, before), 0))),
                    change(before, after)[1],
                ),
                "You left the losses out of the mean. They are what this is about.",
            ),
        ],
        [
            "Subtract mask by mask, not mean from mean: who is worse shows only so.",
            "`steps = np.array(after) - np.array(before)`: its mean, and how many are "
            "below 0.",
        ],
        [
            change,
            "With an interval, the library does it in "
            "`t4s_lib.evaluation.metrics.paired_difference`.",
        ],
        ((_BEFORE, _AFTER), (_AFTER, _BEFORE), ([0.5, 0.5, 0.5], [0.2, 0.9, 0.9])),
        note="A mean above 0 can hide many masks that got worse. Report both.",
    ),
)
