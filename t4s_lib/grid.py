"""The grid of labels, and the two ways between it and pixels.

A descriptor grid cuts the picture into ``rows x cols`` equal cells, whatever the
picture's shape, and gives each cell one label; ``others`` is the background.

    mask (H, W)  --mask_to_grid-->  grid (rows, cols)  --grid_to_mask-->  mask (H, W)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from t4s_lib.descriptor import BoolMask, DescriptorGrid, Size, grid_size
from t4s_lib.label_maps import as_bool, to_label_map
from t4s_lib.rules import choose
from t4s_lib.sampling import blend, extents

MODES = ("nearest", "bilinear")
"""How a grid becomes pixels again."""


def mask_to_grid(
    mask: ArrayLike | Mapping[str, ArrayLike],
    size: Size = 16,
    label: str = "target",
    rule: str = "nearest",
    *,
    names: Mapping[int, str] | None = None,
    ignore: Sequence[int] = (),
) -> DescriptorGrid:
    """Give each cell of a grid the label of what it shows.

    Args:
        mask: One of three things. A bool ``(H, W)`` mask (integers count as
            True where above 0). A mapping from label to such a mask; where they
            overlap the later one wins. With ``names``, an integer ``(H, W)``
            label map.
        size: Grid side, or ``(rows, cols)``.
        label: The label of a single mask.
        rule: ``"nearest"`` takes the pixel under the cell's centre, as the
            authors do; ``"majority"`` the label that fills most of the cell;
            ``"coverage"`` the target that fills most of it, however little.
            With the suffix ``"+keep"``, a target that got no cell is given the
            one it fills most.
        names: For a label map: what each value means. Value 0 is background
            unless named.
        ignore: For a label map: values that count as background (void).

    Returns:
        The grid; its ``lost`` names the targets that have pixels but no cell.

    Raises:
        ValueError: For an empty or ill-shaped mask, an unknown rule or value.

    Source: the authors' ``create_refcoco.py`` for ``nearest``.

    Examples:
        >>> mask = np.zeros((480, 640), dtype=bool)
        >>> mask[:240, 320:] = True
        >>> mask_to_grid(mask, size=2, label="sky").cells()
        [['others', 'sky'], ['others', 'others']]
        >>> tiny = np.zeros((480, 640), dtype=bool); tiny[0, 0] = True
        >>> mask_to_grid(tiny, 16, "bird").lost
        ('bird',)
        >>> int(mask_to_grid(tiny, 16, "bird", rule="nearest+keep").foreground.sum())
        1
    """
    label_map, labels = to_label_map(mask, label, names, ignore)
    ids, lost = choose(label_map, len(labels), grid_size(size), rule)
    if isinstance(mask, Mapping):  # what lies wholly under another is lost as well
        cells = set(np.unique(ids).tolist())
        named = enumerate(mask.values(), start=1)
        lost = [k for k, layer in named if k not in cells and np.any(layer)]
    return DescriptorGrid(ids, labels, tuple(labels[k] for k in lost))


def grid_to_label_map(
    grid: DescriptorGrid, size: tuple[int, int], mode: str = "nearest"
) -> NDArray[np.int32]:
    """Lay the grid's ids over a picture of ``size``.

    Args:
        grid: The grid.
        size: Height and width of the picture, in pixels.
        mode: ``"nearest"`` copies the cell under each pixel's centre;
            ``"bilinear"`` blends each label's cells and takes the largest.

    Returns:
        Int ``(height, width)``: positions in ``grid.labels``.

    Examples:
        >>> grid = DescriptorGrid([[0, 1]], ("others", "dog"))
        >>> grid_to_label_map(grid, (2, 4)).tolist()
        [[0, 0, 1, 1], [0, 0, 1, 1]]
    """
    height, width = _picture_size(size)
    if _known("mode", mode, MODES) == "nearest":
        return _spread(grid.ids, height, width)
    shares = [_blend(grid.ids == k, height, width) for k in range(len(grid.labels))]
    return np.asarray(np.argmax(shares, axis=0), dtype=np.int32)


def grid_to_mask(
    grid: DescriptorGrid,
    size: tuple[int, int],
    label: str | None = None,
    mode: str = "nearest",
) -> BoolMask:
    """Draw one label of the grid, or all targets together, as a mask.

    Args:
        grid: The grid.
        size: Height and width of the mask, in pixels.
        label: Which label to draw; all but ``others`` where None.
        mode: ``"nearest"`` gives blocks; ``"bilinear"`` cuts the blended cells
            at one half, which rounds the corners.

    Returns:
        Bool ``(height, width)``.

    Raises:
        ValueError: For an unknown label or mode, or a size below 1.

    Examples:
        >>> grid = DescriptorGrid([[0, 1]], ("others", "dog"))
        >>> grid_to_mask(grid, (1, 4), "dog").tolist()
        [[False, False, True, True]]
    """
    height, width = _picture_size(size)
    cells = grid.foreground if label is None else grid.where(label)
    if _known("mode", mode, MODES) == "nearest":
        return _spread(cells, height, width)
    return np.asarray(_blend(cells, height, width) > 0.5)


def iou(one: ArrayLike, two: ArrayLike) -> float:
    """Intersection over union of two masks; 1 where both are empty.

    Raises:
        ValueError: If the shapes differ.

    Examples:
        >>> iou([[True, True]], [[True, False]])
        0.5
    """
    a, b = np.asarray(one, dtype=bool), np.asarray(two, dtype=bool)
    if a.shape != b.shape:
        raise ValueError(f"masks have shapes {a.shape} and {b.shape}, expected equal")
    union = np.count_nonzero(a | b)
    return 1.0 if union == 0 else float(np.count_nonzero(a & b) / union)


def oracle_iou(
    mask: ArrayLike, size: Size = 16, rule: str = "nearest", mode: str = "nearest"
) -> float:
    """The IoU a perfect model reaches: the mask against its own grid drawn back.

    Examples:
        >>> half = np.zeros((64, 64), dtype=bool); half[:, :30] = True
        >>> round(oracle_iou(half, 16), 2), round(oracle_iou(half, 32), 2)
        (0.93, 1.0)
    """
    truth = as_bool(mask)
    grid = mask_to_grid(truth, size, rule=rule)
    return iou(truth, grid_to_mask(grid, truth.shape, mode=mode))


def _picture_size(size: tuple[int, int]) -> tuple[int, int]:
    if len(size) != 2 or min(size) < 1:
        raise ValueError(f"picture size is {size}, expected (height, width), 1 or more")
    return size


def _spread(cells: NDArray[Any], height: int, width: int) -> NDArray[Any]:
    rows, cols = cells.shape
    wide = cells.repeat(extents(cols, width), axis=1)
    return wide.repeat(extents(rows, height), axis=0)


def _blend(cells: BoolMask, height: int, width: int) -> NDArray[np.float64]:
    return blend(blend(cells, height).T, width).T


def _known(what: str, value: str, known: tuple[str, ...]) -> str:
    if value not in known:
        raise ValueError(f"{what} is {value!r}, expected one of {known}")
    return value
