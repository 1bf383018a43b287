"""Names, shares, and the refiners that do not look at the picture."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pytest
from PIL import Image

from t4s_lib.descriptor import DescriptorGrid
from t4s_lib.grid import grid_to_label_map, grid_to_mask
from t4s_lib.refine import REFINERS, keep_all, refiner, registry, shares

LABELS = ("others", "dog", "cat")
PLAIN = ("nearest", "bilinear")
needs_scipy = pytest.mark.skipif(find_spec("scipy") is None, reason="no scipy here")
WITH_EDGE = (*PLAIN, pytest.param("edge", marks=needs_scipy))


@pytest.mark.parametrize("name", PLAIN)
def test_plain_refiners_draw_what_the_grid_draws(
    name: str, grid: DescriptorGrid, picture: Image.Image
) -> None:
    ids = refiner(name).refine(grid, picture)
    assert ids.dtype == np.int32
    np.testing.assert_array_equal(ids, grid_to_label_map(grid, (40, 60), name))


@pytest.mark.parametrize("name", PLAIN)
def test_one_target_is_the_mask_of_grid_to_mask(
    name: str, picture: Image.Image
) -> None:
    draw = np.random.default_rng(3)
    one = DescriptorGrid(draw.integers(0, 2, (7, 5)), LABELS[:2])
    ids = refiner(name).refine(one, picture)
    np.testing.assert_array_equal(ids > 0, grid_to_mask(one, (40, 60), mode=name))


@pytest.mark.parametrize("name", WITH_EDGE)
def test_empty_stays_empty_whatever_soft_says(name: str, picture: Image.Image) -> None:
    empty = DescriptorGrid(np.zeros((4, 4), int), LABELS[:2])
    assert not refiner(name).refine(empty, picture, np.ones((4, 4))).any()
    assert not refiner(name).refine(empty, picture).any()


def test_bilinear_takes_soft_shares_in_place_of_cells() -> None:
    grid = DescriptorGrid([[0, 1]], LABELS[:2])
    wide = Image.new("RGB", (8, 1))
    even = refiner("bilinear").refine(grid, wide, [[0.0, 1.0]])
    more = refiner("bilinear").refine(grid, wide, [[0.4, 1.0]])
    assert even.sum() == 4
    assert more.sum() > 4
    np.testing.assert_array_equal(even, refiner("bilinear").refine(grid, wide))


def test_soft_shares_of_several_labels_leave_out_a_label_without_a_cell() -> None:
    grid = DescriptorGrid([[0, 1]], LABELS)
    soft = np.full((3, 1, 2), 1 / 3)
    found = shares(grid, soft)
    assert found[:2].ravel() == pytest.approx(1 / 3)
    assert not found[2].any()


@pytest.mark.parametrize("name", WITH_EDGE)
def test_an_answer_without_a_target_stays_empty(name: str) -> None:
    """As a grid is read from an answer that names nothing: it knows one label."""
    said = DescriptorGrid(np.zeros((4, 4), int), LABELS[:1])
    ids = refiner(name).refine(said, Image.new("RGB", (8, 8)), np.full((4, 4), 0.4))
    assert not ids.any()


def test_one_map_for_several_targets_goes_to_the_nearest() -> None:
    grid = DescriptorGrid([[1, 0, 0, 0, 2]], LABELS)
    found = shares(grid, [[0.9, 0.4, 0.0, 0.3, 0.8]])
    assert found[1].ravel() == pytest.approx([0.9, 0.4, 0, 0, 0])
    assert found[2].ravel() == pytest.approx([0, 0, 0, 0.3, 0.8])
    assert found.sum(axis=0).ravel() == pytest.approx(1)


@pytest.mark.parametrize(
    ("labels", "soft", "told"),
    [
        (2, np.zeros((2, 2)), r"soft has shape \(2, 2\), expected \(1, 2\) or"),
        (3, np.zeros((2, 1, 2)), r"soft has shape \(2, 1, 2\), expected \(1, 2\) or"),
        (2, [[0.0, 1.5]], "soft has values from 0.0 to 1.5, expected from 0 to 1"),
        (2, [[0.0, np.nan]], "soft has values from nan to nan"),
    ],
)
def test_a_soft_map_that_does_not_fit_is_refused(
    labels: int, soft: object, told: str
) -> None:
    grid = DescriptorGrid([[0, 1]], LABELS[:labels])
    with pytest.raises(ValueError, match=told):
        shares(grid, np.asarray(soft))


def test_a_lost_target_gets_its_cells_back() -> None:
    grid = DescriptorGrid([[1, 0], [0, 2]], LABELS)
    drawn = np.full((4, 4), 2, np.int32)
    np.testing.assert_array_equal(
        keep_all(drawn, grid), [[1, 1, 2, 2], [1, 1, 2, 2], [2] * 4, [2] * 4]
    )


def test_a_target_whose_cell_is_smaller_than_a_pixel_gets_that_pixel() -> None:
    ids = np.zeros((8, 8), int)
    ids[3, 3] = 1
    drawn = keep_all(np.zeros((2, 2), np.int32), DescriptorGrid(ids, LABELS[:2]))
    assert drawn.tolist() == [[1, 0], [0, 0]]


@pytest.mark.parametrize("name", ["", "Edge", "crf", "nearest:folder", "edge:x"])
def test_an_unknown_name_is_refused_with_those_that_are_known(name: str) -> None:
    with pytest.raises(ValueError, match=", ".join(REFINERS)):
        refiner(name)


@pytest.mark.parametrize("name", WITH_EDGE)
def test_an_unknown_option_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=f"refiner {name}: .*'strength'"):
        refiner(name, strength=3)


@pytest.mark.parametrize(
    ("name", "package"), [("edge", "scipy"), ("sam", "torch"), ("sam3", "transformers")]
)
def test_a_missing_package_is_named(
    name: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(registry.NEEDS, name, (f"{package}_that_is_not_here",))
    told = f"refiner {name} needs {package}_that_is_not_here: pip install"
    with pytest.raises(ValueError, match=told):
        refiner(name)
