"""Paints without a name show every shape, and no pair that is held out."""

from __future__ import annotations

import random

import pytest

from t4s_lib.models.tiny.hues import names, some_paint
from t4s_lib.sources.scene_layout import HELD_OUT_PAIRS
from t4s_lib.sources.scene_paint import PAINTS
from t4s_lib.sources.scene_shapes import SHAPES


@pytest.mark.parametrize("colour", PAINTS)
def test_a_colour_of_the_scenes_is_called_so_in_light_and_shade(colour: str) -> None:
    for light in (0.7, 0.85, 1.0):
        red, green, blue = (int(light * part) for part in PAINTS[colour])
        assert names((red, green, blue)) == (colour,)


@pytest.mark.parametrize("shape", SHAPES)
def test_no_paint_makes_a_held_out_pair(shape: str) -> None:
    rng = random.Random(0)
    met: set[str] = set()
    for _ in range(2000):
        met.update(names(some_paint(rng, shape)))
    kept_out = {colour for colour, other in HELD_OUT_PAIRS if other == shape}
    assert met == set(PAINTS) - kept_out


def test_paints_stand_out_from_the_grey_ground() -> None:
    rng = random.Random(1)
    for _ in range(500):
        paint = some_paint(rng, rng.choice(SHAPES))
        assert max(abs(part - 128) for part in paint) > 40
