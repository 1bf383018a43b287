"""How alike each pixel is to the cells around it, in place and in colour.

Joint bilateral upsampling: a pixel takes the shares of the nearby cells, each weighed
by how near its centre is and how alike its colour.

Source: Kopf, Cohen, Lischinski, Uyttendaele, SIGGRAPH 2007.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from t4s_lib.refine.base import Floats
from t4s_lib.refine.plain import enlarge
from t4s_lib.sampling import centres

WINDOW = 1
"""How many cells away the furthest that is asked is, along each axis; at the default
reach a second ring changes nothing."""

UNLIKE_ALL = 1e-3
"""Weight of plain bilinear blending, which decides where no cell has the colour."""


def colours_at(colour: Floats, rows: int, cols: int) -> Floats:
    """The mean colour of each cell's middle, half as wide and high as the cell.

    Args:
        colour: Float ``(H, W, 3)``.
        rows: Rows of the grid.
        cols: Columns of the grid.

    Returns:
        Float ``(rows, cols, 3)``.
    """
    height, width = colour.shape[:2]
    down, right = _around(height, rows), _around(width, cols)
    taken = [colour[np.ix_(y, x)] for y in down for x in right]
    return np.asarray(np.mean(taken, axis=0), dtype=np.float32)


def _around(pixels: int, cells: int) -> list[NDArray[np.intp]]:
    """For each step away from the centre, that pixel of every cell."""
    radius = round(pixels / cells / 4)
    middle = centres(pixels, cells)
    return [(middle + k).clip(0, pixels - 1) for k in range(-radius, radius + 1)]


def likeness(
    share: Floats, colour: Floats, cells: Floats, reach: float, tolerance: float
) -> Floats:
    """Each target's share at each pixel.

    Args:
        share: Float ``(targets, rows, cols)``, from 0 to 1.
        colour: Colours of the pixels, float ``(H, W, 3)``.
        cells: Colours of the cells, float ``(rows, cols, 3)``.
        reach: Standard deviation in place, cells.
        tolerance: Standard deviation in colour, in the units of ``colour``.

    Returns:
        Float ``(targets, H, W)``, from 0 to 1.
    """
    height, width = colour.shape[:2]
    rows, cols = share.shape[1:]
    down, right = _weights(height, rows, reach), _weights(width, cols, reach)
    scaled, known = (x / np.float32(tolerance * 2**0.5) for x in (colour, cells))
    total = np.full((height, width), UNLIKE_ALL, dtype=np.float32)
    plain = [enlarge(part, (height, width)) for part in share]
    found = (UNLIKE_ALL * np.stack(plain)).astype(np.float32)
    for row, by_row in down:
        for col, by_col in right:
            at = np.ix_(row, col)
            apart = scaled - known[at]
            weight = np.exp(-np.einsum("yxc,yxc->yx", apart, apart))
            weight *= by_row[:, None] * by_col
            total += weight
            for k, part in enumerate(share):
                found[k] += weight * part[at]
    return np.asarray(found / total, dtype=np.float32)


def _weights(
    pixels: int, cells: int, reach: float
) -> list[tuple[NDArray[np.intp], Floats]]:
    """For each step between a pixel's own cell and another: which, and its weight.

    A cell beyond the grid has the weight 0.
    """
    place = (np.arange(pixels) + 0.5) * (cells / pixels) - 0.5
    own = np.rint(place).astype(np.intp).clip(0, cells - 1)
    steps = []
    for step in range(-WINDOW, WINDOW + 1):
        other = own + step
        weight = np.exp(-(((place - other) / reach) ** 2) / 2)
        weight[(other < 0) | (other >= cells)] = 0
        steps.append((other.clip(0, cells - 1), weight.astype(np.float32)))
    return steps
