"""Small masks that answers of lesson 06 are tried on."""

from __future__ import annotations

import numpy as np

from t4s_lib.course.exercises.scoring import Pairs
from t4s_lib.descriptor import BoolMask


def drawn(*rows: str) -> BoolMask:
    """A small mask, drawn with ``#`` and ``.``."""
    return np.array([[cell == "#" for cell in row] for row in rows])


NONE = drawn("....", "....")
ALL = drawn("####", "####")
LEFT, MIDDLE, DOT = (drawn(row, "....") for row in ("##..", ".##.", "...#"))


def with_target(pairs: Pairs) -> Pairs:
    """Those whose true mask has a pixel."""
    return [(truth, found) for truth, found in pairs if truth.any()]
