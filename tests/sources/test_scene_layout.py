"""Scenes as values: how they are laid out and painted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from t4s_lib.sources import COLOURS, SHAPES, DataError, Scene, SceneObject, make_scene
from t4s_lib.sources.scene_layout import ALL_PAIRS, HELD_OUT_PAIRS
from t4s_lib.sources.scene_paint import PAINTS
from t4s_lib.sources.scene_shapes import REACH, footprint

seeds = st.integers(0, 10**9)


def visible_fractions(scene: Scene, size: tuple[int, int]) -> list[float]:
    _, ids = scene.render(size)
    return [
        float((ids == k).sum() / Scene((thing,)).render(size)[1].sum())
        for k, thing in enumerate(scene.objects, start=1)
    ]


@given(seeds)
@settings(max_examples=60, deadline=None)
def test_every_shape_stays_well_visible(seed: int) -> None:
    scene = make_scene(seed, pairs=ALL_PAIRS)
    assert 2 <= len(scene.objects) <= 6
    assert min(visible_fractions(scene, (64, 64))) >= 0.6
    assert min(visible_fractions(scene, (96, 96))) >= 0.5
    assert min(visible_fractions(scene, (48, 128))) >= 0.4


def test_shapes_do_overlap() -> None:
    hidden = [min(visible_fractions(make_scene(s), (64, 64))) < 0.98 for s in range(60)]
    assert 20 < sum(hidden) < 60


@given(seeds)
@settings(max_examples=30, deadline=None)
def test_no_ring_looks_like_a_circle(seed: int) -> None:
    scene = make_scene(seed, pairs=[("red", "ring"), ("blue", "circle")])
    _, ids = scene.render(64)
    rows, columns = np.mgrid[:64, :64] + 0.5
    for number, ring in enumerate(scene.objects, start=1):
        x, y = (64 * part for part in ring.centre)
        hole = np.hypot(columns - x, rows - y) < 0.5 * 64 * ring.radius
        if ring.shape == "ring":
            assert (ids[hole] > number).mean() <= 0.45


def test_all_counts_colours_and_shapes_occur() -> None:
    many = [make_scene(seed, pairs=ALL_PAIRS) for seed in range(200)]
    things = [thing for scene in many for thing in scene.objects]
    assert {len(scene.objects) for scene in many} == {2, 3, 4, 5, 6}
    assert {thing.colour for thing in things} == set(COLOURS)
    assert {thing.shape for thing in things} == set(SHAPES)


@given(seeds)
@settings(max_examples=40, deadline=None)
def test_a_featured_pair_is_shown(seed: int) -> None:
    scene = make_scene(seed, featured=sorted(HELD_OUT_PAIRS))
    assert {(t.colour, t.shape) for t in scene.objects} & HELD_OUT_PAIRS


def test_count_is_a_wish_within_limits() -> None:
    assert len(make_scene(1, count=2).objects) == 2
    with pytest.raises(DataError, match="unknown count 7: expected 2, 3, 4, 5, 6"):
        make_scene(1, count=7)
    with pytest.raises(DataError, match="unknown colour-shape pair"):
        make_scene(1, pairs=[("pink", "circle")])


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("angle", [0.0, 0.3, -0.4])
def test_shapes_are_whole_similar_in_area_and_within_reach(
    shape: str, angle: float
) -> None:
    thing = SceneObject(shape, "red", (0.5, 0.5), 0.3, angle)
    _, ids = Scene((thing,)).render(200)
    rows, columns = np.nonzero(ids)
    away = np.hypot(rows - 99.5, columns - 99.5) / 60
    assert away.max() <= REACH
    assert 0.65 <= len(rows) / (np.pi * 60**2) <= 1.0
    assert footprint(thing, (200, 200)).distance.dtype == np.float32


def test_a_ring_has_a_hole_and_shows_what_is_under_it() -> None:
    under = SceneObject("circle", "red", (0.5, 0.5), 0.1)
    ring = SceneObject("ring", "blue", (0.5, 0.5), 0.3)
    _, ids = Scene((under, ring)).render(64)
    assert ids[32, 32] == 1
    assert ids[32, 32 + 16] == 2


@pytest.mark.parametrize("colour", COLOURS)
@pytest.mark.parametrize("background", range(4))
def test_a_colour_looks_like_its_name(colour: str, background: int) -> None:
    scene = Scene((SceneObject("square", colour, (0.5, 0.5), 0.3),), background)
    image, ids = scene.render(64)
    mean = np.asarray(image, dtype=float)[ids == 1].mean(axis=0)
    nearest = min(PAINTS, key=lambda name: float(np.abs(mean - PAINTS[name]).sum()))
    assert nearest == colour


def test_other_paints_change_the_shapes_and_nothing_else() -> None:
    scene = make_scene(4, count=3)
    picture, ids = scene.render(64)
    before = np.asarray(picture, dtype=int)
    named = [PAINTS[thing.colour] for thing in scene.objects]
    same = np.asarray(scene.picture((64, 64), named), dtype=int)
    assert np.array_equal(same, before)
    orange = np.asarray(scene.picture((64, 64), [(250, 140, 30)] * 3), dtype=int)
    near = np.zeros_like(ids, dtype=bool)
    for thing in scene.objects:
        mark = footprint(thing, (64, 64))
        near[mark.window] |= mark.distance < 0.5
    assert np.array_equal(orange[~near], before[~near])
    red, green, blue = orange[ids > 0].mean(axis=0)
    assert red > green + 50 > blue + 100


def test_the_ground_is_textured_noisy_and_muted() -> None:
    pixels = np.asarray(Scene((), 5).render(64)[0], dtype=float)
    assert pixels.std(axis=(0, 1)).min() > 4
    assert np.abs(np.diff(pixels, axis=0)).mean() > 2
    assert 40 < pixels.mean() < 180
    other = np.asarray(Scene((), 6).render(64)[0], dtype=float)
    assert np.abs(pixels - other).mean() > 5


def test_edges_are_soft() -> None:
    scene = Scene((SceneObject("circle", "white", (0.5, 0.5), 0.3),))
    row = np.asarray(scene.render(64)[0].convert("L"), dtype=int)[20, :32]
    assert np.abs(np.diff(row)).max() < 150


def test_a_shape_may_reach_over_the_border() -> None:
    scene = Scene((SceneObject("star", "red", (0.0, 1.0), 0.4),))
    image, ids = scene.render((40, 60))
    assert image.size == (60, 40)
    assert ids[39, 0] == 1
