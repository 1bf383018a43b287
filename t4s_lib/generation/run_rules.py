"""Runs that fill so many cells, as grammar rules.

With labels given, neighbouring runs differ; where that takes too many rules (many
labels, or runs over a whole picture) equal neighbours are let pass. The star stands
with the word, not with the count: engines read greedily, and ``dog`` may begin another
label.
"""

from __future__ import annotations

from collections.abc import Sequence

from t4s_lib.codecs.exact import RUN, STAR
from t4s_lib.generation.open_labels import LABEL, label_rules
from t4s_lib.generation.rules import Parts, Ref

APART = 20_000
"""Up to so many alternatives, neighbouring runs are made to differ."""

MOST_CELLS = 256
"""The longest series of runs: alternatives grow with its square, engines end at 65k."""


def run_rules(cells: int, labels: Sequence[str] | None) -> dict[str, Parts]:
    """Rules ``runs1`` to ``runsN``: series of runs that fill so many cells."""
    if cells > MOST_CELLS:
        found = f"found {cells} cells without a row break"
        raise ValueError(f"{found}, a grammar counts up to {MOST_CELLS}")
    if labels is None:
        return open_runs(cells)
    alternatives = cells**2 * len(labels) // 2 + cells * len(labels) ** 2
    return (any_runs if alternatives > APART else _other_runs)(cells, labels)


def open_runs(cells: int) -> dict[str, Parts]:
    """Runs of any labels; equal neighbours are let pass."""
    found: dict[str, Parts] = {}
    for left in range(cells, 0, -1):
        shorter = range(1, left)
        more: Parts = [[Ref(f"RUN{n}"), "| ", Ref(f"runs{left - n}")] for n in shorter]
        found[f"runs{left}"] = [[Ref(f"RUN{left}")], *more]
    lengths = range(1, cells + 1)
    lexemes: dict[str, Parts] = {f"RUN{n}": [[LABEL, f" *{n}"]] for n in lengths}
    return {**found, **lexemes, **label_rules()}


def any_runs(cells: int, labels: Sequence[str]) -> dict[str, Parts]:
    """Runs of labels; equal neighbours are let pass."""
    found: dict[str, Parts] = {"label": [[label + STAR] for label in labels]}
    for left in range(cells, 0, -1):
        found[f"runs{left}"] = [[Ref("label"), Ref(f"count{left}")]]
        found[f"count{left}"] = counts(left, "runs{}")
    return found


def _other_runs(cells: int, labels: Sequence[str]) -> dict[str, Parts]:
    """As ``any_runs``, and remembers which label came last."""
    found: dict[str, Parts] = {}
    numbers = range(len(labels))

    def runs(left: int, last: int | None) -> Parts:
        others = [k for k in numbers if k != last]
        return [[labels[k] + STAR, Ref(f"count{left}after{k}")] for k in others]

    found[f"runs{cells}"] = runs(cells, None)
    for left in range(cells, 0, -1):
        for k in numbers:
            found[f"count{left}after{k}"] = counts(left, f"runs{{}}after{k}")
            if left < cells:
                found[f"runs{left}after{k}"] = runs(left, k)
    if len(labels) == 1:
        return {f"runs{cells}": [[f"{labels[0]}{STAR}{cells}"]]}
    return found


def counts(left: int, rest: str) -> Parts:
    """A count that fills the cells left, or a smaller one and what follows it."""
    whole: Parts = [[f"{left}"]]
    return whole + [[f"{n}{RUN}", Ref(rest.format(left - n))] for n in range(1, left)]
