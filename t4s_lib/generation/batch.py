"""Several answers at once: each row keeps as much of its own draft as is right.

Rows of a batch agree with their drafts to different lengths. *Ragged*, each keeps
what is its own, and what the others do not keep is hidden from them. *Level*, all
keep as many tokens in the cache as the row that may keep least, and the others read
theirs again in the next pass; needed where layers see the last tokens only, since
those count hidden ones too.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from typing import Any

from t4s_lib.generation.feeding import Feeder
from t4s_lib.generation.loop import Gate, Watcher, Writer


class RowScorer:
    """One row of a pass that is made already; a ``loop.Scorer``.

    Args:
        logits: Float ``(n + 1, V)``, behind what is kept and behind each token of a
            draft.
        best: The most likely token of each.
        watch: Is given the logits of what is kept.

    Attributes:
        kept: How many tokens of the draft were kept.
    """

    def __init__(self, logits: Any, best: list[int], watch: Watcher | None) -> None:
        self._logits, self._best, self._watch = logits, best, watch
        self.kept = 0

    def score(self, draft: Sequence[int]) -> list[int]:
        """The most likely tokens."""
        return self._best

    def keep(self, count: int, token: int) -> None:
        """Note how many tokens of the draft are kept."""
        self.kept = count
        if self._watch is not None:
            self._watch(self._logits[: count + 1])

    def choose(self, place: int, gate: Gate) -> int:
        """The most likely token that a grammar allows."""
        row = self._logits[place].clone()
        gate.apply(row)
        return int(row.argmax())


class _Row:
    """A writer, and how many of its tokens the model has read and kept."""

    def __init__(self, writer: Writer, watch: Watcher | None) -> None:
        self.writer, self.watch = writer, watch
        self.read = 0

    @property
    def unread(self) -> list[int]:
        return self.writer.out.tokens[self.read :]

    def verify(self, logits: Any, best: list[int], draft: list[int]) -> int:
        """Let the writer go on; how many of the tokens fed it keeps."""
        unread = len(self.unread)
        places = slice(max(0, unread - 1), unread + len(draft) or 1)
        scorer = RowScorer(logits[places], best[places], self.watch)
        self.writer.verify(scorer, draft)
        return unread + scorer.kept


class Rows:
    """The answers of a batch while they are written.

    Args:
        feeder: The model, its questions given but not yet read.
        writers: One a row.
        banned: Tokens that are never written.
        watch: Of each row, who is given the logits of what is kept.
        ragged: Whether each row keeps its own length in the cache.
    """

    def __init__(
        self,
        feeder: Feeder,
        writers: Sequence[Writer],
        banned: Collection[int] = (),
        watch: Sequence[Watcher | None] = (),
        ragged: bool = True,
    ) -> None:
        watchers = watch or [None] * len(writers)
        self._live = [_Row(*row) for row in zip(writers, watchers, strict=True)]
        self._feeder, self._banned, self._ragged = feeder, sorted(banned), ragged
        self._start = time.perf_counter()

    def write(self) -> None:
        """Write all answers to their ends; they are in the writers' ``out``."""
        self._verify(self._feeder.first(), [[] for _ in self._live])
        while self._live:
            drafts = [row.writer.propose() for row in self._live]
            fed = [[*r.unread, *d] for r, d in zip(self._live, drafts, strict=True)]
            logits = self._feeder.feed(fed, [row.read for row in self._live])
            kept = self._verify(logits, drafts)
            if kept:
                kept = kept if self._ragged else [min(kept)] * len(kept)
                self._feeder.keep(kept)
            for row, count in zip(self._live, kept, strict=True):
                row.read += count

    def _verify(self, logits: Any, drafts: Sequence[list[int]]) -> list[int]:
        """Let every row go on; the tokens kept, of the rows that are not finished."""
        if self._banned:
            logits[..., self._banned] = -float("inf")
        rows, best = list(self._live), logits.argmax(-1).tolist()
        kept = [
            row.verify(logits[k], best[k], draft)
            for k, (row, draft) in enumerate(zip(rows, drafts, strict=True))
        ]
        going = [k for k, row in enumerate(rows) if not row.writer.is_done]
        if len(going) < len(rows):
            self._drop(going)
        return [kept[k] for k in going]

    def _drop(self, going: list[int]) -> None:
        """Go on without the rows that are finished."""
        seconds = time.perf_counter() - self._start
        for k, row in enumerate(self._live):
            if k not in going:
                row.writer.out.counters.seconds = seconds
        self._live = [self._live[k] for k in going]
        if going:
            self._feeder.select(going)
