"""Two tokenizers that read counts in different ways, and a grid for them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from t4s_lib.generation.tokens import Tokens

COLS, ROWS = 12, 3  # two digits, so that counts of one and two tokens meet


def letters() -> Tokens:
    """One token a character."""
    return Tokens(lambda t: [ord(c) for c in t], lambda ids: "".join(map(chr, ids)))


@cache
def tiny() -> Tokens:
    """The shipped tokenizer: a token for each count, and for a bar with its blank."""
    from transformers import PreTrainedTokenizerFast

    import t4s_lib.models.tiny as package

    file = Path(str(package.__file__)).parent / "base" / "tokenizer.json"
    return Tokens.of(PreTrainedTokenizerFast(tokenizer_file=str(file)))
