"""Shapes in colours without a name, so that the eye knows a shape in any colour.

With the scenes' six colours alone a tower learns pairs: what is white and thin is a
ring, because no training picture shows a white cross. In other hues every shape is met.
What anyone might call red, say, is left out where a red one is held out.
"""

from __future__ import annotations

import colorsys
import random
from collections.abc import Mapping
from types import MappingProxyType

from t4s_lib.sources.scene_layout import HELD_OUT_PAIRS
from t4s_lib.sources.scene_paint import Paint

HUES: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "red": (-22, 20),
        "yellow": (40, 75),
        "green": (68, 172),
        "blue": (188, 270),
        "purple": (252, 328),
    }
)
"""Degrees of the colour wheel that one of the scenes' names might be given to."""

_GREY, _BRIGHT = 0.25, 0.6
"""Saturation below which a paint has no hue, and value from which that is white."""

_VIVID, _PALE, _DARK = 90, 190, 45
"""A paint stands out from the grey ground if its parts of red, green and blue lie this
far apart, or are all at least this, or are all at most this."""


def names(paint: Paint) -> tuple[str, ...]:
    """The colours of the scenes that a paint might be called.

    Examples:
        >>> names((130, 20, 25)), names((90, 50, 230)), names((225, 225, 200))
        (('red',), ('blue', 'purple'), ('white',))
        >>> names((250, 120, 30)), names((20, 20, 20))
        ((), ())
    """
    hue, saturation, value = colorsys.rgb_to_hsv(*(part / 255 for part in paint))
    if saturation < _GREY:
        return ("white",) if value >= _BRIGHT else ()
    degrees = (360 * hue + 32) % 360 - 32
    return tuple(name for name, (low, high) in HUES.items() if low <= degrees < high)


def some_paint(rng: random.Random, shape: str) -> Paint:
    """A paint that stands out from the ground and makes no held-out pair.

    Args:
        rng: Chooses it.
        shape: The shape that will be painted.

    Returns:
        RGB, 0 to 255.
    """
    while True:
        paint = (rng.randrange(256), rng.randrange(256), rng.randrange(256))
        low, high = min(paint), max(paint)
        stands_out = high - low >= _VIVID or low >= _PALE or high <= _DARK
        pairs = {(name, shape) for name in names(paint)}
        if stands_out and not pairs & HELD_OUT_PAIRS:
            return paint
