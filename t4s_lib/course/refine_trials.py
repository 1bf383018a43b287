"""Pictures made to be hard for a refiner: a shadow beside the edge, a thin line."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image

from t4s_lib.course.refine_studies import PLAIN, Case, true_cases
from t4s_lib.descriptor import BoolMask
from t4s_lib.grid import iou
from t4s_lib.refine import refiner
from t4s_lib.sources import Sample

SIDE = 192
"""Of the pictures, in pixels: a cell of a 16 by 16 grid has 12."""

_GROUND, _NOISE, _DARK = 90, 6, 80  # grey levels
_RADIUS, _RIM = 33, 6  # pixels


def shadowed(contrast: float) -> Case:
    """A disc with a rim around it, half a cell wide, that sets off far better.

    Args:
        contrast: How much brighter than the rim the disc is, in grey levels.
    """
    mask, rim = _round(_RADIUS), _round(_RADIUS + _RIM)
    brighter = contrast * mask - _DARK * ~rim
    return _case(mask, brighter, f"a disc, {contrast:g} levels")


def line(width: float) -> Case:
    """A slanting bright line, ``width`` pixels wide."""
    down, right = np.indices((SIDE, SIDE))
    across = np.abs(right - 60 - 0.4 * down) / np.hypot(1, 0.4)
    inside = (across <= width / 2) & (down > 20) & (down < SIDE - 20)
    return _case(inside, 90 * inside, f"a line, {width:g} pixels")


def scores(
    cases: Sequence[Case], names: Sequence[str] = PLAIN
) -> dict[str, list[float]]:
    """The IoU of each case, by refiner."""
    ways = {name: refiner(name) for name in names}
    return {
        name: [iou(case.sample.mask, case.drawn(way)) for case in cases]
        for name, way in ways.items()
    }


def _round(radius: float) -> BoolMask:
    down, right = np.indices((SIDE, SIDE))
    return np.asarray(np.hypot(right - 88, down - 99) <= radius)


def _case(mask: BoolMask, brighter: object, name: str) -> Case:
    noise = np.random.default_rng(5).normal(0, _NOISE, (SIDE, SIDE))
    grey = (_GROUND + np.asarray(brighter) + noise).clip(0, 255).astype(np.uint8)
    picture = Image.fromarray(grey).convert("RGB")
    return true_cases([Sample(picture, name, mask, [name], f"trial#{name}")])[0]
