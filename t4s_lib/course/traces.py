"""How an answer came to be: its tokens one by one, and who chose each of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from t4s_lib.codecs.labels import escape

MODEL, GRAMMAR, DRAFT = "model", "grammar", "draft"

CHOOSERS = {
    MODEL: "the model chose it",
    GRAMMAR: "the grammar decided it",
    DRAFT: "a draft said it, and the model agreed",
}
"""Who may have chosen a token, and what that means."""

OPEN, CLOSE = "<seg>", "</seg>"
ROW = "\n "

_RUN = re.compile(r"(?:\A|\| )([^|\n]*?) \*(\d+)")


class Piece(NamedTuple):
    """A token.

    Attributes:
        text: What it says.
        who: Who chose it, a key of ``CHOOSERS``.
    """

    text: str
    who: str


@dataclass(frozen=True)
class Trace:
    """An answer, token by token.

    Attributes:
        mode: How it was written, see ``t4s_lib.generation.decode.write``.
        pieces: Its tokens.
        label: What was asked for.
        shape: Rows and columns of the grid.
        steps: How many tokens each pass of the model brought, an end token included;
            where nothing is said, one.
        seconds: Wall-clock time.
    """

    mode: str
    pieces: tuple[Piece, ...]
    label: str
    shape: tuple[int, int] = (16, 16)
    steps: tuple[int, ...] = ()
    seconds: float = 0.0

    @property
    def text(self) -> str:
        """All that was written."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def forwards(self) -> int:
        """Passes of the model, the one that reads the question included."""
        return len(self.steps) or len(self.pieces)

    @cached_property
    def passes(self) -> tuple[int, ...]:
        """For each token the pass that brought it, from 1."""
        each = self.steps or (1,) * len(self.pieces)
        numbers = (k for k, tokens in enumerate(each, 1) for _ in range(tokens))
        return tuple(islice(numbers, len(self.pieces)))

    @cached_property
    def written_at(self) -> NDArray[np.int_]:
        """Int ``(rows, cols)``: the token that wrote a cell; -1 where none did."""
        found = np.full(self.shape, -1)
        text = ""
        for k, piece in enumerate(self.pieces):
            text += piece.text
            found[(cells_of(text, self.label, self.shape) >= 0) & (found < 0)] = k
        return found

    @cached_property
    def cells(self) -> NDArray[np.int_]:
        """Int ``(rows, cols)`` in the end: 1 target, 0 others, -1 not written."""
        return cells_of(self.text, self.label, self.shape)

    def count(self, who: str, upto: int | None = None) -> int:
        """How many of the first tokens somebody chose."""
        return sum(piece.who == who for piece in self.pieces[:upto])


def cells_of(text: str, label: str, shape: tuple[int, int]) -> NDArray[np.int_]:
    r"""The cells that an unfinished R-RLE text has written so far.

    Returns:
        Int ``shape``: 1 target, 0 others, -1 not yet written.

    Examples:
        >>> cells_of("Here:\n<seg>others *3\n dog *1| oth", "dog", (2, 3)).tolist()
        [[0, 0, 0], [1, -1, -1]]
    """
    cells = np.full(shape, -1)
    body = text.partition(OPEN)[2].partition(CLOSE)[0]
    for row, line in zip(cells, body.split(ROW), strict=False):
        start = 0
        for run in _RUN.finditer(line):
            row[start : start + int(run[2])] = int(run[1] == escape(label))
            start += int(run[2])
    return cells


def rows_of(trace: Trace) -> list[list[Piece]]:
    """The mask's tokens by row of the grid, each row's break with it."""
    rows: list[list[Piece]] = [[]]
    inside = False
    for piece in trace.pieces:
        if piece.text == CLOSE:
            break
        if inside:
            rows[-1].append(piece)
            if piece.text.startswith("\n"):
                rows.append([])
        inside = inside or piece.text.endswith(OPEN)
    return rows[: trace.shape[0]]


def shares_by_row(traces: Sequence[Trace]) -> dict[str, list[float]]:
    """By who chose them: the share of a row's tokens, one mean for each row."""
    by_row = [rows_of(trace) for trace in traces]
    shares: dict[str, list[float]] = {who: [] for who in CHOOSERS}
    for k in range(traces[0].shape[0]):
        tokens = [p for rows in by_row if k < len(rows) for p in rows[k]]
        for who, found in shares.items():
            found.append(sum(p.who == who for p in tokens) / max(1, len(tokens)))
    return shares


def pieces_of(
    tokens: Sequence[int], choosers: Sequence[str], tokenizer: Any
) -> tuple[Piece, ...]:
    """Tokens as pieces of text, the end token left out."""
    pairs = zip(tokens, choosers, strict=True)
    return tuple(
        Piece(tokenizer.decode([token]), who)
        for token, who in pairs
        if token not in tokenizer.all_special_ids
    )
