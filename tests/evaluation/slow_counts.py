"""The same counts again, pixel by pixel: slow, plain, and written apart."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

SIDES = st.tuples(st.integers(1, 9), st.integers(1, 9))


def masks(shape: tuple[int, int]) -> st.SearchStrategy[NDArray[np.bool_]]:
    """Masks of one size, the empty and the full one often among them."""
    plain = arrays(bool, shape)
    return plain | st.sampled_from([np.zeros(shape, bool), np.ones(shape, bool)])


def looked_at(truth: Any, drawn: Any, ignore: Any = None) -> dict[str, Any]:
    """tp, fp, fn, pixels and both boxes of one sample."""
    tp = fp = fn = pixels = 0
    true_at: list[tuple[int, int]] = []
    drawn_at: list[tuple[int, int]] = []
    for y in range(len(truth)):
        for x in range(len(truth[0])):
            if ignore is not None and ignore[y][x]:
                continue
            pixels += 1
            if truth[y][x]:
                true_at.append((x, y))
            if drawn[y][x]:
                drawn_at.append((x, y))
            if truth[y][x] and drawn[y][x]:
                tp += 1
            elif drawn[y][x]:
                fp += 1
            elif truth[y][x]:
                fn += 1
    return {
        "tp": tp,
        "fp": fp,
        "fn": fn,
        "pixels": pixels,
        "drawn_box": around(drawn_at),
        "truth_box": around(true_at),
    }


def around(places: list[tuple[int, int]]) -> tuple[int, int, int, int] | None:
    """First and last column and row of some pixels."""
    if not places:
        return None
    columns, rows = [x for x, _ in places], [y for _, y in places]
    return min(columns), min(rows), max(columns), max(rows)


def class_table(
    truth: Any, drawn: Any, classes: int, void: Any, parity: bool
) -> dict[int, list[int]]:
    """Intersection, predicted and true pixels by class, pixel by pixel."""
    table = {k: [0, 0, 0] for k in range(classes + 1)}
    for y in range(len(truth)):
        for x in range(len(truth[0])):
            true, guess = int(truth[y][x]), int(drawn[y][x])
            known = true <= classes and not void[y][x]
            if parity:
                _parity_pixel(table, true if known else None, guess)
            elif known and true > 0:
                table[true][2] += 1
                table[true][0] += guess == true
                table[guess][1] += guess > 0
    return {k: row for k, row in table.items() if any(row)}


def _parity_pixel(table: dict[int, list[int]], true: int | None, guess: int) -> None:
    seen = 0 if true == 0 else guess
    table[seen][1] += 1
    if true is not None:
        table[true][2] += 1
        table[true][0] += seen == true
