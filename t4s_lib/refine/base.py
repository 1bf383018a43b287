"""What a refiner is: a grid and its picture go in, a label for each pixel comes out."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from t4s_lib.descriptor import DescriptorGrid
from t4s_lib.grid import grid_to_label_map
from t4s_lib.sampling import centres

Ids = NDArray[np.int32]
Floats = NDArray[np.float32]


class Refiner(Protocol):
    """Draws a grid as large as its picture.

    A label without a cell gets no pixel, whatever ``soft`` says: the grid decides
    what is there, a refiner where it ends.
    """

    def refine(
        self, grid: DescriptorGrid, image: Image.Image, soft: ArrayLike | None = None
    ) -> Ids:
        """Draw the grid.

        Args:
            grid: The cells.
            image: The picture, RGB.
            soft: How likely each cell belongs to a target, float from 0 to 1,
                ``(rows, cols)``; or how likely it has each label,
                ``(labels, rows, cols)``. Takes the place of the cells where it helps.
                Of several targets, a cell's chance goes to the nearest.

        Returns:
            Int ``(H, W)``: positions in ``grid.labels``; 0 is ``others``.

        Raises:
            ValueError: If ``soft`` does not fit the grid.
        """
        ...


def shares(grid: DescriptorGrid, soft: ArrayLike | None = None) -> Floats:
    """How much of each cell each label has: what the grid says, or ``soft``.

    Args:
        grid: The cells.
        soft: See ``Refiner.refine``.

    Returns:
        Float ``(labels, rows, cols)``, from 0 to 1; 0 for a label without a cell.

    Raises:
        ValueError: For another shape, or values that are not from 0 to 1.

    Examples:
        >>> grid = DescriptorGrid([[0, 1]], ("others", "dog"))
        >>> shares(grid).tolist()
        [[[1.0, 0.0]], [[0.0, 1.0]]]
        >>> shares(grid, [[0.25, 0.75]]).tolist()
        [[[0.75, 0.25]], [[0.25, 0.75]]]
    """
    hard = np.stack([grid.ids == k for k in range(len(grid.labels))])
    if soft is None:
        return hard.astype(np.float32)
    values = _checked(np.array(soft, dtype=np.float32), grid)
    if values.ndim == 2:
        owners = np.arange(1, len(hard))[:, None, None] == _owners(grid)
        values = np.concatenate([1 - values[None], owners * values])
    values[1:] *= hard[1:].any(axis=(1, 2), keepdims=True)
    return values


def _owners(grid: DescriptorGrid) -> Ids:
    """The target that each cell has, or that is nearest to it; 0 if there is none."""
    targets = np.argwhere(grid.foreground)
    if len(grid.labels) <= 2 or not targets.size:
        return np.full(grid.shape, len(grid.labels) - 1, dtype=np.int32)
    cells = np.argwhere(np.ones(grid.shape, dtype=bool))
    apart = np.square(cells[:, None] - targets).sum(axis=2)
    nearest = targets[apart.argmin(axis=1)]
    return np.asarray(grid.ids[tuple(nearest.T)].reshape(grid.shape), dtype=np.int32)


def _checked(soft: Floats, grid: DescriptorGrid) -> Floats:
    several = (len(grid.labels), *grid.shape)
    if soft.shape not in (grid.shape, several):
        wanted = f"{grid.shape} or {several}"
        raise ValueError(f"soft has shape {soft.shape}, expected {wanted}")
    if not np.all((soft >= 0) & (soft <= 1)):
        found = f"{soft.min()} to {soft.max()}"
        raise ValueError(f"soft has values from {found}, expected from 0 to 1")
    return soft


def keep_all(ids: Ids, grid: DescriptorGrid) -> Ids:
    """Give back its cells to each label that a refiner left without a pixel.

    Args:
        ids: Int ``(H, W)``, positions in ``grid.labels``; changed in place.
        grid: The cells.

    Returns:
        ``ids``, in which each target that has a cell has a pixel, unless another
        target needs the same one (a picture smaller than its grid).

    Examples:
        >>> grid = DescriptorGrid([[0, 1], [0, 0]], ("others", "dog"))
        >>> keep_all(np.zeros((2, 4), np.int32), grid).tolist()
        [[0, 0, 1, 1], [0, 0, 0, 0]]
    """
    height, width = ids.shape
    lost = _lost(ids, grid)
    if lost:
        cells = grid_to_label_map(grid, (height, width))
        np.copyto(ids, cells, where=np.isin(cells, lost))
    for label in _lost(ids, grid):  # cells smaller than a pixel
        row, col = np.argwhere(grid.ids == label)[0]
        ids[centres(height, grid.shape[0])[row], centres(width, grid.shape[1])[col]] = (
            label
        )
    return ids


def _lost(ids: Ids, grid: DescriptorGrid) -> list[int]:
    """The targets that have a cell but no pixel."""
    count = len(grid.labels)
    cells, pixels = (np.bincount(x.ravel(), minlength=count) for x in (grid.ids, ids))
    return [k for k in range(1, count) if cells[k] and not pixels[k]]
