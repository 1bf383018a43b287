"""What the prediction browser draws: picture, target, prediction, difference."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image

from t4s_lib.course.figures import (
    GREEN,
    ORANGE,
    PALETTE,
    PAPER,
    SKY,
)
from t4s_lib.course.widgets.comparison import add_key, over_truth, parts_of
from t4s_lib.course.widgets.panels import (
    Panel,
    Sheet,
    coloured,
    enlarge,
    fit,
    resized,
    with_outline,
)
from t4s_lib.course.widgets.placed import Pixels

IdMap = NDArray[np.int64]
"""Int ``(H, W)``: 0 for the background, else the number of a class; 1 for a mask."""

_BOX = 214  # pixels
_FOOT = 30


def draw_prediction(
    image: Image.Image | None, truth: IdMap, drawn: IdMap, title: str
) -> Figure:
    """Four pictures side by side, and a legend.

    Args:
        image: The photograph; None where it is not at hand.
        truth: What is meant.
        drawn: What was predicted.
        title: Above the last picture.
    """
    size = fit((truth.shape[0], truth.shape[1]), _BOX)
    photo = coloured(np.zeros(size, int), [PAPER])
    if image is not None:
        photo = with_outline(resized(image, size), truth > 0)
    panels = [
        Panel(photo, "picture" if image is not None else "the picture is not here"),
        Panel(_flat(truth, size), f"target: {int((truth > 0).sum()):,} pixels"),
        Panel(_flat(drawn, size), f"prediction: {int((drawn > 0).sum()):,} pixels"),
        Panel(over_truth(parts_of(truth, drawn), size), title),
    ]
    sheet = Sheet(panels, _BOX, foot=_FOOT)
    add_key(sheet, 3, step=72, fontsize=8.5)
    return sheet.figure


def _flat(ids: IdMap, size: tuple[int, int]) -> Pixels:
    """A mask in one colour; a map of classes in several."""
    colours = [GREEN] if ids.max() <= 1 else [ORANGE, SKY, *PALETTE[2:]]
    table = [PAPER, *(colours[k % len(colours)] for k in range(int(ids.max())))]
    return coloured(enlarge(ids, size), table)
