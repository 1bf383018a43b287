"""The rest of a mask's text: what is written, read as cells, guessed, written out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from t4s_lib.codecs import codec as find_codec
from t4s_lib.codecs.exact import run_text
from t4s_lib.codecs.labels import escape
from t4s_lib.codecs.row_rle import ROW
from t4s_lib.descriptor import OTHERS, DescriptorGrid, Size, grid_size
from t4s_lib.generation.begun import Format, read_begun, read_runs
from t4s_lib.generation.box_text import box_guess
from t4s_lib.generation.gap_text import gap_guess
from t4s_lib.generation.guess import guess_all, guess_row
from t4s_lib.generation.short_text import (
    Guess,
    alias_guess,
    alias_repeat_guess,
    row_repeat_guess,
)
from t4s_lib.generation.span_text import span_guess

Make = Callable[[Sequence[str], tuple[int, int]], Guess]
"""Makes a guesser from the labels, ``others`` first, and the grid's shape."""

FORMATS: dict[str, Format | Make] = {
    "row-rle": Format(),
    "image-rle": Format(breaks=False),
    "full": Format(counts=False, breaks=False),
    "row-repeat": row_repeat_guess,
    "alias": alias_guess,
    "alias-repeat": alias_repeat_guess,
    "box": box_guess,
    "spans": span_guess,
    "gaps": gap_guess,
}
"""The codecs whose masks can be guessed: those written cell by cell from the top left,
and others by who guesses them."""


def add_guess(codec: str, make: Make) -> None:
    """Add a guesser for a codec of your own, or replace it.

    Args:
        codec: Its name.
        make: Given labels and shape, returns a function that gives a whole mask's text
            for the beginning of one, or None.

    Raises:
        ValueError: If there is no codec of this name.
    """
    FORMATS[find_codec(codec).name] = make


def can_guess(codec: str) -> bool:
    """Whether masks of a codec can be guessed."""
    return codec in FORMATS


class MaskText:
    """Guesses masks' texts of one format, size and set of labels.

    Args:
        labels: What was asked for; the expression, or several labels.
        codec: The format, a key of ``FORMATS``.
        size: Grid side, or ``(rows, cols)``.

    Raises:
        ValueError: For another codec or a bad size.
    """

    def __init__(
        self,
        labels: str | Sequence[str],
        codec: str = "row-rle",
        size: Size = 16,
    ) -> None:
        if codec not in FORMATS:
            known = ", ".join(FORMATS)
            raise ValueError(
                f"codec is {codec!r}, masks can be guessed in {known}, or in one that "
                f"was added with mask_text.add_guess({codec!r}, ...)"
            )
        self._codec, self._shape = find_codec(codec), grid_size(size)
        named = [labels] if isinstance(labels, str) else labels
        targets = dict.fromkeys(name for name in named if name != OTHERS)
        self._names = (OTHERS, *(targets or (OTHERS,)))  # a target may be called so
        self._words = [OTHERS, *map(escape, self._names[1:])]
        self._ids = {word: k for k, word in enumerate(self._words)}
        self._known: dict[str, list[int]] = {}
        form = FORMATS[codec]
        self._form = form if isinstance(form, Format) else Format()
        self._other = (
            None if isinstance(form, Format) else form(self._names, self._shape)
        )

    def guess(self, body: str) -> str | None:
        """A whole mask's text that begins with this one; None where there is none.

        Args:
            body: What stands after the opening tag.
        """
        rows, end, _ = body.rpartition("\n<")
        if end:  # the closing tag is begun
            return rows + "\n"
        if self._other is not None:
            return self._other(body)
        return self._by_rows(body) if self._form.breaks else self._at_once(body)

    def _by_rows(self, body: str) -> str | None:
        *lines, last = body.split("\n")
        left = self._shape[0] - len(lines)
        if left <= 0 and not last:
            return body
        begun = read_begun(last.removeprefix(" "), self._ids)
        if begun is None:
            return None
        row = guess_row(self._above(lines), begun)
        whole = run_text(row, self._words)
        below = run_text(row[: self._shape[1]], self._words)
        blank = " " if lines else ""
        written = body[: len(body) - len(last)]
        return written + blank + ROW.join([whole, *[below] * (left - 1)]) + "\n"

    def _above(self, lines: Sequence[str]) -> list[int]:
        """The cells of the last row that can be read."""
        for line in reversed(lines):
            cells = self._cells(line)
            if cells:
                return cells
        return [0] * self._shape[1]

    def _cells(self, line: str) -> list[int]:
        """The cells of a finished row, made as wide as the grid; none if unread."""
        if line not in self._known:
            cells = read_runs(line.removeprefix(" ").split("|"), self._ids) or []
            cells += cells[-1:] * (self._shape[1] - len(cells))
            self._known[line] = cells[: self._shape[1]]
        return self._known[line]

    def _at_once(self, body: str) -> str | None:
        rows, cols = self._shape
        begun = read_begun(body.rstrip("\n"), self._ids, self._form.counts)
        if begun is None or len(begun.cells) > rows * cols:
            return None
        cells = guess_all(begun, self._shape, self._form.counts)
        if len(cells) != rows * cols:
            return None
        ids = np.array(cells, np.int32).reshape(rows, cols)
        return self._codec.encode(DescriptorGrid(ids, self._names))
