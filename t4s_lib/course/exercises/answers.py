"""The answers of the exercises, as short as a learner would write them.

The library does the same in more general ways; tests keep the two in step.
"""

from __future__ import annotations

from itertools import groupby

import numpy as np

from t4s_lib.descriptor import BoolMask

Run = tuple[str, int]


def sample_cells(mask: BoolMask, rows: int, cols: int) -> BoolMask:
    """Take the pixel under the centre of each cell."""
    height, width = mask.shape
    y = ((np.arange(rows) + 0.5) * height / rows).astype(int)
    x = ((np.arange(cols) + 0.5) * width / cols).astype(int)
    return np.asarray(mask[np.ix_(y, x)])


def majority_cells(mask: BoolMask, rows: int, cols: int) -> BoolMask:
    """Mark the cells that the target fills by more than half."""
    height, width = mask.shape
    tiles = mask.reshape(rows, height // rows, cols, width // cols)
    return np.asarray(tiles.mean(axis=(1, 3)) > 0.5)


def draw_back(cells: BoolMask, height: int, width: int) -> BoolMask:
    """Give each pixel the cell under its centre."""
    rows, cols = cells.shape
    y = ((np.arange(height) + 0.5) * rows / height).astype(int)
    x = ((np.arange(width) + 0.5) * cols / width).astype(int)
    return np.asarray(cells[np.ix_(y, x)])


def iou(one: BoolMask, two: BoolMask) -> float:
    """Intersection over union; two empty masks agree."""
    union = (one | two).sum()
    return float((one & two).sum() / union) if union else 1.0


def is_lost(mask: BoolMask, rows: int, cols: int) -> bool:
    """Whether a mask has pixels but no cell."""
    return bool(mask.any()) and not sample_cells(mask, rows, cols).any()


def row_runs(row: list[str]) -> list[Run]:
    """Equal neighbours, counted."""
    return [(label, len(list(cells))) for label, cells in groupby(row)]


def row_text(runs: list[Run]) -> str:
    """Runs of one row as text."""
    return "| ".join(f"{label} *{count}" for label, count in runs)


def grid_text(rows: list[list[str]]) -> str:
    """A whole grid as text."""
    return "\n ".join(row_text(row_runs(row)) for row in rows) + "\n"


def read_row(text: str) -> list[Run]:
    """The runs of one row of text."""
    pairs = [run.split(" *") for run in text.split("| ")]
    return [(label, int(count)) for label, count in pairs]


def repair_row(runs: list[Run], width: int) -> list[str]:
    """The cells of a row, cut or drawn out to the width."""
    cells = [label for label, count in runs for _ in range(count)]
    last = cells[-1] if cells else "others"
    return (cells + [last] * width)[:width]


def label_mask(
    ids: list[int], prompt_length: int, pad: int, masked: int = -100
) -> list[int]:
    """The answer's tokens as labels; the prompt and the padding masked."""
    return [
        token if k >= prompt_length and token != pad else masked
        for k, token in enumerate(ids)
    ]
