"""A mask over the truth: pixels hit, missed and extra, each in its own pattern."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from t4s_lib.course.figures import BLUE, PAPER, VERMILION, YELLOW
from t4s_lib.course.widgets.panels import Sheet, coloured, enlarge
from t4s_lib.course.widgets.placed import Pixels
from t4s_lib.descriptor import BoolMask

PARTS = ("hit", "missed", "extra")


def parts_of(truth: NDArray[Any], drawn: NDArray[Any]) -> dict[str, BoolMask]:
    """Pixels hit, missed (or of another class), and drawn where nothing is.

    Args:
        truth: What is meant, ``(H, W)``: bool, or the number of a class and 0.
        drawn: What was drawn, likewise.

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


def over_truth(parts: Mapping[str, BoolMask], size: tuple[int, int]) -> Pixels:
    """The parts as a picture of ``size`` (height, width)."""
    found = coloured(np.zeros(size, int), [PAPER])
    for name, part in parts.items():
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


def add_key(sheet: Sheet, panel: int, step: int = 92, **style: Any) -> None:
    """Say below a panel what the patterns mean.

    Args:
        sheet: A sheet with a foot of 30 pixels.
        panel: Number of the panel.
        step: Pixels from one pattern to the next.
        **style: Of the words, see ``Sheet.text``.
    """
    for k, name in enumerate(PARTS):
        left = sheet.left(panel) + k * step
        sheet.image(pattern(name, (14, 20)), left, sheet.height - 21)
        sheet.text(left + 25, sheet.height - 14, name, va="center", **style)
