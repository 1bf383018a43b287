"""What predicted texts are worth: one pure function, from samples to fractions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from t4s_lib.answers import read_answer
from t4s_lib.descriptor import Size
from t4s_lib.grid import grid_to_mask, mask_to_grid
from t4s_lib.sources.base import BoolMask, Sample


def scores(
    samples: Sequence[Sample],
    texts: Sequence[str],
    grid: Size = 16,
    codec: str = "row-rle",
    refine: str = "bilinear",
    rule: str = "nearest",
) -> dict[str, float | None]:
    """Compare predicted texts with the true masks.

    Args:
        samples: What was asked.
        texts: The model's answers, in the same order.
        grid: Grid side, or ``(rows, cols)``.
        codec: The texts' format.
        refine: How cells become pixels, see ``grid_to_mask``.
        rule: How the true grid is made, see ``mask_to_grid``.

    Returns:
        Fractions from 0 to 1; None where there is nothing to divide by.
        ``cIoU``: all intersections over all unions, in pixels; ``gIoU``: the mean
        IoU, 1 where both masks are empty; ``grid_ceiling``: the cIoU of the true
        grids; ``norm``: ``cIoU / grid_ceiling``; ``parse_failed``: texts in which
        nothing could be read; ``parse_exact``: texts without a fault;
        ``no_target_accuracy``: empty masks among the samples without a target;
        and ``n``, the number of samples. Any label but ``others`` counts as the
        target, as in the authors' evaluation.

    Raises:
        ValueError: If there are not as many texts as samples, or none.

    Examples:
        >>> from t4s_lib.sources import scenes
        >>> few = scenes(4, "val")
        >>> found = scores(few, ["others *16"] * 4)
        >>> found["cIoU"], found["n"], found["parse_failed"]
        (0.0, 4, 0.0)
    """
    if len(samples) != len(texts) or not samples:
        raise ValueError(
            f"texts are {len(texts)} for {len(samples)} samples, expected one each"
        )
    counts, tops, status, empty = [], [], [], []
    for sample, text in zip(samples, texts, strict=True):
        read = read_answer(text, grid, codec)
        truth = sample.mask
        height, width = truth.shape
        drawn = grid_to_mask(read.grid, (height, width), mode=refine)
        counts.append(overlap(truth, drawn))
        tops.append(overlap(truth, _ceiling(truth, grid, rule, refine)))
        status.append(read.report.status)
        if not truth.any():
            empty.append(not drawn.any())
    ciou, ceiling = _ratio(np.array(counts)), _ratio(np.array(tops))
    return {
        "cIoU": ciou,
        "gIoU": float(np.mean([i / u if u else 1.0 for i, u in counts])),
        "grid_ceiling": ceiling,
        "norm": ciou / ceiling if ciou is not None and ceiling else None,
        "parse_failed": status.count("failed") / len(status),
        "parse_exact": status.count("exact") / len(status),
        "no_target_accuracy": float(np.mean(empty)) if empty else None,
        "n": len(samples),
    }


def overlap(truth: BoolMask, drawn: BoolMask) -> tuple[int, int]:
    """Pixels of the intersection and of the union of two masks.

    Examples:
        >>> overlap(np.array([[True, True]]), np.array([[False, True]]))
        (1, 2)
    """
    both = int(np.count_nonzero(truth & drawn))
    return both, int(np.count_nonzero(truth | drawn))


def _ceiling(truth: BoolMask, grid: Size, rule: str, refine: str) -> BoolMask:
    height, width = truth.shape
    cells = mask_to_grid(truth, grid, rule=rule)
    return grid_to_mask(cells, (height, width), mode=refine)


def _ratio(counts: NDArray[np.int64]) -> float | None:
    intersections, unions = counts.sum(axis=0).tolist()
    return intersections / unions if unions else None
