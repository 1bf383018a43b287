"""Where the shapes of a synthetic scene lie, and the scene as a value."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from t4s_lib.sources.errors import DataError, require_one_of
from t4s_lib.sources.scene_paint import COLOURS, Paint, paint
from t4s_lib.sources.scene_shapes import (
    REACH,
    SHAPES,
    IdMap,
    SceneObject,
    Size,
    footprint,
    instance_map,
)

Pair = tuple[str, str]

HELD_OUT_PAIRS: frozenset[Pair] = frozenset(
    {
        ("red", "triangle"),
        ("yellow", "ring"),
        ("green", "star"),
        ("blue", "square"),
        ("purple", "circle"),
        ("white", "cross"),
    }
)
"""Colour-shape pairs no scene of ``train``, ``val`` or ``heldout`` shows or names.

One for each colour and one for each shape, so every word is still learned.
"""

ALL_PAIRS: tuple[Pair, ...] = tuple(product(COLOURS, SHAPES))
SEEN_PAIRS: tuple[Pair, ...] = tuple(p for p in ALL_PAIRS if p not in HELD_OUT_PAIRS)

REFERENCE: Size = (64, 64)
"""The raster on which overlap is judged; finer or wider pictures differ little."""

MIN_VISIBLE = 0.6
"""Least fraction of a shape that later shapes leave to see."""

MAX_FILLED = 0.4
"""Most of a ring's hole that later shapes may fill; else it looks like a circle."""

MIN_SIDE = 32
"""Shortest side of a picture in pixels; smaller ones could lose a shape."""

_TILT = {"square": 0.3, "triangle": 0.4, "star": 0.35, "cross": 0.3}


@dataclass(frozen=True, slots=True)
class Scene:
    """Shapes on a ground, in coordinates that fit any picture size.

    Attributes:
        objects: The shapes in drawing order: later ones lie over earlier ones.
        background: Seed of ground, noise and slight variation of colours.

    Examples:
        >>> scene = make_scene(3, count=2)
        >>> [thing.name for thing in scene.objects]
        ['purple cross', 'red circle']
        >>> picture, ids = scene.render((48, 64))
        >>> picture.size, ids.shape, ids.max()
        ((64, 48), (48, 64), np.int32(2))
    """

    objects: tuple[SceneObject, ...]
    background: int = 0

    def render(self, size: int | Size) -> tuple[Image.Image, IdMap]:
        """Paint the scene.

        Args:
            size: Side of a square, or ``(height, width)``, in pixels.

        Returns:
            The RGB picture, and int ``(height, width)`` that says which object
            each pixel shows: 0 is background, ``k`` is ``objects[k - 1]``.

        Raises:
            DataError: If a side is shorter than 32 pixels.
        """
        pixels = check_size(size)
        return self.picture(pixels), self.instances(pixels)

    def picture(self, size: Size, paints: Sequence[Paint] | None = None) -> Image.Image:
        """The RGB picture alone, with other paints for the shapes if given."""
        return paint(self.objects, self.background, size, paints)

    def instances(self, size: Size) -> IdMap:
        """The map of objects alone, int ``(height, width)``."""
        return instance_map(self.objects, size)


def check_size(size: int | Size) -> Size:
    """Turn a size into ``(height, width)``.

    Args:
        size: Side of a square, or ``(height, width)``, in pixels.

    Returns:
        ``(height, width)``.

    Raises:
        DataError: If it is not one or two whole numbers of at least 32.

    Examples:
        >>> check_size(64), check_size((48, 96))
        ((64, 64), (48, 96))
    """
    sides = tuple(size) if isinstance(size, Sequence) else (size, size)
    whole = all(isinstance(side, int) and side >= MIN_SIDE for side in sides)
    if len(sides) != 2 or not whole:
        raise DataError(
            f"size {size!r} is not a side or (height, width) of at least {MIN_SIDE}"
        )
    return sides[0], sides[1]


def _candidate(rng: random.Random, pair: Pair, largest: float) -> SceneObject:
    colour, shape = pair
    radius = rng.uniform(0.1, largest)
    room = REACH * radius
    centre = (rng.uniform(room, 1 - room), rng.uniform(room, 1 - room))
    tilt = _TILT.get(shape, 0.0)
    return SceneObject(shape, colour, centre, radius, rng.uniform(-tilt, tilt))


class _Board:
    """Shapes placed so far, and what is left to see of each."""

    def __init__(self) -> None:
        self.things: list[SceneObject] = []
        self._ids: IdMap = np.zeros(REFERENCE, dtype=np.int32)
        self._whole = [1]
        self._holes: list[tuple[int, NDArray[np.bool_]]] = []

    def shows(self, pair: Pair) -> bool:
        """Whether a shape of this pair found room."""
        return any((thing.colour, thing.shape) == pair for thing in self.things)

    def add(self, thing: SceneObject) -> bool:
        """Place a shape unless it would hide too much of another."""
        number, mark = len(self._whole), footprint(thing, REFERENCE)
        inside = mark.distance < 0
        ids = self._ids.copy()
        ids[mark.window][inside] = number
        whole = [*self._whole, int(inside.sum())]
        seen = np.bincount(ids.ravel(), minlength=len(whole))
        if np.any(seen[1:] < MIN_VISIBLE * np.array(whole[1:])):
            return False
        if any(np.mean(ids[hole] > ring) > MAX_FILLED for ring, hole in self._holes):
            return False
        self.things.append(thing)
        self._ids, self._whole = ids, whole
        if thing.shape == "ring":
            self._holes.append((number, _hole(thing)))
        return True


def _hole(ring: SceneObject) -> NDArray[np.bool_]:
    """The inside of a ring on the reference raster."""
    disc = replace(ring, shape="circle", radius=ring.radius * 0.5)
    return instance_map([disc], REFERENCE) > 0


def _place(rng: random.Random, pairs: Iterable[Pair], largest: float) -> _Board:
    """Place one shape per pair; a shape that finds no room is left out."""
    board = _Board()
    for pair in pairs:
        for _ in range(20):
            if board.add(_candidate(rng, pair, largest)):
                break
    return board


def _draw_pairs(rng: random.Random, count: int, allowed: Sequence[Pair]) -> list[Pair]:
    """Pairs for one scene; few colours or few shapes make neighbours alike."""
    some = rng.sample(COLOURS, rng.randint(2, len(COLOURS)))
    kinds = rng.sample(SHAPES, rng.randint(2, len(SHAPES)))
    pool = [pair for pair in allowed if pair[0] in some and pair[1] in kinds]
    return [rng.choice(pool or allowed) for _ in range(count)]


def make_scene(
    seed: int | str,
    count: int | None = None,
    pairs: Sequence[Pair] = SEEN_PAIRS,
    featured: Sequence[Pair] = (),
) -> Scene:
    """Make a scene of two to six shapes that may overlap.

    Args:
        seed: The same seed makes the same scene.
        count: Number of shapes wanted, 2 to 6; drawn if not given. A crowded
            scene may hold fewer, never less than two.
        pairs: The ``(colour, shape)`` pairs it may show.
        featured: If given, one of these pairs is chosen and shown at least once.

    Returns:
        The scene. On a square raster at least 60 % of each shape is visible.

    Raises:
        DataError: If ``count`` or a pair is not known.

    Examples:
        >>> make_scene(1) == make_scene(1), make_scene(1) == make_scene(2)
        (True, False)
    """
    for pair in (*pairs, *featured):
        require_one_of("colour-shape pair", pair, ALL_PAIRS)
    if count is not None:
        require_one_of("count", count, range(2, 7))
    return build_scene(random.Random(str(seed)), count, pairs, featured)


def build_scene(
    rng: random.Random,
    count: int | None,
    pairs: Sequence[Pair],
    featured: Sequence[Pair],
) -> Scene:
    """``make_scene`` from a running random source, without checks."""
    wanted = count or rng.randint(2, 6)
    chosen = _draw_pairs(rng, wanted, pairs)
    star = rng.choice(featured) if featured else chosen[0]
    if featured:
        chosen = [star if rng.random() < 0.35 else pair for pair in chosen]
        chosen[rng.randrange(wanted)] = star
    board = _place(rng, chosen, largest=0.24 if wanted < 5 else 0.19)
    while len(board.things) < 2 or (featured and not board.shows(star)):
        board = _place(rng, chosen, largest=0.15)
    return Scene(tuple(board.things), rng.getrandbits(32))
