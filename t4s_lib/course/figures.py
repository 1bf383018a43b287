"""One look for every figure, and one way to show it: with words beside it.

Colours are Okabe and Ito's, which stay apart for colour-blind readers; nothing is
told by colour alone. Figures are made without pyplot, so none stays open.
"""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Iterable, Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from cycler import cycler
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from numpy.typing import NDArray

ORANGE, SKY, GREEN, YELLOW = "#E69F00", "#56B4E9", "#009E73", "#F0E442"
BLUE, VERMILION, PURPLE, BLACK = "#0072B2", "#D55E00", "#CC79A7", "#000000"
PALETTE = (ORANGE, SKY, GREEN, YELLOW, BLUE, VERMILION, PURPLE)
"""Okabe and Ito's colours, for up to seven labels."""

PAPER = "#F4F4F1"
"""The colour of ``others``."""

_STYLE: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "axes.titlesize": 10.5,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "axes.prop_cycle": cycler(color=[BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY]),
    "legend.frameon": False,
    "lines.linewidth": 2,
}

_DPI = 96

mpl.rcParams.update(_STYLE)  # learners' own figures look like the course's


def new_figure(
    width: float, height: float, cols: int = 1, rows: int = 1, **options: Any
) -> tuple[Figure, list[Axes]]:
    """A figure in the course's style and its axes, row by row.

    Args:
        width: In inches; a page is about 9 wide.
        height: In inches.
        cols: Axes side by side.
        rows: Axes below one another.
        options: For ``Figure.subplots``, e.g. ``width_ratios``.
    """
    fig = Figure(figsize=(width, height), dpi=_DPI, layout="constrained")
    axes = fig.subplots(rows, cols, squeeze=False, **options)
    return fig, list(axes.ravel())


def png(fig: Figure) -> bytes:
    """The figure as PNG bytes, in at most 128 colours: small enough to commit."""
    from PIL import Image

    raw = io.BytesIO()
    fig.savefig(raw, format="png", facecolor="white")
    small = io.BytesIO()
    flat = Image.open(raw).convert("RGB")
    flat.quantize(128, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    return small.getvalue()


def img(fig: Figure, alt: str) -> str:
    """The figure as an HTML image with its alternative text.

    Raises:
        ValueError: If ``alt`` is empty.
    """
    if not alt.strip():
        raise ValueError("alt is empty, expected a sentence that says the finding")
    data = base64.b64encode(png(fig)).decode()
    words = html.escape(alt, quote=True)
    return (
        f'<img alt="{words}" src="data:image/png;base64,{data}" '
        'style="max-width:100%;height:auto;background:white"/>'
    )


def show(fig: Figure, alt: str) -> None:
    """Show a figure in a notebook; readers who do not see it get ``alt``.

    Args:
        fig: A figure made by ``new_figure``.
        alt: What the figure shows, with its numbers.
    """
    display({"text/html": img(fig, alt), "text/plain": alt}, raw=True)


def table(
    rows: Iterable[Sequence[object]], header: Sequence[str], caption: str
) -> None:
    """Show a table in a notebook: numbers to the right, as text where HTML is not.

    Args:
        rows: The cells; floats are shown with three digits.
        header: One word or two a column.
        caption: What the table says.
    """
    cells = [[_cell(value) for value in row] for row in rows]
    display(
        {
            "text/html": _html_table(cells, header, caption),
            "text/plain": _plain_table(cells, header, caption),
        },
        raw=True,
    )


def luminance(colour: str) -> float:
    """Relative luminance of a colour, 0 to 1. Source: WCAG 2.2."""
    channels = np.array(to_rgb(colour))
    linear = np.where(
        channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4
    )
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(one: str, two: str) -> float:
    """Contrast ratio of two colours, 1 to 21. Source: WCAG 2.2.

    Examples:
        >>> round(contrast("white", "black"), 1)
        21.0
    """
    low, high = sorted((luminance(one), luminance(two)))
    return (high + 0.05) / (low + 0.05)


def ink(background: str) -> str:
    """Black or white, whichever reads better on a background.

    Examples:
        >>> ink(YELLOW), ink(BLUE)
        ('black', 'white')
    """
    return max(("black", "white"), key=lambda colour: contrast(colour, background))


def label_colours(labels: Sequence[str]) -> list[str]:
    """A colour for each label of a table; the first, ``others``, is paper."""
    return [PAPER] + [PALETTE[k % len(PALETTE)] for k in range(len(labels) - 1)]


def as_rgb(
    ids: NDArray[np.integer[Any]], colours: Sequence[str]
) -> NDArray[np.float64]:
    """Ids ``(H, W)`` as colours ``(H, W, 3)``."""
    return np.asarray(np.array([to_rgb(colour) for colour in colours])[ids])


def _cell(value: object) -> str:
    if isinstance(value, float | np.floating):
        return f"{value:.3f}"
    return f"{value:,}" if isinstance(value, int | np.integer) else str(value)


def _is_number(text: str) -> bool:
    return text.lstrip("-+").replace(",", "").replace(".", "").rstrip("%x").isdigit()


def _html_table(cells: list[list[str]], header: Sequence[str], caption: str) -> str:
    def cell(tag: str, text: str, is_number: bool) -> str:
        side = "right" if is_number else "left"
        return f'<{tag} style="text-align:{side}">{html.escape(text)}</{tag}>'

    numeric = [all(_is_number(row[k]) for row in cells) for k in range(len(header))]
    lines = [
        "".join(cell(tag, *pair) for pair in zip(row, numeric, strict=True))
        for tag, row in (("th", list(header)), *(("td", row) for row in cells))
    ]
    body = "".join(f"<tr>{line}</tr>" for line in lines[1:])
    return (
        f'<table><caption style="text-align:left">{html.escape(caption)}</caption>'
        f"<thead><tr>{lines[0]}</tr></thead><tbody>{body}</tbody></table>"
    )


def _plain_table(cells: list[list[str]], header: Sequence[str], caption: str) -> str:
    lines = [list(header), *cells]
    widths = [max(len(line[k]) for line in lines) for k in range(len(header))]
    rows = [
        "  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True))
        for line in lines
    ]
    return "\n".join([caption, *rows])
