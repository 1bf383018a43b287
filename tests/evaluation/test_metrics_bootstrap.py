"""Intervals: reproducible, paired, by picture, and as wide as theory says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from t4s_lib.evaluation.metrics import (
    Counts,
    interval,
    paired_difference,
    scores,
)
from t4s_lib.evaluation.metrics.bootstrap import METRICS, _times_drawn


def run(seed: int, pictures: int = 40, each: int = 1, quality: float = 0.5) -> Any:
    """Counts of ``each`` samples on every picture, alike within a picture."""
    rng = np.random.default_rng(seed)
    made = []
    for picture in range(pictures):
        area = int(rng.integers(50, 500))
        hit = int(area * np.clip(rng.normal(quality, 0.2), 0, 1))
        for number in range(each):
            name = f"demo#{picture}.{number}"
            made.append(
                Counts(hit, 20, area - hit, 900, source=name, image=f"{picture}.jpg")
            )
    return made


def slow_interval(ours: list[Counts], theirs: list[Counts], metric: str) -> Any:
    """Draw pictures by the same choices, collect their samples, score those."""
    names = list(dict.fromkeys(c.image for c in ours))
    times = _times_drawn(np.random.default_rng(3), 200, len(names))
    found = []
    for row in times:
        chosen = [n for n, t in zip(names, row, strict=True) for _ in range(int(t))]
        figures = []
        for counts in (ours, theirs):
            drawn = [c for name in chosen for c in counts if c.image == name]
            figures.append(scores(drawn)[metric])
        found.append(figures[0] - figures[1])  # type: ignore[operator]
    return np.quantile(found, [0.025, 0.975])


@pytest.mark.parametrize("metric", METRICS)
def test_intervals_equal_a_slow_redrawing(metric: str) -> None:
    ours, theirs = run(1, 12, each=2, quality=0.7), run(1, 12, each=2)
    found = paired_difference(ours, theirs, metric, draws=200, seed=3)
    low, high = slow_interval(ours, theirs, metric)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-9)
    ours_score, their_score = scores(ours)[metric], scores(theirs)[metric]
    assert ours_score is not None
    assert their_score is not None
    assert found.value == pytest.approx(ours_score - their_score, abs=1e-9)


def test_every_draw_draws_as_many_as_there_are() -> None:
    times = _times_drawn(np.random.default_rng(0), 300, 7)
    assert times.shape == (300, 7)
    assert (times.sum(axis=1) == 7).all()
    assert times.mean(axis=0) == pytest.approx(np.ones(7), abs=0.2)


def test_the_seed_decides_and_nothing_else() -> None:
    counts = run(0)
    assert interval(counts, seed=4) == interval(counts, seed=4)
    assert interval(counts, seed=4) != interval(counts, seed=5)
    many = interval(run(0, 600), draws=3000)  # drawn in several goes
    assert many == interval(run(0, 600), draws=3000)


def test_the_width_is_that_of_the_normal_curve_for_a_mean() -> None:
    counts = run(2, 400)
    found = interval(counts, "gIoU", draws=4000)
    error = np.std([c.iou for c in counts]) / np.sqrt(400)
    assert found.high - found.low == pytest.approx(2 * 1.96 * error, rel=0.06)
    assert found.low < found.value < found.high


def test_copies_of_a_sample_do_not_make_a_figure_surer() -> None:
    """Seven sentences about each picture that all fare alike are one observation."""
    once, copied = run(3, 60), run(3, 60, each=7)
    by_picture = interval(copied, "gIoU", draws=1000)
    assert by_picture == pytest.approx(interval(once, "gIoU", draws=1000), abs=1e-9)
    by_sample = interval(copied, "gIoU", draws=1000, by_image=False)
    assert by_sample.units == 420
    ratio = (by_picture.high - by_picture.low) / (by_sample.high - by_sample.low)
    assert ratio == pytest.approx(np.sqrt(7), rel=0.15)


def test_pairing_cancels_what_is_hard_for_both() -> None:
    theirs = run(5, 100)
    ours = [replace(c, fp=c.fp - 5) for c in theirs]  # a little better everywhere
    found = paired_difference(ours, theirs)
    assert 0 < found.low < found.value < found.high
    alone = interval(ours)
    assert found.high - found.low < (alone.high - alone.low) / 5


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    truth = np.mean([c.iou for c in run(99, 20_000)])
    held = 0
    for seed in range(200):
        found = interval(run(seed, 60), "gIoU", draws=400, level=0.9)
        held += found.low <= truth <= found.high
    assert 0.82 <= held / 200 <= 0.97


def test_equal_runs_do_not_differ() -> None:
    counts = run(6)
    assert paired_difference(counts, counts)[:3] == (0.0, 0.0, 0.0)


def test_draws_without_a_pixel_are_left_out() -> None:
    none = Counts(0, 0, 0, 9, image="none.jpg")
    some = Counts(3, 0, 3, 9, image="some.jpg")
    assert interval([none, some]) == (0.5, 0.5, 0.5, 2)
    with pytest.raises(ValueError, match="no sample has a pixel to divide by"):
        interval([none, none])
    assert interval([none, none], "gIoU").value == 1.0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"metric": "mIoU"}, "metric is 'mIoU', expected one of cIoU, gIoU"),
        ({"draws": 0}, "draws is 0, expected 1 or more"),
        ({"level": 95}, "level is 95, expected between 0 and 1"),
    ],
)
def test_bad_options_are_one_line(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        interval(run(0), **options)


def test_runs_must_be_of_the_same_samples() -> None:
    counts = run(0)
    with pytest.raises(ValueError, match="the runs have 40 and 39 samples"):
        paired_difference(counts, counts[:-1])
    moved = [counts[1], counts[0], *counts[2:]]
    with pytest.raises(ValueError, match=r"sample 0 is 'demo#0.0' and 'demo#1.0'"):
        paired_difference(counts, moved)
    with pytest.raises(ValueError, match="there are no counts"):
        interval([])
    with pytest.raises(ValueError, match="sample demo#9 name no picture"):
        interval([Counts(1, 0, 0, 1, source="demo#9")])
