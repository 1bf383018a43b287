"""Index arithmetic between pixels and cells, one axis at a time.

A picture axis of ``pixels`` length is cut into ``cells`` equal parts; a part may
be wider or narrower than a pixel. Every function here looks at one axis, because
nearest, area and bilinear sampling are all separable.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

AnyArray = TypeVar("AnyArray", bound=NDArray[np.generic])


@lru_cache(maxsize=256)
def centres(source: int, target: int) -> NDArray[np.intp]:
    """Which of ``source`` samples each of ``target`` equal parts takes.

    The sample under the centre of each part, found the way Pillow's NEAREST
    finds it: centres are added up step by step in double precision, so that
    even rounding agrees.

    Args:
        source: Length of the axis sampled from, in samples.
        target: Number of parts.

    Returns:
        Indices into the source axis, shape ``(target,)``, read-only.

    Examples:
        >>> centres(640, 16)[:4]
        array([ 20,  60, 100, 140])
        >>> centres(2, 5)
        array([0, 0, 1, 1, 1])
    """
    step = source / target
    steps = np.full(target, step)
    steps[0] = step * 0.5
    return _frozen(np.add.accumulate(steps).astype(np.intp))


@lru_cache(maxsize=256)
def extents(cells: int, pixels: int) -> NDArray[np.intp]:
    """How many pixels lie nearest to each cell: repeating by them enlarges.

    Args:
        cells: Number of cells on the axis.
        pixels: Length of the picture axis.

    Returns:
        Counts, shape ``(cells,)``, which sum to ``pixels``; read-only.

    Examples:
        >>> extents(3, 8)
        array([3, 2, 3])
    """
    return _frozen(np.bincount(centres(cells, pixels), minlength=cells))


@lru_cache(maxsize=64)
def overlaps(pixels: int, cells: int) -> NDArray[np.float64]:
    """How much of each cell every pixel fills: rows sum to 1.

    Args:
        pixels: Length of the picture axis.
        cells: Number of cells on that axis.

    Returns:
        Weights, shape ``(cells, pixels)``, read-only.

    Examples:
        >>> overlaps(3, 2).round(2)
        array([[0.67, 0.33, 0.  ],
               [0.  , 0.33, 0.67]])
    """
    edges = np.arange(cells + 1) * (pixels / cells)
    left = np.maximum(edges[:-1, None], np.arange(pixels)[None])
    right = np.minimum(edges[1:, None], np.arange(1, pixels + 1)[None])
    weights: NDArray[np.float64] = np.clip(right - left, 0, None) * (cells / pixels)
    return _frozen(weights)


@lru_cache(maxsize=64)
def bilinear(cells: int, pixels: int) -> NDArray[np.float64]:
    """Linear interpolation from cell centres to pixel centres, clamped at edges.

    Args:
        cells: Number of cells on the axis.
        pixels: Length of the picture axis.

    Returns:
        Weights, shape ``(pixels, cells)``; rows sum to 1; read-only. The same
        as ``torch.nn.functional.interpolate(..., align_corners=False)``.

    Examples:
        >>> bilinear(2, 4)
        array([[1.  , 0.  ],
               [0.75, 0.25],
               [0.25, 0.75],
               [0.  , 1.  ]])
    """
    position = (np.arange(pixels) + 0.5) * (cells / pixels) - 0.5
    position = np.clip(position, 0, cells - 1)
    weights = 1 - np.abs(position[:, None] - np.arange(cells)[None])
    return _frozen(np.clip(weights, 0, None))


def _frozen(array: AnyArray) -> AnyArray:
    array.setflags(write=False)
    return array
