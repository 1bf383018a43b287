"""Shapes meant by where they lie: over one another, near a corner or the border."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from t4s_lib.sources.scene_expressions import Phrase
from t4s_lib.sources.scene_layout import REFERENCE
from t4s_lib.sources.scene_shapes import footprint, instance_map
from t4s_lib.sources.scene_views import DOWN, LEFT, RIGHT, UP, View

HIDDEN = 0.08
"""Least share of a shape that must be covered before it is called partly hidden."""

TOUCH = 2.0
"""Shapes that meet when grown by this many pixels might be taken to overlap."""

NEARER = 0.1
"""Least lead, in unit coordinates, of what is called closest to a place."""

PLACES: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "the upper left corner": (0.0, 0.0),
        "the upper right corner": (1.0, 0.0),
        "the lower left corner": (0.0, 1.0),
        "the lower right corner": (1.0, 1.0),
        "the middle of the picture": (0.5, 0.5),
    }
)
"""Places, as ``(x, y)`` fractions of width and height."""

BORDER = "the border of the picture"


def by_overlap(seen: View) -> Iterator[Phrase]:
    """``the shape that is partly hidden``, where exactly one is, and clearly."""
    drawn = [_signed(seen, k) for k in range(len(seen.objects))]
    pairs = list(combinations(range(len(drawn)), 2))
    over = [(k, o) for k, o in pairs if _meet(drawn[k], drawn[o], 0)]
    if over != [(k, o) for k, o in pairs if _meet(drawn[k], drawn[o], TOUCH)]:
        return
    hidden = {k for k, _ in over}
    if len(hidden) != 1:
        return
    (below,) = hidden
    share = 1 - seen.areas[below] / np.count_nonzero(drawn[below] < 0)
    if share >= HIDDEN:
        yield Phrase("the shape that is partly hidden", (below,))
        if len(over) == 1:
            yield Phrase("the shape that hides part of another", (over[0][1],))


def by_place(seen: View) -> Iterator[Phrase]:
    """``the shape closest to the upper left corner``, by centre and by what is seen."""
    ids = instance_map(seen.objects, REFERENCE)
    for place, point in PLACES.items():
        centres = [math.dist(thing.centre, point) for thing in seen.objects]
        nearest = [_reach(ids == k, point) for k in range(1, len(seen.objects) + 1)]
        if _first(nearest, 0) == (k := _first(centres, NEARER)) and k is not None:
            yield Phrase(f"the shape closest to {place}", (k,))
    height, width = REFERENCE
    far = {LEFT: 0, UP: 0, RIGHT: width - 1, DOWN: height - 1}
    gaps = [min(far[way] + edge for way, edge in e.items()) for e in seen.edges]
    if (k := _first([gap / min(REFERENCE) for gap in gaps], NEARER / 2)) is not None:
        yield Phrase(f"the shape closest to {BORDER}", (k,))


def _first(away: Sequence[float], lead: float) -> int | None:
    """Who is closest, by a lead at least; None if that is nobody, or one alone."""
    order = sorted(range(len(away)), key=away.__getitem__)
    clear = len(order) > 1 and away[order[1]] - away[order[0]] >= lead
    return order[0] if clear else None


def _reach(pixels: NDArray[np.bool_], point: tuple[float, float]) -> float:
    """How far the closest pixel of a shape is from a point, in unit coordinates."""
    rows, columns = np.nonzero(pixels)
    height, width = pixels.shape
    away = np.hypot(
        (columns + 0.5) / width - point[0], (rows + 0.5) / height - point[1]
    )
    return float(away.min())


def _signed(seen: View, k: int) -> NDArray[np.float32]:
    """How far each pixel of the reference raster is outside a shape, hidden or not."""
    mark = footprint(seen.objects[k], REFERENCE)
    pixels = np.full(REFERENCE, np.inf, dtype=np.float32)
    pixels[mark.window] = mark.distance
    return pixels


def _meet(one: NDArray[np.float32], other: NDArray[np.float32], gap: float) -> bool:
    """Whether two shapes have a pixel in common, or nearly so."""
    return bool(np.any((one < gap) & (other < gap)))
