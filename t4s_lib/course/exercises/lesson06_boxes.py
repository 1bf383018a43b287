"""Exercise 6.5: Acc@0.5, from boxes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from t4s_lib.course.exercises.model import Exercise, Mistake
from t4s_lib.course.exercises.scoring import PixelBox, accuracy_at_half, box_overlap
from t4s_lib.evaluation.metrics import boxes

Boxes = Sequence[tuple[PixelBox, PixelBox | None]]

_SQUARE = (0, 0, 3, 3)
_BOXES: tuple[tuple[Boxes], ...] = (
    (((_SQUARE, _SQUARE), (_SQUARE, (3, 0, 6, 3))),),
    (((_SQUARE, (0, 0, 3, 1)),),),
    (((_SQUARE, (0, 0, 2, 2)),),),
    (((_SQUARE, (8, 8, 11, 11)),),),
    ((((10, 10, 13, 13), (12, 10, 15, 13)),),),
    (((_SQUARE, None), (_SQUARE, (0, 0, 3, 2))),),
    ((((2, 2, 5, 5), (1, 1, 9, 9)), ((0, 0, 7, 3), (1, 0, 6, 3))),),
)


def _share(test: Callable[[PixelBox, PixelBox], bool]) -> Callable[[Boxes], float]:
    """Accuracy by another test; nothing drawn is a miss."""
    return lambda pairs: (
        sum(d is not None and test(t, d) for t, d in pairs) / len(pairs)
    )


def _edges_iou(one: PixelBox, two: PixelBox) -> float:
    return boxes.box_iou(boxes.edges_of(one, "parity"), boxes.edges_of(two, "parity"))


def _area(box: PixelBox) -> int:
    return (box[2] - box[0] + 1) * (box[3] - box[1] + 1)


def _unclipped(one: PixelBox, two: PixelBox) -> float:
    wide = min(one[2], two[2]) - max(one[0], two[0]) + 1
    high = min(one[3], two[3]) - max(one[1], two[1]) + 1
    union = _area(one) + _area(two) - wide * high
    return wide * high / union if union else 0.0


def _covered(one: PixelBox, two: PixelBox) -> float:
    both = box_overlap(one, two) / (1 + box_overlap(one, two))
    return both * (_area(one) + _area(two)) / _area(one)


def _mean_overlap(pairs: Boxes) -> float:
    return sum(box_overlap(t, d) if d else 0.0 for t, d in pairs) / len(pairs)


EXERCISE = Exercise(
    "6.5",
    "Acc@0.5",
    accuracy_at_half,
    [
        Mistake(
            "last pixels left out",
            _share(lambda t, d: _edges_iou(t, d) >= 0.5),
            "From pixel 0 to pixel 3 are four pixels: a side is last less first, "
            "*plus one*. The authors' script leaves that one out.",
        ),
        Mistake(
            "above one half",
            _share(lambda t, d: box_overlap(t, d) > 0.5),
            "An overlap of exactly one half is a hit.",
        ),
        Mistake(
            "not cut at zero",
            _share(lambda t, d: _unclipped(t, d) >= 0.5),
            "Boxes that lie apart have a negative overlap in both directions, and "
            "the product of two negatives is positive. Cut each at 0.",
        ),
        Mistake(
            "nothing drawn is left out",
            lambda p: accuracy_at_half([(t, d) for t, d in p if d] or p),
            "You leave out samples for which nothing was drawn. Each is a miss.",
        ),
        Mistake(
            "mean overlap",
            _mean_overlap,
            "That is the mean IoU of the boxes. Count those that reach one half.",
        ),
        Mistake(
            "width and height",
            _share(
                lambda t, d: (
                    boxes.box_iou(*map(boxes.edges_of_annotation, (t, d))) >= 0.5
                )
            ),
            "You read the last two numbers as width and height. Here they are the "
            "last column and the last row.",
        ),
        Mistake(
            "half of the target covered",
            _share(lambda t, d: _covered(t, d) >= 0.5),
            "You ask how much of the true box is covered, so a box as large as the "
            "picture always wins. Divide by the union.",
        ),
    ],
    [
        "The overlap is as wide as the smaller of the last columns less the larger "
        "of the first ones, plus one, and never below 0.",
        "Area by area: intersection / (one + other - intersection) >= 0.5.",
    ],
    [accuracy_at_half, box_overlap, boxes.box_iou],
    _BOXES,
    "value",
    "A box forgives much: a mask's box may be right where its shape is wrong.",
)
