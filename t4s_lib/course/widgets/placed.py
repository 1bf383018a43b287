"""Pixels and words put on a figure one to one: what a redraw spends its time on.

Matplotlib resamples an image that needs no resampling, and lays out words glyph by
glyph in Python. Here both go to the renderer as pixels; words are drawn by Pillow, in
the same font. Where a figure is saved at another size, matplotlib's own way is taken.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont
from matplotlib.image import FigureImage
from matplotlib.text import Text
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

DPI = 96
"""Pixels an inch, of every figure that is drawn on a screen."""

Pixels = NDArray[np.uint8]

_PAD = 2  # pixels that a ground reaches beyond its words


def place(fig: Figure, pixels: Pixels, x: int, y: int) -> None:
    """Put pixels on a figure, their lower left corner at ``x, y`` from its own."""
    image = _Placed(fig, offsetx=x, offsety=y, origin="upper")
    image.set_array(pixels)
    fig.images.append(image)


def write(fig: Figure, x: float, y: float, words: str, **style: Any) -> None:
    """Write a line on a figure.

    Args:
        fig: The figure.
        x: In parts of the figure's width, or as ``transform`` says.
        y: Likewise, from below.
        words: Taken as they are: a dollar is a dollar.
        **style: As ``Figure.text`` takes it; and ``ground``, a colour behind the
            words that reaches two pixels beyond them.
    """
    line = _Written(x, y, words, style.pop("ground", None))
    line.set_transform(fig.transFigure)
    line.set(figure=fig, parse_math=False, **style)
    fig.texts.append(line)


class _Placed(FigureImage):
    """Pixels shown one to one."""

    def draw(self, renderer: Any) -> None:
        """Draw them; resampled only where the figure is not at its own size."""
        if renderer.dpi != DPI:
            super().draw(renderer)
            return
        pixels: Any = self.get_array()
        opaque = np.full((*pixels.shape[:2], 4), 255, np.uint8)
        opaque[..., :3] = pixels[::-1]
        renderer.draw_image(renderer.new_gc(), self.ox, self.oy, opaque)


class _Written(Text):
    """A line of words that Pillow draws."""

    def __init__(self, x: float, y: float, words: str, ground: str | None) -> None:
        super().__init__(x, y, words)
        self._ground = ground

    def draw(self, renderer: Any) -> None:
        """Draw it; by matplotlib where the figure is not at its own size."""
        if renderer.dpi != DPI:
            if self._ground is not None:
                self.set_bbox({"fc": self._ground, "ec": "none", "pad": 1.5})
            super().draw(renderer)
            return
        if not self.get_text():
            return
        font: Any = self.get_fontproperties()
        drawn = _drawn(self.get_text(), _file(font), font.get_size_in_points())
        pixels = _inked(drawn.ink, self.get_color(), self._ground)
        pad = 0 if self._ground is None else _PAD
        left, low = self._corner(drawn)
        renderer.draw_image(renderer.new_gc(), left - pad, low - pad, pixels[::-1])

    def _corner(self, drawn: _Drawn) -> tuple[int, int]:
        """Where the lower left corner of the ink is, in pixels of the figure."""
        x, y = self.get_transform().transform(self.get_unitless_position())
        shift = {"left": 0.0, "center": 0.5, "right": 1.0}
        drop = {
            "baseline": 0.0,
            "bottom": -drawn.below,
            "center": (drawn.above - drawn.below) / 2,
            "top": drawn.above,
        }
        left = x - shift[self.get_horizontalalignment()] * drawn.length
        return (
            round(left) + drawn.left,
            round(y - drop[self.get_verticalalignment()]) - drawn.low,
        )


class _Drawn(NamedTuple):
    """A line of words as pixels.

    Attributes:
        ink: uint8 ``(H, W)``, how much of each pixel is covered.
        left: Pixels from where the words begin to the leftmost ink.
        low: Pixels that the ink reaches below the line.
        length: Pixels to where the next word would begin.
        above: Pixels above the line that the words are taken to fill.
        below: The same below it.
    """

    ink: Pixels
    left: int
    low: int
    length: float
    above: float
    below: float


@lru_cache(maxsize=512)
def _drawn(words: str, file: str, size: float) -> _Drawn:
    font = _font(file, size)
    left, top, right, bottom = (int(edge) for edge in font.getbbox(words, anchor="ls"))
    image = Image.new("L", (max(1, right - left), max(1, bottom - top)))
    ImageDraw.Draw(image).text((-left, -top), words, fill=255, font=font, anchor="ls")
    _, high, _, deep = font.getbbox("lp", anchor="ls")
    above, below = max(-top, -high), max(bottom, deep)
    return _Drawn(np.array(image), left, bottom, font.getlength(words), above, below)


@lru_cache(maxsize=32)
def _font(file: str, size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(file, size * DPI / 72)


def _file(font: FontProperties) -> str:
    return _found(font.get_family()[0], str(font.get_weight()))


@lru_cache(maxsize=32)
def _found(family: str, weight: str) -> str:
    return str(findfont(FontProperties(family=family, weight=weight)))


def _inked(ink: Pixels, colour: Any, ground: str | None) -> Pixels:
    """Ink in a colour, on nothing or on a ground: uint8 ``(H, W, 4)``."""
    tone = [round(255 * part) for part in to_rgb(colour)]
    if ground is None:
        found = np.empty((*ink.shape, 4), np.uint8)
        found[..., :3], found[..., 3] = tone, ink
        return found
    cover = np.pad(ink, _PAD)[..., None] / 255
    below = 255 * np.array(to_rgb(ground))
    blend = (cover * tone + (1 - cover) * below).round().astype(np.uint8)
    return np.dstack([blend, np.full(blend.shape[:2], 255, np.uint8)])
