"""Outlines drawn as masks: the polygons of labelme, as ReasonSeg uses them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from t4s_lib.sources.errors import DataError

Point = tuple[int, int]


def whole_points(points: Any, name: str) -> list[Point]:
    """The corners of a polygon, cut to whole pixels.

    Args:
        points: ``[[x, y], ...]``, three or more.
        name: What to call the polygon in an error.

    Raises:
        DataError: If it is no such list.

    Examples:
        >>> whole_points([[0, 0], [4.9, 0], [4, 3]], "shape 0")
        [(0, 0), (4, 0), (4, 3)]
        >>> whole_points([[0, 0], [4, 0]], "shape 0")
        Traceback (most recent call last):
        ...
        t4s_lib.sources.errors.DataError: shape 0 has 2 points, expected 3 or more
    """
    if not isinstance(points, list) or not all(_is_point(point) for point in points):
        raise DataError(f"{name} is no list of points, expected [[x, y], ...]")
    if len(points) < 3:
        raise DataError(f"{name} has {len(points)} points, expected 3 or more")
    return [(int(x), int(y)) for x, y in points]


def _is_point(point: Any) -> bool:
    return (
        isinstance(point, list | tuple)
        and len(point) == 2
        and all(isinstance(value, int | float) and abs(value) < 1e6 for value in point)
    )


def draw(
    shapes: Sequence[tuple[Sequence[Point], int]], height: int, width: int
) -> NDArray[np.uint8]:
    """Draw polygons over one another, edges included.

    Args:
        shapes: Corners and value of each, the lowest first.
        height: Rows of the picture.
        width: Columns of the picture.

    Returns:
        Uint8 ``(height, width)``: the value of the topmost polygon, else 0.

    Examples:
        >>> draw([([(1, 0), (3, 0), (3, 1), (1, 1)], 1)], 3, 5).tolist()
        [[0, 1, 1, 1, 0], [0, 1, 1, 1, 0], [0, 0, 0, 0, 0]]
    """
    canvas = Image.new("L", (width, height))
    pen = ImageDraw.Draw(canvas)
    for corners, value in shapes:
        pen.polygon(list(corners), fill=value, outline=value)
    return np.asarray(canvas, dtype=np.uint8)


def area(corners: Sequence[Point]) -> float:
    """The area of a polygon (shoelace formula).

    Examples:
        >>> area([(0, 0), (4, 0), (4, 3)])
        6.0
    """
    x, y = np.array(corners, dtype=float).T
    return abs(float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))) / 2
