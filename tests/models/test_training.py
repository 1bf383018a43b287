"""Each family learns, and its adapter survives saving, loading and merging."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("trl")

import torch
from peft import LoraConfig, get_peft_model
from PIL import Image

from t4s_lib.models import FAMILIES, Backbone, load_backbone
from t4s_lib.models.conversation import (
    collator,
    completion_messages,
    encode_prompts,
    prompt_messages,
)
from t4s_lib.models.squash import squash
from t4s_lib.models.toys import toy
from t4s_lib.prompts import ask, fold

Maker = Callable[..., Path]
STEPS = 30


@pytest.fixture(autouse=True)
def _no_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """Toys are on the CPU, and so are the batches made here."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)


def adapted(backbone: Backbone, where: str = "language") -> Backbone:
    torch.manual_seed(0)
    targets = backbone.family.targets(where)
    settings = LoraConfig(r=8, lora_alpha=16, target_modules=targets)
    model = get_peft_model(backbone.model, settings)
    return Backbone(model, backbone.processor, backbone.family, backbone.source)


def batch_of(backbone: Backbone) -> Any:
    rows = [
        {
            "images": [squash(Image.new("RGB", (90, 60), colour), backbone)],
            "prompt": prompt_messages(ask(colour, seed=colour)),
            "completion": completion_messages(fold(f"{colour} *4\n", colour)),
        }
        for colour in ("red", "blue")
    ]
    return collator(backbone)(rows)


def losses(backbone: Backbone, steps: int = STEPS) -> list[float]:
    """Train on one batch; the loss of each step."""
    batch, model = batch_of(backbone), backbone.model.train()
    weights = [p for p in model.parameters() if p.requires_grad]
    optimiser, found = torch.optim.AdamW(weights, lr=1e-2), []
    for _ in range(steps):
        loss = model(**batch).loss
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        found.append(float(loss.detach()))
    model.eval()
    return found


def logits(backbone: Backbone) -> torch.Tensor:
    image = Image.linear_gradient("L").resize((90, 60))
    with torch.no_grad():
        return backbone.model(**encode_prompts(backbone, [image], ["?"])).logits


@pytest.mark.parametrize("name", FAMILIES)
def test_it_learns_and_the_adapter_survives(
    name: str, tmp_path: Path, make_model: Maker
) -> None:
    base = load_backbone(make_model(tmp_path / "base", name))
    untouched = logits(base)
    trained = adapted(base)
    assert torch.equal(logits(trained), untouched)  # B is zero

    curve = losses(trained)
    assert curve[-1] < curve[0] - 0.5
    expected = logits(trained)
    assert not torch.allclose(expected, untouched, atol=1e-3)

    trained.model.save_pretrained(tmp_path / "adapter")
    loaded = load_backbone(tmp_path / "adapter")
    assert torch.equal(logits(loaded), expected)

    merged = loaded.model.merge_and_unload()
    whole = Backbone(merged, loaded.processor, loaded.family, "merged")
    torch.testing.assert_close(logits(whole), expected, atol=1e-4, rtol=1e-4)
    merged.save_pretrained(tmp_path / "merged")
    loaded.processor.save_pretrained(tmp_path / "merged")
    again = load_backbone(tmp_path / "merged")
    assert torch.equal(logits(again), logits(whole))


@pytest.mark.parametrize("where", ["language+projector", "all-linear"])
@pytest.mark.parametrize("name", ["llava", "qwen2_5_vl"])
def test_other_targets_learn_too(name: str, where: str) -> None:
    curve = losses(adapted(toy(name), where), steps=10)
    assert curve[-1] < curve[0]


def test_all_linear_reaches_the_vision_tower_and_leaves_the_last_layer() -> None:
    names = [
        name for name, _ in adapted(toy("llava"), "all-linear").model.named_modules()
    ]
    changed = {name.split(".lora_A")[0] for name in names if ".lora_A" in name}
    assert any("vision_tower" in name for name in changed)
    assert not any("lm_head" in name for name in changed)


def test_an_adapter_is_loaded_to_be_trained_on_or_not(
    tmp_path: Path, make_model: Maker
) -> None:
    base = load_backbone(make_model(tmp_path / "base"))
    adapted(base).model.save_pretrained(tmp_path / "adapter")
    for train in (False, True):
        model = load_backbone(tmp_path / "adapter", train=train).model
        assert model.training is train
        weights = [p for n, p in model.named_parameters() if "lora_" in n]
        assert all(p.requires_grad is train for p in weights)
