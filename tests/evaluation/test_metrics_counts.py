"""Counts of one sample equal those of a slow loop and of pycocotools."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from t4s_lib.evaluation.metrics import Counts, count, emptied, scores
from t4s_lib.evaluation.metrics.boxes import (
    box_iou,
    edges_of,
    edges_of_annotation,
    pixel_box,
)
from t4s_lib.sources import refer

from .slow_counts import SIDES, looked_at, masks


@given(st.data())
def test_counts_equal_a_loop_over_pixels(data: st.DataObject) -> None:
    shape = data.draw(SIDES)
    truth, drawn, ignore = (data.draw(masks(shape)) for _ in range(3))
    for left_out in (None, ignore):
        found = asdict(count(truth, drawn, ignore=left_out))
        expected = looked_at(truth, drawn, left_out)
        assert {key: found[key] for key in expected} == expected


@given(st.data())
def test_the_ceiling_is_counted_on_the_same_pixels(data: st.DataObject) -> None:
    shape = data.draw(SIDES)
    truth, drawn, ignore, best = (data.draw(masks(shape)) for _ in range(4))
    found = count(truth, drawn, ignore=ignore, ceiling=best)
    seen = looked_at(truth, best, ignore)
    assert found.ceiling == (seen["tp"], seen["tp"] + seen["fp"] + seen["fn"])


def test_counts_survive_json() -> None:
    made = count(
        [[1, 0]],
        [[1, 1]],
        ceiling=[[1, 0]],
        annotated_box=[0, 0.5, 1, 2],
        status="repaired",
        source="demo#0",
        image="a.jpg",
    )
    assert Counts.from_dict(json.loads(json.dumps(made.as_dict()))) == made


def test_a_record_must_be_one_of_counts() -> None:
    record = count([[1]], [[1]]).as_dict()
    with pytest.raises(ValueError, match="counts have unknown iou"):
        Counts.from_dict(record | {"iou": 1})
    del record["tp"], record["fn"]
    with pytest.raises(ValueError, match="counts lack fn, tp"):
        Counts.from_dict(record)


def test_empty_masks() -> None:
    none, some = np.zeros((2, 3), bool), np.ones((2, 3), bool)
    assert (count(none, none).iou, count(none, none).truth_box) == (1.0, None)
    assert (count(none, some).iou, count(some, none).iou) == (0.0, 0.0)
    assert count(none, some).truth_empty
    assert count(some, none).drawn_empty


def test_what_is_wholly_ignored_is_no_target() -> None:
    found = count([[1, 0]], [[1, 0]], ignore=[[1, 0]])
    assert (found.truth_empty, found.drawn_empty, found.pixels) == (True, True, 1)


def test_specks_become_empty_below_a_size() -> None:
    speck = count([[1, 1, 0]], [[0, 1, 1]])
    assert emptied(speck, below=2) == speck
    assert emptied(speck, below=3) == count([[1, 1, 0]], [[0, 0, 0]])


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"truth": [1, 0]}, r"true mask has shape \(2,\), expected \(H, W\)"),
        ({"truth": np.zeros((0, 4))}, r"true mask has shape \(0, 4\)"),
        ({"drawn": [[1]]}, r"predicted mask has shape \(1, 1\), the true mask has"),
        ({"ignore": [[1]]}, "ignore mask has shape"),
        ({"ceiling": [[1]]}, "ceiling has shape"),
        ({"status": "fine"}, "status is 'fine', expected exact, repaired, failed"),
        ({"annotated_box": [1, 2, 3]}, "expected x, y, width, height"),
        ({"annotated_box": [1, 2, -3, 4]}, "expected x, y, width, height"),
    ],
)
def test_bad_input_is_one_line(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        count(**{"truth": [[1, 0]], "drawn": [[1, 1]], **given})
    assert "\n" not in str(caught.value)


def test_the_two_ways_to_read_a_box_of_a_mask() -> None:
    column = np.zeros((4, 4), bool)
    column[:, 1] = True
    box = pixel_box(column)
    assert box == (1, 0, 1, 3)
    assert box_iou(edges_of(box), edges_of(box)) == 1
    assert box_iou(edges_of(box, "parity"), edges_of(box, "parity")) == 0
    with pytest.raises(ValueError, match="way is 'half'"):
        edges_of(box, "half")


@given(st.data())
def test_masks_and_boxes_equal_pycocotools(data: st.DataObject) -> None:
    tools = pytest.importorskip("pycocotools.mask")
    shape = data.draw(SIDES)
    truth, drawn = data.draw(masks(shape)), data.draw(masks(shape))
    found = count(truth, drawn)
    rles = [tools.encode(np.asfortranarray(m, np.uint8)) for m in (truth, drawn)]
    assert [int(area) for area in tools.area(rles)] == [found.area, found.tp + found.fp]
    if found.truth_box is None or found.drawn_box is None:
        return
    iou = tools.iou([rles[1]], [rles[0]], [0])[0][0]
    assert iou == pytest.approx(found.iou, abs=1e-9)
    boxes = tools.toBbox(rles)
    edges = [edges_of(found.truth_box), edges_of(found.drawn_box)]
    assert [edges_of_annotation(box) for box in boxes] == edges
    expected = tools.iou([boxes[1]], [boxes[0]], [0])[0][0]
    assert box_iou(edges[1], edges[0]) == pytest.approx(expected, abs=1e-9)


NUMBERS = st.floats(0, 50).map(lambda value: round(value, 2))


@given(st.lists(NUMBERS, min_size=8, max_size=8))
def test_annotated_boxes_equal_pycocotools(numbers: list[float]) -> None:
    tools = pytest.importorskip("pycocotools.mask")
    one, two = numbers[:4], numbers[4:]
    if not (one[2] * one[3] and two[2] * two[3]):
        return
    expected = tools.iou(np.array([one]), np.array([two]), [0])[0][0]
    found = box_iou(edges_of_annotation(one), edges_of_annotation(two))
    assert found == pytest.approx(expected, abs=1e-9)


def test_boxes_of_real_masks_are_about_those_that_people_drew() -> None:
    """A perfect mask is right by every kind of box; its counts are pycocotools'."""
    root = os.environ.get("T4S_DATA")
    if not root:
        pytest.skip("T4S_DATA is not set: no real REFER data to read")
    tools = pytest.importorskip("pycocotools.mask")
    made = []
    for sample in refer(root, "refcocog", "umd", "val"):
        truth, drawn = sample.mask, np.roll(sample.mask, 7, axis=1)
        rles = [tools.encode(np.asfortranarray(m, np.uint8)) for m in (truth, drawn)]
        moved = count(truth, drawn).iou
        assert moved == pytest.approx(
            tools.iou(rles[1:], rles[:1], [0])[0][0], abs=1e-9
        )
        made.append(count(truth, truth, annotated_box=sample.extra["bbox"]))
    found = scores(made)
    assert found["acc_90"] == found["acc_90_parity"] == found["acc_90_annotated"] == 1
