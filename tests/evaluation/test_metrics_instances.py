"""Instance matching against every assignment there is, and PQ against torchmetrics."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from t4s_lib.evaluation.metrics.instances import (
    InstanceCounts,
    count_instances,
    instance_ious,
    instance_scores,
    match_instances,
)

pytest.importorskip("scipy")

MAPS = npst.arrays(np.int64, (5, 5), elements=st.integers(0, 3))
ANY = st.lists(npst.arrays(bool, (3, 3)), max_size=4)


def regions(ids: Any) -> list[Any]:
    return [ids == k for k in np.unique(ids[ids > 0])]


def slow_iou(one: Any, other: Any) -> float:
    both = either = 0
    for a, b in zip(one.ravel().tolist(), other.ravel().tolist(), strict=True):
        both += a and b
        either += a or b
    return both / either if either else 0.0


def best_sum(true: list[Any], found: list[Any], above: float) -> float:
    """The largest sum of IoUs over all ways to pair, one by one."""
    short, long = sorted((true, found), key=len)
    sums = [0.0]
    for chosen in permutations(range(len(long)), len(short)):
        ious = [slow_iou(short[k], long[j]) for k, j in enumerate(chosen)]
        sums.append(sum(iou for iou in ious if iou > above))
    return max(sums)


@given(ANY, ANY, st.sampled_from([0.0, 0.3, 0.5]))
@settings(deadline=None, max_examples=60)
def test_matching_is_the_best_of_all(
    true: list[Any], found: list[Any], above: float
) -> None:
    matched = match_instances(true, found, above)
    assert sum(m.iou for m in matched) == pytest.approx(best_sum(true, found, above))
    assert len({m.true for m in matched}) == len({m.found for m in matched})
    assert len({m.true for m in matched}) == len(matched)
    for m in matched:
        assert m.iou == pytest.approx(slow_iou(true[m.true], found[m.found]))
        assert m.iou > above


@given(st.lists(st.tuples(MAPS, MAPS), min_size=1, max_size=4))
@settings(deadline=None, max_examples=30)
def test_quality_is_that_of_torchmetrics(pairs: list[tuple[Any, Any]]) -> None:
    torch = pytest.importorskip("torch")
    torchmetrics = pytest.importorskip("torchmetrics")
    metric = torchmetrics.detection.PanopticQuality(
        things={1}, stuffs={0}, return_sq_and_rq=True, return_per_class=True
    )
    counts = []
    for true, found in pairs:
        counts.append(count_instances(regions(true), regions(found)))
        both = [np.stack([ids > 0, ids], axis=-1) for ids in (found, true)]
        metric.update(*(torch.tensor(ids.astype(np.int64))[None] for ids in both))
    if any(one.n_true + one.n_found for one in counts):
        expected = metric.compute()[0].tolist()
        if len(expected) == 3 and isinstance(expected[0], list):
            expected = expected[0]
        scores = instance_scores(counts)
        ours = [scores[name] for name in ("PQ", "SQ", "RQ")]
        assert ours == pytest.approx(expected, abs=1e-6)


def test_counting_is_apart_from_outlines() -> None:
    found = [InstanceCounts(2, 2, ()), InstanceCounts(3, 1, (0.9,))]
    scores = instance_scores(found)
    assert scores["count_accuracy"] == 0.5
    assert scores["count_error"] == 1.0
    assert scores["RQ"] == pytest.approx(1 / 4)
    assert scores["n"] == 2


def test_nothing_found_of_nothing_is_right_and_of_something_wrong() -> None:
    assert instance_scores([count_instances([], [])])["PQ"] == 1
    there = [np.ones((2, 2), dtype=bool)]
    assert instance_scores([count_instances(there, [])])["PQ"] == 0
    assert instance_scores([count_instances([], there)])["PQ"] == 0


def test_a_pair_of_exactly_one_half_is_none() -> None:
    assert match_instances([[[1, 1]]], [[[1, 0]]]) == []


def test_bad_input_is_one_line() -> None:
    with pytest.raises(ValueError, match="masks have shapes"):
        instance_ious([np.ones((2, 2))], [np.ones((2, 3))])
    with pytest.raises(ValueError, match="found no picture, expected one at least"):
        instance_scores([])
