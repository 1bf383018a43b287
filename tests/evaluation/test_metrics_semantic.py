"""Mean IoU over classes equals a slow loop, in both protocols."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from t4s_lib.evaluation.metrics import (
    ClassCounts,
    class_ious,
    count_classes,
    semantic_scores,
)

from .slow_counts import SIDES, class_table, masks

CLASSES = 4


@st.composite
def maps(draw: st.DrawFn) -> tuple[Any, Any, Any]:
    """A true map with void pixels, a predicted one, and a mask of more void ones."""
    shape = draw(SIDES)
    values = st.sampled_from([0, 1, 2, 3, 4, 255])
    truth = draw(arrays(np.uint8, shape, elements=values))
    drawn = draw(arrays(np.int32, shape, elements=st.integers(0, CLASSES)))
    return truth, drawn, draw(masks(shape))


@given(st.lists(maps(), min_size=1, max_size=4))
def test_both_figures_equal_a_loop_over_pixels(pictures: list[Any]) -> None:
    made = [count_classes(t, d, CLASSES, void=v) for t, d, v in pictures]
    tables = {False: {}, True: {}}  # type: dict[bool, dict[int, list[int]]]
    for (truth, drawn, void), counts in zip(pictures, made, strict=True):
        for parity, found in ((False, counts.standard), (True, counts.parity)):
            table = class_table(truth, drawn, CLASSES, void, parity)
            assert {k: list(row) for k, row in found.items()} == table
            for k, row in table.items():
                old = tables[parity].setdefault(k, [0, 0, 0])
                tables[parity][k] = [a + b for a, b in zip(old, row, strict=True)]
    found_scores = semantic_scores(made, CLASSES)
    plain = [value for k in range(1, 5) if (value := iou(tables[False], k)) is not None]
    expected = sum(plain) / len(plain) if plain else None
    assert found_scores["mIoU"] == near(expected)
    every = [iou(tables[True], k) or 0.0 for k in range(CLASSES + 1)]
    assert found_scores["mIoU_parity"] == near(sum(every) / 5)
    assert found_scores["classes_seen"] == len(plain)


def iou(table: dict[int, list[int]], k: int) -> float | None:
    both, guess, true = table.get(k, (0, 0, 0))
    union = guess + true - both
    return both / union if union else None


def near(value: float | None) -> Any:
    return value if value is None else pytest.approx(value, abs=1e-9)


def test_the_free_background_lifts_the_authors_figure() -> None:
    """Predicting everywhere costs nothing where the truth is background."""
    truth = np.zeros((10, 10), np.int64)
    truth[:2] = 1
    drawn = np.full((10, 10), 1)
    drawn[0] = 2
    found = semantic_scores([count_classes(truth, drawn, 2)], 2)
    assert found["mIoU"] == 0.25  # class 1 .5, class 2 0
    assert found["mIoU_parity"] == pytest.approx(0.5)  # and class 0 counts 1


def test_void_pixels_count_only_against_the_authors_figure() -> None:
    truth, drawn = [[1, 255, 255, 255]], [[1, 1, 1, 2]]
    found = semantic_scores([count_classes(truth, drawn, 2)], 2)
    assert (found["mIoU"], found["classes_seen"]) == (1.0, 1)
    assert found["mIoU_parity"] == pytest.approx((0 + 1 / 3 + 0) / 3)
    masked = count_classes([[1, 0, 0, 0]], drawn, 2, void=[[0, 1, 1, 1]])
    assert masked == count_classes(truth, drawn, 2)


def test_others_in_a_prediction_is_a_miss() -> None:
    found = count_classes([[1, 1]], [[0, 1]], 1)
    assert class_ious([found], 1) == [0.5]


def test_ceiling_and_readings() -> None:
    truth = [[1, 1, 2, 2]]
    one = count_classes(
        truth, [[1, 1, 0, 0]], 2, ceiling=[[1, 1, 1, 2]], status="exact"
    )
    found = semantic_scores([one], 2)
    assert found["grid_ceiling"] == pytest.approx((2 / 3 + 1 / 2) / 2)
    assert found["norm"] == pytest.approx(0.5 / ((2 / 3 + 1 / 2) / 2))
    assert (found["parse_exact"], found["parse_failed"]) == (1.0, 0.0)
    other = count_classes(truth, truth, 2)
    both = semantic_scores([one, other], 2)
    assert both["grid_ceiling"] is both["norm"] is None


def test_class_counts_survive_json() -> None:
    made = count_classes(
        [[1, 2]], [[0, 2]], 2, ceiling=[[1, 2]], status="repaired", image="a.jpg"
    )
    assert ClassCounts.from_dict(json.loads(json.dumps(made.as_dict()))) == made
    with pytest.raises(ValueError, match="class counts lack parity"):
        ClassCounts.from_dict({"standard": {}})


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"truth": [[0.5, 1]]}, "true map is float64"),
        ({"truth": [[-1, 1]]}, "true map holds -1, expected 0 or more"),
        ({"drawn": [[1]]}, "predicted map has shape"),
        ({"drawn": [[1, 3]]}, "predicted map holds 3, expected 0 to 2"),
        ({"ceiling": [[1, 3]]}, "ceiling holds 3"),
        ({"void": [[1]]}, "void mask has shape"),
    ],
)
def test_bad_input_is_one_line(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        count_classes(**{"truth": [[1, 2]], "drawn": [[1, 2]], "classes": 2, **given})


def test_counts_of_more_classes_than_asked_for() -> None:
    with pytest.raises(ValueError, match="class 3 is counted, expected at most 2"):
        semantic_scores([count_classes([[3]], [[3]], 3)], 2)
    with pytest.raises(ValueError, match="there are no counts"):
        semantic_scores([], 2)
