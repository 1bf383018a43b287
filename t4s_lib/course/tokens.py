"""How many tokens a text is, by tokenizers that are used in production.

Mistral's two vocabularies ship inside the ``mistral-common`` package, so nothing
is downloaded. They are not LLaVA's, Qwen's or InternVL's: those count a little
differently, and digits most of all.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

Counter = Callable[[str], int]

NAMES = ("SentencePiece 32k", "tekken 131k")
"""Mistral's vocabularies: of 7B v0.1 (2023), and of NeMo (2024)."""


@cache
def token_counter(name: str = NAMES[0]) -> Counter:
    """A function that counts a text's tokens, without begin and end marks.

    Args:
        name: One of ``NAMES``.

    Raises:
        ValueError: If the name is unknown.
    """
    if name == NAMES[0]:
        from sentencepiece import SentencePieceProcessor

        pieces = SentencePieceProcessor(model_file=str(_data() / "tokenizer.model.v1"))
        return lambda text: len(pieces.encode(text))
    if name == NAMES[1]:
        from mistral_common.tokens.tokenizers.tekken import Tekkenizer

        tekken = Tekkenizer.from_file(str(_data() / "tekken_240911.json"))
        return lambda text: len(tekken.encode(text, bos=False, eos=False))
    raise ValueError(f"tokenizer is {name!r}, expected one of {NAMES}")


def _data() -> Path:
    import mistral_common

    return Path(str(mistral_common.__file__)).parent / "data"
