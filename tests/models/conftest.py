"""A model and an adapter in folders, for tests that load them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

Maker = Callable[..., Path]


@pytest.fixture(scope="session")
def make_model() -> Maker:
    """Saves a toy as a folder that anyone could have got from the Hub."""

    def make(folder: Path, name: str = "llava") -> Path:
        from t4s_lib.models.toys import toy

        backbone = toy(name)
        backbone.model.save_pretrained(folder)
        backbone.processor.save_pretrained(folder)
        return folder

    return make


@pytest.fixture(scope="session")
def make_adapter() -> Maker:
    """Saves an adapter, not trained, of a base in a folder."""

    def make(base: Path, folder: Path) -> Path:
        from peft import LoraConfig, get_peft_model

        from t4s_lib.models import load_backbone

        backbone = load_backbone(base, device="cpu")
        targets = backbone.family.targets()
        settings = LoraConfig(r=4, target_modules=targets, init_lora_weights=False)
        get_peft_model(backbone.model, settings).save_pretrained(folder)
        return folder

    return make


@pytest.fixture(scope="session")
def shelf(
    tmp_path_factory: pytest.TempPathFactory, make_model: Maker, make_adapter: Maker
) -> Path:
    """A folder with a model and an adapter of it; tests change copies alone."""
    folder = tmp_path_factory.mktemp("shelf")
    make_adapter(make_model(folder / "base"), folder / "adapter")
    return folder


@pytest.fixture
def model(shelf: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(shelf / "base", tmp_path / "model"))


@pytest.fixture
def adapter(shelf: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(shelf / "adapter", tmp_path / "adapter"))
