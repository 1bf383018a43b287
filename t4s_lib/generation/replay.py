"""A stand-in for a model: it wants exactly one text, token after token.

    written = replay(tokens.encode(answer) + [end], drafter)
    written.counters.forwards        passes that a model with this opinion would make

So passes can be counted on real masks, with any vocabulary, without weights. Time
cannot: a pass of a stand-in costs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from t4s_lib.generation.drafts import Drafter
from t4s_lib.generation.loop import Gate, Written, write_tokens


class Replayer:
    """Wants the tokens of a text; a ``loop.Scorer``.

    Args:
        tokens: What it wants, the end token included.

    Raises:
        ValueError: If there are no tokens.
    """

    def __init__(self, tokens: Sequence[int]) -> None:
        if not tokens:
            raise ValueError("found no tokens to replay, expected one at least")
        self._tokens = list(tokens)
        self._kept = 0

    def score(self, draft: Sequence[int]) -> list[int]:
        """The token wanted at each place; the last one again behind the end."""
        places = range(self._kept, self._kept + len(draft) + 1)
        return [self._tokens[min(k, len(self._tokens) - 1)] for k in places]

    def keep(self, count: int, token: int) -> None:
        """Go on behind so many tokens of the draft, and one more."""
        self._kept += count + 1

    def choose(self, place: int, gate: Gate) -> int:
        """Never asked with a grammar that fits.

        Raises:
            ValueError: If the grammar refuses the text.
        """
        at = self._kept + place
        token = self._tokens[min(at, len(self._tokens) - 1)]
        raise ValueError(f"token {at} of the text, {token}, is not in the grammar")


def replay(
    tokens: Sequence[int], drafter: Drafter, gate: Gate | None = None, **how: Any
) -> Written:
    """Write a text as a model would that wants nothing else.

    Args:
        tokens: The text's tokens, the end token last and nowhere else.
        drafter: Proposes what comes next.
        gate: A grammar's matcher, at its beginning.
        how: Other fields of a ``loop.Plan``.

    Returns:
        The same tokens, who chose each, and how many passes it took.

    Raises:
        ValueError: If there are no tokens, or the grammar refuses them.

    Examples:
        >>> from t4s_lib.generation.drafts import lookup_drafter, no_drafter
        >>> text = [5, 6, 7, 5, 6, 7, 5, 6, 7, 2]
        >>> replay(text, no_drafter).counters.forwards
        10
        >>> replay(text, lookup_drafter()).counters.forwards
        6
    """
    scorer = Replayer(tokens)
    plan: dict[str, Any] = {"ends": {tokens[-1]}, "limit": len(tokens)}
    return write_tokens(scorer, drafter, gate=gate, **plan, **how)
