"""Boxes around masks, and how far two boxes overlap.

A mask's box can be read in two ways, and a score depends on which:

    pixels 2, 3 and 4 of a row      edges      width
    whole pixels                    2 and 5    3
    the authors' min and max        2 and 4    2
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from t4s_lib.descriptor import BoolMask

PixelBox = tuple[int, int, int, int]
"""First column, first row, last column, last row, all inside the box."""

Edges = tuple[float, float, float, float]
"""Left, top, right and bottom edge, in pixels."""

_WAYS = ("whole", "parity")


def pixel_box(mask: BoolMask) -> PixelBox | None:
    """The smallest box that holds every pixel of a mask; None if it has none.

    Args:
        mask: Bool ``(H, W)``.

    Examples:
        >>> mask = np.zeros((4, 6), dtype=bool); mask[1:3, 2:5] = True
        >>> pixel_box(mask)
        (2, 1, 4, 2)
        >>> pixel_box(np.zeros((4, 6), dtype=bool)) is None
        True
    """
    columns = _ends(np.any(mask, axis=0))
    rows = _ends(np.any(mask, axis=1))
    if columns is None or rows is None:
        return None
    return columns[0], rows[0], columns[1], rows[1]


def edges_of(box: PixelBox, way: str = "whole") -> Edges:
    """The edges of a mask's box.

    Args:
        box: First and last column and row, see ``pixel_box``.
        way: ``whole`` reaches to the far side of the last pixels; ``parity``
            stops at their near side, as the authors' evaluation does.

    Raises:
        ValueError: For another ``way``.

    Examples:
        >>> edges_of((2, 1, 4, 2)), edges_of((2, 1, 4, 2), "parity")
        ((2, 1, 5, 3), (2, 1, 4, 2))
    """
    if way not in _WAYS:
        raise ValueError(f"way is {way!r}, expected one of {', '.join(_WAYS)}")
    left, top, right, bottom = box
    more = 1 if way == "whole" else 0
    return left, top, right + more, bottom + more


def edges_of_annotation(box: Sequence[float]) -> Edges:
    """The edges of an annotated box ``(x, y, width, height)``, COCO's form.

    Raises:
        ValueError: If it is not four numbers with a size of 0 or more.

    Examples:
        >>> edges_of_annotation([2.5, 1, 3, 2])
        (2.5, 1.0, 5.5, 3.0)
    """
    values = [float(value) for value in box]
    if len(values) != 4 or min(values[2:]) < 0 or not np.isfinite(values).all():
        raise ValueError(f"box is {list(box)}, expected x, y, width, height")
    x, y, width, height = values
    return x, y, x + width, y + height


def box_iou(one: Edges, two: Edges) -> float:
    """Intersection over union of two boxes; 0 where neither has an area.

    Examples:
        >>> box_iou((0, 0, 2, 2), (1, 0, 3, 2))
        0.3333333333333333
        >>> box_iou((0, 0, 0, 2), (0, 0, 0, 2))
        0.0
    """
    width = min(one[2], two[2]) - max(one[0], two[0])
    height = min(one[3], two[3]) - max(one[1], two[1])
    both = max(width, 0) * max(height, 0)
    union = _area(one) + _area(two) - both
    return both / union if union > 0 else 0.0


def _ends(line: ArrayLike) -> tuple[int, int] | None:
    """The first and the last True."""
    places = np.flatnonzero(line)
    return (int(places[0]), int(places[-1])) if len(places) else None


def _area(box: Edges) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])
