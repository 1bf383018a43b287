"""A small recipe, a toy backbone, and real data where there are any."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from t4s_lib.training.recipe import Recipe, load_recipe

SMALL = """\
title: As small as trains
source: a test
model: {model}
data: [{{benchmark: "scenes:synthetic:train"}}]
lora: {{r: 4, alpha: 8, dropout: 0.1, targets: language}}
lr: 5e-3
schedule: linear
batch: 4
per_device_batch: 4
steps: 8
grid: 4
precision: fp32
eval: {{benchmark: "scenes:synthetic:val", n: 5, every_steps: 4}}
log_every: 2
save_every: 4
"""


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> None:
    """Toys are too small for two threads, which then only wait for one another."""
    import torch

    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A toy LLaVA as a folder, as if it came from the Hub."""
    from t4s_lib.models.toys import toy

    folder = tmp_path_factory.mktemp("toy")
    backbone = toy("llava")
    backbone.model.save_pretrained(folder)
    backbone.processor.save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def recipe_file(model_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("recipe") / "small.yaml"
    path.write_text(SMALL.format(model=model_folder))
    return path


@pytest.fixture(scope="session")
def small(recipe_file: Path) -> Recipe:
    """Eight steps on synthetic scenes, a grid of 4 by 4, evaluated twice."""
    return load_recipe(recipe_file)


@pytest.fixture(scope="session")
def real() -> Path:
    root = os.environ.get("T4S_DATA")
    if not root:
        pytest.skip("T4S_DATA is not set: no real data to read")
    return Path(root)


@pytest.fixture
def adapter_weights() -> Callable[[Path], dict[str, Any]]:
    """Reads the tensors of an adapter's folder."""
    from safetensors.torch import load_file

    return lambda folder: dict(load_file(folder / "adapter_model.safetensors"))
