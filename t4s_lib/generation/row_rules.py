r"""Rules of rows that are folded, have letters for labels, or stand in a box.

Rows are counted down, as runs are: ``rows12`` is what fills twelve rows. What a row
may say depends on the labels that were named in the rows above it, so rules have a
state: ``rows12w16s1`` are twelve rows of 16 cells after the first label was named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from t4s_lib.codecs.box_places import INSIDE
from t4s_lib.generation.alias_rows import alias_rows
from t4s_lib.generation.row_states import RowStates, plain_rows
from t4s_lib.generation.rules import Parts, Ref

Shape = tuple[int, int]
Labels = Sequence[str] | None

MOST_BOX_CELLS = 24
"""The longest side of a grid with a grammar of boxes: rules grow with its cube."""


def row_repeat_rules(shape: Shape, labels: Labels) -> dict[str, Parts]:
    """R-RLE rows, equal ones folded."""
    return _whole(shape, plain_rows([shape[1]], labels), folds=True)


def alias_rules(shape: Shape, labels: Labels) -> dict[str, Parts]:
    """R-RLE rows with letters for labels."""
    return _whole(shape, alias_rows([shape[1]], labels), folds=False)


def alias_repeat_rules(shape: Shape, labels: Labels) -> dict[str, Parts]:
    """Both."""
    return _whole(shape, alias_rows([shape[1]], labels), folds=True)


def box_rules(shape: Shape, labels: Labels) -> dict[str, Parts]:
    """A box on the grid, and rows that fill its own grid.

    Raises:
        ValueError: For a grid that takes too many rules.
    """
    if max(shape) > MOST_BOX_CELLS:
        most = f"{MOST_BOX_CELLS} x {MOST_BOX_CELLS}"
        given = f"found a grid of {shape[0]} x {shape[1]}"
        raise ValueError(f"{given}, a grammar of boxes knows grids up to {most}")
    rows, cols = shape
    heights, widths = range(1, rows + 1), range(1, cols + 1)
    found: dict[str, Parts] = {
        "mask": [["others\n"], [Ref("box")]],
        "box": [[f"{top}+{h} ", Ref(f"cols{h}")] for top, h in _places(rows)],
    }
    for h in heights:
        places = _places(cols)
        found[f"cols{h}"] = [[f"{left}+{w}", Ref(f"own{h}w{w}")] for left, w in places]
        found.update({f"own{h}w{w}": _own(h, w) for w in widths})
    inside = alias_rows(widths, labels)
    return {**found, **_rows(heights, widths, inside, True, True), **inside.rules}


def _places(cells: int) -> list[tuple[int, int]]:
    """Every start and length on a side."""
    return [(at, n) for n in range(1, cells + 1) for at in range(cells + 1 - n)]


def _own(height: int, width: int) -> Parts:
    """What a box's own grid may be, where it is none of as many cells."""
    plain: Parts = [["\n ", Ref(f"rows{height}w{width}s0")]]
    fewer: list[Shape] = [(r, c) for r in _sides(height) for c in _sides(width)]
    return plain + [
        [f" in {r}x{c}\n ", Ref(f"rows{r}w{c}s0")]
        for r, c in fewer
        if (r, c) != (height, width)
    ]


def _sides(cells: int) -> range:
    return range(min(INSIDE, cells), cells + 1)


def _whole(shape: Shape, states: RowStates, folds: bool) -> dict[str, Parts]:
    rows, cols = shape
    start: dict[str, Parts] = {"mask": [[Ref(f"rows{rows}w{cols}s0")]]}
    heights = range(1, rows + 1)
    return {**start, **_rows(heights, [cols], states, folds, False), **states.rules}


def _rows(
    heights: Iterable[int],
    widths: Iterable[int],
    states: RowStates,
    folds: bool,
    has_target: bool,
) -> dict[str, Parts]:
    """Rules for so many rows of so many cells, in each state."""
    found: dict[str, Parts] = {}
    ends = [s for s in states.all if s or not has_target or not states.knows]
    for w in widths:
        for left in heights:
            for s in states.all:
                found[f"rows{left}w{w}s{s}"] = [
                    [states.row(w, s, t), Ref(f"more{left}w{w}s{t}")]
                    for t in states.after(w, s)
                    if left > 1 or t in ends
                ]
                if left > 1 or s in ends:
                    name = _namer(w, s)
                    found[f"more{left}w{w}s{s}"] = _more(left, name, folds, s in ends)
    return found


def _namer(width: int, state: int) -> Callable[[int], Ref]:
    return lambda left: Ref(f"rows{left}w{width}s{state}")


def _more(left: int, rows: Callable[[int], Ref], folds: bool, may_end: bool) -> Parts:
    """What stands behind a row: its times, and the rows that are left."""
    if left == 1:
        return [["\n"]]
    found: Parts = [["\n ", rows(left - 1)]]
    if not folds:
        return found
    found += [[f" x{n}\n ", rows(left - n)] for n in range(2, left)]
    return found + [[f" x{left}\n"]] * may_end
