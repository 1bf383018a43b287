"""A grammar for one tokenizer, and where a text stands in it: llguidance's work.

    grammar = Grammar.of("row-rle", 16, "dog", backbone)
    matcher = grammar.matcher()
    matcher.accept(token)        True, or False and nothing is changed

llguidance reads bytes, so every way to cut a text into tokens is accepted; what it
forces, and what ``apply`` leaves, is cut as the tokenizer itself would cut it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
import torch
from llguidance import LLMatcher, LLTokenizer

from t4s_lib.descriptor import Size
from t4s_lib.generation.grammar import mask_grammar

if TYPE_CHECKING:
    from t4s_lib.models import Backbone

_TOKENIZERS: WeakKeyDictionary[Any, dict[Any, LLTokenizer]] = WeakKeyDictionary()


class Grammar:
    """A grammar ready for a tokenizer.

    Args:
        text: Lark, as ``mask_grammar`` writes it.
        tokenizer: A fast tokenizer of transformers.
        vocab_size: Rows of the model's output; more than the tokenizer has tokens
            where the model pads them.
        ends: Tokens that end an answer.

    Raises:
        ValueError: If the tokenizer is a slow one, or the engine refuses the grammar.
    """

    def __init__(
        self, text: str, tokenizer: Any, vocab_size: int, ends: Sequence[int]
    ) -> None:
        self._tokenizer = _engine_tokenizer(tokenizer, vocab_size, tuple(ends))
        self._first = LLMatcher(self._tokenizer, LLMatcher.grammar_from_lark(text))
        self._vocab, self._ends = vocab_size, tuple(ends)
        if self._first.is_error():
            why = self._first.get_error().splitlines()[0]
            raise ValueError(f"the grammar cannot be used: {why}")

    @classmethod
    def of(
        cls,
        codec: str,
        size: Size,
        labels: str | Sequence[str] | None,
        backbone: Backbone,
        *,
        sentence: str = "free",
        kind: str = "partial",
    ) -> Grammar:
        """The grammar of a question's answers, for a backbone.

        Args:
            codec: The format asked for.
            size: Grid side, or ``(rows, cols)``.
            labels: What was asked for; None for any label.
            backbone: Who writes.
            sentence: See ``mask_grammar``.
            kind: The kind of question, see ``prompts.ask``.

        Raises:
            ValueError: See ``mask_grammar``; and if the tokenizer cannot write a
                label, or no answer fits the model's context.
        """
        from t4s_lib.generation.decode import end_tokens
        from t4s_lib.generation.fits import check_labels, check_room

        named = [labels] if isinstance(labels, str) else labels
        check_labels(backbone.tokenizer, named or [])
        check_room(backbone, codec, size)
        text = _text(codec, size, named and tuple(named), sentence, kind)
        vocab = backbone.model.get_output_embeddings().weight.shape[0]
        return cls(text, backbone.tokenizer, vocab, end_tokens(backbone))

    def matcher(self) -> Matcher:
        """A matcher at the grammar's beginning."""
        return Matcher(self._first.deep_copy(), self._vocab, self._ends)


class Matcher:
    """Where a text stands in its grammar.

    Args:
        inner: The engine's matcher.
        vocab_size: Rows of the model's output.
        ends: Tokens that end an answer.
    """

    def __init__(self, inner: LLMatcher, vocab_size: int, ends: Sequence[int]) -> None:
        self._inner = inner
        self._vocab, self._ends = vocab_size, ends
        self.finished = False
        """Whether an end token was accepted."""

    def accept(self, token: int) -> bool:
        """Go on with a token; False, and nothing is changed, where it may not be."""
        if self.finished:
            return False
        if token in self._ends:
            self.finished = self._inner.is_accepting()
            return self.finished
        return bool(self._inner.try_consume_tokens([token]))

    def rollback(self, count: int) -> None:
        """Take back the last tokens accepted."""
        inside = count - (self.finished and count > 0)
        if inside and not self._inner.rollback(inside):
            raise ValueError(f"cannot take back {count} tokens")
        self.finished = self.finished and not count

    def forced(self) -> list[int]:
        """The tokens that alone may come next; none where there is a choice."""
        if self.finished:
            return []
        if self._inner.is_stopped():
            return [self._ends[0]] if len(self._ends) == 1 else []
        return list(self._inner.compute_ff_tokens())

    def allowed(self) -> torch.Tensor:
        """Which tokens may come next, bool ``(vocab_size,)``; none once finished."""
        if self.finished:
            return torch.zeros(self._vocab, dtype=torch.bool)
        packed = np.frombuffer(self._inner.compute_bitmask(), dtype=np.uint8)
        bits = np.unpackbits(packed, count=self._vocab, bitorder="little")
        bits[list(self._ends)] = self._inner.is_accepting()
        return torch.from_numpy(bits.astype(bool))

    def apply(self, row: torch.Tensor) -> None:
        """Give every token that may not come next a logit of minus infinity.

        Args:
            row: Logits, float ``(vocab_size,)``; changed in place.
        """
        row.masked_fill_(~self.allowed().to(row.device), -torch.inf)

    def fork(self) -> Matcher:
        """Another matcher at the same place."""
        other = Matcher(self._inner.deep_copy(), self._vocab, self._ends)
        other.finished = self.finished
        return other


@lru_cache(maxsize=64)
def _text(
    codec: str,
    size: Size,
    labels: tuple[str, ...] | None,
    sentence: str,
    kind: str,
) -> str:
    return mask_grammar(codec, size, labels, sentence=sentence, kind=kind)


def _engine_tokenizer(
    tokenizer: Any, vocab_size: int, ends: tuple[int, ...]
) -> LLTokenizer:
    from llguidance.hf import from_tokenizer

    known = _TOKENIZERS.setdefault(tokenizer, {})
    key = vocab_size, ends
    if key not in known:
        if not getattr(tokenizer, "is_fast", False):
            found = type(tokenizer).__name__
            raise ValueError(f"tokenizer is {found}, a grammar needs a fast one")
        known[key] = from_tokenizer(tokenizer, vocab_size, list(ends))
    return known[key]
