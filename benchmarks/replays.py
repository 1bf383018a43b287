"""Forward passes a mask, counted on real texts with a vocabulary that is in use.

A stand-in for a model wants each answer exactly as it is; what is counted is how many
passes it makes. A pass may read any number of tokens, which on a GPU costs about as
much as reading one.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from t4s_lib import codec, mask_to_grid
from t4s_lib.generation.drafts import Drafter, RowDrafter, lookup_drafter, no_drafter
from t4s_lib.generation.engine import Grammar
from t4s_lib.generation.grammar import mask_grammar
from t4s_lib.generation.loop import Gate
from t4s_lib.generation.replay import replay
from t4s_lib.generation.tokens import Tokens
from t4s_lib.prompts import fold
from t4s_lib.sources import Sample

SIZES = (16, 24, 32)
FORMAT = "row-rle"
MODES = ("plain", "lookup", "rows")
GRAMMAR_MODES = ("forced", "rows + forced")
_ANY = 10**6  # tokens a pass may read

Gates = Callable[[str, int], Gate]
"""A grammar's matcher for an expression and a grid side."""


class Vocabulary(NamedTuple):
    """What texts are written with.

    Attributes:
        name: What it is called.
        tokens: Text as tokens and back.
        end: The token that ends an answer.
        gates: Makes matchers; None where there are no grammars.
    """

    name: str
    tokens: Tokens
    end: int
    gates: Gates | None = None


class Text(NamedTuple):
    """An answer to be replayed.

    Attributes:
        expression: What was asked for.
        size: Grid side.
        tokens: The answer, the end token included.
    """

    expression: str
    size: int
    tokens: list[int]


def measure_replay(
    samples: Sequence[Sample], words: Vocabulary, sizes: Sequence[int] = SIZES
) -> dict[str, Any]:
    """Mean passes a mask: by grid side, then by mode."""
    found: dict[str, Any] = {"vocabulary": words.name, "texts": len(samples)}
    for size in sizes:
        texts = [text_of(sample, size, words) for sample in samples]
        modes = (*MODES, *(GRAMMAR_MODES if words.gates else ()))
        found[str(size)] = {mode: mean_passes(texts, mode, words) for mode in modes}
    return found


def mean_passes(texts: Sequence[Text], mode: str, words: Vocabulary) -> float:
    """Mean passes of one mode."""
    return round(statistics.fmean(passes(text, mode, words) for text in texts), 2)


def passes(text: Text, mode: str, words: Vocabulary) -> int:
    """Forward passes that one answer takes.

    Raises:
        ValueError: If what is written is not the text.
    """
    gate = None
    if mode in GRAMMAR_MODES and words.gates:
        gate = words.gates(text.expression, text.size)
    written = replay(text.tokens, drafter(text, mode, words), gate, reach=_ANY)
    if written.tokens != text.tokens:
        raise ValueError(f"{mode} changed the answer for {text.expression!r}")
    return written.counters.forwards


def drafter(text: Text, mode: str, words: Vocabulary) -> Drafter:
    """Who proposes tokens in a mode."""
    if mode == "lookup":
        return lookup_drafter()
    if mode.startswith("rows"):
        return RowDrafter(words.tokens, text.expression, FORMAT, text.size, words.end)
    return no_drafter


def text_of(sample: Sample, size: int, words: Vocabulary) -> Text:
    """What a perfect model answers, as in training."""
    grid = mask_to_grid(sample.mask, size, sample.expression)
    answer = fold(codec(FORMAT).encode(grid), sample.expression, seed=sample.source)
    return Text(sample.expression, size, [*words.tokens.encode(answer), words.end])


def tekken() -> Vocabulary:
    """The 131k vocabulary of Mistral NeMo, from the ``mistral-common`` package."""
    from pathlib import Path

    import mistral_common
    from transformers.integrations.mistral import convert_tekken_tokenizer

    file = Path(str(mistral_common.__file__)).parent / "data" / "tekken_240911.json"
    tokenizer = convert_tekken_tokenizer(str(file))
    return vocabulary_of("tekken 131k", tokenizer, int(tokenizer.eos_token_id))


def vocabulary_of(name: str, tokenizer: Any, end: int) -> Vocabulary:
    """A vocabulary of a fast tokenizer of transformers."""

    def gate(expression: str, size: int) -> Gate:
        text = mask_grammar(FORMAT, size, expression)
        return Grammar(text, tokenizer, len(tokenizer), [end]).matcher()

    return Vocabulary(name, Tokens.of(tokenizer), end, gate)
