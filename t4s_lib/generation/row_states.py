"""What a row may say, by what was said in the rows above it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from t4s_lib.generation.rules import Parts, Ref
from t4s_lib.generation.run_rules import run_rules


@dataclass(frozen=True)
class RowStates:
    """Rules of rows, with states between them; the first state is 0.

    Attributes:
        all: The states.
        after: The states that a row of so many cells may lead to from one.
        row: The rule of a row, by its cells and the states before and after it.
        rules: All rules that these refer to.
        knows: Whether states other than 0 are those in which a target was named.
    """

    all: Sequence[int]
    after: Callable[[int, int], Sequence[int]]
    row: Callable[[int, int, int], Ref]
    rules: dict[str, Parts]
    knows: bool = False


def plain_rows(widths: Iterable[int], labels: Sequence[str] | None) -> RowStates:
    """Rows of R-RLE, which need no state."""
    rules = run_rules(max(widths), labels)
    return one_state(rules)


def one_state(rules: dict[str, Parts]) -> RowStates:
    """Rows that are all alike: ``runs5`` fills five cells."""
    return RowStates([0], lambda w, s: [0], lambda w, s, t: Ref(f"runs{w}"), rules)
