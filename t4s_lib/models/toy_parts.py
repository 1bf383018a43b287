"""What the toys of all families share: sizes, and a tokenizer made on the spot."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

GRID = 4
"""Rows and columns of visual tokens that a toy sees."""

Parts = tuple[Any, Any]
"""A model and a processor."""

SIDE, PATCH = 56, 14
SMALL = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
}
SIGLIP = {
    "model_type": "siglip_vision_model",
    "image_size": SIDE,
    "patch_size": PATCH,
    **SMALL,
}


def square(side: int) -> dict[str, int]:
    """A size, as image processors take it."""
    return {"height": side, "width": side}


def tokenizer(end: str = "</s>", **special: str) -> Any:
    """A byte-level tokenizer, trained on a few answers; each special is a token."""
    from transformers import PreTrainedTokenizerFast

    fixed = ("<unk>", "<s>", "</s>", "<pad>", "<|im_start|>", "<|im_end|>", end)
    own = tuple(dict.fromkeys((*fixed, *special.values())))
    return PreTrainedTokenizerFast(
        tokenizer_object=_bpe(own),
        bos_token="<s>",
        eos_token=end,
        pad_token="<pad>",
        unk_token="<unk>",
        extra_special_tokens=special,
    )


def _bpe(special: tuple[str, ...]) -> Any:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    bpe = Tokenizer(models.BPE())
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=512 + len(special),
        special_tokens=list(special),
        initial_alphabet=alphabet,
        show_progress=False,
    )
    bpe.train_from_iterator(_corpus(), trainer)
    return bpe


@lru_cache
def _corpus() -> tuple[str, ...]:
    from t4s_lib.prompts import ask, fold

    rows = "".join(f"others *{n}| red circle *{16 - n}\n " for n in range(1, 16))
    return tuple(f"{ask('dog', seed=s)} {fold(rows, 'dog', seed=s)}" for s in range(30))


def text(reader: Any, **more: Any) -> dict[str, Any]:
    """The configuration of a language model of two layers."""
    return {
        "vocab_size": len(reader),
        "hidden_size": 64,
        "intermediate_size": 128,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "max_position_embeddings": 2048,
        "pad_token_id": reader.pad_token_id,
        "bos_token_id": reader.bos_token_id,
        "eos_token_id": reader.eos_token_id,
        "tie_word_embeddings": False,
        **more,
    }
