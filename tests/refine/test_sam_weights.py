"""Where the weights of the SAM family come from, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("transformers")

from t4s_lib.descriptor import DescriptorGrid
from t4s_lib.refine import refiner
from t4s_lib.refine.sam import Sam
from t4s_lib.refine.sam_prompts import Recipe
from t4s_lib.refine.sam_weights import FAMILIES

Toy = Callable[[str], Any]
NAMES = tuple(FAMILIES)


@pytest.mark.parametrize("name", NAMES)
def test_weights_are_read_from_a_folder(
    name: str,
    toy_sam: Toy,
    grid: DescriptorGrid,
    picture: Image.Image,
    tmp_path: Path,
) -> None:
    toy = toy_sam(name)
    toy.save_pretrained(tmp_path)
    loaded = refiner(f"{name}:{tmp_path}", points=5, device="cpu")
    expected = Sam(toy, FAMILIES[name], Recipe(points=5)).refine(grid, picture)
    np.testing.assert_array_equal(loaded.refine(grid, picture), expected)


@pytest.mark.parametrize("name", NAMES)
def test_weights_that_cannot_be_had_are_one_line(name: str) -> None:
    with pytest.raises(ValueError, match="HF_HUB_OFFLINE=1 forbids") as told:
        refiner(name)
    assert FAMILIES[name].weights in str(told.value)
    assert "\n" not in str(told.value)


def test_weights_of_another_family_are_refused(toy_sam: Toy, tmp_path: Path) -> None:
    toy_sam("sam2").save_pretrained(tmp_path)
    with pytest.raises(ValueError, match="is a sam2 model, sam needs sam"):
        refiner("sam", weights=tmp_path)


def test_weights_that_are_not_whole_are_refused(toy_sam: Toy, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    toy_sam("sam2").save_pretrained(tmp_path)
    file = tmp_path / "model.safetensors"
    tensors = load_file(file)
    tensors.pop("no_memory_embedding")
    save_file(tensors, file, metadata={"format": "pt"})
    with pytest.raises(ValueError, match="they lack 1 tensors, the first no_memory"):
        refiner("sam2", weights=tmp_path)
    file.write_bytes(file.read_bytes()[:1000])
    with pytest.raises(ValueError, match="are cut off"):
        refiner("sam2", weights=tmp_path)


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=str(tmp_path)):
        refiner("sam", weights=tmp_path)
    (tmp_path / "config.json").write_text(json.dumps({"hidden_size": 3}))
    with pytest.raises(ValueError, match="is a None model, sam needs sam"):
        refiner("sam", weights=tmp_path)


@pytest.mark.parametrize(
    ("option", "told"),
    [
        ({"points": 0}, "points is 0, expected 1 or more"),
        ({"passes": 0}, "passes is 0, expected 1 or more"),
        ({"seed": -1}, "seed is -1, expected 0 or more"),
        ({"geometry": "square"}, "geometry is 'square', expected aligned or stretched"),
        ({"point": 5}, "option is 'point', expected points, passes, geometry, box"),
    ],
)
def test_a_bad_recipe_is_refused_before_weights_are_looked_for(
    option: dict[str, Any], told: str
) -> None:
    with pytest.raises(ValueError, match=told):
        refiner("sam", **option)
