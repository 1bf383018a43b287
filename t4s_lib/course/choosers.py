"""How it is shown who chose a token: a colour, a shape and a word for each."""

from __future__ import annotations

import html
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from IPython.display import display

from t4s_lib.course.figures import BLUE, GREEN
from t4s_lib.course.traces import DRAFT, GRAMMAR, MODEL, Piece, Trace

GREY = "#8A8A86"


class Look(NamedTuple):
    """How a chooser looks.

    Attributes:
        colour: In figures.
        hatch: In bars.
        marker: In cells, matplotlib's name of it.
        sign: The same shape, in text.
        css: Of its tokens.
    """

    colour: str
    hatch: str
    marker: str
    sign: str
    css: str


LOOKS = {
    MODEL: Look(
        BLUE, "", "o", "●", "background:#0072B2;color:#fff;border:2px solid #003F63"
    ),
    GRAMMAR: Look(
        GREY,
        "////",
        "s",
        "■",
        "background:#F4F4F1;color:#222;border:2px dashed #767676",
    ),
    DRAFT: Look(
        GREEN,
        "....",
        "^",
        "▲",
        "background:#D5EFE6;color:#000;border:2px solid #007A59;border-radius:9px",
    ),
}
"""The model is a full circle, the grammar a dashed square, a draft a round triangle."""

_LINE = 'style="font:12.5px/2.1 monospace;overflow-wrap:anywhere;margin:0"'


def legend_html() -> str:
    """One line that says which sign means whom."""
    return " ".join(
        f'<span style="{look.css};padding:0 5px;white-space:nowrap">'
        f"{look.sign} {who}</span>"
        for who, look in LOOKS.items()
    )


def pieces_html(pieces: Sequence[Piece]) -> str:
    """Tokens as boxes; neighbours by the same chooser share one sign."""
    spans = []
    for who, group in groupby(pieces, key=lambda piece: piece.who):
        words = "<wbr>".join(_inside(piece.text, who) for piece in group)
        sign = f'<span role="img" aria-label="{who}">{LOOKS[who].sign}</span>'
        spans.append(sign + words)
    return f"<p {_LINE}>{' '.join(spans)}</p>"


def lines_html(pieces: Sequence[Piece]) -> str:
    """Tokens as boxes, a row of the grid a line."""
    lines: list[list[Piece]] = [[]]
    for piece in pieces:
        lines[-1].append(piece)
        if piece.text.startswith("\n"):
            lines.append([])
    return "".join(pieces_html(line) for line in lines if line)


def pieces_text(pieces: Sequence[Piece]) -> str:
    """Tokens in one line, with the chooser's sign before what it chose.

    Examples:
        >>> pieces_text([Piece("others", "model"), Piece(" *16", "draft")])
        '● others ▲ ·*16'
    """
    runs = groupby(pieces, key=lambda piece: piece.who)
    return " ".join(
        f"{LOOKS[who].sign} {' '.join(visible(piece.text) for piece in group)}"
        for who, group in runs
    )


def visible(text: str) -> str:
    """Text with its blanks and line breaks made visible."""
    return text.replace(" ", "·").replace("\n", "⏎")


def show_choosers(trace: Trace) -> None:
    """Show an answer in a notebook, each token with the sign of who chose it."""
    body = f"<p>{legend_html()}</p>{lines_html(trace.pieces)}"
    display({"text/html": body, "text/plain": pieces_text(trace.pieces)}, raw=True)


def _inside(text: str, who: str) -> str:
    return (
        f'<span style="{LOOKS[who].css};padding:0 3px;margin:0 1px">'
        f"{html.escape(visible(text))}</span>"
    )
