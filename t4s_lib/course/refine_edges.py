"""How well two masks agree along their edges: boundary IoU.

Source: Cheng, Girshick, Dollar, Berg, Kirillov, "Boundary IoU", CVPR 2021.
"""

from __future__ import annotations

import numpy as np

from t4s_lib.descriptor import BoolMask


def edge_band(mask: BoolMask, width: int) -> BoolMask:
    """The pixels of a mask that are at most ``width`` steps from what is outside.

    The picture's border counts as outside.

    Args:
        mask: Bool ``(H, W)``.
        width: In pixels.

    Returns:
        Bool ``(H, W)``.

    Examples:
        >>> edge_band(np.ones((3, 5), bool), 1).astype(int).tolist()
        [[1, 1, 1, 1, 1], [1, 0, 0, 0, 1], [1, 1, 1, 1, 1]]
    """
    inner = np.pad(mask, 1)
    for _ in range(width):
        up, down = np.roll(inner, -1, 0), np.roll(inner, 1, 0)
        left, right = np.roll(inner, -1, 1), np.roll(inner, 1, 1)
        inner = inner & up & down & left & right
    return np.asarray(mask & ~inner[1:-1, 1:-1])


def boundary_iou(one: BoolMask, two: BoolMask, width: int) -> float:
    """Intersection over union of two masks' edges alone; two empty masks agree.

    Args:
        one: Bool ``(H, W)``.
        two: The same.
        width: How deep an edge is, in pixels.

    Examples:
        >>> mask = np.ones((9, 9), bool)
        >>> boundary_iou(mask, mask, 2)
        1.0
    """
    a, b = edge_band(one, width), edge_band(two, width)
    union = (a | b).sum()
    return float((a & b).sum() / union) if union else 1.0
