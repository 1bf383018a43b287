"""Segmentations in every form COCO knows, against masks made by hand."""

from __future__ import annotations

import builtins
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pycocotools import mask as tools

from t4s_lib.sources import DataError, segmentation_mask

masks = arrays(np.bool_, st.tuples(st.integers(1, 12), st.integers(1, 12)))
long_masks = st.integers(1, 90).map(lambda k: np.arange(8000).reshape(80, 100) % k < 2)


def run_lengths(mask: Any) -> list[int]:
    """Column-major counts, the first one of False."""
    flat = mask.ravel(order="F")
    starts = np.flatnonzero(np.diff(flat, prepend=False))
    edges = [0, *starts.tolist(), len(flat)]
    return [b - a for a, b in pairwise(edges)]


@given(masks | long_masks)
def test_all_run_length_kinds_give_the_mask_back(mask: Any) -> None:
    height, width = mask.shape
    packed = tools.encode(np.asfortranarray(mask, dtype=np.uint8))
    text = packed["counts"].decode()
    size = [height, width]
    kinds = [
        packed,
        {"size": size, "counts": text},
        {"size": size, "counts": run_lengths(mask)},
        [packed],
    ]
    for kind in kinds:
        found = segmentation_mask(kind, height, width)
        assert found.dtype == bool
        assert np.array_equal(found, mask)


@given(masks, st.integers(0, 2**32 - 1))
def test_a_list_of_run_lengths_is_united(mask: Any, seed: int) -> None:
    part = np.random.default_rng(seed).random(mask.shape) < 0.5
    height, width = mask.shape
    parts = [
        {"size": [height, width], "counts": run_lengths(piece)}
        for piece in (mask & part, mask)
    ]
    assert np.array_equal(segmentation_mask(parts, height, width), mask)


def test_polygons_are_united_and_slivers_passed_over() -> None:
    polygons = [[0, 0, 4, 0, 4, 4, 0, 4], [2, 2, 6, 2, 6, 6, 2, 6], [7, 7, 7, 8]]
    expected = np.zeros((8, 9), dtype=bool)
    expected[:4, :4] = expected[2:6, 2:6] = True
    assert np.array_equal(segmentation_mask(polygons, 8, 9), expected)


def test_a_polygon_is_cut_at_the_border() -> None:
    assert segmentation_mask([[-5, -5, 50, -5, 50, 50, -5, 50]], 4, 6).all()


@pytest.mark.parametrize(
    ("segmentation", "message"),
    [
        (None, "thing is NoneType: expected polygons"),
        ([], "thing is empty: expected polygons"),
        ("abc", "thing is str: expected polygons"),
        ([1, 1, 4, 1, 4, 3], "thing: not a list of lists of x, y"),
        ([[1, 1, 4, 1, 4, 3, 9]], "thing: not a list of lists of x, y"),
        ([[1, 1, 4, float("nan"), 4, 3]], "thing: not a list of lists of x, y"),
        ([[1, 1, 4, "1", 4, 3]], "thing: not a list of lists of x, y"),
        ([[1, 1, 4, 1], []], "thing: no polygon has three points"),
        ([{"size": [4, 5], "counts": [20]}, [1]], "thing: not a list of lists"),
        ({"counts": [20]}, r"thing: size is None, expected \[4, 5\]"),
        ({"size": [5, 4], "counts": [20]}, r"size is \[5, 4\], expected \[4, 5\]"),
        ({"size": [4, 5], "counts": [19]}, "counts add up to 19, expected 20"),
        ({"size": [4, 5], "counts": [25, -5]}, "not all whole numbers of 0 or more"),
        ({"size": [4, 5], "counts": [2.5] * 8}, "not all whole numbers of 0 or more"),
        ({"size": [4, 5], "counts": None}, "counts are NoneType, expected list"),
        ([[0, 0, 1e9, 0, 0, 1e9]], "thing: not a list of lists of x, y"),
        ({"size": [4, 5], "counts": "0"}, "counts add up to 0, expected 20"),
        ({"size": [4, 5], "counts": "ooooo"}, "counts add up to 0, expected 20"),
        ({"size": [4, 5], "counts": b"O"}, "not all whole numbers of 0 or more"),
        ({"size": [4, 5], "counts": "5 o"}, "counts hold ' ', no run-length text"),
    ],
)
def test_what_cannot_be_read_is_named(segmentation: object, message: str) -> None:
    with pytest.raises(DataError, match=message):
        segmentation_mask(segmentation, 4, 5, name="thing")


def test_without_pycocotools_the_command_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    original = builtins.__import__

    def refuse(name: str, *rest: Any, **more: Any) -> Any:
        if name.startswith("pycocotools"):
            raise ImportError(name)
        return original(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(DataError, match="pip install pycocotools"):
        segmentation_mask([[0, 0, 3, 0, 3, 3]], 4, 5)
