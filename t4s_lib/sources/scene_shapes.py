"""The shapes of a synthetic scene, as signed distances on the pixel raster.

A signed distance is negative inside a shape and positive outside. It gives the
mask (where it is negative), the soft edge and the outline at any picture size.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]
IdMap = NDArray[np.int32]
Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class SceneObject:
    """One shape of a scene, in coordinates that do not depend on the picture size.

    Attributes:
        shape: One of ``SHAPES``.
        colour: One of ``COLOURS``.
        centre: ``(x, y)`` as fractions of width and height, from the upper left.
        radius: Size as a fraction of the shorter side; shapes of one radius have
            about the same area.
        angle: Rotation in radians, clockwise as seen.
    """

    shape: str
    colour: str
    centre: tuple[float, float]
    radius: float
    angle: float = 0.0

    @property
    def name(self) -> str:
        """The class, e.g. ``"red circle"``."""
        return f"{self.colour} {self.shape}"


class Footprint(NamedTuple):
    """The pixels around one shape.

    Attributes:
        window: Rows and columns of the picture.
        x: Columns relative to the centre in radii, shape ``(1, w)``.
        y: Rows relative to the centre in radii, shape ``(h, 1)``.
        distance: Signed distance in pixels, shape ``(h, w)``.
    """

    window: tuple[slice, slice]
    x: FloatArray
    y: FloatArray
    distance: FloatArray


def _f32(values: NDArray[np.floating[Any]]) -> FloatArray:
    return np.asarray(values, dtype=np.float32)


def _circle(x: FloatArray, y: FloatArray) -> FloatArray:
    return _f32(np.hypot(x, y) - 1)


def _square(x: FloatArray, y: FloatArray) -> FloatArray:
    return _f32(np.maximum(np.abs(x), np.abs(y)) - 0.88)


def _triangle(x: FloatArray, y: FloatArray) -> FloatArray:
    return _f32(np.maximum(y, np.abs(x) * 0.8660254 - y / 2) - 0.66)


def _star(x: FloatArray, y: FloatArray) -> FloatArray:
    tip, notch, sector = 1.32, 0.62, 2 * math.pi / 5
    turn = np.arctan2(x, -y)
    turn = np.abs(turn - sector * np.round(turn / sector))
    reach = np.hypot(x, y)
    normal = (notch * math.sin(sector / 2), tip - notch * math.cos(sector / 2))
    length = math.hypot(*normal)
    across = normal[0] * (reach * np.cos(turn) - tip)
    return _f32((across + normal[1] * reach * np.sin(turn)) / length)


def _cross(x: FloatArray, y: FloatArray) -> FloatArray:
    far, near = np.maximum(np.abs(x), np.abs(y)), np.minimum(np.abs(x), np.abs(y))
    return _f32(np.maximum(far - 1.08, near - 0.38))


def _ring(x: FloatArray, y: FloatArray) -> FloatArray:
    return _f32(np.abs(np.hypot(x, y) - 0.81) - 0.29)


_Distance = Callable[[FloatArray, FloatArray], FloatArray]

_DISTANCES: Mapping[str, _Distance] = MappingProxyType(
    {
        "circle": _circle,
        "square": _square,
        "triangle": _triangle,
        "star": _star,
        "cross": _cross,
        "ring": _ring,
    }
)

SHAPES: tuple[str, ...] = tuple(_DISTANCES)
"""The kinds of shape."""

REACH = 1.36
"""No point of a shape is farther from its centre than this many radii."""


def _axis(centre: float, radius: float, length: int) -> tuple[slice, FloatArray]:
    reach = REACH * radius + 1.5
    start = max(0, math.floor(centre - reach))
    stop = min(length, math.ceil(centre + reach))
    offsets = np.arange(start, stop, dtype=np.float32) + np.float32(0.5 - centre)
    return slice(start, stop), offsets / np.float32(radius)


def footprint(thing: SceneObject, size: Size) -> Footprint:
    """Where a shape lies in a picture, and how far each pixel is from its edge.

    Args:
        thing: The shape.
        size: ``(height, width)`` of the picture in pixels.

    Returns:
        The window around the shape and the signed distances in it.

    Examples:
        >>> ball = SceneObject("circle", "red", (0.5, 0.5), 0.25)
        >>> print((footprint(ball, (8, 8)).distance < 0).astype(int))
        [[0 0 0 0 0 0 0 0]
         [0 0 0 0 0 0 0 0]
         [0 0 0 1 1 0 0 0]
         [0 0 1 1 1 1 0 0]
         [0 0 1 1 1 1 0 0]
         [0 0 0 1 1 0 0 0]
         [0 0 0 0 0 0 0 0]
         [0 0 0 0 0 0 0 0]]
    """
    height, width = size
    radius = thing.radius * min(size)
    rows, y = _axis(thing.centre[1] * height, radius, height)
    columns, x = _axis(thing.centre[0] * width, radius, width)
    x, y = x[None, :], y[:, None]
    cos, sin = np.float32(math.cos(thing.angle)), np.float32(math.sin(thing.angle))
    turned = cos * x + sin * y, cos * y - sin * x
    distance = _DISTANCES[thing.shape](*turned) * np.float32(radius)
    return Footprint((rows, columns), x, y, distance)


def instance_map(things: Sequence[SceneObject], size: Size) -> IdMap:
    """Which shape each pixel shows: later shapes lie over earlier ones.

    Args:
        things: The shapes in drawing order.
        size: ``(height, width)`` in pixels.

    Returns:
        Int ``(height, width)``; 0 is background, ``k`` the k-th shape (from 1).

    Examples:
        >>> ball = SceneObject("circle", "red", (0.3, 0.5), 0.3)
        >>> box = SceneObject("square", "blue", (0.8, 0.5), 0.2)
        >>> print(instance_map([ball, box], (6, 8)))
        [[0 0 0 0 0 0 0 0]
         [0 1 1 0 0 0 0 0]
         [0 1 1 1 0 2 2 0]
         [0 1 1 1 0 2 2 0]
         [0 1 1 0 0 0 0 0]
         [0 0 0 0 0 0 0 0]]
    """
    ids = np.zeros(size, dtype=np.int32)
    for number, thing in enumerate(things, start=1):
        mark = footprint(thing, size)
        ids[mark.window][mark.distance < 0] = number
    return ids
