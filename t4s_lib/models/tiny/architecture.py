"""The tiny model's body: a Gemma 3 with a SigLIP tower, two million parameters.

Of the stock architectures this one lets the picture's tokens see each other both
ways *and* read a question that stands before them, which "the largest red shape"
needs. Everything is plain ``transformers``; nothing is patched.
"""

from __future__ import annotations

import torch
from transformers import (
    Gemma3Config,
    Gemma3ForConditionalGeneration,
    Gemma3ImageProcessorPil,
    Gemma3Processor,
    PreTrainedTokenizerFast,
)

PIXELS = 64
"""Side of the square that every picture is squashed to."""

PATCH = 8
"""Side of a patch in pixels: two by two cells of a 16 x 16 grid."""

TOKENS = (PIXELS // PATCH) ** 2
"""Visual tokens a picture."""

WIDTH, LAYERS, HEADS = 128, 6, 4


def _text(tokenizer: PreTrainedTokenizerFast) -> dict[str, object]:
    return {
        "vocab_size": len(tokenizer),
        "hidden_size": WIDTH,
        "intermediate_size": 3 * WIDTH,
        "num_hidden_layers": LAYERS,
        "num_attention_heads": HEADS,
        "num_key_value_heads": HEADS,
        "head_dim": WIDTH // HEADS,
        "query_pre_attn_scalar": WIDTH // HEADS,
        "max_position_embeddings": 1024,
        "sliding_window": 1024,
        "layer_types": ["full_attention"] * LAYERS,
        "rope_parameters": {
            kind: {"rope_type": "default", "rope_theta": 10_000.0}
            for kind in ("full_attention", "sliding_attention")
        },
        "initializer_range": WIDTH**-0.5,
        "pad_token_id": tokenizer.pad_token_id,
        "eos_token_id": tokenizer.eos_token_id,
        "bos_token_id": tokenizer.bos_token_id,
    }


def _vision() -> dict[str, object]:
    return {
        "model_type": "siglip_vision_model",
        "hidden_size": WIDTH,
        "intermediate_size": 2 * WIDTH,
        "num_hidden_layers": 4,
        "num_attention_heads": HEADS,
        "image_size": PIXELS,
        "patch_size": PATCH,
        "vision_use_head": False,
    }


def build_model(
    tokenizer: PreTrainedTokenizerFast, seed: int = 0
) -> Gemma3ForConditionalGeneration:
    """The model with fresh weights, the same for the same seed."""
    torch.manual_seed(seed)
    config = Gemma3Config(
        text_config=_text(tokenizer),
        vision_config=_vision(),
        mm_tokens_per_image=TOKENS,
        image_token_index=tokenizer.image_token_id,
        boi_token_index=tokenizer.boi_token_id,
        eoi_token_index=tokenizer.eoi_token_id,
        eos_token_id=tokenizer.eos_token_id,
    )
    model = Gemma3ForConditionalGeneration(config)
    _start_quiet(model)
    return model


def _start_quiet(model: Gemma3ForConditionalGeneration) -> None:
    """Let every block begin as the identity, and pictures as loud as words."""
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if name.endswith(
                ("o_proj.weight", "out_proj.weight", "down_proj.weight", "fc2.weight")
            ):
                weight.zero_()
            if "mm_input_projection" in name:
                weight.normal_(0, WIDTH**-0.5)


def build_processor(tokenizer: PreTrainedTokenizerFast) -> Gemma3Processor:
    """The processor: pictures squashed to 64 x 64, words to tokens."""
    pictures = Gemma3ImageProcessorPil(
        size={"height": PIXELS, "width": PIXELS}, do_pan_and_scan=False
    )
    return Gemma3Processor(
        image_processor=pictures,
        tokenizer=tokenizer,
        image_seq_length=TOKENS,
        chat_template=tokenizer.chat_template,
    )
