"""Whether a model fits, known before its weights are read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("transformers")

import torch
from transformers import DeepseekVLHybridConfig, LlavaConfig

from t4s_lib.models import FAMILIES, ModelError, load_backbone, memory
from t4s_lib.models.toys import toy

CPU = torch.device("cpu")


def has(gigabytes: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "found", lambda _: gigabytes)


def refusal(config: Any, dtype: str, quantize: str | None = None) -> str:
    with pytest.raises(ModelError) as caught:
        memory.check(config, dtype, quantize, CPU)
    return str(caught.value)


@pytest.mark.parametrize("name", FAMILIES)
def test_a_hollow_model_counts_as_the_real_one(name: str) -> None:
    model = toy(name).model
    expected = sum(p.numel() for p in model.parameters())
    linear, others = memory.count(memory.hollow(model.config))
    assert linear + others == expected
    inside = [m for m in model.get_decoder().modules() if type(m) is torch.nn.Linear]
    assert linear == sum(m.weight.numel() for m in inside)


@pytest.mark.parametrize("name", FAMILIES)
def test_parts_that_are_not_quantized_have_full_names(name: str) -> None:
    model = toy(name).model
    kept = memory.unquantized(model)
    assert "lm_head" in kept
    for part in kept:
        model.get_submodule(part)  # bitsandbytes passes over unknown names
    assert not any("language_model" in part or "text_model" in part for part in kept)


def test_sizes_of_real_models() -> None:
    assert sum(memory.count(memory.hollow(LlavaConfig()))) == pytest.approx(
        7.06e9, rel=0.01
    )
    seven = memory.count(memory.hollow(DeepseekVLHybridConfig()))
    assert sum(seven) == pytest.approx(6.82e9, rel=0.01)


def test_what_fits_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    has(16, monkeypatch)
    memory.check(LlavaConfig(), "bfloat16", None, CPU)


@pytest.mark.parametrize(
    ("free", "advice"),
    [
        (16.0, "dtype='bfloat16', quantize=None fits"),
        (10.0, "dtype='bfloat16', quantize='8bit' fits"),
        (6.0, "dtype='bfloat16', quantize='4bit' fits"),
    ],
)
def test_needed_found_and_what_would_fit(
    free: float, advice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    has(free, monkeypatch)
    said = refusal(LlavaConfig(), "float32")
    assert said.startswith("not enough memory: needed 31.1 GB, found")
    assert f"found {free} GB free on cpu; {advice}" in said


def test_nothing_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    has(2, monkeypatch)
    said = refusal(LlavaConfig(), "bfloat16", "4bit")
    assert "no setting fits, the least needs" in said
    assert "take a smaller model" in said


def test_loading_asks_first(
    tmp_path: Path,
    make_model: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_model(tmp_path)
    has(0.0001, monkeypatch)
    with pytest.raises(ValueError, match="not enough memory: needed"):
        load_backbone(tmp_path, device="cpu")


def test_memory_is_found_on_this_machine() -> None:
    assert memory.found(CPU) > 0.1
