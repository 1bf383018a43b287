"""What is counted on one label map of several classes: whole numbers.

Two protocols need two sets of counts, see ``semantic``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from t4s_lib.codecs.report import Status
from t4s_lib.descriptor import BoolMask

Triples = dict[int, tuple[int, int, int]]
"""Intersection, predicted pixels and true pixels of each class that occurs."""

IdMap = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ClassCounts:
    """One predicted label map against the true one.

    Attributes:
        standard: By class, over the pixels whose true class is 1 to K:
            intersection, predicted pixels, true pixels.
        parity: The same as the authors' script counts, class 0 included.
        ceiling: As ``standard``, of the true grid drawn back; None without a grid.
        status: How the answer could be read; None where no text was read.
        source: The sample's name.
        image: The picture's name.
    """

    standard: Triples
    parity: Triples
    ceiling: Triples | None = None
    status: Status | None = None
    source: str = ""
    image: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The counts as plain values, ready for JSON."""
        return {
            "standard": _written(self.standard),
            "parity": _written(self.parity),
            "ceiling": None if self.ceiling is None else _written(self.ceiling),
            "status": self.status,
            "source": self.source,
            "image": self.image,
        }

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> ClassCounts:
        """The counts that ``as_dict`` wrote, also after a trip through JSON.

        Raises:
            ValueError: If a field is missing.
        """
        if missing := {"standard", "parity"} - set(record):
            raise ValueError(f"class counts lack {', '.join(sorted(missing))}")
        top = record.get("ceiling")
        return cls(
            _triples(record["standard"]),
            _triples(record["parity"]),
            None if top is None else _triples(top),
            record.get("status"),
            record.get("source", ""),
            record.get("image", ""),
        )


def count_classes(
    truth: ArrayLike,
    drawn: ArrayLike,
    classes: int,
    *,
    void: ArrayLike | None = None,
    ceiling: ArrayLike | None = None,
    status: Status | None = None,
    source: str = "",
    image: str = "",
) -> ClassCounts:
    """Compare a predicted label map with the true one.

    Args:
        truth: Int ``(H, W)``: 0 is no class, 1 to ``classes`` a class, anything
            above is void (255 in VOC).
        drawn: The prediction, int ``(H, W)`` from 0 to ``classes``.
        classes: How many classes there are, without 0.
        void: Bool ``(H, W)``: more pixels that are void.
        ceiling: The true grid drawn back, as ``drawn``.
        status: How the answer could be read.
        source: The sample's name.
        image: The picture's name.

    Raises:
        ValueError: If the maps differ in size or hold a value out of range.

    Examples:
        >>> found = count_classes([[1, 1, 0, 255]], [[1, 2, 2, 2]], classes=2)
        >>> found.standard
        {1: (1, 1, 2), 2: (0, 1, 0)}
        >>> found.parity
        {0: (1, 1, 1), 1: (1, 1, 2), 2: (0, 2, 0)}
    """
    true = _id_map("true map", truth)
    guess = _guess("predicted map", drawn, classes, true.shape)
    known = true <= classes
    if void is not None:
        out = np.asarray(void, dtype=bool)
        if out.shape != true.shape:
            raise ValueError(f"void mask has shape {out.shape}, not {true.shape}")
        known &= ~out
    best = None
    if ceiling is not None:
        grid = _guess("ceiling", ceiling, classes, true.shape)
        best = _standard(true, grid, known, classes)
    return ClassCounts(
        _standard(true, guess, known, classes),
        _parity(true, guess, known, classes),
        best,
        status,
        source,
        image,
    )


def _standard(true: IdMap, guess: IdMap, known: BoolMask, classes: int) -> Triples:
    """Over the pixels that have a class."""
    of_class = known & (true > 0)
    t, g = true[of_class], guess[of_class]
    return _occurring(t[t == g], g[g > 0], t, classes)


def _parity(true: IdMap, guess: IdMap, known: BoolMask, classes: int) -> Triples:
    """Predictions become 0 where the truth is; those on void pixels stay."""
    set_to_0 = np.where(known & (true == 0), 0, guess)
    right = true[known & (set_to_0 == true)]
    return _occurring(right, set_to_0.ravel(), true[known], classes)


def _occurring(both: IdMap, guess: IdMap, true: IdMap, classes: int) -> Triples:
    rows = [np.bincount(ids, minlength=classes + 1) for ids in (both, guess, true)]
    table = np.stack(rows, axis=1)
    found = np.flatnonzero(table.any(axis=1)).tolist()
    return {k: (int(table[k, 0]), int(table[k, 1]), int(table[k, 2])) for k in found}


def _id_map(name: str, ids: ArrayLike) -> IdMap:
    found = np.asarray(ids)
    if found.ndim != 2 or not np.issubdtype(found.dtype, np.integer) or not found.size:
        what = f"{found.dtype} {found.shape}"
        raise ValueError(f"{name} is {what}, expected whole numbers (H, W)")
    if found.min() < 0:
        raise ValueError(f"{name} holds {found.min()}, expected 0 or more")
    return found.astype(np.int64, copy=False)


def _guess(name: str, ids: ArrayLike, classes: int, shape: tuple[int, ...]) -> IdMap:
    found = _id_map(name, ids)
    if found.shape != shape:
        raise ValueError(f"{name} has shape {found.shape}, the true map has {shape}")
    if found.max() > classes:
        raise ValueError(f"{name} holds {found.max()}, expected 0 to {classes}")
    return found


def _written(triples: Triples) -> dict[str, list[int]]:
    return {str(k): list(values) for k, values in triples.items()}


def _triples(record: Mapping[str, Any]) -> Triples:
    return {int(k): (v[0], v[1], v[2]) for k, v in record.items()}
