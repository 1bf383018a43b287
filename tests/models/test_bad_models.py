"""One clear line for everything that can be wrong with a model or an adapter."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

pytest.importorskip("peft")

import torch
from huggingface_hub import constants
from safetensors.torch import load_file, save_file

import t4s_lib.models
from t4s_lib.models import ModelError, load_backbone
from t4s_lib.models.toys import toy

Maker = Callable[..., Path]


def edit(path: Path, **changes: Any) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def refusal(name: str | Path, **settings: Any) -> str:
    """What is said, in one line, and nothing but a ValueError."""
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        load_backbone(name, **settings)
    assert isinstance(caught.value, ModelError)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_no_such_model() -> None:
    said = refusal("no-such-model")
    assert "'no-such-model', expected 'tiny', 'tiny-base', a folder" in said


def test_a_file_is_no_model(model: Path) -> None:
    assert "expected 'tiny'" in refusal(model / "config.json")


def test_an_unknown_family(model: Path) -> None:
    edit(model / "config.json", model_type="blip")
    said = refusal(model)
    assert "no family for model type 'blip'" in said
    assert "known: llava, qwen2_vl" in said


def test_an_empty_folder(tmp_path: Path) -> None:
    assert "has no config.json; found nothing" in refusal(tmp_path)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("config.json", "has no config.json"),
        ("model.safetensors", "has no model.safetensors"),
        ("processor_config.json", "has no settings for pictures"),
        ("tokenizer_config.json", "has no tokenizer_config.json"),
    ],
)
def test_a_missing_file(model: Path, name: str, said: str) -> None:
    (model / name).unlink()
    assert said in refusal(model)


def test_pickled_weights_are_not_read(model: Path) -> None:
    (model / "model.safetensors").rename(model / "pytorch_model.bin")
    assert "pickled weights, which are not read; expected" in refusal(model)


@pytest.mark.parametrize("kept", [0, 5, 100, 20_000, -1])
def test_weights_that_were_cut_off(model: Path, kept: int) -> None:
    path = model / "model.safetensors"
    data = path.read_bytes()
    path.write_bytes(data[:kept])
    assert f"{path} is cut off: {len(data[:kept])} bytes found" in refusal(model)


def test_weights_that_are_something_else(model: Path) -> None:
    (model / "model.safetensors").write_bytes((4).to_bytes(8, "little") + b"oops")
    assert "is no safetensors file" in refusal(model)


@pytest.mark.parametrize(
    "name", ["config.json", "tokenizer.json", "processor_config.json"]
)
def test_settings_that_were_cut_off(model: Path, name: str) -> None:
    text = (model / name).read_text()
    (model / name).write_text(text[: len(text) // 2])
    assert f"{name} is cut off or no JSON" in refusal(model)


def test_weights_in_parts_of_which_one_is_missing(tmp_path: Path) -> None:
    backbone = toy("llava")
    backbone.model.save_pretrained(tmp_path, max_shard_size="300KB")
    backbone.processor.save_pretrained(tmp_path)
    load_backbone(tmp_path)  # all are there
    last = sorted(tmp_path.glob("model-*.safetensors"))[-1]
    last.unlink()
    assert f"has no {last.name}" in refusal(tmp_path)


def test_weights_that_lack_a_tensor(model: Path) -> None:
    path = model / "model.safetensors"
    tensors = load_file(path)
    gone = "language_model.lm_head.weight"
    gone = gone if gone in tensors else "lm_head.weight"
    del tensors[gone]
    save_file(tensors, path, metadata={"format": "pt"})
    said = refusal(model)
    assert "are not whole: they lack 1 tensors, the first lm_head.weight" in said


def test_an_adapter_of_a_wider_base(model: Path, adapter: Path) -> None:
    path = adapter / "adapter_model.safetensors"
    wider = {
        name: torch.zeros(4, 96) if "lora_A" in name else tensor
        for name, tensor in load_file(path).items()
    }
    save_file(wider, path, metadata={"format": "pt"})
    said = refusal(model, adapter=adapter)
    assert f"adapter {adapter} was made for another base" in said
    assert re.search(r"layer \S+_proj is 96 wide there, the base (64|128)", said)


def test_an_adapter_of_another_family(
    model: Path, tmp_path: Path, make_model: Maker, make_adapter: Maker
) -> None:
    other = make_adapter(make_model(tmp_path / "b", "idefics3"), tmp_path / "a")
    said = refusal(model, adapter=other)
    assert "was made for another base" in said
    assert "does not exist here" in said
    assert str(tmp_path / "b") in said


def test_an_adapter_whose_base_is_gone(adapter: Path) -> None:
    edit(adapter / "adapter_config.json", base_model_name_or_path="/gone/away")
    said = refusal(adapter)
    assert f"adapter {adapter} needs its base: model is '/gone/away'" in said
    edit(adapter / "adapter_config.json", base_model_name_or_path=None)
    assert "names no base model" in refusal(adapter)


def test_an_adapter_that_was_cut_off_or_is_not_there(
    model: Path, adapter: Path
) -> None:
    path = adapter / "adapter_model.safetensors"
    path.write_bytes(path.read_bytes()[:-10])
    assert f"{path} is cut off" in refusal(adapter)
    assert f"{path} is cut off" in refusal(model, adapter=adapter)
    path.unlink()
    assert "has no adapter_model.safetensors" in refusal(model, adapter=adapter)
    assert "expected a folder that exists" in refusal(model, adapter="nowhere")


def test_the_hub_is_not_asked_when_offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    said = refusal("llava-hf/llava-1.5-7b-hf")
    assert said.startswith("llava-hf/llava-1.5-7b-hf cannot be loaded: it is not in")
    assert "HF_HUB_OFFLINE=1 forbids" in said


def test_an_adapter_on_the_hub_is_not_asked_for_when_offline(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    said = refusal(model, adapter="somebody/some-adapter")
    assert said.startswith("somebody/some-adapter cannot be loaded: it is not in")


def test_quantizing_without_the_package(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "bitsandbytes", None)
    assert "pip install bitsandbytes" in refusal(model, quantize="4bit")


def test_settings_out_of_range(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "dtype is 'fp7', expected one of auto," in refusal(model, dtype="fp7")
    assert "quantize is '2bit', expected" in refusal(model, quantize="2bit")
    assert "device is 'gpu', expected" in refusal(model, device="gpu")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert "torch finds no GPU" in refusal(model, device="cuda:0")


def test_a_package_that_a_processor_needs_is_named(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import transformers

    def fails(*_: object, **__: object) -> None:
        raise ImportError("Package `num2words` is required\n to run")

    monkeypatch.setattr(transformers.AutoProcessor, "from_pretrained", fails)
    assert "Package `num2words` is required to run" in refusal(model)


def test_no_chat_template(tmp_path: Path, make_model: Maker) -> None:
    (make_model(tmp_path, "internvl") / "chat_template.jinja").unlink()
    assert "has no chat template, expected chat_template.jinja" in refusal(tmp_path)


@pytest.mark.parametrize(("name", "part"), [("tiny", "adapter"), ("tiny-base", "base")])
def test_a_shipped_model_that_is_not_whole(
    name: str, part: str, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = ModuleType("t4s_lib.models.tiny")
    shipped.folder = lambda p: shelf / ("gone" if p == part else p)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, shipped.__name__, shipped)
    monkeypatch.setattr(t4s_lib.models, "tiny", shipped, raising=False)
    assert f"{shelf / 'gone'} is missing" in refusal(name)
