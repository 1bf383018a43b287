"""The shortened forward pass of pretraining is the model's own."""

from __future__ import annotations

import pytest
import torch

from t4s_lib.models.tiny.architecture import build_model
from t4s_lib.models.tiny.grounding import Grounded
from t4s_lib.models.tiny.lessons import LONG, SHORT, Lessons
from t4s_lib.models.tiny.vocabulary import build_tokenizer


def _awake(model: torch.nn.Module) -> None:
    """Give the blocks that begin as the identity something to say."""
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for weight in model.parameters():
            weight.add_(0.05 * torch.randn(weight.shape, generator=generator))


def test_text_loss_equals_the_models_own() -> None:
    tokenizer = build_tokenizer()
    model = build_model(tokenizer).eval()
    _awake(model)
    batch = next(Lessons(tokenizer, 1, 3, 2).batches({**SHORT, **LONG}, True))
    with torch.no_grad():
        ours = Grounded(model)(batch, answers=True)["text"]
        theirs = model(
            input_ids=batch.ids,
            attention_mask=(batch.ids != tokenizer.pad_token_id).long(),
            token_type_ids=(batch.ids == tokenizer.image_token_id).long(),
            pixel_values=batch.pixels[batch.image_of],
            labels=batch.labels,
        ).loss
    assert ours.item() == pytest.approx(theirs.item(), abs=2e-5)


def test_prompt_is_what_the_processor_writes() -> None:
    from PIL import Image

    from t4s_lib.models.tiny.architecture import build_processor

    tokenizer = build_tokenizer()
    lessons = Lessons(tokenizer, 1, 1, 1)
    messages = [
        {
            "role": "user",
            "content": [
                {"type": "image", "image": Image.new("RGB", (90, 50))},
                {"type": "text", "text": "Count the stars row by row."},
            ],
        }
    ]
    theirs = build_processor(tokenizer).apply_chat_template(
        messages, tokenize=True, return_dict=True, add_generation_prompt=True
    )
    assert lessons._prompt("Count the stars row by row.") == theirs["input_ids"][0]
