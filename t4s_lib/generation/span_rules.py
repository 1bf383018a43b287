r"""Rules of spans: a label, its rows of the grid, and in each row its columns.

Within a row, spans go to the right with a gap between them; a section neither begins
nor ends with a row that has none. ``rows5p3`` fills five rows in a part of the text
that has a state of its own: the labels that may still come.
"""

from __future__ import annotations

from collections.abc import Sequence

from t4s_lib.codecs.exact import RUN
from t4s_lib.codecs.sections import NONE
from t4s_lib.generation.label_parts import ends, head_rules, label_parts
from t4s_lib.generation.rules import Part, Parts, Ref

MOST_ROWS = 128
"""The most rows or columns of a grid with a grammar: rules grow with their square."""


def span_rules(
    shape: tuple[int, int], labels: Sequence[str] | None
) -> dict[str, Parts]:
    """The rules of a grid's spans.

    Raises:
        ValueError: For a grid that takes too many rules.
    """
    check_size(shape, "spans")
    parts = label_parts(labels, RUN)
    mask: Parts = [["others\n"]]
    mask += [[Ref(name)] for name in list(parts)[:1]]
    found_rules: dict[str, Parts] = {"mask": mask, **_columns(shape[1])}
    for name, openings in parts.items():
        found_rules[name] = [[*head, Ref(f"place{part}")] for head, part in openings]
    for part, end in ends(parts).items():
        found_rules.update(_rows(shape[0], part, end))
    return {**found_rules, **head_rules(labels, RUN)}


def check_size(shape: tuple[int, int], codec: str) -> None:
    """See that a grid is not too fine for rules.

    Raises:
        ValueError: If it is.
    """
    if max(shape) > MOST_ROWS:
        found = f"found a grid of {shape[0]} x {shape[1]}"
        most = f"{MOST_ROWS} x {MOST_ROWS}"
        raise ValueError(f"{found}, a grammar of {codec} knows grids up to {most}")


def _columns(cols: int) -> dict[str, Parts]:
    """Spans from a column on: ``spans3`` begin at column 3 or behind it."""
    found: dict[str, Parts] = {}
    for at in range(cols):
        starts = range(at, cols)
        found[f"spans{at}"] = [[f"{s}+", Ref(f"length{s}")] for s in starts]
        lengths = range(1, cols - at + 1)
        found[f"length{at}"] = [[f"{n}", *_next(at + n, cols)] for n in lengths]
        if at > 1:
            found[f"next{at - 1}"] = [[], [" ", Ref(f"spans{at}")]]
    return found


def _next(end: int, cols: int) -> list[Part]:
    return [Ref(f"next{end}")] if end + 1 < cols else []


def _rows(rows: int, part: str, ends: Parts) -> dict[str, Parts]:
    """Places, and the rows of sections, in one part of the text."""
    lengths = range(1, rows + 1)
    found: dict[str, Parts] = {
        f"end{part}": ends,
        f"place{part}": [
            [f"{top}+{n}\n ", Ref(f"first{n}{part}")]
            for n in lengths
            for top in range(rows + 1 - n)
        ],
    }
    for n in lengths:
        spans: list[Part] = [Ref("spans0"), Ref(f"more{n}{part}")]
        gap: Parts = [[NONE, Ref(f"gap{n}{part}")]] * (n > 1)
        found[f"first{n}{part}"] = [spans]
        found[f"rows{n}{part}"] = [spans, *gap]
        found[f"more{n}{part}"] = _behind(n, "rows", part) + _last(n, part)
        if n > 1:
            found[f"gap{n}{part}"] = _behind(n, "first", part)
    return found


def _behind(left: int, rule: str, part: str) -> Parts:
    """A row's times, and what fills the rows that are left."""
    one: Parts = [["\n ", Ref(f"{rule}{left - 1}{part}")]] * (left > 1)
    times = range(2, left)
    return one + [[f" x{n}\n ", Ref(f"{rule}{left - n}{part}")] for n in times]


def _last(left: int, part: str) -> Parts:
    times: list[Part] = [f" x{left}"] if left > 1 else []
    return [[*times, Ref(f"end{part}")]]
