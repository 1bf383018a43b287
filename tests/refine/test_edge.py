"""The edge-aware refiner: what it must never do, and what it gains on real masks."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

pytest.importorskip("scipy")

from t4s_lib.descriptor import BoolMask, DescriptorGrid
from t4s_lib.grid import iou, mask_to_grid
from t4s_lib.refine import refiner
from t4s_lib.refine.edge import EdgeAware, lab
from t4s_lib.refine.likeness import UNLIKE_ALL, colours_at, likeness
from t4s_lib.refine.plain import enlarge
from t4s_lib.refine.walker import LEAST, neighbour_weights, spread
from t4s_lib.sources.coco_instances import read_instances

LABELS = ("others", "dog", "cat", "cow")
SMALLEST = 0.02
SEEDS = st.integers(0, 2**32 - 1)


def drawn(seed: int) -> tuple[DescriptorGrid, Image.Image]:
    """Any small grid, and any small picture of few colours."""
    draw = np.random.default_rng(seed)
    count = int(draw.integers(1, 4))
    ids = draw.integers(0, count + 1, draw.integers(1, 9, 2))
    ids[draw.random(ids.shape) < draw.random()] = 0
    shape = (*draw.integers(1, 40, 2), 3)
    pixels = draw.integers(0, draw.integers(1, 257), shape)
    picture = Image.fromarray(pixels.astype(np.uint8))
    return DescriptorGrid(ids, LABELS[: count + 1]), picture


@given(SEEDS)
def test_no_label_appears_and_none_is_lost(seed: int) -> None:
    grid, picture = drawn(seed)
    ids = EdgeAware().refine(grid, picture)
    assert ids.shape == (picture.height, picture.width)
    targets = set(grid.ids[grid.foreground].tolist())
    found = set(ids[ids > 0].tolist())
    assert found <= targets
    if picture.height >= grid.shape[0] and picture.width >= grid.shape[1]:
        assert found == targets
    assert bool(found) == bool(targets)


@given(SEEDS)
def test_a_soft_map_neither_makes_nor_loses_a_target(seed: int) -> None:
    grid, picture = drawn(seed)
    soft = np.random.default_rng(seed).random((len(grid.labels), *grid.shape))
    ids = EdgeAware().refine(grid, picture, soft)
    assert set(ids[ids > 0].tolist()) <= set(grid.ids[grid.foreground].tolist())
    assert ids.any() == grid.foreground.any()


def half_and_half(edge: int) -> Image.Image:
    """80 x 80, black left of ``edge`` and white right of it."""
    pixels = np.zeros((80, 80, 3), np.uint8)
    pixels[:, edge:] = 255
    return Image.fromarray(pixels)


@pytest.mark.parametrize("edge", [41, 44, 47, 51, 54])
def test_an_edge_within_a_cell_is_found(edge: int) -> None:
    truth = np.zeros((80, 80), bool)
    truth[:, edge:] = True
    grid = mask_to_grid(truth, 8)
    picture = half_and_half(edge)
    found = EdgeAware().refine(grid, picture) > 0
    plain = refiner("bilinear").refine(grid, picture) > 0
    assert iou(truth, found) > 0.97
    assert iou(truth, found) >= iou(truth, plain)


def test_without_an_edge_to_see_it_draws_about_what_bilinear_draws() -> None:
    blank = Image.new("RGB", (80, 80), "grey")
    grid = DescriptorGrid(np.arange(64).reshape(8, 8) % 8 > 3, LABELS[:2])
    found = EdgeAware().refine(grid, blank)
    assert iou(found, refiner("bilinear").refine(grid, blank)) > 0.95


def test_where_the_grid_is_full_the_mask_is() -> None:
    grid = DescriptorGrid(np.ones((4, 4), int), LABELS[:2])
    assert EdgeAware().refine(grid, half_and_half(30)).all()


def test_soft_cells_move_the_mask() -> None:
    grid = DescriptorGrid([[0, 1]] * 2, LABELS[:2])
    blank = Image.new("RGB", (40, 40), "grey")
    shy = EdgeAware().refine(grid, blank, [[0.0, 0.7]] * 2)
    bold = EdgeAware().refine(grid, blank, [[0.3, 1.0]] * 2)
    assert shy.sum() < EdgeAware().refine(grid, blank).sum() < bold.sum()


def test_soft_cells_hold_less_than_sure_ones() -> None:
    truth = np.zeros((80, 80), bool)
    truth[:, 40:] = True
    cells = mask_to_grid(truth, 8).ids.copy()
    cells[4, 5] = 0  # one cell in the middle of the target is written wrong
    grid, picture = DescriptorGrid(cells, LABELS[:2]), half_and_half(40)
    draw = EdgeAware(hold=50, hold_soft=0.2)
    sure = draw.refine(grid, picture) > 0
    soft = draw.refine(grid, picture, cells) > 0
    assert not sure[45, 55]
    assert soft[45, 55]
    same = EdgeAware(hold=50, hold_soft=50).refine(grid, picture, cells)
    np.testing.assert_array_equal(same > 0, sure)


def test_the_same_twice(grid: DescriptorGrid, picture: Image.Image) -> None:
    first, second = (EdgeAware().refine(grid, picture) for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_colours_are_those_of_cielab() -> None:
    primaries = np.diag([255, 255, 255]).astype(np.uint8)
    corners = Image.fromarray(primaries[None])
    published = [[53.2, 80.1, 67.2], [87.7, -86.2, 83.2], [32.3, 79.2, -107.9]]
    # Pillow's transform adapts to D50, so hues differ by some units
    np.testing.assert_allclose(lab(corners)[0], published, atol=12)


def test_likeness_is_what_a_slow_loop_says() -> None:
    draw = np.random.default_rng(5)
    colour = draw.random((9, 11, 3)).astype(np.float32) * 100
    share = draw.random((2, 3, 4)).astype(np.float32)
    cells = colours_at(colour, 3, 4)
    found = likeness(share, colour, cells, 0.7, 30.0)
    plain = np.stack([enlarge(part, (9, 11)) for part in share])
    for y, x in [(0, 0), (4, 5), (8, 10), (2, 9)]:
        v, u = (y + 0.5) * 3 / 9 - 0.5, (x + 0.5) * 4 / 11 - 0.5
        total, sums = UNLIKE_ALL, UNLIKE_ALL * plain[:, y, x]
        for i, j in np.ndindex(3, 4):
            if abs(i - round(v)) > 1 or abs(j - round(u)) > 1:
                continue
            place = ((v - i) ** 2 + (u - j) ** 2) / 0.7**2
            apart = ((colour[y, x] - cells[i, j]) ** 2).sum() / 30.0**2
            weight = np.exp(-(place + apart) / 2)
            total, sums = total + weight, sums + weight * share[:, i, j]
        np.testing.assert_allclose(found[:, y, x], sums / total, rtol=1e-4)


def test_spreading_solves_the_system_it_names() -> None:
    draw = np.random.default_rng(6)
    colour = draw.random((6, 5, 3)).astype(np.float32) * 100
    prior = draw.random((1, 6, 5)).astype(np.float32)
    share = np.ones((1, 2, 1), np.float32)
    at = np.ix_(np.array([1, 4]), np.array([2]))
    (found,) = spread(prior, share, at, colour, 2.0, 0.1, 3.0)
    across, along = neighbour_weights(colour, 2.0)
    pull = np.full((6, 5), 0.1)
    pull[at] += 3.0
    slope = 0.1 * (found - prior[0])
    slope[at] += 3.0 * (found[at] - 1)
    step = across * np.diff(found, axis=1)
    slope[:, 1:] += step
    slope[:, :-1] -= step
    step = along * np.diff(found, axis=0)
    slope[1:] += step
    slope[:-1] -= step
    assert np.abs(slope).max() < 1e-3


def test_pull_is_full_within_one_colour_and_least_over_an_edge() -> None:
    colour = lab(half_and_half(40))
    across, along = neighbour_weights(colour, 4.0)
    assert along == pytest.approx(1 + LEAST)
    assert across[:, 39] == pytest.approx(LEAST)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("side", 0),
        ("reach", 0),
        ("tolerance", -1),
        ("trust", 0),
        ("hold", -1),
        ("hold_soft", -1),
        ("enough", 1),
    ],
)
def test_a_bad_setting_is_refused(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=f"{name} is {value}, expected"):
        refiner("edge", **{name: value})


def coco_masks() -> Iterator[tuple[Image.Image, BoolMask]]:
    """The real masks of at least 2 % of their picture, each with its picture."""
    root = Path(os.environ.get("T4S_DATA", "")) / "coco"
    if "T4S_DATA" not in os.environ or not root.is_dir():
        pytest.skip("T4S_DATA names no folder with coco/: no real masks to read")
    for file in sorted((root / "annotations").glob("instances_*.json")):
        instances = read_instances(file)
        folder = root / file.stem.removeprefix("instances_")
        for number, kept in instances.annotations.items():
            name = instances.images[kept["image_id"]]["file_name"]
            if kept["iscrowd"] or not (folder / name).is_file():
                continue
            mask = instances.mask(number)
            if mask.mean() >= SMALLEST:
                yield Image.open(folder / name).convert("RGB"), mask


@pytest.mark.parametrize(("size", "least"), [(16, 0.82), (32, 0.89)])
def test_real_masks_gain_what_is_promised(size: int, least: float) -> None:
    scores, seconds = [], []
    for picture, mask in coco_masks():
        grid = mask_to_grid(mask, size)
        start = time.process_time()
        found = EdgeAware().refine(grid, picture) > 0
        seconds.append(time.process_time() - start)
        scores.append(iou(mask, found))
    assert len(scores) == 106
    assert np.mean(scores) >= least
    assert np.median(seconds) <= 0.05
