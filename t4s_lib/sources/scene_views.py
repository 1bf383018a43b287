"""What can be said of the shapes of a scene: names, sizes, who is left of whom.

Every judgement keeps a margin, by the centres as well as by what is visible, so
that nobody who looks at the picture would see it otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from t4s_lib.sources.scene_layout import REFERENCE, Scene
from t4s_lib.sources.scene_shapes import IdMap, SceneObject, instance_map

Way = tuple[int, int]
"""An axis (0 is x, 1 is y) and the sign that makes further this way smaller."""

LEFT, UP, RIGHT, DOWN = (0, 1), (1, 1), (0, -1), (1, -1)

LARGER = 1.3
"""Least ratio of the radii of a large and a small shape."""

APART = 0.15
"""Least distance of centres along an axis, in unit coordinates, for "left of"."""

AHEAD = 0.08
"""Least lead of the leftmost (topmost, ...) shape over the next."""

BEHIND = 0.05
"""A shape this far on the other side is clearly not "left of"."""


@dataclass(frozen=True, slots=True)
class View:
    """The shapes of a scene and what is visible of each.

    Attributes:
        objects: The shapes in drawing order.
        areas: Visible pixels of each on the reference raster.
        edges: For each shape and way, the visible edge; smaller is further.
        nouns: Every noun that fits a shape, to the shapes it fits.
    """

    objects: tuple[SceneObject, ...]
    areas: tuple[int, ...]
    edges: tuple[Mapping[Way, int], ...]
    nouns: Mapping[str, tuple[int, ...]]

    def larger(self, a: int, b: int) -> bool:
        """Whether ``a`` is clearly larger than ``b``."""
        ratio = self.objects[a].radius / self.objects[b].radius
        return ratio >= LARGER and self.areas[a] > self.areas[b]

    def lead(self, way: Way, a: int, b: int) -> float:
        """How much further that way the centre of ``a`` lies than that of ``b``."""
        axis, sign = way
        return sign * (self.objects[b].centre[axis] - self.objects[a].centre[axis])

    def first(self, way: Way, k: int, others: Sequence[int], margin: float) -> bool:
        """Whether ``k`` lies clearly further that way than all others."""
        return all(
            self.lead(way, k, other) >= margin
            and self.edges[k][way] <= self.edges[other][way]
            for other in others
        )

    def stands(self, way: Way, k: int, anchor: int) -> bool | None:
        """Whether ``k`` is that way of the anchor; None where it is debatable."""
        lead = self.lead(way, k, anchor)
        if lead <= -BEHIND:
            return False
        aside = abs(self.lead((1 - way[0], 1), k, anchor))
        return True if lead >= max(APART, 1.5 * aside) else None


def nouns_for(colour: str, shape: str) -> tuple[str, ...]:
    """Every noun for a shape, from vague to exact.

    Examples:
        >>> nouns_for("red", "circle")
        ('shape', 'red shape', 'circle', 'red circle')
    """
    return "shape", f"{colour} shape", shape, f"{colour} {shape}"


def _edges(ids: IdMap, number: int) -> dict[Way, int]:
    rows, columns = np.nonzero(ids == number)
    return {
        LEFT: int(columns.min()),
        UP: int(rows.min()),
        RIGHT: -int(columns.max()),
        DOWN: -int(rows.max()),
    }


def view(scene: Scene) -> View:
    """Look at a scene on the reference raster.

    Args:
        scene: The scene.

    Returns:
        Its shapes with names, visible areas and edges.

    Examples:
        >>> ball = SceneObject("circle", "red", (0.3, 0.5), 0.2)
        >>> box = SceneObject("square", "red", (0.7, 0.5), 0.1)
        >>> seen = view(Scene((ball, box)))
        >>> seen.nouns["red shape"], seen.larger(0, 1), seen.stands(LEFT, 0, 1)
        ((0, 1), True, True)
    """
    ids = instance_map(scene.objects, REFERENCE)
    areas = np.bincount(ids.ravel(), minlength=len(scene.objects) + 1)[1:]
    nouns: dict[str, tuple[int, ...]] = {}
    for k, thing in enumerate(scene.objects):
        for noun in nouns_for(thing.colour, thing.shape):
            nouns[noun] = (*nouns.get(noun, ()), k)
    edges = tuple(_edges(ids, k + 1) for k in range(len(scene.objects)))
    return View(scene.objects, tuple(areas.tolist()), edges, nouns)
