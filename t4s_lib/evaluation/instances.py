"""What becomes of many instances on a grid, before any model writes a word."""

from __future__ import annotations

from collections.abc import Iterable

from t4s_lib.descriptor import DescriptorGrid, Size
from t4s_lib.evaluation.metrics.instances import count_instances, instance_scores
from t4s_lib.grid import grid_to_mask
from t4s_lib.instances import (
    components_to_instances,
    grid_to_instances,
    instances_to_grid,
)
from t4s_lib.sources.base import Sample


def instance_ceiling(
    samples: Iterable[Sample], size: Size = 16, rule: str = "nearest+keep"
) -> dict[str, dict[str, float]]:
    """The scores of one that writes the true grid, with numbers and without.

    Args:
        samples: With ``extra["instances"]``, as those of ``instance_scenes`` and of
            ``coco:instances`` have; one at least.
        size: Grid side, or ``(rows, cols)``.
        rule: How a cell chooses, see ``mask_to_grid``.

    Returns:
        ``numbered``: the scores of numbered labels, see ``instance_scores``;
        ``connected``: those of one label whose connected parts are the instances.

    Examples:
        >>> from t4s_lib.sources import instance_scenes
        >>> found = instance_ceiling(instance_scenes(5, "val"))
        >>> found["numbered"]["count_accuracy"], found["numbered"]["n"]
        (1.0, 5)
    """
    numbered, connected = [], []
    for sample in samples:
        true = sample.extra["instances"]
        pixels = sample.mask.shape
        grid = instances_to_grid(true, "it", size, rule)
        found = grid_to_instances(grid, "it", (pixels[0], pixels[1]))
        numbered.append(count_instances(true, found))
        bare = DescriptorGrid(grid.foreground.astype(int), ("others", "it"))
        parts = components_to_instances(bare, "it")
        drawn = [
            grid_to_mask(DescriptorGrid(p.astype(int), bare.labels), pixels)
            for p in parts
        ]
        connected.append(count_instances(true, drawn))
    return {
        "numbered": instance_scores(numbered),
        "connected": instance_scores(connected),
    }
