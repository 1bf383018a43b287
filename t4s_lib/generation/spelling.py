r"""A mask's text as pieces of tokens: labels, and counts with what ends them.

    others *5| dog *11\n     others · *5| · dog · *11\n

A piece is spelled once and then stands for itself wherever it occurs, so the tokens
of every other text that could have stood in a place are at hand without asking the
tokenizer again. Where a tokenizer joins tokens over these seams, pieces do not add up
to what was written, which readers notice.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from t4s_lib.codecs.exact import RUN, STAR
from t4s_lib.codecs.tags import CLOSE, OPEN
from t4s_lib.descriptor import OTHERS
from t4s_lib.generation.choices import Fork, forks
from t4s_lib.generation.tokens import Encode, Tokens

Before = Literal["tag", "row", "run"]
"""What stands before a label: the opening tag, a row's end, or a run's."""
After = Literal["run", "row", "close"]
"""What ends a count: the next run, the next row, or the closing tag."""

_BEFORE: dict[Before, str] = {
    "tag": f"\n{OPEN}",
    "row": f"{OTHERS}{STAR}1\n ",
    "run": f"{OTHERS}{STAR}1{RUN}",
}
_AFTER: dict[After, tuple[str, str]] = {
    "run": (f"{RUN}{OTHERS}", f"{RUN}a"),
    "row": (f"\n {OTHERS}", "\n a"),
    "close": (f"\n{CLOSE}", f"\n{CLOSE}"),
}


class Counts:
    """Spells counts, which are the same behind every label.

    Args:
        encode: The tokens of a text.
    """

    def __init__(self, encode: Encode) -> None:
        self._encode = encode
        self._skipped = len(encode(OTHERS))
        self._known: dict[tuple[int, After], list[int]] = {}
        self._forks: dict[tuple[int, int, bool], list[Fork]] = {}

    def piece(self, count: int, after: After) -> list[int]:
        """Tokens of a count, its star and what ends it; no label."""
        if (count, after) not in self._known:
            texts = [f"{OTHERS}{STAR}{count}{end}" for end in _AFTER[after]]
            one, two = map(self._encode, texts)
            self._known[count, after] = shared(one, two)[self._skipped :]
        return self._known[count, after]

    def forks(self, count: int, room: int, last: bool) -> list[Fork]:
        """Where the counts that fit in so many cells leave the written one.

        Args:
            count: The written count.
            room: Cells left in the row.
            last: Whether the row is the mask's last.
        """
        if (count, room, last) not in self._forks:
            every = self.every(room, last)
            found = forks(every[count - 1], enumerate(every), room)
            self._forks[count, room, last] = found
        return self._forks[count, room, last]

    def every(self, room: int, last: bool) -> list[list[int]]:
        """Tokens of each count that fits in so many cells, from one on."""
        counts = range(1, room + 1)
        return [self.piece(n, after_run(n, room, last)) for n in counts]


class Spelling:
    """Spells the pieces of masks with certain labels.

    Args:
        tokens: Writes the model's tokens.
        words: The labels as they are written, ``others`` first.
    """

    def __init__(self, tokens: Tokens, words: Sequence[str]) -> None:
        self.words = list(words)
        self.counts = counts_of(tokens)
        self._encode = tokens.encode
        self._known: dict[tuple[int, Before], list[int]] = {}

    def label(self, label: int, before: Before) -> list[int]:
        """Tokens of a label in its place; no count."""
        if (label, before) not in self._known:
            start, star = _BEFORE[before], self.counts.piece(1, "run")
            whole = self._encode(f"{start}{self.words[label]}{STAR}1{RUN}{OTHERS}")
            end = _last(whole, star)
            self._known[label, before] = whole[len(self.opening(start)) : end]
        return self._known[label, before]

    def opening(self, text: str) -> list[int]:
        """Tokens of what stands before a label."""
        return shared(self._encode(f"{text}{OTHERS}"), self._encode(f"{text}a"))

    def needed(self, cols: int) -> list[int]:
        """Every token of these labels, and of counts up to a row's."""
        befores: tuple[Before, ...] = ("tag", "row", "run")
        afters: tuple[After, ...] = ("run", "row", "close")
        labels = range(len(self.words))
        pieces = [self.label(k, before) for k in labels for before in befores]
        counts = range(1, cols + 1)
        pieces += [self.counts.piece(n, after) for n in counts for after in afters]
        return sorted({token for piece in pieces for token in piece})


def after_run(count: int, room: int, last: bool) -> After:
    """What follows a run that has so many cells left in its row."""
    if count < room:
        return "run"
    return "close" if last else "row"


@lru_cache(maxsize=8)
def counts_of(tokens: Tokens) -> Counts:
    """The counts of a tokenizer; those of the last few tokenizers are kept."""
    return Counts(tokens.encode)


def shared(one: Sequence[int], two: Sequence[int]) -> list[int]:
    """What two lists have in common from the beginning.

    Examples:
        >>> shared([1, 2, 3], [1, 2, 4, 5])
        [1, 2]
    """
    found = []
    for a, b in zip(one, two, strict=False):
        if a != b:
            break
        found.append(a)
    return found


def _last(whole: Sequence[int], piece: Sequence[int]) -> int:
    """Where a piece stands for the last time; 0 if it does not."""
    size = len(piece)
    places = range(len(whole) - size, 0, -1)
    return next((at for at in places if list(whole[at : at + size]) == piece), 0)
