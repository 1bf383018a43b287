"""The loop that writes an answer: draft, verify in one pass, keep what the model says.

No model is known here, only something that scores; so the same loop runs on a real
model (``batch.RowScorer``) and on a stand-in that replays a text.

    written = write_tokens(scorer, drafter, ends={2}, limit=512)

The first pass reads the question and proposes nothing. Every later pass proposes
what the drafter says and keeps it as far as the model would have said the same, so
what is written is what greedy writing gives, whatever the drafter.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from t4s_lib.generation.drafts import Drafter

Chooser = Literal["model", "grammar", "draft"]

Watcher = Callable[[Any], None]
"""Is given logits, float ``(n, V)``, of the tokens of a pass that are kept."""

REACH = 48
"""Tokens proposed at a time; the best of 24 to 200 for the tiny model on a CPU."""


class Gate(Protocol):
    """What the loop needs of a grammar's matcher."""

    def accept(self, token: int) -> bool:
        """Go on with a token; False, and nothing is changed, where it may not be."""

    def forced(self) -> list[int]:
        """The tokens that alone may come next; none where there is a choice."""

    def apply(self, row: Any) -> None:
        """Give what may not come next a logit of minus infinity, in place."""


class Scorer(Protocol):
    """What the loop needs of a model."""

    def score(self, draft: Sequence[int]) -> list[int]:
        """Read what was kept last, then a draft: one forward pass.

        Returns:
            The most likely token at ``len(draft) + 1`` places: behind all that is
            kept, and behind each token of the draft.
        """

    def keep(self, count: int, token: int) -> None:
        """Keep so many tokens of the draft just scored, then a token behind them."""

    def choose(self, place: int, gate: Gate) -> int:
        """The most likely token at a place just scored that a grammar allows."""


@dataclass
class Counters:
    """What writing one answer took.

    Attributes:
        forwards: Forward passes, that over the question included.
        drafted: Tokens proposed.
        accepted: Tokens proposed and kept.
        forced: Of those kept, tokens that the grammar left no choice about.
        seconds: Wall-clock time.
        passes: Of each pass: tokens proposed, and how many were kept.
    """

    forwards: int = 0
    drafted: int = 0
    accepted: int = 0
    forced: int = 0
    seconds: float = 0.0
    passes: list[tuple[int, int]] = field(default_factory=list)

    def add(self, drafted: int, accepted: int, forced: int) -> None:
        """Count one pass."""
        self.forwards += 1
        self.drafted += drafted
        self.accepted += accepted
        self.forced += forced
        self.passes.append((drafted, accepted))


@dataclass
class Written:
    """An answer.

    Attributes:
        tokens: What was written, the end token included if it was reached.
        by: Who chose each token: ``"model"``, token by token; ``"draft"``, proposed
            and confirmed by the model; ``"grammar"``, which forced it, or forbade
            what the model wanted.
        counters: What it took.
    """

    tokens: list[int] = field(default_factory=list)
    by: list[Chooser] = field(default_factory=list)
    counters: Counters = field(default_factory=Counters)


@dataclass(frozen=True)
class Plan:
    """How an answer is written.

    Attributes:
        ends: Tokens that end it.
        limit: Most tokens to write.
        gate: A grammar's matcher, at its beginning; what it does not accept is not
            written.
        force: Whether tokens that the grammar forces are proposed too.
        banned: Tokens that are never proposed, such as a picture's.
        reach: Tokens proposed at a time; twice as many after each pass that kept
            them all. Reading many tokens at once costs a small model more time, a
            large one on a GPU hardly any.
    """

    ends: Collection[int]
    limit: int
    gate: Gate | None = None
    force: bool = True
    banned: Collection[int] = ()
    reach: int = REACH


class Writer:
    """One answer as it is written; ``write_tokens`` without the loop.

    Args:
        drafter: Proposes what comes next.
        plan: How it is written.

    Attributes:
        out: What is written so far.
    """

    def __init__(self, drafter: Drafter, plan: Plan) -> None:
        self.out = Written()
        self._drafter, self._plan = drafter, plan
        self._reach, self._forced = plan.reach, 0

    @property
    def is_done(self) -> bool:
        """Whether the answer is finished, or as long as it may be."""
        tokens, plan = self.out.tokens, self._plan
        return len(tokens) >= plan.limit or bool(tokens and tokens[-1] in plan.ends)

    def propose(self) -> list[int]:
        """What comes next, perhaps; nothing before the question is read."""
        tokens, plan = self.out.tokens, self._plan
        if not tokens:
            return []
        forced = plan.gate.forced() if plan.gate and plan.force else []
        draft = self._drafter(tokens)
        if draft[: len(forced)] != forced:
            draft = forced
        self._forced = len(forced)
        most = min(self._reach, plan.limit - len(tokens) - 1)
        return _until(draft[:most], plan.banned)

    def verify(self, scorer: Scorer, draft: Sequence[int]) -> None:
        """One pass over what was proposed."""
        plan = self._plan
        kept = verify(scorer, draft, self._forced, plan.ends, plan.gate, self.out)
        if draft:
            self._reach = plan.reach if kept < len(draft) else 2 * self._reach


def write_tokens(scorer: Scorer, drafter: Drafter, **plan: Any) -> Written:
    """Write one answer, greedily.

    Args:
        scorer: The model, its question given but not yet read.
        drafter: Proposes what comes next.
        plan: The fields of a ``Plan``; ``ends`` and ``limit`` are needed.

    Returns:
        The tokens, and what they took.
    """
    start, writer = time.perf_counter(), Writer(drafter, Plan(**plan))
    while not writer.is_done:
        writer.verify(scorer, writer.propose())
    writer.out.counters.seconds = time.perf_counter() - start
    return writer.out


def verify(
    scorer: Scorer,
    draft: Sequence[int],
    forced: int,
    ends: Collection[int],
    gate: Gate | None,
    out: Written,
) -> int:
    """One pass: keep a draft as far as the model agrees, then one token of its own.

    Args:
        scorer: The model.
        draft: Tokens that may come next.
        forced: How many of them, from the first on, the grammar forces.
        ends: Tokens that end an answer.
        gate: A grammar's matcher, if one is wanted.
        out: What is written so far; is added to.

    Returns:
        How many tokens of the draft were kept.
    """
    best, start = scorer.score(draft), len(out.tokens)
    kept = 0
    for place, wanted in enumerate(best):
        token, by = _gated(scorer, place, wanted, gate)
        agrees = place < len(draft) and draft[place] == token
        if agrees:
            kept, by = kept + 1, "grammar" if place < forced else "draft"
        out.tokens.append(token)
        out.by.append(by)
        if not agrees or token in ends:
            break
    written = len(out.tokens) - start
    scorer.keep(written - 1, out.tokens[-1])
    out.counters.add(len(draft), kept, min(kept, forced))
    return kept


def _gated(
    scorer: Scorer, place: int, wanted: int, gate: Gate | None
) -> tuple[int, Chooser]:
    """The token at a place: the one most wanted, if the grammar lets it pass."""
    if gate is None or gate.accept(wanted):
        return wanted, "model"
    token = scorer.choose(place, gate)
    gate.accept(token)
    return token, "grammar"


def _until(tokens: list[int], banned: Collection[int]) -> list[int]:
    """The tokens before the first that is banned."""
    if not any(token in banned for token in tokens):
        return tokens
    return tokens[: next(k for k, token in enumerate(tokens) if token in banned)]
