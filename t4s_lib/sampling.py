"""Index arithmetic between pixels and cells, one axis at a time.

A picture axis of ``pixels`` length is cut into ``cells`` equal parts; a part may
be wider or narrower than a pixel. Every function here looks at one axis, because
nearest, area and bilinear sampling are all separable.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, TypeVar

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


def cell_means(values: NDArray[Any], cells: int) -> NDArray[np.float64]:
    """The mean of each cell along the first axis; edges may cut through pixels.

    Args:
        values: ``(pixels, ...)``.
        cells: Number of equal cells on that axis.

    Returns:
        Means ``(cells, ...)``: what a pixel shares with a cell counts by its share.

    Examples:
        >>> cell_means(np.array([[1], [1], [0]]), 2).round(2).tolist()
        [[1.0], [0.33]]
    """
    pixels = len(values)
    edges = np.arange(cells + 1) * (pixels / cells)
    whole = np.minimum(edges.astype(np.intp), pixels - 1)
    sums = np.cumsum(values, axis=0, dtype=np.float64)
    before = np.concatenate([np.zeros_like(sums[:1]), sums])[whole]
    upto = before + _column(edges - whole, values) * values[whole]
    return np.diff(upto, axis=0) * (cells / pixels)


def blend(values: NDArray[Any], pixels: int) -> NDArray[np.float64]:
    """Linear interpolation along the first axis, clamped at the edges.

    Args:
        values: ``(cells, ...)``, each standing for the centre of its cell.
        pixels: Number of pixels to enlarge to.

    Returns:
        ``(pixels, ...)``: the same as ``torch.nn.functional.interpolate`` with
        ``align_corners=False`` gives along one axis.

    Examples:
        >>> blend(np.array([[0], [1]]), 4).tolist()
        [[0.0], [0.25], [0.75], [1.0]]
    """
    cells = len(values)
    position = (np.arange(pixels) + 0.5) * (cells / pixels) - 0.5
    position = position.clip(0, cells - 1)
    low = position.astype(np.intp)
    part = _column(position - low, values)
    high = np.minimum(low + 1, cells - 1)
    return np.asarray(values[low] * (1 - part) + values[high] * part)


def _column(numbers: NDArray[Any], like: NDArray[Any]) -> NDArray[Any]:
    return numbers.reshape(-1, *[1] * (like.ndim - 1))


def _frozen(array: AnyArray) -> AnyArray:
    array.setflags(write=False)
    return array
