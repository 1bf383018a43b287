"""Lesson 01: from pixels to cells and back, and what is lost on the way."""

from __future__ import annotations

import numpy as np

from t4s_lib import grid, rules, sampling
from t4s_lib.course.exercises.answers import (
    draw_back,
    iou,
    is_lost,
    majority_cells,
    sample_cells,
)
from t4s_lib.course.exercises.masks import (
    box,
    cell_pixels,
    corner_cells,
    fitted,
    last_cells,
    rounded_cells,
)
from t4s_lib.course.exercises.model import Exercise, Mistake

_SLOPE = np.add.outer(np.arange(12), np.arange(12)) % 7 < 3
_CASES = (
    (box((12, 12), 1, 4, 8, 11), 4, 4),
    (_SLOPE, 4, 3),
    (box((15, 30), 0, 5, 9, 18), 3, 6),
    (box((480, 640), 100, 200, 300, 520), 16, 16),
)
_AREA_CASES = (
    (box((12, 12), 1, 4, 8, 11), 4, 4),
    (box((8, 8), 0, 0, 3, 8), 4, 2),
    (_SLOPE, 4, 3),
    (_SLOPE, 6, 6),
)
_CHEQUER = np.array([[1, 0, 0], [1, 1, 0]], dtype=bool)
_NONE = np.zeros((4, 4), dtype=bool)

EXERCISES = (
    Exercise(
        "1.1",
        "Sample the centres",
        sample_cells,
        [
            Mistake(
                "top-left corner",
                corner_cells,
                "You take each cell's top-left pixel. Its centre is further in.",
            ),
            Mistake(
                "last pixel",
                last_cells,
                "You take each cell's last pixel. Its centre is further up and left.",
            ),
            Mistake(
                "rounded",
                rounded_cells,
                "You round to the nearest pixel number. Round down: pixel 1 reaches "
                "from 1.0 to 2.0, and 1.5 lies in it.",
            ),
            Mistake(
                "any pixel",
                lambda m, r, c: cell_pixels(m, r, c).any(axis=2),
                "You mark a cell if any of its pixels is in. Only its centre counts.",
            ),
            Mistake(
                "rows and columns swapped",
                lambda m, r, c: sample_cells(m, c, r),
                "Rows go with the height, columns with the width; yours are swapped.",
            ),
        ],
        [
            "Cell `k` of `n` along an axis of `L` pixels has its centre at "
            "`(k + 0.5) * L / n`. Which pixel is that?",
            "`mask[np.ix_(y, x)]` picks rows `y` and columns `x`.",
        ],
        [sample_cells, sampling.centres],
        _CASES,
        "cells",
        "One pixel in 1,200 decides a cell of a 640 x 480 picture.",
    ),
    Exercise(
        "1.2",
        "Let the majority decide",
        majority_cells,
        [
            Mistake(
                "any pixel",
                lambda m, r, c: cell_pixels(m, r, c).any(axis=2),
                "One pixel is enough for you. A majority is more than half of them.",
            ),
            Mistake(
                "all pixels",
                lambda m, r, c: cell_pixels(m, r, c).all(axis=2),
                "You ask for every pixel. A majority is more than half of them.",
            ),
            Mistake(
                "half is enough",
                lambda m, r, c: cell_pixels(m, r, c).mean(axis=2) >= 0.5,
                "Exactly half is no majority: a tie stays `others`.",
            ),
            Mistake(
                "the centre",
                sample_cells,
                "That is still the centre pixel. Count all pixels of the cell.",
            ),
        ],
        [
            "`mask.reshape(rows, H // rows, cols, W // cols)` sorts pixels by cell.",
            "The mean of booleans is the share that is True.",
        ],
        [majority_cells, rules._by_area],
        _AREA_CASES,
        "cells",
        "The library does the same for sizes that do not divide evenly.",
    ),
    Exercise(
        "1.3",
        "Draw the cells back",
        draw_back,
        [
            Mistake(
                "tiled",
                lambda c, h, w: fitted(
                    np.tile(c, (-(-h // c.shape[0]), -(-w // c.shape[1]))), h, w
                ),
                "You repeat the grid like wallpaper. Each cell must become a block.",
            ),
            Mistake(
                "height and width swapped",
                lambda c, h, w: draw_back(c, w, h),
                "The result is (height, width); yours is (width, height).",
            ),
            Mistake(
                "pixel corners",
                lambda c, h, w: c[
                    np.ix_(
                        np.arange(h) * c.shape[0] // h, np.arange(w) * c.shape[1] // w
                    )
                ],
                "You look under each pixel's corner, as the authors' upsampling does. "
                "Look under its centre: + 0.5.",
            ),
            Mistake(
                "whole blocks only",
                lambda c, h, w: fitted(
                    c.repeat(h // c.shape[0], 0).repeat(w // c.shape[1], 1), h, w
                ),
                "Where the size is no multiple of the grid, pixels are missing.",
            ),
        ],
        [
            "It is exercise 1.1 the other way round: which cell lies under a pixel?",
            "Pixel `y` of `height` lies over row `(y + 0.5) * rows / height`.",
        ],
        [draw_back, grid._spread],
        (
            (_CHEQUER, 4, 6),
            (_CHEQUER, 5, 8),
            (box((3, 3), 0, 0, 2, 1), 8, 10),
            (box((16, 16), 3, 5, 9, 12), 48, 64),
        ),
        "cells",
        "The same rule in both directions keeps grid and picture aligned.",
    ),
    Exercise(
        "1.4",
        "Intersection over union",
        iou,
        [
            Mistake(
                "Dice",
                lambda a, b: (
                    2 * (a & b).sum() / max(1, a.sum() + b.sum())
                    if (a | b).any()
                    else 1.0
                ),
                "That is Dice, which counts the overlap twice. Divide by the union.",
            ),
            Mistake(
                "recall",
                lambda a, b: (a & b).sum() / b.sum() if b.any() else 1.0,
                "You divide by one of the masks. What belongs to either must count.",
            ),
            Mistake(
                "accuracy",
                lambda a, b: (a == b).mean(),
                "That is pixel accuracy: empty background counts there as a success.",
            ),
            Mistake(
                "empty gives no number",
                lambda a, b: iou(a, b) if (a | b).any() else float("nan"),
                "Two empty masks divide 0 by 0. They agree, so that should score 1.",
            ),
            Mistake(
                "empty gives zero",
                lambda a, b: iou(a, b) if (a | b).any() else 0.0,
                "Two empty masks agree, as when nothing is asked for: that scores 1.",
            ),
        ],
        [
            "`&` is the intersection, `|` the union; `.sum()` counts.",
            "What if both are empty? Dividing by zero is no answer.",
        ],
        [iou, grid.iou],
        (
            (box((4, 4), 0, 0, 4, 3), box((4, 4), 0, 1, 4, 4)),
            (box((4, 4), 0, 0, 2, 2), box((4, 4), 0, 0, 4, 4)),
            (box((4, 4), 0, 0, 1, 1), box((4, 4), 2, 2, 4, 4)),
            (_NONE, _NONE),
            (_NONE, box((4, 4), 0, 0, 1, 1)),
        ),
        "value",
        "Every score of this course is made of this number.",
    ),
    Exercise(
        "1.5",
        "Notice what is lost",
        is_lost,
        [
            Mistake(
                "no cell",
                lambda m, r, c: not sample_cells(m, r, c).any(),
                "An empty mask has nothing to lose: a no-target sample is not lost.",
            ),
            Mistake(
                "smaller than a cell",
                lambda m, r, c: 0 < m.sum() < m.size / (r * c),
                "Size is not what decides: a small target on a centre survives, a "
                "long thin one between two rows does not.",
            ),
            Mistake(
                "upside down",
                lambda m, r, c: bool(m.any()) and sample_cells(m, r, c).any(),
                "That is True where it survives. Lost means: pixels, but no cell.",
            ),
        ],
        ["Two things must hold: the mask has pixels, and none of the cells is set."],
        [is_lost, rules._lost],
        (
            (box((64, 64), 0, 0, 2, 2), 16, 16),
            (box((64, 64), 2, 2, 3, 3), 16, 16),
            (box((64, 64), 3, 0, 6, 64), 8, 8),
            (box((64, 64), 0, 0, 4, 64), 8, 8),
            (np.zeros((64, 64), dtype=bool), 16, 16),
        ),
        "value",
        "In the original code a lost target trains the model to answer with nothing.",
    ),
)
