"""The bench's text with its tokens, and its key, as pixels: many words drawn fast."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from matplotlib.font_manager import FontProperties, findfont
from PIL import Image, ImageDraw, ImageFont

from t4s_lib.course.widgets.codec_bench_state import CodecView
from t4s_lib.course.widgets.placed import Pixels

KEY = ("others", "to come", "read before", "this line ●")
"""What the colours of the cells mean, in their order."""

LINES = 16
"""How many lines of the text are shown at once."""

_LETTERS = 37  # of a line
_PLAIN, _GREY = "#000000", "#777777"


def text_page(view: CodecView, side: int) -> Pixels:
    """The lines around the one looked at, each behind its tokens.

    Args:
        view: The bench.
        side: Height and width, in pixels.
    """
    first = max(0, min(view.at - LINES // 2, len(view.lines) - LINES))
    shown = view.lines[first : first + LINES]
    page = Image.new("RGB", (side, side), "white")
    pen, step = ImageDraw.Draw(page), side / (LINES + 2)
    for k, line in enumerate(shown):
        here = first + k == view.at
        text = line.text if len(line.text) <= _LETTERS else line.text[:_LETTERS] + "…"
        words = f"{'▶' if here else ' '}{line.tokens:4} {text}"
        pen.text((0, k * step + 2), words, _PLAIN, _font("DejaVu Sans Mono", here))
    left_out = len(view.lines) - len(shown)
    more = f"; {left_out} more of them" if left_out else ""
    words = f"tokens and text of each line{more}"
    at = (0, len(shown) * step + 6)
    pen.text(at, words, _GREY, _font("DejaVu Sans", False))
    return np.array(page)


def key(colours: Sequence[str]) -> Pixels:
    """What the colours of the cells mean, in one strip."""
    strip = Image.new("RGB", (340, 18), "white")
    pen, left = ImageDraw.Draw(strip), 0
    font = _font("DejaVu Sans", False)
    for name, colour in zip(KEY, colours, strict=True):
        pen.rectangle((left, 2, left + 13, 15), colour, _GREY)
        pen.text((left + 18, 2), name, _PLAIN, font)
        left += 30 + round(pen.textlength(name, font))
    return np.array(strip)


@cache
def _font(family: str, bold: bool) -> ImageFont.FreeTypeFont:
    weight = "bold" if bold else "normal"
    return ImageFont.truetype(
        findfont(FontProperties(family=family, weight=weight)), 11
    )
