"""Masks to try answers of lesson 01 on, and ways to get their cells wrong."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from t4s_lib.descriptor import BoolMask


def box(
    shape: tuple[int, int], top: int, left: int, bottom: int, right: int
) -> BoolMask:
    """A mask of ``shape`` (height, width) that is one rectangle."""
    mask = np.zeros(shape, dtype=bool)
    mask[top:bottom, left:right] = True
    return mask


def corner_cells(mask: BoolMask, rows: int, cols: int) -> BoolMask:
    """The top-left pixel of each cell."""
    height, width = mask.shape
    return mask[:: height // rows, :: width // cols][:rows, :cols]


def last_cells(mask: BoolMask, rows: int, cols: int) -> BoolMask:
    """The bottom-right pixel of each cell."""
    height, width = mask.shape
    tall, wide = height // rows, width // cols
    return mask[tall - 1 :: tall, wide - 1 :: wide][:rows, :cols]


def rounded_cells(mask: BoolMask, rows: int, cols: int) -> BoolMask:
    """The pixel whose number is nearest to the centre of each cell."""
    height, width = mask.shape
    y = np.round((np.arange(rows) + 0.5) * height / rows).astype(int)
    x = np.round((np.arange(cols) + 0.5) * width / cols).astype(int)
    return np.asarray(mask[np.ix_(y, x)])


def cell_pixels(mask: BoolMask, rows: int, cols: int) -> NDArray[np.bool_]:
    """Each cell's pixels, ``(rows, cols, pixels)``; the sizes must divide."""
    height, width = mask.shape
    tiles = mask.reshape(rows, height // rows, cols, width // cols)
    return tiles.transpose(0, 2, 1, 3).reshape(rows, cols, -1)


def fitted(cells: Any, height: int, width: int) -> BoolMask:
    """Cut or pad to a size, so that a wrong drawing can be drawn."""
    out = np.zeros((height, width), dtype=bool)
    part = np.asarray(cells)[:height, :width]
    out[: part.shape[0], : part.shape[1]] = part
    return out
