"""Scenes for pretraining: drawn, looked at, and asked about."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import torch
from PIL import Image

from t4s_lib.models.tiny.architecture import PATCH, PIXELS
from t4s_lib.models.tiny.hues import some_paint
from t4s_lib.models.tiny.tasks import SIDE, Look
from t4s_lib.sources.scene_expressions import REFERRING, Phrase, phrases_of
from t4s_lib.sources.scene_layout import SEEN_PAIRS, build_scene
from t4s_lib.sources.scene_paint import COLOURS
from t4s_lib.sources.scene_shapes import SHAPES
from t4s_lib.sources.scene_views import view

NAMELESS = 0.4
"""How many scenes are painted in colours without a name (``hues``)."""

SIZES: Mapping[tuple[int, int], float] = MappingProxyType(
    {(64, 64): 14, (128, 128): 3, (256, 256): 1, (96, 128): 1, (128, 96): 1}
)
"""Sizes the scenes are drawn at before they are squashed, and how often."""


@dataclass
class Sight:
    """A scene as pretraining shows it.

    Attributes:
        pixels: uint8 ``(64, 64, 3)``.
        look: What there is to say of it.
        is_named: Whether its colours have names; else it has ``hues`` of its own.
    """

    pixels: np.ndarray
    look: Look
    is_named: bool


def draw_sight(rng: random.Random) -> Sight:
    """A scene without held-out pairs, at one of ``SIZES``, squashed to the square."""
    scene = build_scene(rng, None, SEEN_PAIRS, ())
    sizes, weights = zip(*SIZES.items(), strict=True)
    size = rng.choices(sizes, weights)[0]
    is_named = rng.random() >= NAMELESS
    paints = [some_paint(rng, thing.shape) for thing in scene.objects]
    picture = scene.picture(size, None if is_named else paints)
    ids = scene.instances(size)
    rows, columns = (
        ((np.arange(SIDE) + 0.5) * n / SIDE).astype(int) for n in ids.shape
    )
    squashed = picture.resize((PIXELS, PIXELS), Image.Resampling.BILINEAR)
    cells = ids[np.ix_(rows, columns)]
    return Sight(np.asarray(squashed), Look(view(scene), cells), is_named)


def phrase_for(rng: random.Random, sight: Sight) -> Phrase:
    """An expression of a kind drawn at random; it names no colour without a name."""
    while True:
        kind = rng.choice(REFERRING)
        found = phrases_of(sight.look.view, kind, SEEN_PAIRS)
        if not sight.is_named:
            found = [one for one in found if not _names_colour(one.text)]
        if found:
            return rng.choice(found)


def _names_colour(text: str) -> bool:
    return any(colour in text.split() for colour in COLOURS)


def by_patch(cells: np.ndarray) -> np.ndarray:
    """``(16, 16, ...)`` cells as ``(tokens, cells a token, ...)``."""
    side, per, rest = PIXELS // PATCH, SIDE * PATCH // PIXELS, cells.shape[2:]
    blocks = cells.reshape(side, per, side, per, *rest).swapaxes(1, 2)
    return blocks.reshape(side * side, per * per, *rest)


def classes_of(sight: Sight) -> np.ndarray:
    """Colour and shape of each cell, int64 ``(16, 16, 2)``.

    0 is ground, -100 a colour without a name.
    """
    kinds = [(0, 0)]
    for thing in sight.look.view.objects:
        colour = 1 + COLOURS.index(thing.colour) if sight.is_named else -100
        kinds.append((colour, 1 + SHAPES.index(thing.shape)))
    return np.array(kinds, dtype=np.int64)[sight.look.ids]


class Sights:
    """Pictures with the class of each of their cells, for the tower alone.

    Drawing costs more than looking, so every scene is shown some times again,
    turned and mirrored.

    Args:
        seed: Chooses the scenes.
        images: Pictures a batch.
        fresh: How many of them are new; the others were shown before.
    """

    def __init__(self, seed: int | str, images: int, fresh: int) -> None:
        self._rng = random.Random(f"pretrain/{seed}")
        self._images, self._fresh = images, fresh
        self._known: list[tuple[np.ndarray, np.ndarray]] = []

    def __iter__(self) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        """Pixels ``(images, 3, 64, 64)`` and classes ``(images, tokens, 4, 2)``."""
        while True:
            for _ in range(self._fresh):
                sight = draw_sight(self._rng)
                self._known.append((sight.pixels, classes_of(sight)))
            del self._known[:-4000]
            shown = self._rng.choices(self._known[: -self._fresh] or self._known, k=999)
            shown = [*self._known[-self._fresh :], *shown][: self._images]
            pairs = [self._turned(*pair) for pair in shown]
            yield (
                pixels_of([pixels for pixels, _ in pairs]),
                torch.from_numpy(np.stack([by_patch(cells) for _, cells in pairs])),
            )

    def _turned(self, *both: np.ndarray) -> tuple[np.ndarray, ...]:
        turns, is_mirrored = self._rng.randrange(4), self._rng.random() < 0.5
        turned = [np.rot90(one, turns) for one in both]
        return tuple(one[:, ::-1] if is_mirrored else one for one in turned)


def pixels_of(pictures: Sequence[np.ndarray]) -> torch.Tensor:
    """``(images, 3, 64, 64)`` in -1 to 1."""
    stacked = np.stack(pictures).transpose(0, 3, 1, 2)
    return torch.from_numpy(stacked).float() / 127.5 - 1
