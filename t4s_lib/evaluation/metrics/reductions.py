"""From the counts of many samples to the figures of ``scores.json``.

Sums are of whole numbers, so the order of the samples and the number of
processes that shared them change no digit.

    key                     what it is
    ----------------------  ------------------------------------------------------
    n, n_no_target          samples; those without a target
    cIoU                    all intersections over all unions, in pixels
    gIoU                    mean IoU; 1 where truth and prediction are both empty,
                            0 where one of them is
    n_acc                   samples without a target that got an empty mask
    t_acc                   samples with a target that got a mask
    acc_50, acc_75, acc_90  samples with a target whose predicted mask's box has an
                            IoU of at least .5, .75, .9 with the true mask's box
    acc_50_parity, …        the same as the authors count it: boxes without their
                            last row and column, IoU above .5
    acc_50_annotated, …     against the box that people drew, as in detection
    grid_ceiling            cIoU of the true grids, drawn back
    norm                    cIoU / grid_ceiling
    parse_exact, repaired,  answers read as they stand, after mending, not at all
    parse_failed
    cIoU_small, gIoU_small  of targets below 32² pixels; medium: below 96²; large
    n_small, …              and how many there are
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from t4s_lib.evaluation.metrics.boxes import box_iou, edges_of, edges_of_annotation
from t4s_lib.evaluation.metrics.counts import Counts

SIZES: tuple[tuple[str, int | None], ...] = (
    ("small", 32**2),
    ("medium", 96**2),
    ("large", None),
)
"""Classes of target area, in pixels, with their open upper ends (COCO's)."""

LEVELS: tuple[int, ...] = (50, 75, 90)
"""Levels of box IoU, in percent."""

BOXES: tuple[str, ...] = ("", "_parity", "_annotated")
"""Ends of the keys of box accuracy, by what is compared."""

SCALE = 1 << 64
"""Parts of 1 in which the sum of IoUs is kept: whole numbers, exact in any order."""

Scores = dict[str, float | None]


def scores(counts: Iterable[Counts]) -> Scores:
    """Every figure of a run, as fractions from 0 to 1; None where nothing counts.

    The counts are read once, one at a time. See the table above for the keys.

    Args:
        counts: One for each sample.

    Raises:
        ValueError: If there are none.

    Examples:
        >>> from t4s_lib.evaluation.metrics.counts import count
        >>> found = scores([count([[1, 1]], [[0, 1]]), count([[0, 0]], [[0, 0]])])
        >>> found["cIoU"], found["gIoU"], found["n_acc"], found["parse_failed"]
        (0.5, 0.75, 1.0, None)
    """
    return reduce_totals(tally(counts))


def tally(counts: Iterable[Counts]) -> Counter[str]:
    """The sums that the scores are made of; add those of parts with ``update``.

    Examples:
        >>> from t4s_lib.evaluation.metrics.counts import count
        >>> one, two = count([[1, 1]], [[0, 1]]), count([[0, 1]], [[1, 1]])
        >>> parts = tally([one])
        >>> parts.update(tally([two]))
        >>> parts == tally([two, one])
        True
    """
    totals: Counter[str] = Counter()
    for item in counts:
        for key, value in _terms(item):
            totals[key] += value
    return totals


def reduce_totals(totals: Mapping[str, int]) -> Scores:
    """The scores that ``tally``'s sums give.

    Raises:
        ValueError: If no sample was counted.
    """
    sums: Counter[str] = Counter(totals)
    n = sums["n"]
    if not n:
        raise ValueError("there are no counts to score, expected one for each sample")
    found: Scores = {"n": n, "n_no_target": sums["no_target"]}
    found |= _overlaps(sums, "")
    found["n_acc"] = _ratio(sums["no_target_empty"], sums["no_target"])
    found["t_acc"] = _ratio(sums["target_drawn"], n - sums["no_target"])
    found |= _accuracies(sums)
    found |= _ceiling(sums, found["cIoU"])
    found |= reading_scores(sums)
    for size, _ in SIZES:
        found[f"n_{size}"] = sums[f"n_{size}"]
        found |= _overlaps(sums, f"_{size}")
    return found


def size_of(area: int) -> str:
    """The class of a target's area, in pixels.

    Examples:
        >>> size_of(32**2 - 1), size_of(32**2), size_of(96**2)
        ('small', 'medium', 'large')
    """
    return next(name for name, end in SIZES if end is None or area < end)


def scaled_iou(counts: Counts) -> int:
    """The IoU of a sample in parts of ``SCALE``, rounded down."""
    return counts.tp * SCALE // counts.union if counts.union else SCALE


def reading_scores(sums: Counter[str]) -> Scores:
    """How the answers could be read, of those that were texts."""
    return {
        "parse_exact": _ratio(sums["exact"], sums["read"]),
        "repaired": _ratio(sums["repaired"], sums["read"]),
        "parse_failed": _ratio(sums["failed"], sums["read"]),
    }


def _terms(counts: Counts) -> Iterator[tuple[str, int]]:
    """What one sample adds to each sum."""
    yield "n", 1
    yield from _overlap_terms(counts, "")
    if counts.truth_empty:
        yield "no_target", 1
        yield "no_target_empty", int(counts.drawn_empty)
    else:
        size = f"_{size_of(counts.area)}"
        yield f"n{size}", 1
        yield from _overlap_terms(counts, size)
        yield "target_drawn", int(not counts.drawn_empty)
        yield from _box_terms(counts)
    if counts.ceiling is not None:
        yield "ceiling", 1
        yield "ceiling_intersection", counts.ceiling[0]
        yield "ceiling_union", counts.ceiling[1]
    if counts.status is not None:
        yield "read", 1
        yield counts.status, 1


def _overlap_terms(counts: Counts, of: str) -> Iterator[tuple[str, int]]:
    yield f"intersection{of}", counts.tp
    yield f"union{of}", counts.union
    yield f"iou{of}", scaled_iou(counts)


def _box_terms(counts: Counts) -> Iterator[tuple[str, int]]:
    for end, iou in _box_ious(counts):
        yield f"boxes{end}", 1
        for level in LEVELS:
            hit = iou > level / 100 if end == "_parity" else iou >= level / 100
            yield f"acc_{level}{end}", int(hit)


def _box_ious(counts: Counts) -> Iterator[tuple[str, float]]:
    """How far the boxes overlap, in each way of comparing them."""
    guess, truth = counts.drawn_box, counts.truth_box
    for end, way in (("", "whole"), ("_parity", "parity")):
        if truth is not None:
            target = edges_of(truth, way)
            yield end, 0.0 if guess is None else box_iou(edges_of(guess, way), target)
    if counts.annotated_box is not None:
        target = edges_of_annotation(counts.annotated_box)
        found = 0.0 if guess is None else box_iou(edges_of(guess), target)
        yield "_annotated", found


def _overlaps(sums: Counter[str], of: str) -> Scores:
    return {
        f"cIoU{of}": _ratio(sums[f"intersection{of}"], sums[f"union{of}"]),
        f"gIoU{of}": _ratio(sums[f"iou{of}"], sums[f"n{of}"] * SCALE),
    }


def _accuracies(sums: Counter[str]) -> Scores:
    return {
        f"acc_{level}{end}": _ratio(sums[f"acc_{level}{end}"], sums[f"boxes{end}"])
        for end in BOXES
        for level in LEVELS
    }


def _ceiling(sums: Counter[str], ciou: float | None) -> Scores:
    """Only where every sample has one: else it is of other samples than the score."""
    top = None
    if sums["ceiling"] == sums["n"]:
        top = _ratio(sums["ceiling_intersection"], sums["ceiling_union"])
    norm = ciou / top if ciou is not None and top else None
    return {"grid_ceiling": top, "norm": norm}


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None
