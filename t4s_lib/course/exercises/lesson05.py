"""Lesson 05: blend cells, label pixels, compare edges."""

from __future__ import annotations

from typing import Any

import numpy as np

from t4s_lib.course.exercises import lesson05_sam
from t4s_lib.course.exercises.lesson05_answers import blend_row, label_pixels
from t4s_lib.course.exercises.masks import box
from t4s_lib.course.exercises.model import Exercise, Late, Mistake
from t4s_lib.course.refine_edges import boundary_iou, edge_band
from t4s_lib.grid import iou


def _at(place: Any, cells: Any) -> Any:
    return np.interp(place, np.arange(len(cells)), cells)


def _beyond(cells: Any, pixels: int) -> Any:
    """Goes on beyond the outer centres as between the last two."""
    place = (np.arange(pixels) + 0.5) * len(cells) / pixels - 0.5
    low = np.clip(np.floor(place).astype(int), 0, max(0, len(cells) - 2))
    high = np.minimum(low + 1, len(cells) - 1)
    values = np.asarray(cells, dtype=float)
    return values[low] + (place - low) * (values[high] - values[low])


def _blocks(cells: Any, pixels: int) -> Any:
    return np.asarray(cells)[np.arange(pixels) * len(cells) // pixels]


def _surest(chances: Any, has_cell: Any) -> Any:
    """A label where it is more than half likely, else others."""
    among = chances * np.array(has_cell)[:, None, None]
    return np.where(among.max(axis=0) > 0.5, among.argmax(axis=0), 0)


def _dropped(chances: Any, has_cell: Any) -> Any:
    best = chances.argmax(axis=0)
    return np.where(np.array(has_cell)[best], best, 0)


_CHANCES = np.array(
    [
        [[0.8, 0.3, 0.1], [0.6, 0.2, 0.2]],
        [[0.1, 0.6, 0.3], [0.3, 0.3, 0.5]],
        [[0.1, 0.1, 0.6], [0.1, 0.5, 0.3]],
    ]
)
_CLOSE = np.array([[[0.26, 0.4, 0.34]], [[0.38, 0.3, 0.33]], [[0.36, 0.3, 0.33]]])


def _swollen(mask: Any, width: int) -> Any:
    return ~_shrunk(~mask, width)


def _shrunk(mask: Any, width: int) -> Any:
    return mask & ~edge_band(mask, width)


def _bands(one: Any, two: Any, width: int) -> Any:
    """Edges that reach as far outwards as inwards."""
    a, b = (_swollen(mask, width) & ~_shrunk(mask, width) for mask in (one, two))
    return (a & b).sum() / max(1, (a | b).sum()) if (a | b).any() else 1.0


def _nan_where_empty(one: Any, two: Any, width: int) -> Any:
    return boundary_iou(one, two, width) if (one | two).any() else 0.0


_SQUARE, _MOVED = box((16, 20), 3, 4, 13, 14), box((16, 20), 3, 6, 13, 16)
_AT_BORDER = box((16, 20), 0, 0, 10, 12)
_NOTHING = np.zeros((16, 20), dtype=bool)

EXERCISES = (
    Exercise(
        "5.1",
        "Bilinear by hand",
        blend_row,
        [
            Mistake(
                "corners aligned",
                lambda cells, n: _at(np.linspace(0, len(cells) - 1, n), cells),
                "You put the first pixel's centre onto the first cell's. A cell is "
                "wider than a pixel: its centre lies further in.",
            ),
            Mistake(
                "no halves",
                lambda cells, n: _at(np.arange(n) * len(cells) / n, cells),
                "You measure from the pixels' left edges. A pixel stands for its "
                "centre, half a pixel further, and a cell for its own.",
            ),
            Mistake(
                "the cell's half forgotten",
                lambda cells, n: _at((np.arange(n) + 0.5) * len(cells) / n, cells),
                "All is shifted by half a cell: cell 0 has its centre at 0.5 cells. "
                "Take that half off again.",
            ),
            Mistake(
                "blocks",
                _blocks,
                "These are blocks: each pixel copies one cell. Blend the two cells "
                "whose centres it lies between.",
            ),
            Mistake(
                "beyond the last centre",
                _beyond,
                "Beyond the outer centres your line goes on rising or falling. There "
                "is no further cell, so the outer one counts alone.",
            ),
        ],
        [
            "Measure in cells: where among the cells' centres, 0 to n - 1, does each "
            "pixel's centre lie?",
            "Pixel k has its centre at `(k + 0.5) * n / pixels` cells from the left; "
            "cell 0 has its own at 0.5. `np.interp(place, range(n), cells)` blends.",
        ],
        [blend_row, Late("t4s_lib.sampling", "blend")],
        (
            ([0.0, 1.0], 4),
            ([1.0, 0.0, 0.0], 6),
            ([0.0, 1.0, 1.0, 0.0], 10),
            ([0.2, 0.9], 3),
        ),
        note="Down the columns it is the same once more. Cut at one half, that is "
        "the bilinear refiner.",
    ),
    Exercise(
        "5.2",
        "A label for each pixel",
        label_pixels,
        [
            Mistake(
                "cells ignored",
                lambda chances, has_cell: chances.argmax(axis=0),
                "A label that has no cell got pixels: the model never named it in this "
                "grid. Leave it out before you choose.",
            ),
            Mistake(
                "dropped afterwards",
                _dropped,
                "Where a label without a cell was likeliest you wrote others. The "
                "next likeliest should come forward: leave it out first, choose then.",
            ),
            Mistake(
                "more than half",
                _surest,
                "You ask for more than one half. Among three labels the likeliest may "
                "have less than that.",
            ),
            Mistake(
                "no others",
                lambda chances, has_cell: (
                    1 + (chances * np.array(has_cell)[:, None, None])[1:].argmax(axis=0)
                ),
                "Every pixel belongs to a target now. Others, at place 0, stands for "
                "election like the rest.",
            ),
            Mistake(
                "numbered from the first target",
                lambda chances, has_cell: label_pixels(chances, has_cell) - 1,
                "Your numbers are one too low: others is 0, the first target 1.",
            ),
        ],
        [
            "Each pixel takes one label, so targets cannot overlap. Which one?",
            "Set the chances of labels without a cell to 0; `argmax(axis=0)` is the "
            "likeliest of the rest.",
        ],
        [label_pixels, Late("t4s_lib.refine.base", "shares")],
        (
            (_CHANCES, [True, True, True]),
            (_CHANCES, [True, True, False]),
            (_CLOSE, [True, True, True]),
            (_CHANCES, [True, False, False]),
        ),
        note="The last case is the rule that empty stays empty: a grid of others "
        "gives no pixel, however the chances stand.",
    ),
    Exercise(
        "5.3",
        "Compare the edges only",
        boundary_iou,
        [
            Mistake(
                "whole masks",
                lambda one, two, width: iou(one, two),
                "This is the IoU of the whole masks. The middle of the shape should "
                "not count.",
            ),
            Mistake(
                "both sides of the edge",
                _bands,
                "Your bands reach outwards too. Only pixels of the mask itself count: "
                "`edge_band` gives them.",
            ),
            Mistake(
                "edges of the overlap",
                lambda one, two, width: (
                    edge_band(one & two, width).sum()
                    / max(1, edge_band(one | two, width).sum())
                ),
                "You take the edge of the intersection and of the union. Take each "
                "mask's own edge first, and compare the two.",
            ),
            Mistake(
                "Dice",
                lambda one, two, width: (
                    2
                    * (edge_band(one, width) & edge_band(two, width)).sum()
                    / max(1, edge_band(one, width).sum() + edge_band(two, width).sum())
                ),
                "That is twice the intersection over the sum, a measure called Dice. "
                "IoU divides the intersection by the union.",
            ),
            Mistake(
                "empty ones disagree",
                _nan_where_empty,
                "Two masks without a pixel are the same: their edges agree, 1.0.",
            ),
        ],
        [
            "Reduce both masks to their edges, then it is the IoU of lesson 01.",
            "`a, b = edge_band(one, width), edge_band(two, width)`; and where nothing "
            "is in either, the answer is 1.0.",
        ],
        [boundary_iou, edge_band],
        (
            (_SQUARE, _MOVED, 2),
            (_SQUARE, _SQUARE, 1),
            (_AT_BORDER, _SQUARE, 3),
            (_NOTHING, _NOTHING, 2),
            (_SQUARE, _NOTHING, 2),
        ),
        note="A large shape hides a bad edge in its IoU, not in this one.",
    ),
    *lesson05_sam.EXERCISES,
)
