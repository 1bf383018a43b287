"""Exercise 6.4: mean IoU over classes, and other figures of that name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from t4s_lib.course.exercises.model import Exercise, Mistake
from t4s_lib.course.exercises.scoring import class_mean_iou
from t4s_lib.evaluation.metrics import class_counts, semantic

Maps = Sequence[tuple[Any, Any]]


def _map(*ids: int) -> Any:
    """A label map of one row."""
    return np.array([ids])


_MAPS: tuple[tuple[Maps, int], ...] = (
    (((_map(1, 1, 2, 2), _map(1, 2, 2, 2)),), 2),
    (((_map(1, 1, 255, 255), _map(1, 1, 2, 2)),), 2),
    (((_map(1, 1, 0, 0, 2), _map(1, 1, 1, 2, 2)),), 2),
    (
        (
            (_map(1, 1, 1, 1), _map(1, 1, 1, 0)),
            (_map(1, 2, 2, 2), _map(0, 2, 2, 2)),
        ),
        3,
    ),
)


def _ious(pairs: Maps, classes: Sequence[int], known: Callable[[Any], Any]) -> Any:
    """IoU of each class over the pixels that are known; NaN where none occurs."""
    found = []
    for k in classes:
        at = [(known(t) & (t == k), known(t) & (d == k)) for t, d in pairs]
        both = sum(int((t & d).sum()) for t, d in at)
        either = sum(int((t | d).sum()) for t, d in at)
        found.append(both / either if either else np.nan)
    return np.array(found)


def _mean(values: Any) -> float:
    return float(np.nanmean(values)) if np.isfinite(values).any() else 0.0


def _of_class(t: Any) -> Any:
    return (t > 0) & (t < 255)


def _right(pairs: Maps, classes: int) -> Any:
    return _ious(pairs, range(1, classes + 1), _of_class)


def _parity(pairs: Maps, classes: int) -> float:
    each = [class_counts.count_classes(t, d, classes) for t, d in pairs]
    return float(semantic.semantic_scores(each, classes)["mIoU_parity"] or 0)


def _by_picture(pairs: Maps, classes: int) -> float:
    return float(np.mean([_mean(_right([pair], classes)) for pair in pairs]))


def _pixels(pairs: Maps, classes: int) -> float:
    right = sum(int((_of_class(t) & (t == d)).sum()) for t, d in pairs)
    return right / sum(int(_of_class(t).sum()) for t, _ in pairs)


EXERCISE = Exercise(
    "6.4",
    "mIoU over classes",
    class_mean_iou,
    [
        Mistake(
            "background in the mean",
            lambda p, k: _mean(_ious(p, range(k + 1), lambda t: t < 255)),
            "Class 0 is in your mean. It is no class: neither its IoU nor its "
            "pixels count.",
        ),
        Mistake(
            "void counts",
            lambda p, k: _mean(_ious(p, range(1, k + 1), lambda t: t > 0)),
            "Pixels of 255 are void: nobody knows what they are. What is predicted "
            "there must not count.",
        ),
        Mistake(
            "no class counts",
            lambda p, k: _mean(_ious(p, range(1, k + 1), lambda t: t < 255)),
            "Pixels whose truth is 0 have no class. In this protocol they are left "
            "out, whatever is predicted there.",
        ),
        Mistake(
            "absent classes are 0",
            lambda p, k: float(np.nan_to_num(_right(p, k)).mean()),
            "A class that occurs neither in the truth nor in a prediction has no "
            "IoU. Leave it out of the mean.",
        ),
        Mistake(
            "absent classes are 1",
            lambda p, k: float(np.nan_to_num(_right(p, k), nan=1.0).mean()),
            "A class that never occurs was not recognised either. Leave it out of "
            "the mean.",
        ),
        Mistake(
            "picture by picture",
            _by_picture,
            "You take a mean for each picture. A class's pixels are added up over "
            "all pictures first, and then divided once.",
        ),
        Mistake(
            "pixel accuracy",
            _pixels,
            "That is the share of right pixels. Each class has an IoU of its own, "
            "and all classes count alike.",
        ),
        Mistake(
            "the authors' figure",
            _parity,
            "That is what the authors' script counts: a free background class, and "
            "0 for classes that never occur. Here the field's figure is wanted.",
        ),
    ],
    [
        "For each class from 1 on: its intersection and union over all pictures, "
        "on pixels whose truth is 1 to `classes`.",
        "Collect the IoUs of classes whose union is not 0, and take their mean.",
    ],
    [class_mean_iou, class_counts._standard],
    _MAPS,
    "value",
    "The pixels left out are why a model that paints everything can look good here.",
)
