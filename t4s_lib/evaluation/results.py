"""The scores of a run, read from its lines; again and again, always the same.

``scores.json`` holds every figure of ``metrics`` with ``nearest``, which is plain, and
under the name of each refiner once more. Beside them:

    skipped        samples that could not be read; they count in no figure
    parse_ceiling  the score if every answer that could be read were the true grid
    cIoU_low, ...  95 % intervals, drawn by picture
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from t4s_lib.evaluation.items import AnyCounts, unpacked
from t4s_lib.evaluation.journal import read_records
from t4s_lib.evaluation.metrics import (
    ClassCounts,
    Counts,
    Scores,
    interval,
    scores,
    semantic_scores,
)
from t4s_lib.evaluation.plan import PLAIN, Plan

SCORES = "scores.json"


def run_scores(out: Path, plan: Plan, classes: int | None) -> dict[str, Any]:
    """Every figure of a run.

    Args:
        out: Its folder.
        plan: The run.
        classes: How many classes the benchmark has; None where samples have a mask.

    Raises:
        ValueError: If no sample could be evaluated.
    """
    found: dict[str, Any] = {"skipped": sum(1 for _ in bad_records(out))}
    for way in plan.ways:
        figures = way_scores(out, way, classes)
        found |= figures if way == PLAIN else {way: figures}
    return found


def way_scores(out: Path, way: str, classes: int | None) -> Scores:
    """The figures of one way of drawing."""
    found = reduced(read_counts(out, way), classes)
    right = reduced(map(as_if_right, read_counts(out, way)), classes)
    main = main_score(classes)
    has_ceiling = found["grid_ceiling"] is not None
    found["parse_ceiling"] = right[main] if has_ceiling else None
    if classes is None:
        found |= _intervals(out, way)
    return found


def main_score(classes: int | None) -> str:
    """The figure that a run is about."""
    return "cIoU" if classes is None else "mIoU"


def read_counts(out: Path, way: str) -> Iterator[AnyCounts]:
    """The counts of all samples that could be evaluated, one at a time."""
    return (unpacked(r, way) for r in read_records(out) if "error" not in r)


def bad_records(out: Path) -> Iterator[dict[str, Any]]:
    """The lines of samples that could not be evaluated."""
    return (record for record in read_records(out) if "error" in record)


def reduced(counts: Iterable[AnyCounts], classes: int | None) -> Scores:
    """Scores of counts of either kind."""
    if classes is None:
        return scores(item for item in counts if isinstance(item, Counts))
    each = (item for item in counts if isinstance(item, ClassCounts))
    return semantic_scores(each, classes)


def as_if_right(counts: AnyCounts) -> AnyCounts:
    """The counts if the answer had been the true grid, unless it was unreadable."""
    if counts.ceiling is None or counts.status == "failed":
        return counts
    if isinstance(counts, ClassCounts):
        return replace(counts, standard=counts.ceiling)
    both, either = counts.ceiling
    area = counts.area
    return replace(counts, tp=both, fp=either - area, fn=area - both)


def _intervals(out: Path, way: str) -> Scores:
    lean = [_lean(item) for item in read_counts(out, way) if isinstance(item, Counts)]
    found: Scores = {}
    for metric in ("cIoU", "gIoU"):
        some = metric == "gIoU" or any(item.union for item in lean)
        ends = interval(lean, metric) if some else None
        found[f"{metric}_low"] = ends and ends.low
        found[f"{metric}_high"] = ends and ends.high
    return found


def _lean(counts: Counts) -> Counts:
    """Only what intervals need: there may be many."""
    return Counts(counts.tp, counts.fp, counts.fn, counts.pixels, image=counts.image)
