"""SAM, SAM 2 and SAM 3 with the authors' recipe, on toys with random weights."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("transformers")

import torch

from t4s_lib.descriptor import DescriptorGrid
from t4s_lib.grid import grid_to_mask
from t4s_lib.refine.sam import Sam
from t4s_lib.refine.sam_prompts import Recipe, box_of, draw_points, to_logits
from t4s_lib.refine.sam_weights import FAMILIES

Toy = Callable[[str], Any]
NAMES = tuple(FAMILIES)


def asked(
    toy: Any, monkeypatch: pytest.MonkeyPatch
) -> tuple[list[dict[str, Any]], list[Any]]:
    """What the model is asked from now on, and what it answers."""
    told: list[dict[str, Any]] = []
    answers: list[Any] = []
    forward = toy.forward

    def watched(**inputs: Any) -> Any:
        told.append(inputs)
        answers.append(forward(**inputs))
        return answers[-1]

    monkeypatch.setattr(toy, "forward", watched)
    return told, answers


def encodings(toy: Any, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The pictures that are encoded from now on."""
    seen: list[Any] = []
    encode = toy.get_image_embeddings

    def watched(pixels: Any) -> Any:
        seen.append(pixels)
        return encode(pixels)

    monkeypatch.setattr(toy, "get_image_embeddings", watched)
    return seen


@pytest.mark.parametrize("geometry", ["aligned", "stretched"])
@pytest.mark.parametrize("box", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_every_model_draws_several_targets(
    name: str,
    box: bool,
    geometry: str,
    toy_sam: Toy,
    grid: DescriptorGrid,
    picture: Image.Image,
) -> None:
    recipe = Recipe(box=box, geometry=geometry)
    ids = Sam(toy_sam(name), FAMILIES[name], recipe).refine(grid, picture)
    assert ids.shape == (40, 60)
    assert set(np.unique(ids)) <= {0, 1, 2}
    assert ids.any()


@pytest.mark.parametrize("name", NAMES)
def test_three_passes_each_given_the_last_answer_and_the_same_points(
    name: str,
    toy_sam: Toy,
    grid: DescriptorGrid,
    picture: Image.Image,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    toy, family = toy_sam(name), FAMILIES[name]
    told, answers = asked(toy, monkeypatch)
    one = DescriptorGrid(grid.ids == 1, grid.labels[:2])
    Sam(toy, family).refine(one, picture)
    assert len(told) == 3
    for before, after, answer in zip(told, told[1:], answers, strict=False):
        assert torch.equal(before["input_points"], after["input_points"])
        back = answer.pred_masks[:, 0]
        if family.bound:
            back = back.clamp(-family.bound, family.bound)
        assert torch.equal(after["input_masks"], back)
        assert "input_boxes" not in after
        assert after["multimask_output"] is False


@pytest.mark.parametrize("name", NAMES)
def test_points_lie_inside_and_outside_the_coarse_mask(
    name: str,
    toy_sam: Toy,
    grid: DescriptorGrid,
    picture: Image.Image,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    toy = toy_sam(name)
    told, _ = asked(toy, monkeypatch)
    model = Sam(toy, FAMILIES[name], Recipe(points=7, passes=1, box=True))
    model.refine(grid, picture)
    height, width = model.frame(picture).inside(64)
    for k, prompt in enumerate(told, start=1):
        coarse = grid_to_mask(grid, (40, 60), grid.labels[k])
        points = prompt["input_points"][0, 0].numpy() / [width / 60, height / 40]
        x, y = np.rint(points).astype(int).T
        np.testing.assert_array_equal(coarse[y, x], prompt["input_labels"][0, 0] == 1)
        assert prompt["input_labels"].sum() == 7
        assert len(x) == 14
        corners = model.frame(picture).places(box_of(coarse))
        assert torch.equal(prompt["input_boxes"][0, 0], corners.reshape(4))


@pytest.mark.parametrize("name", NAMES)
def test_targets_and_expressions_of_one_picture_share_its_encoding(
    name: str,
    toy_sam: Toy,
    grid: DescriptorGrid,
    picture: Image.Image,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    toy = toy_sam(name)
    seen = encodings(toy, monkeypatch)
    model = Sam(toy, FAMILIES[name])
    first = model.refine(grid, picture)
    other = DescriptorGrid(grid.ids == 2, grid.labels[:2])
    model.refine(other, picture.copy())
    assert len(seen) == 1
    model.refine(grid, picture.rotate(180))
    assert len(seen) == 2
    np.testing.assert_array_equal(model.refine(grid, picture), first)
    assert len(seen) == 2


def test_only_the_last_few_pictures_stay_encoded(
    toy_sam: Toy, grid: DescriptorGrid, picture: Image.Image
) -> None:
    model = Sam(toy_sam("sam"), FAMILIES["sam"], Recipe(passes=1))
    for shade in range(6):
        model.refine(grid, Image.new("RGB", picture.size, (shade, 0, 0)))
    assert len(model._encoded) == 4


@pytest.mark.parametrize("name", NAMES)
def test_a_kept_encoding_gives_what_a_fresh_one_gives(
    name: str, toy_sam: Toy, grid: DescriptorGrid, picture: Image.Image
) -> None:
    model = Sam(toy_sam(name), FAMILIES[name])
    for cells in (grid.ids == 1, grid.ids == 2):
        one = DescriptorGrid(cells, grid.labels[:2])
        fresh = Sam(toy_sam(name), FAMILIES[name])
        np.testing.assert_array_equal(
            model.refine(one, picture), fresh.refine(one, picture)
        )


def test_an_empty_grid_stays_empty_and_the_model_is_not_asked(
    toy_sam: Toy, picture: Image.Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy = toy_sam("sam")
    told, _ = asked(toy, monkeypatch)
    seen = encodings(toy, monkeypatch)
    empty = DescriptorGrid(np.zeros((4, 4), int), ("others", "dog"))
    assert not Sam(toy, FAMILIES["sam"]).refine(empty, picture, np.ones((4, 4))).any()
    assert not told
    assert not seen


def test_a_full_grid_has_points_inside_only(
    toy_sam: Toy, picture: Image.Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy = toy_sam("sam")
    told, _ = asked(toy, monkeypatch)
    full = DescriptorGrid(np.ones((4, 4), int), ("others", "dog"))
    Sam(toy, FAMILIES["sam"]).refine(full, picture)
    assert told[0]["input_labels"].tolist() == [[[1] * 10]]


def test_the_mask_prompt_is_the_cells_or_the_soft_map(
    toy_sam: Toy, picture: Image.Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy = toy_sam("sam2")
    told, _ = asked(toy, monkeypatch)
    grid = DescriptorGrid([[0, 1]], ("others", "dog"))
    model = Sam(toy, FAMILIES["sam2"], Recipe(passes=1))
    model.refine(grid, picture)
    model.refine(grid, picture, [[0.5, 0.9]])
    hard, soft = (prompt["input_masks"][0, 0] for prompt in told)
    sure = float(np.log(999))
    assert hard[0, 0] == pytest.approx(-sure)
    assert hard[0, -1] == pytest.approx(sure)
    assert soft[0, 0] == pytest.approx(0, abs=1e-6)
    assert soft[0, -1] == pytest.approx(np.log(9), rel=1e-5)


def test_points_depend_on_seed_picture_and_cells_but_not_on_order(
    toy_sam: Toy,
    grid: DescriptorGrid,
    picture: Image.Image,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    toy, family = toy_sam("sam"), FAMILIES["sam"]
    told, _ = asked(toy, monkeypatch)
    one = DescriptorGrid(grid.ids == 1, grid.labels[:2])
    turned = picture.rotate(180)
    recipe = Recipe(passes=1)
    for image in (picture, turned, picture):
        Sam(toy, family, recipe).refine(one, image)
    Sam(toy, family, Recipe(passes=1, seed=7)).refine(one, picture)
    first, other, again, seeded = (prompt["input_points"] for prompt in told)
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert not torch.equal(first, seeded)


def test_points_are_drawn_evenly_and_none_twice() -> None:
    mask = np.zeros((4, 5), bool)
    mask[1, 2:] = True
    draw = np.random.default_rng(0)
    hits = np.zeros((4, 5), int)
    for _ in range(600):
        points, labels = draw_points(mask, 2, draw)
        assert labels.tolist() == [1, 1, 0, 0]
        assert len({tuple(p) for p in points.tolist()}) == 4
        x, y = points[labels == 1].T
        np.add.at(hits, (y, x), 1)
    assert not hits[~mask].any()
    assert hits[mask] == pytest.approx(400, rel=0.15)


def test_logits_are_cut_at_the_authors_bound() -> None:
    assert to_logits([0.0, 1.0]) == pytest.approx([-np.log(999), np.log(999)])
