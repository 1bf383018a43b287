"""The two refiners that do not look at the picture."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from t4s_lib.descriptor import DescriptorGrid
from t4s_lib.grid import grid_to_label_map
from t4s_lib.refine.base import Ids, shares
from t4s_lib.sampling import blend, extents


class Nearest:
    """Copies the cell under each pixel's centre: blocks; ``soft`` is not used.

    Examples:
        >>> grid = DescriptorGrid([[0, 1]], ("others", "dog"))
        >>> Nearest().refine(grid, Image.new("RGB", (4, 1))).tolist()
        [[0, 0, 1, 1]]
    """

    def refine(
        self, grid: DescriptorGrid, image: Image.Image, soft: ArrayLike | None = None
    ) -> Ids:
        """Draw the grid; see ``Refiner.refine``."""
        return grid_to_label_map(grid, (image.height, image.width))


class Bilinear:
    """Blends each label's shares and takes the largest: rounded corners.

    Examples:
        >>> grid = DescriptorGrid([[0, 1]], ("others", "dog"))
        >>> Bilinear().refine(grid, Image.new("RGB", (4, 1)), [[0.1, 0.5]]).tolist()
        [[0, 0, 0, 0]]
    """

    def refine(
        self, grid: DescriptorGrid, image: Image.Image, soft: ArrayLike | None = None
    ) -> Ids:
        """Draw the grid; see ``Refiner.refine``."""
        size = image.height, image.width
        if soft is None or not grid.foreground.any():
            return grid_to_label_map(grid, size, "bilinear")
        blended = [enlarge(share, size) for share in shares(grid, soft)]
        return np.asarray(np.argmax(blended, axis=0), dtype=np.int32)


def enlarge(cells: ArrayLike, size: tuple[int, int]) -> NDArray[np.float64]:
    """Bilinear interpolation of ``(rows, cols)`` to ``size``, height and width."""
    tall = blend(np.asarray(cells), size[0])
    return np.asarray(blend(tall.T, size[1]).T)


def nearest_cells(cells: NDArray[Any], size: tuple[int, int]) -> NDArray[Any]:
    """Each of ``(rows, cols)`` copied to the pixels nearest to it.

    Examples:
        >>> nearest_cells(np.array([[0.5, 1.0]]), (1, 4)).tolist()
        [[0.5, 0.5, 1.0, 1.0]]
    """
    rows, cols = cells.shape
    wide = cells.repeat(extents(cols, size[1]), axis=1)
    return wide.repeat(extents(rows, size[0]), axis=0)
