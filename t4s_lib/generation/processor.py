"""A grammar as ``generate`` takes it: sampling, beams, batches, prompt lookup.

    model.generate(**prompts, logits_processor=[GrammarProcessor(grammar, length)])

``generate`` shows the processor the whole text each time, and not always the one of
last time with a token more: beams change places, and prompt lookup asks about drafts
that it then throws away. So each row's matcher is brought to its text anew, from what
they have in common.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from transformers import LogitsProcessor

from t4s_lib.generation.engine import Grammar, Matcher


class GrammarProcessor(LogitsProcessor):  # type: ignore[misc]
    """Lets pass only what a grammar allows.

    Args:
        grammar: One for all rows of a batch, or one a row; with beams, one a
            question.
        length: Tokens of the prompt, padding included.
    """

    def __init__(self, grammar: Grammar | Sequence[Grammar], length: int) -> None:
        self._grammars = [grammar] if isinstance(grammar, Grammar) else list(grammar)
        self._length = length
        self._rows: list[_Row] = []

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        """Give every token that may not come next a score of minus infinity.

        Args:
            input_ids: Int ``(B, L)``, prompts and what is written so far.
            scores: Float ``(B, vocab)``.

        Returns:
            New scores of the same shape.
        """
        self._open(len(input_ids))
        masked = scores.clone()
        for row, ids, kept in zip(self._rows, input_ids.tolist(), masked, strict=True):
            row.go_to(ids[self._length :])
            row.apply(kept)
        return masked

    def _open(self, count: int) -> None:
        if len(self._rows) != count:
            each, rest = divmod(count, len(self._grammars))
            if rest:
                found = f"{count} rows for {len(self._grammars)} grammars"
                raise ValueError(f"found {found}, expected as many for each")
            self._rows = [
                _Row(grammar.matcher())
                for grammar in self._grammars
                for _ in range(each)
            ]


class _Row:
    """A matcher and the tokens it has accepted."""

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher
        self._done: list[int] = []
        self._is_off = False

    def go_to(self, tokens: list[int]) -> None:
        """Bring the matcher to a text."""
        pairs = zip(self._done, tokens, strict=False)
        same = next(
            (k for k, (a, b) in enumerate(pairs) if a != b),
            min(len(self._done), len(tokens)),
        )
        self._matcher.rollback(len(self._done) - same)
        del self._done[same:]
        for token in tokens[same:]:
            if not self._matcher.accept(token):
                break
            self._done.append(token)
        self._is_off = len(self._done) < len(tokens)

    def apply(self, row: torch.Tensor) -> None:
        """Mask a row; a text that left the grammar, or is finished, is left free."""
        if not self._is_off and not self._matcher.finished:
            self._matcher.apply(row)
