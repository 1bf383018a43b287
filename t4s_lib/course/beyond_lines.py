"""A text line by line: what each costs, and which cells of the target it draws.

    for line in line_by_line("spans", grid, count):
        print(line.tokens, int(line.cells.sum()), line.text)

A line draws the cells of the target that are there when the text is read up to its end
and were not there before. That can be asked of any codec, yours among them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from t4s_lib.codecs import codec as find_codec
from t4s_lib.course.studies import Counter
from t4s_lib.descriptor import BoolMask, DescriptorGrid


class Line(NamedTuple):
    """One line of a mask's text, or one row where a codec has several in a line.

    Attributes:
        text: The line, without its line break.
        tokens: What it adds to the text's tokens, its end with it.
        cells: Bool ``(rows, cols)``: cells of the target that it draws.
    """

    text: str
    tokens: int
    cells: BoolMask


def line_by_line(name: str, grid: DescriptorGrid, count: Counter) -> list[Line]:
    """Take a grid's text apart.

    Args:
        name: A registered codec.
        grid: What is written.
        count: Counts the tokens of a text.

    Returns:
        Its lines; their tokens add up to those of the text.

    Raises:
        ValueError: For an unknown codec.

    Examples:
        >>> grid = DescriptorGrid([[0, 0], [0, 1]], ("others", "dog"))
        >>> [int(line.cells.sum()) for line in line_by_line("row-rle", grid, len)]
        [0, 1]
    """
    codec = find_codec(name)
    end = rf"(?<=\n)|(?<={re.escape(codec.row_end)})"
    lines = [line for line in re.split(end, codec.encode(grid)) if line]
    labels = list(grid.labels[1:]) or None
    seen, before = np.zeros(grid.shape, dtype=bool), 0
    found, text = [], ""
    for line in lines:
        text += line
        back, _ = codec.decode(text, grid.shape, labels=labels)
        new = back.foreground & grid.foreground & ~seen
        tokens = count(text)
        found.append(Line(line.strip(), tokens - before, new))
        seen, before = seen | new, tokens
    return found


def idle_share(lines: Sequence[Line]) -> float:
    """The share of the tokens in lines that draw no cell.

    Examples:
        >>> grid = DescriptorGrid([[0, 0], [1, 1]], ("others", "dog"))
        >>> round(idle_share(line_by_line("row-rle", grid, len)), 2)
        0.56
    """
    total = sum(line.tokens for line in lines)
    idle = sum(line.tokens for line in lines if not line.cells.any())
    return idle / total if total else 0.0
