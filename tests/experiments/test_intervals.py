"""Intervals: what they hold, what they are of, and that scenes are drawn together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from t4s_lib.evaluation.metrics import Counts, paired_difference
from t4s_lib.experiments import Results, difference, verdict
from t4s_lib.experiments.intervals import (
    mean_ciou,
    share_of_ceiling,
    spread,
    the_grid,
)
from t4s_lib.experiments.results import ArmResult, Overlaps
from t4s_lib.experiments.words import reaches_goal, saved
from tests.experiments.toys import UNION, N, toy_results


def _with(codecs: dict[str, Sequence[Sequence[int]]]) -> Results:
    """The toy with other intersections: a list a seed, for each codec."""
    toy = toy_results()
    arms: list[ArmResult] = []
    for codec, seeds in codecs.items():
        like = toy.of(codec, 16)[0]
        for seed, hits in enumerate(seeds):
            overlaps = Overlaps(tuple(hits), (UNION,) * len(hits))
            arms.append(replace(like, seed=seed, overlaps=overlaps))
    return replace(toy, arms=tuple(arms))


def test_a_difference_is_of_pixels_and_pairs_the_scenes() -> None:
    rng = np.random.default_rng(3)
    hard = rng.integers(0, 900, N)
    results = _with({"spans": [(hard + 50).tolist()], "row-rle": [hard.tolist()]})
    found = difference(results, "spans", "row-rle")
    assert found == pytest.approx((0.05, 0.05, 0.05))  # the scenes' hardness cancels
    alone = mean_ciou(results, "spans", 16)
    assert alone.high - alone.low > 0.1


def test_one_seed_gives_the_interval_of_the_librarys_metrics() -> None:
    results = toy_results()
    ours, theirs = results.of("full", 16)[0], results.of("row-rle", 16)[0]
    pair = [
        [Counts(i, 0, u - i, u) for i, u in zip(o.intersections, o.unions, strict=True)]
        for o in (ours.overlaps, theirs.overlaps)
    ]
    expected = paired_difference(pair[0], pair[1], by_image=False)
    found = difference(replace(results, arms=(ours, theirs)), "full")
    assert found.estimate == pytest.approx(expected.value)
    assert found.low == pytest.approx(expected.low, abs=0.004)
    assert found.high == pytest.approx(expected.high, abs=0.004)


def test_seeds_are_averaged_and_their_spread_is_told_apart() -> None:
    flat = [[500] * N, [700] * N]
    results = _with({"spans": flat, "row-rle": [[550] * N]})
    assert mean_ciou(results, "spans", 16) == pytest.approx((0.6, 0.6, 0.6))
    assert difference(results, "spans") == pytest.approx((0.05, 0.05, 0.05))
    assert share_of_ceiling(results, "spans", 16).estimate == pytest.approx(0.75)
    assert spread(results, "spans", 16) == pytest.approx(0.2)
    assert spread(results, "row-rle", 16) is None
    assert "Between seeds: spans 0.200." in verdict(results, "spans")


def test_an_interval_of_noise_holds_zero_and_of_a_gap_does_not() -> None:
    rng = np.random.default_rng(5)
    same = [rng.integers(300, 700, N).tolist() for _ in range(2)]
    found = difference(_with({"spans": same[:1], "row-rle": same[1:]}), "spans")
    assert found.holds_zero
    assert found.low < found.estimate < found.high
    gap = difference(toy_results(), "full")
    assert not gap.holds_zero
    assert gap.high < 0


def test_the_verdict_follows_the_interval() -> None:
    worse, same, better = ([base] * N for base in (400, 500, 600))
    for hits, says, reaches in (
        (worse, "worse on these scenes", False),
        (same, "no difference is shown", True),
        (better, "better on these scenes", True),
    ):
        results = _with({"spans": [hits], "row-rle": [same]})
        assert says in verdict(results, "spans")
        assert reaches_goal(results, "spans") is reaches
    nothing = _with({"spans": [[0] * N], "row-rle": [[0] * N]})
    assert "row-rle learned nothing" in verdict(nothing, "spans")
    assert not reaches_goal(nothing, "spans")
    results = toy_results()
    assert saved(results, "spans", 16) == pytest.approx(0.95)
    assert not reaches_goal(results, "row-rle")  # 82 % shorter only
    assert "held against it" in verdict(results, "row-rle")


def test_the_grid_must_be_said_where_there_are_several() -> None:
    toy = toy_results()
    assert the_grid(toy, "spans") == 16
    finer = replace(toy.of("spans", 16)[0], grid=24)
    both = replace(toy, arms=(*toy.arms, finer))
    with pytest.raises(ValueError, match="spans was learned on grids 16, 24"):
        difference(both, "spans")
    assert difference(both, "spans", grid=16) == difference(toy, "spans")
    with pytest.raises(ValueError, match="no model learned row-rle on a grid of 24"):
        difference(both, "spans", grid=24)
    with pytest.raises(ValueError, match="alias was learned on grids none"):
        difference(toy, "alias")


def test_nothing_drawn_and_nothing_meant_divides_by_nothing() -> None:
    assert Overlaps((0, 0), (0, 0)).ciou == 1.0
