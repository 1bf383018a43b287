r"""Rules of gaps: a label, then every row of the grid: gaps and runs, or a dash.

``some5`` fills five rows of which at least one has a cell, ``rows5`` any five: a
label without a cell is not written. ``run3`` writes a run of at most three cells, the
last ones of a row, and what follows it.
"""

from __future__ import annotations

from collections.abc import Sequence

from t4s_lib.codecs.exact import STAR
from t4s_lib.codecs.gap_rows import BAR, COMMA
from t4s_lib.codecs.sections import NONE
from t4s_lib.generation.label_parts import ends, head_rules, label_parts
from t4s_lib.generation.rules import Parts, Ref
from t4s_lib.generation.span_rules import check_size


def gap_rules(shape: tuple[int, int], labels: Sequence[str] | None) -> dict[str, Parts]:
    """The rules of a grid's gaps.

    Raises:
        ValueError: For a grid that takes too many rules.
    """
    check_size(shape, "gaps")
    parts = label_parts(labels, BAR)
    mask: Parts = [["others\n"]]
    mask += [[Ref(name)] for name in list(parts)[:1]]
    found: dict[str, Parts] = {"mask": mask, **_rows(shape[0]), **_runs(shape[1])}
    for name, openings in parts.items():
        found[name] = [
            [*head, Ref(f"some{shape[0]}"), Ref(f"end{part}")]
            for head, part in openings
        ]
    for part, end in ends(parts).items():
        found[f"end{part}"] = end
    return {**found, **head_rules(labels, BAR)}


def _rows(rows: int) -> dict[str, Parts]:
    found: dict[str, Parts] = {}
    for left in range(rows, 1, -1):
        below = Ref(f"rows{left - 1}")
        found[f"some{left}"] = [
            [Ref("filled"), COMMA, below],
            [f" {NONE}{COMMA}", Ref(f"some{left - 1}")],
        ]
        found[f"rows{left}"] = [[Ref("filled"), COMMA, below]]
        found[f"rows{left}"] += [[f" {NONE}{COMMA}", below]]
    found["some1"] = [[Ref("filled")]]
    found["rows1"] = [[Ref("filled")], [f" {NONE}"]]
    return found


def _runs(cols: int) -> dict[str, Parts]:
    found: dict[str, Parts] = {
        "filled": [[f"{STAR}{gap}", Ref(f"run{cols - gap}")] for gap in range(cols)]
    }
    for left in range(cols, 0, -1):
        lengths = range(1, left + 1)
        found[f"run{left}"] = [
            [f"{STAR}{n}", *[Ref(f"next{left - n}")] * (left - n > 1)] for n in lengths
        ]
        if left > 1:
            gaps = range(1, left)
            more: Parts = [[f"{STAR}{gap}", Ref(f"run{left - gap}")] for gap in gaps]
            found[f"next{left}"] = [[], *more]
    return found
