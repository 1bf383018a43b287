"""Soft masks: what they cost, and whether they are better than the grid."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks import runs
from benchmarks.runs import Clock, Question
from t4s_lib import codec, grid_to_mask
from t4s_lib.generation.decode import tokens_of, write
from t4s_lib.generation.soft import Keeper, scored_tokens, soft_mask
from t4s_lib.models import Backbone
from t4s_lib.sampling import blend

THRESHOLDS = (0.4, 0.5)


class Masks(NamedTuple):
    """One answer, as cells.

    Attributes:
        true: Bool ``(H, W)``, the sample's.
        grid: Bool ``(H, W)``, the written grid, drawn bilinearly.
        soft: Float ``(H, W)``, the soft mask, drawn bilinearly.
        cost: Seconds that the soft mask took over those of the writing.
    """

    true: NDArray[np.bool_]
    grid: NDArray[np.bool_]
    soft: NDArray[np.float64]
    cost: float


def measure_soft(model: Backbone, asked: Sequence[Question]) -> dict[str, Any]:
    """Cost, and cIoU against the true masks, of grids and of soft masks."""
    found = [read_softly(model, question) for question in asked]
    scores = {f"ciou_soft_{t}": ciou(found, t) for t in THRESHOLDS}
    scores["ciou_grid"] = ciou(found)
    cost = statistics.median(masks.cost for masks in found)
    return {"soft_cost": round(cost, 4), "soft": {**scores, "scenes": len(found)}}


def read_softly(model: Backbone, asked: Question) -> Masks:
    """Write an answer fast, and read it both ways."""
    clock, expression = Clock(), asked.sample.expression
    tokens = tokens_of(model.tokenizer)
    keep = Keeper(clock.of(scored_tokens)(tokens, expression))
    watch = clock.of(keep)
    seconds, written = runs.timed(
        lambda: write(
            model, asked.prompts, expression, watch=watch, max_new_tokens=runs.LONGEST
        )
    )
    writing = seconds - clock.seconds
    soft = clock.of(soft_mask)(written.tokens, keep.scores(), tokens, expression)
    true = asked.sample.mask
    grid, _ = codec("row-rle").decode(tokens.decode(written.tokens), 16, expression)
    hard = grid_to_mask(grid, true.shape, mode="bilinear")
    return Masks(true, hard, drawn(soft, true.shape), clock.seconds / writing)


def drawn(cells: NDArray[Any], size: tuple[int, ...]) -> NDArray[np.float64]:
    """Cells over a picture, bilinearly."""
    height, width = size
    return blend(blend(cells.astype(np.float64), height).T, width).T


def ciou(found: Sequence[Masks], threshold: float | None = None) -> float:
    """Intersections over unions, each added up over all masks."""
    both = [
        (m.true, m.grid if threshold is None else m.soft > threshold) for m in found
    ]
    shared = sum(int((a & b).sum()) for a, b in both)
    union = sum(int((a | b).sum()) for a, b in both)
    return round(shared / max(1, union), 4)
