"""Segmentations of the COCO family as masks: polygons and run-length dicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from t4s_lib.sources.base import BoolMask
from t4s_lib.sources.errors import DataError

_FORMS = "polygons [[x1, y1, x2, y2, x3, y3, ...], ...] or a dict with size and counts"


_FARTHEST = 100_000


def _polygon_tools() -> Any:
    """``pycocotools.mask``, imported when first needed."""
    try:
        from pycocotools import mask
    except ImportError as missing:
        raise DataError(
            "polygons of COCO data need pycocotools: pip install pycocotools"
        ) from missing
    return mask


def _unpack(text: str | bytes, name: str) -> list[int]:
    """The counts in COCO's compressed text.

    Each character carries five bits, low ones first; the sixth says that more
    follow. From the third on, a count is the difference to the last but one.
    """
    counts: list[int] = []
    value = shift = 0
    for code in text.encode() if isinstance(text, str) else text:
        bits = code - 48
        if not 0 <= bits < 64:
            raise DataError(f"{name}: counts hold {chr(code)!r}, no run-length text")
        value |= (bits & 31) << shift
        shift += 5
        if not bits & 32:
            value -= (bits & 16) << (shift - 4)
            counts.append(value + (counts[-2] if len(counts) > 2 else 0))
            value = shift = 0
    return counts


def _rle_mask(rle: Mapping[str, Any], height: int, width: int, name: str) -> BoolMask:
    """Runs of False and True by turns, down the columns.

    Done here because ``pycocotools`` returns memory it never wrote where the
    counts are too few.
    """
    counts, size = rle.get("counts"), rle.get("size")
    if not isinstance(size, list | tuple) or list(size) != [height, width]:
        raise DataError(f"{name}: size is {size}, expected [{height}, {width}]")
    if isinstance(counts, str | bytes):
        counts = _unpack(counts, name)
    if not isinstance(counts, list | tuple):
        found = type(counts).__name__
        raise DataError(f"{name}: counts are {found}, expected list, str or bytes")
    if not all(isinstance(count, int) and count >= 0 for count in counts):
        raise DataError(f"{name}: counts are not all whole numbers of 0 or more")
    if sum(counts) != height * width:
        raise DataError(
            f"{name}: counts add up to {sum(counts)}, expected {height * width}"
        )
    inside = np.arange(len(counts)) % 2 == 1
    return np.ascontiguousarray(np.repeat(inside, counts).reshape(width, height).T)


def _is_polygon(points: object) -> bool:
    """Whether this is a flat list of x, y pairs of sane numbers."""
    return (
        isinstance(points, list | tuple)
        and len(points) % 2 == 0
        and all(isinstance(value, int | float) for value in points)
        and all(abs(value) <= _FARTHEST for value in points)
    )


def _polygon_mask(
    polygons: Sequence[Any], height: int, width: int, name: str
) -> BoolMask:
    if not all(_is_polygon(points) for points in polygons):
        raise DataError(f"{name}: not a list of lists of x, y: expected {_FORMS}")
    areas = [[float(value) for value in p] for p in polygons if len(p) >= 6]
    if not areas:
        raise DataError(f"{name}: no polygon has three points: expected {_FORMS}")
    tools = _polygon_tools()
    merged = tools.merge(tools.frPyObjects(areas, height, width))
    return _rle_mask(merged, height, width, name)


def segmentation_mask(
    segmentation: object, height: int, width: int, name: str = "segmentation"
) -> BoolMask:
    """The mask of one annotation's ``segmentation``, in any form COCO knows.

    Parts are united, so a pixel in two parts is simply inside. Polygons of fewer
    than three points have no area and are passed over.

    Args:
        segmentation: List of polygons; a run-length dict with ``size`` and
            ``counts`` (list, ``str`` or ``bytes``); or a list of such dicts.
        height: Rows of the picture.
        width: Columns of the picture.
        name: What to call the thing in an error.

    Returns:
        Bool ``(height, width)``.

    Raises:
        DataError: If the form is none of these, if no polygon has three points,
            if a run-length mask does not fit, or if pycocotools is missing.

    Examples:
        >>> segmentation_mask([[1, 1, 4, 1, 4, 3, 1, 3]], 4, 5).astype(int)
        array([[0, 0, 0, 0, 0],
               [0, 1, 1, 1, 0],
               [0, 1, 1, 1, 0],
               [0, 0, 0, 0, 0]])
        >>> segmentation_mask({"size": [2, 2], "counts": [1, 2, 1]}, 2, 2).astype(int)
        array([[0, 1],
               [1, 0]])
    """
    if isinstance(segmentation, Mapping):
        return _rle_mask(segmentation, height, width, name)
    if not isinstance(segmentation, list | tuple) or not segmentation:
        found = "empty" if segmentation == [] else type(segmentation).__name__
        raise DataError(f"{name} is {found}: expected {_FORMS}")
    if not all(isinstance(part, Mapping) for part in segmentation):
        return _polygon_mask(segmentation, height, width, name)
    parts = [_rle_mask(part, height, width, name) for part in segmentation]
    return np.asarray(np.logical_or.reduce(parts), dtype=bool)
