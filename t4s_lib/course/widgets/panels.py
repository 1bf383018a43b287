"""Panels side by side, drawn fast enough to follow a hand.

What a widget shows is composed as pixels at the size it is seen, so matplotlib has
only a few images, texts and marks to place: a redraw takes some tens of milliseconds.
"""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray
from PIL import Image

from t4s_lib.course.draw import initials
from t4s_lib.course.widgets.placed import DPI, Pixels, place, write
from t4s_lib.descriptor import BoolMask

_GAP, _HEAD, _LEFT = 24, 30, 20  # pixels between, above and left of the panels


class Panel(NamedTuple):
    """A picture and the words above it.

    Attributes:
        pixels: uint8 ``(H, W, 3)``, shown one to one.
        title: A few words.
    """

    pixels: Pixels
    title: str


def fit(size: tuple[int, int], box: int) -> tuple[int, int]:
    """Height and width of a picture of ``size``, scaled into a square ``box``.

    Examples:
        >>> fit((480, 640), 320), fit((2, 1), 100)
        ((240, 320), (100, 50))
    """
    scale = box / max(size)
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def enlarge(values: NDArray[Any], size: tuple[int, int]) -> NDArray[Any]:
    """Repeat (or skip) rows and columns until an array has ``size``.

    Examples:
        >>> enlarge(np.array([[1, 2]]), (2, 4)).tolist()
        [[1, 1, 2, 2], [1, 1, 2, 2]]
    """
    rows = np.arange(size[0]) * values.shape[0] // size[0]
    cols = np.arange(size[1]) * values.shape[1] // size[1]
    return np.asarray(values[rows[:, None], cols])


def coloured(ids: NDArray[Any], colours: Sequence[str]) -> Pixels:
    """Ids ``(H, W)`` as colours ``(H, W, 3)``."""
    table = np.array([to_rgb(colour) for colour in colours])
    return np.asarray((table * 255).round().astype(np.uint8)[ids])


def resized(image: Image.Image, size: tuple[int, int]) -> Pixels:
    """A picture at ``size`` (height, width); small ones keep their pixels' edges."""
    way = Image.Resampling.NEAREST if size[0] >= image.height else Image.Resampling.BOX
    return np.array(image.convert("RGB").resize((size[1], size[0]), way))


def letters(labels: Sequence[str]) -> list[str]:
    """A letter or digit for each label that every font has; see ``draw.initials``.

    Examples:
        >>> letters(["others", "dog", "犬"])
        ['', 'd', '2']
    """
    firsts = enumerate(initials(labels))
    return [first if first.isascii() or not k else str(k) for k, first in firsts]


def with_lines(pixels: Pixels, shape: tuple[int, int], strength: float) -> Pixels:
    """Draw a grid's lines: dark on a bright picture, bright on a dark one.

    Args:
        pixels: uint8 ``(H, W, 3)``.
        shape: Rows and columns of the grid.
        strength: From 0 (nothing to see) to 1 (black or white).
    """
    height, width = pixels.shape[:2]
    on_line = np.zeros((height, width), dtype=bool)
    on_line[np.arange(1, shape[0]) * height // shape[0]] = True
    on_line[:, np.arange(1, shape[1]) * width // shape[1]] = True
    drawn = pixels.copy()
    below = pixels[on_line].astype(float)
    tone = 0 if pixels.mean() > 150 else 255
    drawn[on_line] = (below + strength * (tone - below)).astype(np.uint8)
    return drawn


def with_outline(pixels: Pixels, mask: BoolMask) -> Pixels:
    """Draw a mask's edge: a white line between two black ones."""
    big = enlarge(mask, pixels.shape[:2])
    drawn = pixels.copy()
    for reach, level in ((3, 0), (1, 255)):
        drawn[_near(big, reach) & _near(~big, reach)] = level
    return drawn


def _near(mask: BoolMask, reach: int) -> BoolMask:
    """Pixels that have one of the mask at most ``reach`` away, in a square."""
    near = mask
    for axis in (0, 1):
        wide = np.pad(near, [(reach, reach) if k == axis else (0, 0) for k in (0, 1)])
        steps = [np.roll(wide, step, axis) for step in range(-reach, reach + 1)]
        near = np.any(steps, axis=0)
        near = near[reach:-reach] if axis == 0 else near[:, reach:-reach]
    return near


class Sheet:
    """A figure of panels side by side, and where each of them stands.

    Everything is placed in pixels, without axes: those alone would cost as much
    time as all the rest.

    Args:
        panels: At most ``box`` pixels high and wide.
        box: Side of the square that each panel stands in, in pixels.
        foot: Room below them, in pixels.

    Attributes:
        figure: The figure; ``figure.images`` are the panels in order.
    """

    def __init__(self, panels: Sequence[Panel], box: int, foot: int = 8) -> None:
        self._sizes = [panel.pixels.shape[:2] for panel in panels]
        self._box, self.width = box, _LEFT + len(panels) * (box + _GAP)
        self.height = _HEAD + max(high for high, _ in self._sizes) + foot
        inches = (self.width / DPI, self.height / DPI)
        self.figure = Figure(figsize=inches, dpi=DPI)
        for k, (pixels, title) in enumerate(panels):
            self.image(pixels, self.left(k), _HEAD)
            self.text(self.left(k), _HEAD - 8, title, va="bottom")

    def left(self, k: int) -> int:
        """Pixels left of panel ``k``."""
        return _LEFT + k * (self._box + _GAP)

    def image(self, pixels: Pixels, x: int, y: int) -> None:
        """Place pixels, their upper left corner at ``x, y`` from the upper left."""
        place(self.figure, pixels, x, self.height - y - pixels.shape[0])

    def text(self, x: float, y: float, words: str, **style: Any) -> None:
        """Place words at ``x, y`` from the upper left corner."""
        style = {"fontsize": 9.5, "family": "DejaVu Sans", **style}
        write(self.figure, x / self.width, 1 - y / self.height, words, **style)

    def mark(self, k: int, cells: BoolMask, marker: str, colour: str) -> None:
        """Put a mark into the middle of each cell of panel ``k`` that is True.

        Args:
            k: Which panel.
            cells: Bool ``(rows, cols)``.
            marker: Matplotlib's name of it; ``"$r$"`` is the letter r.
            colour: Its colour.
        """
        (high, wide), (rows, cols) = self._sizes[k], cells.shape
        down, right = np.nonzero(cells)
        size = min(11.0, 0.36 * min(high / rows, wide / cols))
        self._points(
            self.left(k) + (right + 0.5) * wide / cols,
            _HEAD + (down + 0.5) * high / rows,
            {
                "marker": marker,
                "markersize": size,
                "color": colour,
                "markeredgewidth": 0.5 if marker[0] == "$" else max(1.2, size / 5),
            },
        )

    def number_cells(self, k: int, shape: tuple[int, int]) -> None:
        """Write every few rows' and columns' numbers, from 0, at a panel's edge."""
        style = {"fontsize": 7, "color": "#555555"}
        (high, wide), (rows, cols) = self._sizes[k], shape
        for row in range(0, rows, -(-rows // 8)):
            y = _HEAD + (row + 0.5) * high / rows
            self.text(self.left(k) - 4, y, str(row), ha="right", va="center", **style)
        for col in range(0, cols, -(-cols // 8)):
            x = self.left(k) + (col + 0.5) * wide / cols
            y = _HEAD + high + 3
            self.text(x, y, str(col), ha="center", va="top", **style)

    def _points(self, x: Any, y: Any, style: dict[str, Any]) -> None:
        place = (x / self.width, 1 - y / self.height)
        line = Line2D(*place, linestyle="", transform=self.figure.transFigure, **style)
        self.figure.add_artist(line)


def to_html(fig: Figure, alt: str) -> str:
    """The figure as an HTML image: like ``figures.img``, larger and much faster.

    Raises:
        ValueError: If ``alt`` is empty.
    """
    if not alt.strip():
        raise ValueError("alt is empty, expected a sentence that says the finding")
    raw, small = io.BytesIO(), io.BytesIO()
    fig.savefig(raw, format="rgba", facecolor="white")
    wide, high = fig.canvas.get_width_height()
    flat = Image.frombytes("RGBA", (wide, high), raw.getvalue()).convert("RGB")
    flat.save(small, "PNG", compress_level=1)
    data = base64.b64encode(small.getvalue()).decode()
    return (
        f'<img alt="{html.escape(alt, quote=True)}" width="{wide}" height="{high}" '
        f'src="data:image/png;base64,{data}" '
        'style="max-width:100%;height:auto;background:white"/>'
    )
