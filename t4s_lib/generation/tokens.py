r"""Text as tokens and back, fast enough to be done between two forward passes.

A text is cut at its line breaks, since masks repeat their lines, and each line's
tokens are kept. Where a tokenizer would join tokens over a break it is asked anew
for the whole text each time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

Encode = Callable[[str], list[int]]
Decode = Callable[[Sequence[int]], str]

_LEAD = "others *5"
_PROBE = "others *5| dog *11\n others *16\n</seg>"

MOST_LINES = 50_000
"""How many lines' tokens are kept: every expression brings lines of its own."""


class Tokens:
    """Turns text into tokens and back.

    Args:
        encode: The tokens of a text, without begin and end marks.
        decode: The text of tokens.
    """

    def __init__(self, encode: Encode, decode: Decode) -> None:
        self._encode = encode
        self.decode = decode
        self._known: dict[str, list[int]] = {}
        self._lead = encode(_LEAD)
        self._by_line = self._joined(_PROBE) == encode(_PROBE)

    @classmethod
    def of(cls, tokenizer: Any) -> Tokens:
        """Those of a tokenizer of transformers."""
        return cls(
            lambda text: list(tokenizer.encode(text, add_special_tokens=False)),
            lambda ids: str(
                tokenizer.decode(
                    ids, skip_special_tokens=False, clean_up_tokenization_spaces=False
                )
            ),
        )

    def encode(self, text: str) -> list[int]:
        """The tokens of a text, as the tokenizer would give them."""
        return self._joined(text) if self._by_line else self._encode(text)

    def _joined(self, text: str) -> list[int]:
        first, *lines = text.split("\n")
        found = list(self._line(first, self._encode))
        for line in lines:
            found += self._line(f"\n{line}", self._after_a_line)
        return found

    def _line(self, line: str, encode: Encode) -> list[int]:
        known = self._known.get(line)
        if known is None:
            if len(self._known) >= MOST_LINES:
                self._known.clear()
            known = self._known[line] = encode(line)
        return known

    def _after_a_line(self, line: str) -> list[int]:
        return self._encode(_LEAD + line)[len(self._lead) :]
