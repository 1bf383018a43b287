r"""The rest of a text with a box: its place, then rows as in ``short_text``.

Where the box is begun, it is guessed to hold nothing but the target.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from t4s_lib.codecs.alias import AliasRepeat
from t4s_lib.codecs.box import BoxRows
from t4s_lib.codecs.box_places import Box, find_box, spread
from t4s_lib.codecs.tags import cut
from t4s_lib.generation.short_text import (
    Guess,
    as_ids,
    grid_guess,
    propose,
    written_words,
)

MOST_PLACES = 3
"""How many places are tried for a box that is begun."""


def box_guess(names: Sequence[str], shape: tuple[int, int]) -> Guess:
    """Guesses texts of ``box``."""
    words = written_words(names)
    return grid_guess(BoxRows(), names, lambda body: _grids(body, shape, words))


def _grids(
    body: str, shape: tuple[int, int], words: Sequence[str]
) -> Iterator[NDArray[np.int32]]:
    head, newline, rows = body.partition("\n")
    if not newline:
        if len(words) > 1:
            yield from (_laid(as_ids([[1]]), box, shape) for box in _boxes(head, shape))
        return
    found = find_box(cut(f"{head}\n"), shape)
    if found.faults:
        return
    for inside in propose(rows.removeprefix(" "), found.own, words, AliasRepeat()):
        yield _laid(as_ids(inside), found.box, shape)


def _laid(
    inside: NDArray[np.int32], box: Box, shape: tuple[int, int]
) -> NDArray[np.int32]:
    ids = np.zeros(shape, np.int32)
    ids[box.cells] = spread(inside, box.shape)
    return ids


def _boxes(head: str, shape: tuple[int, int]) -> Iterator[Box]:
    """Boxes whose text begins so."""
    first, blank, second = head.partition(" ")
    second = second.partition(" ")[0]
    for top, rows in places(first, shape[0], bool(blank))[:MOST_PLACES]:
        for left, cols in places(second, shape[1], False)[:MOST_PLACES]:
            yield Box(top, left, rows, cols)


def places(text: str, cells: int, is_whole: bool) -> list[tuple[int, int]]:
    """Starts and lengths on a side, as written or as they begin; short ones last."""
    found = [
        (at, n)
        for at in range(cells)
        for n in range(cells - at, 0, -1)
        if f"{at}+{n}".startswith(text)
    ]
    return [(at, n) for at, n in found if f"{at}+{n}" == text] if is_whole else found
