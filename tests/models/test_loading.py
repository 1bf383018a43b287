"""Loading from a folder, an adapter's folder, the package."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

pytest.importorskip("peft")

import torch
from safetensors.torch import load_file

import t4s_lib.models
from t4s_lib.models import load_backbone, loading
from t4s_lib.models.checkpoints import tensors_of
from t4s_lib.models.templates import LLAVA
from t4s_lib.models.toys import toy

Maker = Callable[..., Path]


@pytest.fixture(autouse=True)
def _no_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """Weights are compared with those of toys, which are on the CPU."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)


def edit(path: Path, **changes: Any) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def same(one: torch.nn.Module, other: torch.nn.Module) -> bool:
    mine, theirs = one.state_dict(), other.state_dict()
    return list(mine) == list(theirs) and all(
        torch.equal(mine[name], theirs[name]) for name in mine
    )


def test_a_folder_with_a_model(model: Path) -> None:
    backbone = load_backbone(model)
    assert same(backbone.model, toy("llava").model)
    assert backbone.family.name == "llava"
    assert backbone.source == str(model)
    assert backbone.tokenizer is backbone.processor.tokenizer
    assert not backbone.model.training


def test_our_template_replaces_one_that_never_ends(model: Path) -> None:
    (model / "chat_template.jinja").write_text("{{ 'no end' }}")
    assert load_backbone(model).processor.chat_template == LLAVA


def test_a_template_of_the_tokenizer_is_taken(
    tmp_path: Path, make_model: Maker
) -> None:
    folder = make_model(tmp_path, "internvl")
    text = (folder / "chat_template.jinja").read_text()
    (folder / "chat_template.jinja").unlink()
    edit(folder / "tokenizer_config.json", chat_template=text)
    assert load_backbone(folder).processor.chat_template == text


def test_a_folder_with_an_adapter_finds_its_base(shelf: Path) -> None:
    backbone = load_backbone(shelf / "adapter")
    assert backbone.family.name == "llava"
    assert same(backbone.model.unload(), toy("llava").model)


def test_an_adapter_is_put_on_another_copy_of_its_base(
    model: Path, shelf: Path
) -> None:
    put = load_backbone(model, adapter=shelf / "adapter")
    assert same(put.model, load_backbone(shelf / "adapter").model)


def test_dtype_and_its_default_on_a_cpu(model: Path) -> None:
    edit(model / "config.json", dtype="bfloat16")
    assert load_backbone(model, device="cpu").model.dtype == torch.float32
    asked = load_backbone(model, device="cpu", dtype="bfloat16")
    assert asked.model.dtype == torch.bfloat16


def test_tiny_is_looked_up_in_the_package(
    shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = ModuleType("t4s_lib.models.tiny")
    shipped.folder = lambda part: shelf / part  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, shipped.__name__, shipped)
    monkeypatch.setattr(t4s_lib.models, "tiny", shipped, raising=False)
    assert same(load_backbone("tiny-base").model, toy("llava").model)
    whole = load_backbone("tiny")
    assert same(whole.model, load_backbone(shelf / "adapter").model)
    assert whole.source == "tiny"


def test_an_adapter_of_tiny_made_elsewhere_finds_it_here(
    shelf: Path, adapter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = ModuleType("t4s_lib.models.tiny")
    shipped.folder = lambda part: shelf / part  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, shipped.__name__, shipped)
    monkeypatch.setattr(t4s_lib.models, "tiny", shipped, raising=False)
    there = "/home/ada/t4s_lib/models/tiny/base"
    edit(adapter / "adapter_config.json", base_model_name_or_path=there)
    assert load_backbone(adapter).family.name == "llava"


def test_this_processes_gpu_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setenv("LOCAL_RANK", "3")
    assert loading._device("auto") == torch.device("cuda", 3)


def test_a_header_tells_shapes(model: Path) -> None:
    shapes = tensors_of(model / "model.safetensors")
    found = load_file(model / "model.safetensors")
    assert shapes == {name: tuple(tensor.shape) for name, tensor in found.items()}
