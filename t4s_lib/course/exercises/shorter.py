"""Shorter texts and what they cost: the answers of lesson 07, as short as a learner's.

The library does the same, tolerant of slips, in ``t4s_lib.codecs``; tests keep the two
in step.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import numpy as np
from numpy.typing import ArrayLike

from t4s_lib.descriptor import BoolMask

CellBox = tuple[int, int, int, int]
"""First row, first column, how many rows, how many columns."""

Scores = Sequence[Sequence[float]]
"""A row a scene: its IoU by each of the trained models."""


def fold_rows(rows: Sequence[str]) -> list[str]:
    """Equal neighbours written once, with how often they stand.

    Examples:
        >>> fold_rows(["a *2", "b *2", "b *2"])
        ['a *2', 'b *2 x2']
    """
    counted = [(row, len(list(same))) for row, same in groupby(rows)]
    return [f"{row} x{n}" if n > 1 else row for row, n in counted]


def unfold_rows(lines: Sequence[str], rows: int) -> list[str]:
    """Every row written out, ``rows`` of them at most.

    Examples:
        >>> unfold_rows(["a *2", "b *2 x9"], 3)
        ['a *2', 'b *2', 'b *2']
    """
    out: list[str] = []
    for line in lines:
        row, _, times = line.rpartition(" x")
        if not times.isdecimal():
            row, times = line, "1"
        out += [row] * min(max(1, int(times)), rows - len(out))
    return out


def tight_box(cells: BoolMask) -> CellBox | None:
    """The smallest box around all true cells; None where there is none.

    Examples:
        >>> tight_box(np.array([[0, 0, 0], [0, 1, 1]], dtype=bool))
        (1, 1, 1, 2)
    """
    down, right = (np.flatnonzero(cells.any(axis=k)).tolist() for k in (1, 0))
    if not down:
        return None
    return down[0], right[0], down[-1] - down[0] + 1, right[-1] - right[0] + 1


def row_spans(row: Sequence[int]) -> str:
    """Where the target stands in a row: ``start+length``, or a dash.

    Examples:
        >>> row_spans([0, 1, 1, 0, 1]), row_spans([0, 0])
        ('1+2 4+1', '-')
    """
    spans, start = [], 0
    for cell, same in groupby(row):
        length = len(list(same))
        spans += [f"{start}+{length}"] if cell else []
        start += length
    return " ".join(spans) or "-"


def paired_cost(short: ArrayLike, long: ArrayLike) -> tuple[float, float, float]:
    """The mean difference of two codecs, and its 95 % interval over scenes.

    Args:
        short: IoUs by the models that write the short text, ``(scenes, models)``.
        long: IoUs of the same scenes by those that write the long one.

    Examples:
        >>> paired_cost([[0.75], [0.5]], [[0.5], [0.25]])
        (0.25, 0.25, 0.25)
    """
    ours, theirs = (np.asarray(each, dtype=float) for each in (short, long))
    apart = ours.mean(axis=1) - theirs.mean(axis=1)
    reach = 1.96 * apart.std(ddof=1) / np.sqrt(len(apart))
    return float(apart.mean()), float(apart.mean() - reach), float(apart.mean() + reach)


def instance_words(ids: Sequence[Sequence[int]], label: str) -> list[list[str]]:
    """Cells named by the instance they show, numbered in reading order.

    Args:
        ids: Rows of cells: 0 is background, equal numbers are one thing.
        label: What all of them are.

    Examples:
        >>> instance_words([[0, 7], [3, 7]], "dog")
        [['others', 'dog 1'], ['dog 2', 'dog 1']]
    """
    order = dict.fromkeys(cell for row in ids for cell in row if cell)
    names = {cell: f"{label} {k}" for k, cell in enumerate(order, start=1)}
    return [[names.get(cell, "others") for cell in row] for row in ids]
