"""R-RLE against ``pycocotools.mask`` on the same masks, in one run.

Both start from the same bool array and end with a mask of the same size. Ours goes
through the 16 x 16 grid and its text, theirs keeps every pixel: the comparison is of
cost, not of what is kept. Runs alternate, and medians are compared.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from t4s_lib import codec, grid_to_mask, mask_to_grid
from t4s_lib.sources import Sample

HEIGHT, WIDTH, LABEL, REPEATS = 480, 640, "white horse", 30


def measure_codec(samples: Sequence[Sample]) -> dict[str, float]:
    """How many times as fast ours is, there and back, on 480 x 640 masks."""
    from pycocotools import mask as coco

    masks = [_resized(s.mask) for s in samples if s.mask.any()][:64]
    rles = [coco.encode(np.asfortranarray(mask.astype(np.uint8))) for mask in masks]
    texts = [_encode(mask) for mask in masks]
    encode, their_encode = paired_medians(
        lambda k: _encode(masks[k]),
        lambda k: coco.encode(np.asfortranarray(masks[k].astype(np.uint8))),
        len(masks),
    )
    decode, their_decode = paired_medians(
        lambda k: _decode(texts[k]), lambda k: coco.decode(rles[k]), len(masks)
    )
    return {
        "encode_speedup_vs_pycocotools": round(their_encode / encode, 2),
        "decode_speedup_vs_pycocotools": round(their_decode / decode, 2),
        "encode_us": round(encode * 1e6, 1),
        "decode_us": round(decode * 1e6, 1),
    }


def paired_medians(
    ours: Callable[[int], Any], theirs: Callable[[int], Any], n: int
) -> tuple[float, float]:
    """Median seconds of two functions of an index, run alternately."""
    seconds: tuple[list[float], list[float]] = ([], [])
    for repeat in range(REPEATS + 1):
        for k in range(n):
            for function, taken in zip((ours, theirs), seconds, strict=True):
                start = time.perf_counter()
                function(k)
                if repeat:  # the first round warms up
                    taken.append(time.perf_counter() - start)
    return statistics.median(seconds[0]), statistics.median(seconds[1])


def _encode(mask: NDArray[np.bool_]) -> str:
    return codec("row-rle").encode(mask_to_grid(mask, 16, LABEL))


def _decode(text: str) -> NDArray[np.bool_]:
    grid, _ = codec("row-rle").decode(text, 16)
    return grid_to_mask(grid, (HEIGHT, WIDTH))


def _resized(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    grid = mask_to_grid(mask, (HEIGHT, WIDTH))
    return np.ascontiguousarray(grid.foreground)
