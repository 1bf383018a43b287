"""Label maps of synthetic scenes, and predictions that show what an mIoU counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from t4s_lib.descriptor import OTHERS
from t4s_lib.evaluation.drawing import Drawer
from t4s_lib.evaluation.items import class_map
from t4s_lib.evaluation.metrics import Scores, count_classes, semantic_scores
from t4s_lib.grid import mask_to_grid
from t4s_lib.sources import SHAPES, Scene, scenes

IdMap = NDArray[np.int32]

SIZE = (64, 64)


def shape_maps(n: int, split: str = "heldout") -> list[IdMap]:
    """Label maps of scenes: 0 where no shape is, else the shape's number from 1.

    Args:
        n: How many.
        split: Of the scenes.

    Examples:
        >>> found = shape_maps(1)[0]
        >>> found.shape, bool(found.max() <= len(SHAPES))
        ((64, 64), True)
    """
    return [_shape_map(sample.extra["scene"]) for sample in scenes(n, split)]


def predictions(maps: Sequence[IdMap], size: int = 16) -> dict[str, list[IdMap]]:
    """What four models would draw, each with one fault of its own.

    Args:
        maps: The true label maps.
        size: Grid side of the one that writes true cells.
    """
    return {
        "draws nothing": [np.zeros_like(one) for one in maps],
        f"calls every shape {SHAPES[0]}": [np.minimum(one, 1) for one in maps],
        f"writes the true cells, {size} x {size}": [_cells(one, size) for one in maps],
        f"right, and paints the rest {SHAPES[0]}": [np.maximum(one, 1) for one in maps],
    }


def class_scores(
    maps: Sequence[IdMap], drawn: Mapping[str, Sequence[IdMap]]
) -> dict[str, Scores]:
    """Every figure of each model's label maps."""
    k = len(SHAPES)
    return {
        name: semantic_scores(
            [count_classes(t, d, k) for t, d in zip(maps, each, strict=True)], k
        )
        for name, each in drawn.items()
    }


def _shape_map(scene: Scene) -> IdMap:
    ids = scene.instances(SIZE)
    kinds = [thing.shape for thing in scene.objects]
    table = np.array([0, *(SHAPES.index(kind) + 1 for kind in kinds)], np.int32)
    return np.asarray(table[ids])


def _cells(truth: IdMap, size: int) -> IdMap:
    names = {0: OTHERS, **dict(enumerate(SHAPES, start=1))}
    grid = mask_to_grid(truth, size, names=names)
    ids = Drawer("nearest").bare(grid, SIZE)
    return np.asarray(class_map(ids, grid.labels, SHAPES), np.int32)
