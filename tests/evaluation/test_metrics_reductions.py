"""Scores equal a slow loop over samples, rows and columns."""

from __future__ import annotations

import random
import tracemalloc
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from t4s_lib.evaluation.metrics import Counts, count, reduce_totals, scores, tally
from t4s_lib.evaluation.metrics.reductions import SIZES, size_of

from .slow_counts import SIDES, around, looked_at, masks

STATES = st.sampled_from(["exact", "repaired", "failed", None])
NO, YES = [[0, 0, 0, 0]], [[1, 1, 1, 1]]


@st.composite
def runs(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Some samples: all that ``count`` takes."""
    found = []
    for number in range(draw(st.integers(1, 6))):
        shape = draw(SIDES)
        sample: dict[str, Any] = {"source": f"demo#{number}"}
        for name in ("truth", "drawn", "ceiling"):
            sample[name] = draw(masks(shape))
        sample["ignore"] = draw(st.none() | masks(shape))
        sample["status"] = draw(STATES)
        sample["annotated_box"] = draw(st.sampled_from([None, (0.5, 0.0, 2.5, 3.0)]))
        found.append(sample)
    return found


def share(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None


def overlap_of_boxes(one: Any, two: Any, more: int) -> float:
    """Of two boxes of masks, cell by cell."""
    cells = [
        {
            (x, y)
            for x in range(box[0], box[2] + more)
            for y in range(box[1], box[3] + more)
        }
        for box in (one, two)
    ]
    union = cells[0] | cells[1]
    return len(cells[0] & cells[1]) / len(union) if union else 0.0


def overlap_with_annotated(box: Any, annotated: Any) -> float:
    """The same in twentieths of a pixel."""
    x, y, width, height = (round(20 * value) for value in annotated)
    tall = [20 * box[0], 20 * box[1], 20 * (box[2] + 1), 20 * (box[3] + 1)]
    return overlap_of_boxes(tall, [x, y, x + width, y + height], more=0)


def slow_scores(samples: list[dict[str, Any]]) -> dict[str, float | None]:
    """Each score from its words, sample by sample and pixel by pixel."""
    seen = [looked_at(s["truth"], s["drawn"], s["ignore"]) for s in samples]
    tops = [looked_at(s["truth"], s["ceiling"], s["ignore"]) for s in samples]
    targets = [k for k, c in enumerate(seen) if c["tp"] + c["fn"]]
    others = [k for k in range(len(seen)) if k not in targets]
    states = [s["status"] for s in samples if s["status"]]
    found: dict[str, float | None] = {"n": len(samples), "n_no_target": len(others)}
    found |= slow_overlaps(seen, "") | slow_accuracies(samples, seen, targets)
    found["n_acc"] = share([float(not seen[k]["fp"]) for k in others])
    found["t_acc"] = share([float(seen[k]["tp"] + seen[k]["fp"] > 0) for k in targets])
    top = slow_overlaps(tops, "")["cIoU"]
    found["grid_ceiling"] = top
    ciou = found["cIoU"]
    found["norm"] = None if ciou is None or not top else ciou / top
    for key, state in (("parse_exact", "exact"), ("parse_failed", "failed")):
        found[key] = share([float(s == state) for s in states])
    found["repaired"] = share([float(s == "repaired") for s in states])
    for size in ("small", "medium", "large"):
        of = [seen[k] for k in targets if size == "small"]  # none is 32 pixels wide
        found |= {f"n_{size}": len(of)} | slow_overlaps(of, f"_{size}")
    return found


def slow_overlaps(seen: list[dict[str, Any]], of: str) -> dict[str, float | None]:
    unions = [c["tp"] + c["fp"] + c["fn"] for c in seen]
    each = [c["tp"] / u if u else 1.0 for c, u in zip(seen, unions, strict=True)]
    whole = sum(c["tp"] for c in seen) / sum(unions) if sum(unions) else None
    return {f"cIoU{of}": whole, f"gIoU{of}": share(each)}


def slow_accuracies(
    samples: list[dict[str, Any]], seen: list[dict[str, Any]], targets: list[int]
) -> dict[str, float | None]:
    ious: dict[str, list[float]] = {"": [], "_parity": [], "_annotated": []}
    for k in targets:
        box, true = seen[k]["drawn_box"], seen[k]["truth_box"]
        human = samples[k]["annotated_box"]
        ious[""].append(overlap_of_boxes(box, true, 1) if box else 0)
        ious["_parity"].append(overlap_of_boxes(box, true, 0) if box else 0)
        if human:
            ious["_annotated"].append(overlap_with_annotated(box, human) if box else 0)
    return {
        f"acc_{level}{end}": share(
            [
                float(v > level / 100 if end == "_parity" else v >= level / 100)
                for v in of
            ]
        )
        for end, of in ious.items()
        for level in (50, 75, 90)
    }


@given(runs())
def test_every_score_equals_the_slow_loop(samples: list[dict[str, Any]]) -> None:
    found, expected = scores(count(**s) for s in samples), slow_scores(samples)
    assert set(found) == set(expected)
    for key, value in expected.items():
        assert found[key] == (
            value if value is None else pytest.approx(value, abs=1e-9)
        )


@given(runs(), st.randoms(use_true_random=False))
def test_order_and_sharing_change_no_digit(
    samples: list[dict[str, Any]], rng: random.Random
) -> None:
    made = [count(**s) for s in samples]
    whole = scores(made)
    rng.shuffle(made)
    totals = tally(made[::2])
    totals.update(tally(made[1::2]))
    assert reduce_totals(totals) == whole


def test_a_thousand_unlike_ious_in_any_order() -> None:
    made = [Counts(k % 17, k % 13 + 1, k % 7, 100) for k in range(1000)]
    whole = scores(made)["gIoU"]
    assert whole == scores(reversed(made))["gIoU"]
    assert whole == pytest.approx(share([c.iou for c in made]), abs=1e-12)


def test_the_rules_for_empty_masks() -> None:
    """Empty on empty counts 1 in gIoU and nothing in cIoU; one empty counts 0."""
    right, wrong = count(NO, NO), count(NO, YES)
    missed, hit = count(YES, NO), count(YES, YES)
    assert (scores([right])["gIoU"], scores([right])["cIoU"]) == (1.0, None)
    found = scores([right, wrong, missed, hit])
    assert (found["gIoU"], found["cIoU"]) == (0.5, 4 / 12)
    assert (found["n_acc"], found["t_acc"]) == (0.5, 0.5)
    assert (found["n"], found["n_no_target"]) == (4, 2)
    assert found["acc_50"] == 0.5  # of the two with a target


def test_without_no_targets_or_targets_there_is_no_share_of_them() -> None:
    assert scores([count(YES, YES)])["n_acc"] is None
    none = scores([count(NO, NO)])
    assert none["t_acc"] is none["acc_50"] is none["acc_50_parity"] is None
    assert none["gIoU_small"] is none["cIoU_large"] is None


def test_a_failed_answer_is_an_empty_mask_and_is_said_so() -> None:
    found = scores([count(YES, NO, status="failed"), count(YES, YES, status="exact")])
    assert (found["gIoU"], found["parse_failed"], found["repaired"]) == (0.5, 0.5, 0.0)
    unread = scores([count(YES, YES)])
    assert unread["parse_failed"] is unread["repaired"] is None


def test_the_ceiling_is_of_all_samples_or_none() -> None:
    half = [[1, 1, 0, 0]]
    whole = [count(YES, half, ceiling=half), count(YES, NO, ceiling=YES)]
    found = scores(whole)
    assert (found["grid_ceiling"], found["norm"]) == (0.75, 0.25 / 0.75)
    part = scores([*whole, count(YES, YES)])
    assert part["grid_ceiling"] is part["norm"] is None


def test_the_three_box_accuracies_differ_where_they_should() -> None:
    """A one-pixel column has no width for the authors; half is not above half."""
    column = np.zeros((4, 4), bool)
    column[:, 1] = True
    found = scores([count(column, column, annotated_box=(1, 0, 2, 4))])
    assert (found["acc_90"], found["acc_90_parity"]) == (1.0, 0.0)
    assert (found["acc_50_annotated"], found["acc_75_annotated"]) == (1.0, 0.0)
    wide, narrow = np.zeros((2, 9), bool), np.zeros((2, 9), bool)
    wide[:, :5], narrow[:, :3] = True, True  # the authors see widths 4 and 2
    half = scores([count(wide, narrow)])
    assert (half["acc_50"], half["acc_50_parity"]) == (1.0, 0.0)


def test_sizes_are_those_of_coco() -> None:
    side = [(31, "small"), (32, "medium"), (95, "medium"), (96, "large")]
    for pixels, name in side:
        assert size_of(pixels**2) == name
    truth = np.ones((100, 100), bool)
    found = scores([count(truth, truth), count(truth[:40, :40], ~truth[:40, :40])])
    assert [found[f"n_{name}"] for name, _ in SIZES] == [0, 1, 1]
    assert (found["cIoU_large"], found["cIoU_medium"]) == (1.0, 0.0)


def test_no_counts_have_no_score() -> None:
    with pytest.raises(ValueError, match="there are no counts to score"):
        scores([])


def test_memory_does_not_grow_with_the_run() -> None:
    def many(n: int) -> Iterator[Counts]:
        return (Counts(k % 99, 3, k % 7, 999, source=f"demo#{k}") for k in range(n))

    tracemalloc.start()
    scores(many(200))
    _, few = tracemalloc.get_traced_memory()
    tracemalloc.reset_peak()
    scores(many(5000))
    _, more = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert more < few + 20_000


def test_boxes_around_pixels_by_hand() -> None:
    assert around([(3, 1), (1, 2)]) == (1, 1, 3, 2)
