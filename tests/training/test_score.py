"""Scores from 0 to 1: of perfect, empty, broken and flipped answers."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from t4s_lib import (
    OTHERS,
    DescriptorGrid,
    Sample,
    codec,
    fold,
    mask_to_grid,
    oracle_iou,
)
from t4s_lib.sources import scenes
from t4s_lib.training.rows import true_grid
from t4s_lib.training.score import scores

SAMPLES = list(scenes(40, "val"))
EMPTY = codec("row-rle").encode(DescriptorGrid(np.zeros((16, 16)), (OTHERS,)))


def answers(name: str = "row-rle") -> list[str]:
    return [fold(codec(name).encode(true_grid(s)), s.expression) for s in SAMPLES]


@pytest.mark.parametrize("name", ["full", "image-rle", "row-rle"])
def test_the_true_grids_reach_the_ceiling(name: str) -> None:
    found = scores(SAMPLES, answers(name), codec=name)
    assert found["norm"] == found["no_target_accuracy"] == found["parse_exact"] == 1
    assert found["cIoU"] == found["grid_ceiling"]
    assert (found["parse_failed"], found["n"]) == (0, 40)


def test_each_score_by_hand() -> None:
    left, top = np.zeros((4, 4), dtype=bool), np.zeros((4, 4), dtype=bool)
    left[:, :2], top[:1] = True, True
    blank = Image.new("RGB", (4, 4))
    samples = [
        Sample(blank, "left", left, ["left"], "demo#0"),
        Sample(blank, "top", top, ["top"], "demo#1"),
        Sample(blank, "none", np.zeros((4, 4), dtype=bool), ["none"], "demo#2"),
        Sample(blank, "none", np.zeros((4, 4), dtype=bool), ["none"], "demo#3"),
    ]
    texts = [
        "left *1| others *1\n left *1| others *1\n",
        "others *2\n others *2\n",
        "no idea",
        "none *2\n others *2\n",
    ]
    found = scores(samples, texts, grid=2, refine="nearest")
    assert found["cIoU"] == pytest.approx(8 / (8 + 4 + 0 + 8))
    assert found["gIoU"] == pytest.approx((1 + 0 + 1 + 0) / 4)
    assert found["grid_ceiling"] == pytest.approx(8 / 12)
    assert found["norm"] == pytest.approx((8 / 20) / (8 / 12))
    assert found["parse_failed"] == 0.25
    assert found["no_target_accuracy"] == 0.5


def test_the_ceiling_of_one_is_the_oracle_iou() -> None:
    sample = next(s for s in SAMPLES if not s.is_no_target)
    for refine in ("nearest", "bilinear"):
        found = scores([sample], [EMPTY], refine=refine)
        expected = oracle_iou(sample.mask, 16, mode=refine)
        assert found["grid_ceiling"] == pytest.approx(expected)
        assert found["cIoU"] == 0


def test_nothing_but_no_targets_has_no_ciou() -> None:
    none = [s for s in SAMPLES if s.is_no_target]
    found = scores(none, [EMPTY] * len(none))
    assert found["cIoU"] is found["norm"] is found["grid_ceiling"] is None
    assert found["gIoU"] == found["no_target_accuracy"] == 1
    some = [s for s in SAMPLES if not s.is_no_target]
    assert scores(some, [EMPTY] * len(some))["no_target_accuracy"] is None


def test_flipped_answers_are_worse() -> None:
    flipped = []
    for sample in SAMPLES:
        grid = mask_to_grid(sample.mask[::-1, ::-1], 16, "it")
        flipped.append(codec("row-rle").encode(grid))
    found = scores(SAMPLES, flipped)
    assert found["norm"] is not None
    assert found["norm"] < 0.5


def test_one_text_a_sample() -> None:
    with pytest.raises(ValueError, match="texts are 1 for 2 samples"):
        scores(SAMPLES[:2], [EMPTY])
    with pytest.raises(ValueError, match="texts are 0 for 0"):
        scores([], [])
