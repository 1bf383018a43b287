"""What the prediction browser draws: picture, target, prediction, difference."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image

from t4s_lib.course.figures import (
    BLUE,
    GREEN,
    ORANGE,
    PALETTE,
    PAPER,
    SKY,
    VERMILION,
    YELLOW,
)
from t4s_lib.course.widgets.panels import (
    Panel,
    Pixels,
    Sheet,
    coloured,
    enlarge,
    fit,
    resized,
    with_outline,
)
from t4s_lib.descriptor import BoolMask

IdMap = NDArray[np.int64]
"""Int ``(H, W)``: 0 for the background, else the number of a class; 1 for a mask."""

PARTS = ("hit", "missed", "extra")

_BOX = 214  # pixels
_FOOT = 30


def parts_of(truth: IdMap, drawn: IdMap) -> dict[str, BoolMask]:
    """Pixels hit, missed (or of another class), and drawn where nothing is.

    Examples:
        >>> found = parts_of(np.array([[1, 2, 0]]), np.array([[1, 1, 1]]))
        >>> {name: int(part.sum()) for name, part in found.items()}
        {'hit': 1, 'missed': 1, 'extra': 1}
    """
    alike = truth == drawn
    hit = alike & (truth > 0)
    return dict(
        zip(PARTS, (hit, ~alike & (truth > 0), ~alike & (truth == 0)), strict=True)
    )


def compared(truth: IdMap, drawn: IdMap, size: tuple[int, int]) -> Pixels:
    """A prediction over the truth, each part in its own pattern.

    Args:
        truth: What is meant.
        drawn: What was predicted.
        size: Height and width of the picture that is made.
    """
    found = coloured(np.zeros(size, int), [PAPER])
    for name, part in parts_of(truth, drawn).items():
        at = enlarge(part, size)
        found[at] = pattern(name, size)[at]
    return found


def pattern(part: str, size: tuple[int, int]) -> Pixels:
    """Plain blue for hit, striped vermilion for missed, dotted yellow for extra."""
    down, right = np.indices(size)
    if part == "missed":
        return coloured(((down + right) % 7 < 2).astype(int), [VERMILION, "white"])
    if part == "extra":
        dots = (down % 5 < 2) & (right % 5 < 2)
        return coloured(dots.astype(int), [YELLOW, "black"])
    return coloured(np.zeros(size, int), [BLUE])


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
        Panel(compared(truth, drawn, size), title),
    ]
    sheet = Sheet(panels, _BOX, foot=_FOOT)
    for k, name in enumerate(PARTS):
        left = sheet.left(3) + k * 72
        sheet.image(pattern(name, (14, 20)), left, sheet.height - 21)
        sheet.text(left + 24, sheet.height - 14, name, va="center", fontsize=8.5)
    return sheet.figure


def _flat(ids: IdMap, size: tuple[int, int]) -> Pixels:
    """A mask in one colour; a map of classes in several."""
    colours = [GREEN] if ids.max() <= 1 else [ORANGE, SKY, *PALETTE[2:]]
    table = [PAPER, *(colours[k % len(colours)] for k in range(int(ids.max())))]
    return coloured(enlarge(ids, size), table)
