r"""Drafters: what an answer may go on with, guessed without the model.

    draft = RowDrafter(tokens, "dog", size=16, end=2)
    draft([412, 7, 90])      the tokens that come next, perhaps to the answer's end

A drafter is a function of the tokens written so far. What it says is proposed to the
model, never taken for granted, so a bad guess costs time and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from t4s_lib.codecs.tags import CLOSE, OPEN
from t4s_lib.descriptor import Size
from t4s_lib.generation.mask_text import MaskText
from t4s_lib.generation.openings import openings
from t4s_lib.generation.tokens import Tokens

Drafter = Callable[[list[int]], list[int]]


def no_drafter(written: list[int]) -> list[int]:
    """Proposes nothing: one token a pass."""
    return []


def lookup_drafter(longest: int = 3, most: int = 20) -> Drafter:
    """What followed where the last tokens stood before: prompt lookup in the answer.

    Args:
        longest: How many last tokens are looked for, at most; one at least.
        most: How many tokens are proposed.

    Examples:
        >>> lookup_drafter()([1, 2, 3, 4, 1, 2])
        [3, 4, 1, 2]
    """

    def draft(written: list[int]) -> list[int]:
        for size in range(min(longest, len(written) - 1), 0, -1):
            last = written[-size:]
            for start in range(len(written) - size - 1, -1, -1):
                if written[start : start + size] == last:
                    return written[start + size : start + size + most]
        return []

    return draft


class RowDrafter:
    """Drafts the whole rest of an answer: sentence, mask by the row above, end.

    Where what is written makes no sense, it looks up what followed earlier.

    Args:
        tokens: Reads and writes the model's tokens.
        labels: What was asked for; the expression, or several labels.
        codec: The format, a key of ``mask_text.FORMATS``.
        size: Grid side, or ``(rows, cols)``.
        end: The token that ends an answer.
        kind: The kind of question, which knows the sentences.

    Raises:
        ValueError: For another codec, a bad size or kind.
    """

    def __init__(
        self,
        tokens: Tokens,
        labels: str | Sequence[str],
        codec: str = "row-rle",
        size: Size = 16,
        end: int | None = None,
        kind: str = "partial",
    ) -> None:
        self._tokens = tokens
        self._end = [] if end is None else [end]
        self._mask = MaskText(labels, codec, size)
        self._openings = openings(labels, kind)
        self._lookup = lookup_drafter()

    def __call__(self, written: list[int]) -> list[int]:
        """The tokens that may come next."""
        text = self._tokens.decode(written)
        answer = self._answer(text)
        if answer is None:
            return self._lookup(written)
        ids = self._tokens.encode(answer)
        if ids[: len(written)] == written:
            return ids[len(written) :] + self._end
        return self._tokens.encode(answer[len(text) :]) + self._end

    def _answer(self, text: str) -> str | None:
        """A whole answer that begins with a text; None where there is no guess."""
        before, tag, body = text.partition(OPEN)
        opening = before + tag if tag else self._opening(text)
        mask = self._mask.guess(body) if opening else None
        answer = f"{opening}{mask}{CLOSE}"
        return answer if mask and answer.startswith(text) else None

    def _opening(self, text: str) -> str | None:
        """The likeliest beginning of an answer that goes on from a text."""
        blank = text[:1] if text[:1].isspace() else ""
        words = text[len(blank) :]
        fits = (blank + told for told in self._openings if told.startswith(words))
        return next(fits, None)
