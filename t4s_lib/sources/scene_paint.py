"""Painting a synthetic scene: a soft noisy ground, shaded and outlined shapes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

import numpy as np
from PIL import Image

from t4s_lib.sources.scene_shapes import (
    FloatArray,
    SceneObject,
    Size,
    footprint,
)

Paint = tuple[int, int, int]
"""RGB, 0 to 255."""

PAINTS: Mapping[str, Paint] = MappingProxyType(
    {
        "red": (214, 38, 40),
        "yellow": (246, 212, 40),
        "green": (44, 160, 66),
        "blue": (38, 96, 222),
        "purple": (152, 56, 188),
        "white": (242, 242, 240),
    }
)
"""The colours and their RGB values before shading and noise."""

COLOURS: tuple[str, ...] = tuple(PAINTS)
"""The names of the colours."""

_KNOTS = 6
_LIGHT = np.float32(0.11)
_NOISE = np.float32(18 / 255)


@lru_cache(maxsize=64)
def _weights(pixels: int) -> FloatArray:
    """Smooth interpolation from the knots to the pixels, ``(pixels, _KNOTS)``."""
    place = (np.arange(pixels) + 0.5) / pixels * (_KNOTS - 1)
    away = np.abs(place[:, None] - np.arange(_KNOTS))
    near = 4 - 6 * away**2 + 3 * away**3
    spline = np.where(away < 1, near, np.clip(2 - away, 0, None) ** 3)
    share = spline / spline.sum(axis=1, keepdims=True)
    weights: FloatArray = np.asarray(share, dtype=np.float32)
    weights.setflags(write=False)
    return weights


def _bytes(source: np.random.PCG64, count: int) -> FloatArray:
    words = source.random_raw(-(-count // 8))
    return np.asarray(words).view(np.uint8)[:count].astype(np.float32)


def _ground(source: np.random.PCG64, size: Size) -> FloatArray:
    """A muted, slowly varying ground, float ``(height, width, 3)``."""
    tone = 78 + _bytes(source, 1) * np.float32(62 / 255)
    tint = (_bytes(source, 3) - 128) * np.float32(22 / 128)
    light = (_bytes(source, _KNOTS**2) - 128) * np.float32(44 / 128)
    hue = (_bytes(source, _KNOTS**2 * 3) - 128) * np.float32(12 / 128)
    knots = hue.reshape(_KNOTS, _KNOTS, 3) + light.reshape(_KNOTS, _KNOTS, 1)
    rows, columns = (_weights(length) for length in size)
    bands = np.tensordot(rows, knots + (tone + tint), axes=1)
    return np.asarray(columns @ bands, dtype=np.float32)


def _draw(canvas: FloatArray, thing: SceneObject, colour: FloatArray) -> None:
    """Paint one shape over the canvas, in place."""
    mark = footprint(thing, (canvas.shape[0], canvas.shape[1]))
    outline = max(1.0, 0.011 * min(canvas.shape[:2]))
    border = np.clip(mark.distance + np.float32(outline + 0.5), 0, 1)
    tone = (1 - _LIGHT * (mark.x + mark.y)) * (1 - np.float32(0.5) * border)
    cover = np.clip(np.float32(0.5) - mark.distance, 0, 1)[..., None]
    window = canvas[mark.window]
    window += cover * (tone[..., None] * colour - window)


def paint(
    things: Sequence[SceneObject],
    seed: int,
    size: Size,
    paints: Sequence[Paint] | None = None,
) -> Image.Image:
    """Paint shapes on a textured ground.

    Args:
        things: The shapes in drawing order.
        seed: Chooses the ground, the noise and the slight variation of colours.
        size: ``(height, width)`` in pixels.
        paints: RGB of each shape, instead of its named colour's.

    Returns:
        An RGB picture; the same for the same arguments.

    Examples:
        >>> ball = SceneObject("circle", "red", (0.5, 0.5), 0.25)
        >>> picture = paint([ball], seed=1, size=(32, 48))
        >>> picture.size, picture.getpixel((24, 16))[0] > 180
        ((48, 32), True)
    """
    source = np.random.PCG64(seed)
    canvas = _ground(source, size)
    shifts = (_bytes(source, 3 * len(things)) - 128) * np.float32(9 / 128)
    chosen = paints or [PAINTS[thing.colour] for thing in things]
    colours = np.array(chosen, dtype=np.float32).reshape(-1, 3) + shifts.reshape(-1, 3)
    for thing, colour in zip(things, colours, strict=True):
        _draw(canvas, thing, colour)
    canvas += (_bytes(source, canvas.size) - 128).reshape(canvas.shape) * _NOISE
    return Image.fromarray(np.clip(canvas, 0, 255).astype(np.uint8))
