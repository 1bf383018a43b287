"""What the codec bench is set to, and what follows: its words and its lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from t4s_lib.course.beyond_lines import Line, idle_share, line_by_line
from t4s_lib.course.studies import Counter
from t4s_lib.course.tokens import token_counter
from t4s_lib.descriptor import BoolMask, DescriptorGrid
from t4s_lib.grid import mask_to_grid
from t4s_lib.sources import Sample

GRIDS = (8, 16, 24, 32)
"""The grid sides that can be chosen."""


@dataclass(frozen=True)
class CodecView:
    """One text on the bench, and one of its lines.

    Attributes:
        sample: Picture, expression and true mask.
        codec: A registered codec.
        size: Side of the grid.
        line: The line that is looked at, from 1; the last one if there are fewer.
        count: Counts tokens.
    """

    sample: Sample
    codec: str = "row-rle"
    size: int = 16
    line: int = 1
    count: Counter = field(default_factory=token_counter)

    @cached_property
    def grid(self) -> DescriptorGrid:
        """The mask as cells."""
        return mask_to_grid(self.sample.mask, self.size, self.sample.expression)

    @cached_property
    def lines(self) -> list[Line]:
        """The text, line by line."""
        return line_by_line(self.codec, self.grid, self.count)

    @property
    def at(self) -> int:
        """The place of the line in ``lines``."""
        return min(self.line, len(self.lines)) - 1

    @property
    def tokens(self) -> int:
        """Tokens of the whole text."""
        return sum(line.tokens for line in self.lines)

    @property
    def before(self) -> BoolMask:
        """Cells that the lines above draw."""
        drawn = np.zeros(self.grid.shape, dtype=bool)
        for line in self.lines[: self.at]:
            drawn |= line.cells
        return drawn


def describe_codec_bench(view: CodecView) -> str:
    """Say in words what the bench shows."""
    held = int(view.grid.foreground.sum())
    return (
        f"{view.codec} on {view.size} by {view.size}: “{view.sample.expression}” has "
        f"{held:,} cells; the text has {_number(len(view.lines), 'line')} and "
        f"{_number(view.tokens, 'token')}, {idle_share(view.lines):.0%} of them in "
        f"lines that draw no cell. {_line_words(view)}"
    )


def _line_words(view: CodecView) -> str:
    line = view.lines[view.at]
    cells = int(line.cells.sum())
    what = "draws no cell"
    if cells:
        rows = np.flatnonzero(line.cells.any(axis=1))
        where = f"row {rows[0]}"
        if len(rows) > 1:
            where = f"rows {rows[0]} to {rows[-1]}"
        what = f"draws {_number(cells, 'cell')} in {where}"
    return f"Line {view.at + 1}, {_number(line.tokens, 'token')}, {what}."


def _number(count: int, what: str) -> str:
    return f"{count:,} {what}{'s' * (count != 1)}"
