"""A training row as the model reads it: token by token, the learned ones marked."""

from __future__ import annotations

import html
from collections.abc import Sequence
from itertools import groupby
from typing import Any, NamedTuple

from IPython.display import display

IGNORED = -100

_LEARNED = "background:#BFE5D9;color:#000;font-weight:600;border-bottom:2px solid #000"
_OTHER = "background:#F4F4F1;color:#333;border-bottom:2px solid transparent"


class Piece(NamedTuple):
    """Equal neighbouring tokens.

    Attributes:
        text: The token, blanks and line breaks made visible.
        times: How many there are in a row.
        learned: Whether they are in the loss.
    """

    text: str
    times: int
    learned: bool


def pieces(ids: Sequence[int], labels: Sequence[int], tokenizer: Any) -> list[Piece]:
    """Tokens with their labels; equal neighbours, such as a picture's, are counted.

    Args:
        ids: Token ids.
        labels: The same where a token is learned, else -100.
        tokenizer: Turns ids into text.
    """
    marked = zip(ids, (label != IGNORED for label in labels), strict=True)
    found = []
    for (token, learned), same in groupby(marked):
        text = tokenizer.decode([token]).replace(" ", "·").replace("\n", "⏎")
        found.append(Piece(text, len(list(same)), learned))
    return found


def as_text(row: Sequence[Piece]) -> str:
    """The pieces in one line; what is learned stands in brackets.

    Examples:
        >>> as_text([Piece("picture", 64, False), Piece("·*5", 1, True)])
        'picture x64 [·*5]'
    """
    return " ".join(f"[{_word(p)}]" if p.learned else _word(p) for p in row)


def as_html(row: Sequence[Piece]) -> str:
    """The pieces as boxes; what is learned is dark green, bold and underlined."""
    spans = (
        f'<span style="{_LEARNED if p.learned else _OTHER};padding:0 3px;'
        f'margin:0 1px;border-radius:2px">{html.escape(_word(p))}</span>'
        for p in row
    )
    return (
        '<p style="font:13px/2 monospace;overflow-wrap:anywhere">'
        f"{'<wbr>'.join(spans)}</p>"
    )


def show_tokens(ids: Sequence[int], labels: Sequence[int], tokenizer: Any) -> None:
    """Show a row in a notebook; ``ids`` and ``labels`` as for ``pieces``."""
    row = pieces(ids, labels, tokenizer)
    display({"text/html": as_html(row), "text/plain": as_text(row)}, raw=True)


def _word(piece: Piece) -> str:
    return f"{piece.text} x{piece.times}" if piece.times > 1 else piece.text
