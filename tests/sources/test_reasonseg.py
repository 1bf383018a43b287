"""ReasonSeg: outlines over one another, ignored parts, two encodings."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from t4s_lib.sources import DataError, open_benchmark, segmentation_mask
from t4s_lib.sources.reasonseg import read_labelme
from t4s_lib.sources.shapes_to_mask import area, draw, whole_points

from . import written
from .written import BIG, SMALL, shape


def test_smaller_shapes_lie_on_larger_ones(tmp_path: Path) -> None:
    written.reason(tmp_path)
    sample = open_benchmark("reasonseg:all:val", tmp_path)[0]
    assert sample.source == "reasonseg:all:val#one"
    assert sample.expression == "the thing that barks"
    assert int(sample.extra["ignore"].sum()) == 9
    assert int(sample.mask.sum()) == 48 - 9
    assert not (sample.mask & sample.extra["ignore"]).any()
    assert sample.image.size == (8, 6)


def test_the_order_in_the_file_does_not_count(tmp_path: Path) -> None:
    small, big = shape("target", *SMALL), shape("__ignore__", *BIG)
    for name, shapes in (("a", [small, big]), ("b", [big, small])):
        written.reason(tmp_path, name, shapes=shapes)
    a, b = open_benchmark("reasonseg:all:val", tmp_path)
    assert np.array_equal(a.mask, b.mask)
    assert int(a.mask.sum()) == 9
    assert int(b.extra["ignore"].sum()) == 39


def test_short_and_long_questions_are_told_apart(tmp_path: Path) -> None:
    written.reason(tmp_path, "a")
    written.reason(tmp_path, "b", texts=["What barks?", "Who barks?"], is_sentence=True)
    sizes = {
        kind: len(open_benchmark(f"reasonseg:{kind}:val", tmp_path))
        for kind in ("all", "short", "long")
    }
    assert sizes == {"all": 3, "short": 1, "long": 2}
    sources = [s.source for s in open_benchmark("reasonseg:all:val", tmp_path)]
    assert len(set(sources)) == 3


def test_windows_1252_is_read(tmp_path: Path) -> None:
    path = written.reason(tmp_path)
    content = json.loads(path.read_text())
    content["text"] = ["the café"]
    path.write_bytes(json.dumps(content, ensure_ascii=False).encode("cp1252"))
    sample = open_benchmark("reasonseg:all:val", tmp_path)[0]
    assert sample.expression == "the café"


def fault(ask: Callable[[], object]) -> str:
    with pytest.raises(DataError) as caught:
        ask()
    assert "\n" not in str(caught.value)
    return str(caught.value)


def said(root: Path) -> str:
    return fault(lambda: open_benchmark("reasonseg:all:val", root)[0].mask)


def test_two_points_are_no_polygon(tmp_path: Path) -> None:
    drawn = [shape("target", *BIG), shape("target", (1, 1), (2, 2))]
    path = written.reason(tmp_path, shapes=drawn)
    assert said(tmp_path) == f"shape 1 of {path} has 2 points, expected 3 or more"


def test_outlines_of_another_picture_are_refused(tmp_path: Path) -> None:
    path = written.reason(tmp_path, imageWidth=9, imageHeight=6)
    expected = f"{path} outlines a picture of (9, 6) pixels, it is (8, 6)"
    assert said(tmp_path) == expected


def test_a_missing_photograph_is_named(tmp_path: Path) -> None:
    path = written.reason(tmp_path)
    path.with_suffix(".jpg").unlink()
    sample = open_benchmark("reasonseg:all:val", tmp_path)[0]
    assert fault(lambda: sample.image).startswith("one.jpg not found: looked in ")
    written.reason(tmp_path, imageWidth=8, imageHeight=6)
    path.with_suffix(".jpg").unlink()
    sample = open_benchmark("reasonseg:all:val", tmp_path)[0]
    assert sample.mask.any()  # the file says how large it is
    assert fault(lambda: sample.image).startswith("one.jpg not found: looked in ")


def test_broken_files_are_one_line(tmp_path: Path) -> None:
    path = written.reason(tmp_path)
    for content, expected in (
        ("{", "is not JSON"),
        ("[]", "is no labelme file"),
        ('{"shapes": []}', "has no text"),
        ('{"shapes": [], "text": [1]}', "has no text"),
        ('{"shapes": [1], "text": ["x"]}', "has no label"),
        ('{"shapes": [{"label": "target", "points": [[1]]}], "text": ["x"]}',
         "is no list of points"),
    ):  # fmt: skip
        path.write_text(content)
        assert expected in said(tmp_path)


def test_an_empty_split_is_one_line(tmp_path: Path) -> None:
    written.reason(tmp_path)
    (tmp_path / "reason_seg/ReasonSeg/test").mkdir()
    message = fault(lambda: open_benchmark("reasonseg:all:test", tmp_path))
    assert message.startswith("reasonseg:all:test has no samples: ")
    message = fault(lambda: open_benchmark("reasonseg:long:val", tmp_path))
    assert message == "reasonseg:long:val has no samples: none of 1 is long"


@given(st.data())
def test_a_drawn_polygon_holds_its_corners_and_about_its_area(
    data: st.DataObject,
) -> None:
    """Against pycocotools, which leaves the edges out."""
    size = 40
    numbers = st.integers(0, size - 1)
    corners = data.draw(
        st.lists(st.tuples(numbers, numbers), min_size=3, max_size=3, unique=True)
    )
    drawn = draw([(whole_points([list(c) for c in corners], "it"), 1)], size, size)
    assert all(drawn[y, x] for x, y in corners)
    flat = [[value for corner in corners for value in corner]]
    inside = segmentation_mask(flat, size, size)
    edges = sum(
        max(abs(a[0] - b[0]), abs(a[1] - b[1])) + 1
        for a, b in zip(corners, [*corners[1:], corners[0]], strict=True)
    )
    assert (inside & (drawn == 0)).sum() <= edges
    assert area(corners) <= drawn.sum() <= area(corners) + edges


def test_real_labelme_files(tmp_path: Path) -> None:
    root = os.environ.get("T4S_DATA")
    if not root:
        pytest.skip("T4S_DATA is not set: no labelme files to read")
    source = Path(root) / "voc/examples/semantic_segmentation/data_annotated"
    for path in sorted(source.glob("*.json")):
        content = dict(read_labelme(path))
        classes = {s["label"] for s in content["shapes"]} - {"__ignore__"}
        wanted = sorted(classes)[0]
        content["shapes"] = [
            {**s, "label": {"__ignore__": "ignore", wanted: "target"}.get(s["label"])}
            for s in content["shapes"]
            if s["label"] in ("__ignore__", wanted)
        ]
        content |= {"text": [f"the {wanted}"], "is_sentence": False, "imageData": None}
        folder = tmp_path / "ReasonSeg/val"
        written.as_json(folder / path.name, content)
        (folder / f"{path.stem}.jpg").symlink_to(path.with_suffix(".jpg"))
    samples = open_benchmark("reasonseg:all:val", tmp_path)
    assert len(samples) == 3
    for sample in samples:
        assert sample.image.size == sample.mask.shape[::-1]
        assert 0.001 < sample.mask.mean() < 0.9
