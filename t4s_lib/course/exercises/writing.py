r"""How a mask is written fast: the answers of lesson 04, as short as a learner's.

The library does the same for any tokenizer and any model, in ``t4s_lib.generation``;
tests keep the two in step.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

BREAK = "\n "
"""What stands between two rows: a token of its own."""

_TOKEN = re.compile(r" \*\d+|\| |\n |\n| ?[^\s|*]+")


def cut(text: str) -> list[str]:
    r"""A mask's text as the tiny model's tokenizer cuts it.

    Examples:
        >>> cut("others *9| the star *7\n others *16\n")
        ['others', ' *9', '| ', 'the', ' star', ' *7', '\n ', 'others', ' *16', '\n']
    """
    return _TOKEN.findall(text)


def row_rule(left: int, label: str, other: str) -> list[str]:
    """What a row may say whose last ``left`` cells begin with ``label``."""
    goes_on = [f"{label} *{n}| <{other} {left - n}>" for n in range(1, left)]
    return [*goes_on, f"{label} *{left}"]


def allowed(written: str, vocabulary: Sequence[str], texts: Sequence[str]) -> list[str]:
    """The tokens after which some text can still come to its end."""
    return [
        token
        for token in vocabulary
        if any(text.startswith(written + token) for text in texts)
    ]


def forced(written: list[str], rows: Sequence[list[str]]) -> list[str]:
    """The tokens that every row goes on with that begins as ``written``."""
    done = len(written)
    tails = [row[done:] for row in rows if row[:done] == written]
    same = []
    for tokens in zip(*tails, strict=False):
        if len(set(tokens)) > 1:
            break
        same.append(tokens[0])
    return same


def draft(written: list[str]) -> list[str]:
    """What is left of the row above, if this row began as that one did."""
    rows: list[list[str]] = [[], []]
    for token in written:
        rows.append([]) if token == BREAK else rows[-1].append(token)
    above, row = rows[-2:]
    return above[len(row) :] if above[: len(row)] == row else []


def verify(draft: list[str], best: list[str]) -> list[str]:
    """The drafted tokens that the model agrees with, and one more of its own."""
    agreed = 0
    while agreed < len(draft) and draft[agreed] == best[agreed]:
        agreed += 1
    return best[: agreed + 1]


def bf16(value: float) -> float:
    """A number as bfloat16 holds it: 8 significant bits, ties to the even one.

    Examples:
        >>> bf16(17.3), bf16(1.3)
        (17.25, 1.296875)
    """
    bits = int(np.float32(value).view(np.uint32))
    kept = (bits + 0x7FFF + (bits >> 16 & 1)) >> 16
    return float(np.uint32(kept << 16).view(np.float32))


def tied(pairs: Sequence[tuple[float, float]]) -> list[int]:
    """The steps at which the best two logits are one and the same number in bf16."""
    return [k for k, (one, two) in enumerate(pairs) if bf16(one) == bf16(two)]
