"""How a cell chooses its label: by its centre, by majority, or by any coverage."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from t4s_lib.label_maps import LabelMap
from t4s_lib.sampling import cell_means, centres

RULES = ("nearest", "majority", "coverage")
"""The rules; each may carry the suffix ``+keep``."""

_TRACE = 1e-9  # below this a cell holds rounding error, not a target


def choose(
    label_map: LabelMap, n_labels: int, shape: tuple[int, int], rule: str
) -> tuple[LabelMap, list[int]]:
    """Choose a label for each cell; see ``mask_to_grid`` for the rules.

    Args:
        label_map: Ids over pixels, ``(H, W)``.
        n_labels: Size of the label table.
        shape: Rows and columns of the grid.
        rule: One of ``RULES``, with or without ``+keep``.

    Returns:
        Ids over cells ``(rows, cols)``, and the ids that have pixels but no cell.

    Raises:
        ValueError: If the rule is unknown.
    """
    base, keep = _split_rule(rule)
    if base == "nearest":
        ids = _at_centres(label_map, shape)
    else:
        ids = _by_area(label_map, shape, n_labels, base)
    lost = _lost(label_map, ids, n_labels)
    if keep and lost:
        ids = _kept(label_map, ids, lost)
        lost = _lost(label_map, ids, n_labels)
    return ids, lost


def _at_centres(label_map: LabelMap, shape: tuple[int, int]) -> LabelMap:
    height, width = label_map.shape
    rows, cols = shape
    picked = label_map[centres(height, rows)[:, None], centres(width, cols)]
    return np.asarray(picked)


def _split_rule(rule: str) -> tuple[str, bool]:
    base, plus, suffix = rule.partition("+")
    if base not in RULES or (plus and suffix != "keep"):
        raise ValueError(
            f"rule is {rule!r}, expected one of {RULES}, or one with '+keep'"
        )
    return base, bool(plus)


def _shares(label_map: LabelMap, k: int, shape: tuple[int, int]) -> NDArray[np.float64]:
    """How much of each cell label ``k`` fills, 0 to 1."""
    rows, cols = shape
    return cell_means(cell_means(label_map == k, rows).T, cols).T


def _by_area(
    label_map: LabelMap, shape: tuple[int, int], n_labels: int, rule: str
) -> NDArray[np.int32]:
    targets = [_shares(label_map, k, shape) for k in range(1, n_labels)]
    rest = np.full(shape, _TRACE) if rule == "coverage" else 1 - np.sum(targets, axis=0)
    shares = np.stack([np.broadcast_to(rest, shape), *targets])
    return np.asarray(np.argmax(shares.round(12), axis=0), dtype=np.int32)


def _lost(label_map: LabelMap, ids: LabelMap, n_labels: int) -> list[int]:
    here = set(np.unique(ids).tolist())
    absent = [k for k in range(1, n_labels) if k not in here]
    return [k for k in absent if (label_map == k).any()]


def _kept(label_map: LabelMap, ids: LabelMap, lost: list[int]) -> LabelMap:
    """Give each lost target its fullest cell, sparing the last cell of another."""
    ids = ids.astype(np.int32)
    for k in lost:
        spare = (ids == 0) | (np.bincount(ids.ravel())[ids] > 1)
        share = np.where(spare, _shares(label_map, k, ids.shape), 0)
        if share.any():
            ids[np.unravel_index(np.argmax(share), ids.shape)] = k
    return ids
