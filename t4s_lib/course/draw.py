"""What the figures are made of: pictures, masks, grids of cells, differences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray
from PIL import Image

from t4s_lib.course.figures import (
    BLUE,
    PAPER,
    VERMILION,
    as_rgb,
    ink,
    label_colours,
)
from t4s_lib.descriptor import BoolMask, DescriptorGrid

_LETTERS_UP_TO = 20  # columns; more cells than that are too small for letters


def picture(ax: Axes, image: Image.Image, title: str) -> None:
    """Draw a picture."""
    ax.imshow(np.asarray(image.convert("RGB")), interpolation="nearest", aspect="auto")
    ax.set_title(title)
    ax.set_box_aspect(image.height / image.width)
    _bare(ax)


def outline(ax: Axes, mask: BoolMask, colour: str = "white") -> None:
    """Draw a mask's edge on a picture: a bright line with a dark rim."""
    if mask.any() and not mask.all():
        for width, line in ((4.0, "black"), (2.0, colour)):
            ax.contour(mask.astype(float), [0.5], colors=line, linewidths=width)


def grid_lines(ax: Axes, shape: tuple[int, int], size: tuple[int, int]) -> None:
    """Lay the lines of a grid over a picture of ``size`` (height, width)."""
    rows, cols = shape
    height, width = size
    style: Any = {"colors": "white", "linewidth": 0.8, "alpha": 0.8}
    ax.hlines(np.arange(1, rows) * height / rows - 0.5, -0.5, width - 0.5, **style)
    ax.vlines(np.arange(1, cols) * width / cols - 0.5, -0.5, height - 0.5, **style)


def mask(ax: Axes, pixels: BoolMask, title: str, colour: str = BLUE) -> None:
    """Draw a mask: the target in colour on paper."""
    rgb = as_rgb(pixels.astype(int), [PAPER, colour])
    ax.imshow(rgb, interpolation="nearest", aspect="auto")
    ax.set_title(title)
    ax.set_box_aspect(pixels.shape[0] / pixels.shape[1])
    _bare(ax)


def initials(labels: Sequence[str]) -> list[str]:
    """A letter for each label, none for ``others``; digits where letters repeat.

    Examples:
        >>> initials(["others", "red circle", "blue ring", "red square"])
        ['', 'r', 'b', '3']
    """
    letters: list[str] = [""]
    for k, label in enumerate(labels[1:], start=1):
        first = next((c for c in label if c.isalnum()), str(k))
        letters.append(str(k) if first in letters else first)
    return letters


def cells(ax: Axes, grid: DescriptorGrid, title: str) -> None:
    """Draw a grid: a colour and a letter a label, a thin line around each cell."""
    colours = label_colours(grid.labels)
    ax.imshow(as_rgb(grid.ids, colours), interpolation="nearest", aspect="auto")
    _cell_lines(ax, grid.shape)
    if grid.shape[1] <= _LETTERS_UP_TO:
        letters, size = initials(grid.labels), _letter_size(ax, grid.shape[1])
        for row, col in np.argwhere(grid.foreground):
            k = grid.ids[row, col]
            style: Any = {"ha": "center", "va": "center", "color": ink(colours[k])}
            ax.text(col, row, letters[k], style, fontsize=size)
    ax.set_title(title)
    ax.set_box_aspect(1)


def difference(ax: Axes, target: NDArray[np.int_], mine: NDArray[np.int_]) -> None:
    """Draw where two grids of the same shape differ: a cross in each such cell."""
    wrong = target != mine
    ax.imshow(as_rgb(wrong.astype(int), [PAPER, VERMILION]), aspect="auto")
    _cell_lines(ax, (target.shape[0], target.shape[1]))
    for row, col in np.argwhere(wrong):
        ax.text(col, row, "x", ha="center", va="center", color=ink(VERMILION))
    ax.set_title(f"difference: {int(wrong.sum())} of {wrong.size} cells")
    ax.set_box_aspect(1)


def _cell_lines(ax: Axes, shape: tuple[int, int]) -> None:
    rows, cols = shape
    ax.set_xticks(np.arange(0.5, cols - 1), minor=True)
    ax.set_yticks(np.arange(0.5, rows - 1), minor=True)
    if max(shape) <= 40:
        ax.grid(which="minor", color="#C8C8C4", linewidth=0.6)
    ax.tick_params(which="both", length=0, labelsize=7)
    every = max(1, -(-max(shape) // 16))
    ax.set_xticks(np.arange(0, cols, every))
    ax.set_yticks(np.arange(0, rows, every))
    for side in ax.spines.values():
        side.set_visible(False)


def _letter_size(ax: Axes, cols: int) -> float:
    points = ax.get_position().width * ax.figure.bbox.width * 72 / ax.figure.dpi
    return float(np.clip(points / cols * 0.55, 5, 12))


def _bare(ax: Axes) -> None:
    ax.set_xticks([])
    ax.set_yticks([])
    for side in ax.spines.values():
        side.set_visible(False)
