"""4-bit and 8-bit: the language model shrinks, the rest stays, and LoRA learns."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("peft")
pytest.importorskip("bitsandbytes", reason="quantizing needs bitsandbytes")

import torch
from bitsandbytes.nn import Linear4bit, Linear8bitLt
from peft import LoraConfig, get_peft_model
from PIL import Image

from t4s_lib.models import load_backbone
from t4s_lib.models.conversation import (
    collator,
    completion_messages,
    encode_prompts,
    prompt_messages,
)
from t4s_lib.models.squash import squash

KINDS: dict[str, Any] = {"4bit": Linear4bit, "8bit": Linear8bitLt}


@pytest.mark.parametrize("quantize", KINDS)
@pytest.mark.parametrize("name", ["llava", "qwen2_5_vl", "idefics3"])
def test_it_loads_and_learns(
    name: str, quantize: str, tmp_path: Path, make_model: Callable[..., Path]
) -> None:
    loaded = load_backbone(make_model(tmp_path, name), quantize=quantize, device="cpu")
    model, image = loaded.model, Image.new("RGB", (90, 60), "red")

    inside = [
        m for m in model.get_decoder().modules() if isinstance(m, torch.nn.Linear)
    ]
    assert all(isinstance(layer, KINDS[quantize]) for layer in inside)
    others = [m for m in model.modules() if isinstance(m, KINDS[quantize])]
    assert len(others) == len(inside)

    written = model.generate(**encode_prompts(loaded, [image], ["?"]), max_new_tokens=3)
    assert written.shape[0] == 1

    settings = LoraConfig(r=8, target_modules=loaded.family.targets())
    tuned = get_peft_model(model, settings).train()
    row = {
        "images": [squash(image, loaded)],
        "prompt": prompt_messages("Where is the dog?"),
        "completion": completion_messages("<seg>dog *4\n</seg>"),
    }
    batch, losses = collator(loaded)([row]), []
    weights = [p for p in tuned.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(weights, lr=1e-2)
    for _ in range(8):
        loss = tuned(**batch).loss
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < losses[0]
