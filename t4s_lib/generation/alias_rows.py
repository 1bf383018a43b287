r"""Rows with letters for labels, as grammar rules.

A state is the labels that were named so far, in their order: it says which letters
there are, and what the next one will be. There are few states for few labels; for
many, every letter is let pass beside every label.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import permutations
from string import ascii_lowercase

from t4s_lib.codecs.aliases import IS, alias
from t4s_lib.codecs.exact import RUN, STAR
from t4s_lib.descriptor import OTHERS
from t4s_lib.generation.open_labels import LABEL
from t4s_lib.generation.row_states import RowStates, one_state
from t4s_lib.generation.rules import Chars, Many, Parts, Ref
from t4s_lib.generation.run_rules import APART, any_runs, open_runs

State = tuple[int, ...]


def alias_rows(widths: Iterable[int], labels: Sequence[str] | None) -> RowStates:
    """The rules of rows of so many cells.

    Args:
        widths: Their cells.
        labels: As they are written, ``others`` first; None for any, and then any
            word may stand for a label.
    """
    widths = list(widths)
    if labels is None:
        return one_state(_open(max(widths)))
    states = _states(len(labels) - 1) if len(labels) <= 5 else []
    pairs = sum(len(state) + 1 for state in states)
    if not states or pairs * max(widths) ** 2 * len(labels) // 2 > APART:
        return one_state(any_runs(max(widths), _loose(labels)))
    return _Named(widths, labels, states).rows()


def _open(cells: int) -> dict[str, Parts]:
    """Runs of any word: a letter, which looks like a label, or a label and its own."""
    found = open_runs(cells)
    letters = Many(Chars(ascii_lowercase), 1, 3)
    for n in range(1, cells + 1):
        found[f"RUN{n}"] += [[LABEL, IS, letters, f" *{n}"]]
    return found


def _states(targets: int) -> list[State]:
    numbers = range(1, targets + 1)
    return [s for n in range(targets + 1) for s in permutations(numbers, n)]


def _loose(labels: Sequence[str]) -> list[str]:
    """Every word that could stand somewhere."""
    letters = [alias(k) for k in range(len(labels) - 1)]
    named = [f"{label}{IS}{letter}" for label in labels[1:] for letter in letters]
    return [OTHERS, *letters, *named]


class _Named:
    """Rules of rows that know which labels were named.

    Args:
        widths: Cells of rows.
        labels: As they are written, ``others`` first.
        states: The labels named so far, in every order there is.
    """

    def __init__(
        self, widths: Sequence[int], labels: Sequence[str], states: Sequence[State]
    ) -> None:
        self._widths, self._labels, self._states = widths, labels, states
        self._number = {state: k for k, state in enumerate(states)}

    def rows(self) -> RowStates:
        """The rules, and how they hang together."""
        return RowStates(
            range(len(self._states)),
            self._after,
            lambda width, s, t: Ref(f"row{width}s{s}t{t}"),
            self._rules(),
            knows=True,
        )

    def _after(self, width: int, state: int) -> list[int]:
        """The states that a row of so many cells may lead to."""
        start = self._states[state]
        later = (t for t in self._later(start) if len(t) - len(start) <= width)
        return [self._number[t] for t in later]

    def _later(self, state: State) -> list[State]:
        """The states that begin as this one does."""
        return [t for t in self._states if t[: len(state)] == state]

    def _rules(self) -> dict[str, Parts]:
        found: dict[str, Parts] = {}
        for s in self._states:
            for t in self._later(s):
                ends = f"s{self._number[s]}t{self._number[t]}"
                for width in self._widths:
                    found[f"row{width}{ends}"] = self._run(width, None, s, t)
                for left in range(max(self._widths), 0, -1):
                    self._add(found, left, s, t)
        return {name: parts for name, parts in found.items() if parts}

    def _add(self, found: dict[str, Parts], left: int, s: State, t: State) -> None:
        ends = f"s{self._number[s]}t{self._number[t]}"
        for k in range(len(self._labels)):
            if k and k not in s:
                continue
            rest = f"runs{{}}after{k}{ends}"
            counts = [n for n in range(1, left) if self._run(left - n, k, s, t)]
            ways: Parts = [[f"{left}"]] if s == t else []
            ways += [[f"{n}{RUN}", Ref(rest.format(left - n))] for n in counts]
            found[f"count{left}after{k}{ends}"] = ways
            if left < max(self._widths):
                found[f"runs{left}after{k}{ends}"] = self._run(left, k, s, t)

    def _run(self, left: int, last: int | None, s: State, t: State) -> Parts:
        """What a run may be that begins with so many cells left."""
        if left < len(t) - len(s):
            return []
        found: Parts = []
        for k, word in enumerate(self._labels):
            to = s
            if k and k not in s:
                to = (*s, k)
                word = f"{word}{IS}{alias(len(s))}"
            elif k:
                word = alias(s.index(k))
            if k != last and to == t[: len(to)] and self._ends(left, k, to, t):
                place = f"s{self._number[to]}t{self._number[t]}"
                found.append([word + STAR, Ref(f"count{left}after{k}{place}")])
        return found

    def _ends(self, left: int, k: int, s: State, t: State) -> bool:
        """Whether a run of a label can be followed to the row's end."""
        return s == t or left > len(t) - len(s)
