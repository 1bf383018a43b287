"""A mask on a box's own grid: finely placed, and as coarse inside as a grid may be."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from t4s_lib.codecs.box_places import Box, around, spread
from t4s_lib.descriptor import DescriptorGrid, Size, grid_size
from t4s_lib.grid import mask_to_grid


def boxed_grid(
    mask: ArrayLike, size: Size = 64, label: str = "target", inside: int = 16
) -> DescriptorGrid:
    """Lay a fine grid over a picture, and a coarser one into the target's box.

    The ``box`` codec writes the result with ``inside`` rows at most, on the grid of
    this ``size``; other codecs can write it too, at greater length.

    Args:
        mask: Bool ``(H, W)``.
        size: The fine grid, on which the box is placed.
        label: What the target is.
        inside: Rows and columns of the box's own grid, at most; ``box_places.INSIDE``
            at least, or the box is written cell by cell all the same.

    Returns:
        The fine grid; inside the box, its cells are those of the own grid.

    Raises:
        ValueError: For a bad size.

    Examples:
        >>> mask = np.zeros((128, 128), bool); mask[30:100, 40:110] = True
        >>> boxed_grid(mask, 64).shape
        (64, 64)
    """
    fine = mask_to_grid(mask, grid_size(size), label)
    ids, box = fine.ids, around(fine.ids)
    while box is not None:
        ids = np.zeros_like(fine.ids)
        ids[box.cells] = _inside(mask, box, fine.shape, inside)
        tight = around(ids)
        if tight == box:
            break
        box = tight  # a thin tip fell between the centres: a smaller box is tried
    return DescriptorGrid(ids, fine.labels, fine.lost)


def _inside(
    mask: ArrayLike, box: Box, shape: tuple[int, int], inside: int
) -> NDArray[np.int32]:
    """What a box shows on its own grid, for each of its cells."""
    pixels = np.asarray(mask, dtype=bool)
    top, bottom = _edges(box.top, box.rows, pixels.shape[0] / shape[0])
    left, right = _edges(box.left, box.cols, pixels.shape[1] / shape[1])
    own = min(inside, box.rows), min(inside, box.cols)
    return spread(mask_to_grid(pixels[top:bottom, left:right], own).ids, box.shape)


def _edges(start: int, length: int, scale: float) -> tuple[int, int]:
    """First pixel of a stretch of cells, and the one behind its last."""
    first = int(start * scale)
    return first, max(first + 1, round((start + length) * scale))
