"""Synthetic referring scenes as samples: the data set that needs no download."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from types import MappingProxyType

import numpy as np
from PIL import Image

from t4s_lib.sources.base import BoolMask, Sample
from t4s_lib.sources.errors import DataError, require_one_of
from t4s_lib.sources.lazy import LazySamples
from t4s_lib.sources.scene_expressions import (
    KINDS,
    LABELLED,
    REFERRING,
    Phrase,
    phrases,
)
from t4s_lib.sources.scene_layout import (
    ALL_PAIRS,
    HELD_OUT_PAIRS,
    SEEN_PAIRS,
    Pair,
    Scene,
    build_scene,
    check_size,
)
from t4s_lib.sources.scene_shapes import IdMap, SceneObject, Size

_HELD_OUT = tuple(pair for pair in ALL_PAIRS if pair in HELD_OUT_PAIRS)


@dataclass(frozen=True, slots=True)
class _Split:
    """What a split may show, must show, and may ask for in vain."""

    shown: Sequence[Pair] = SEEN_PAIRS
    featured: Sequence[Pair] = ()
    absent: Sequence[Pair] = SEEN_PAIRS


_SPLITS: Mapping[str, _Split] = MappingProxyType(
    {
        "train": _Split(),
        "val": _Split(),
        "heldout": _Split(),
        "heldout-pairs": _Split(ALL_PAIRS, _HELD_OUT, _HELD_OUT),
    }
)

SPLITS: tuple[str, ...] = tuple(_SPLITS)
"""The splits. No two share a scene; only ``heldout-pairs`` has held-out pairs."""


@dataclass(frozen=True)
class _Drawing:
    """A scene at one size, rendered when asked for."""

    scene: Scene
    size: Size
    targets: tuple[int, ...]

    def image(self) -> Image.Image:
        return self.scene.picture(self.size)

    @cached_property
    def ids(self) -> IdMap:
        return self.scene.instances(self.size)

    def mask(self) -> BoolMask:
        return self.mask_of(self.targets)

    def mask_of(self, objects: Iterable[int]) -> BoolMask:
        return np.asarray(np.isin(self.ids, [k + 1 for k in objects]), dtype=bool)


class _Masks(Mapping[str, BoolMask]):
    """Class name to mask of its targets, made when asked for."""

    def __init__(self, drawing: _Drawing) -> None:
        self._drawing = drawing
        self._members: dict[str, list[int]] = {}
        for k in drawing.targets:
            name = drawing.scene.objects[k].name
            self._members.setdefault(name, []).append(k)

    def __getitem__(self, name: str) -> BoolMask:
        return self._drawing.mask_of(self._members[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)


def _belongs(objects: Sequence[SceneObject], phrase: Phrase, split: _Split) -> bool:
    """Whether a phrase tests what the split is for."""
    if not split.featured or not phrase.targets:
        return True
    held = [objects[k] for k in phrase.targets]
    return any((thing.colour, thing.shape) in HELD_OUT_PAIRS for thing in held)


@dataclass(frozen=True)
class Bank:
    """A stock of expressions that scenes are asked for.

    Attributes:
        variant: Its name, the middle of a benchmark's.
        kinds: The kinds of expression in it.
        usual: Those drawn from unless others are asked for.
        find: All of one kind in a scene; may name these pairs in vain.
    """

    variant: str
    kinds: tuple[str, ...]
    usual: tuple[str, ...]
    find: Callable[[Scene, str, Sequence[Pair]], list[Phrase]]


PLAIN = Bank("synthetic", KINDS, REFERRING, phrases)
"""Expressions that name what they mean."""


def _compose(
    rng: random.Random, kind: str, split: _Split, bank: Bank
) -> tuple[Scene, Phrase]:
    """Draw scenes until one has a clear expression of the kind."""
    while True:
        scene = build_scene(rng, None, split.shown, split.featured)
        fitting = [
            phrase
            for phrase in bank.find(scene, kind, split.absent)
            if _belongs(scene.objects, phrase, split)
        ]
        if fitting:
            return scene, rng.choice(fitting)


def _source(variant: str, split: str, seed: int, index: int) -> str:
    return f"scenes:{variant}:{split}#{f'{seed}/' if seed else ''}{index}"


def _sample(
    index: int, split: str, seed: int, size: Size, kinds: tuple[str, ...], bank: Bank
) -> Sample:
    rng = random.Random(f"{split}/{seed}/{index}")
    kind = rng.choice(kinds)
    scene, phrase = _compose(rng, kind, _SPLITS[split], bank)
    drawing = _Drawing(scene, size, phrase.targets)
    masks = _Masks(drawing)
    classes = tuple(masks)
    extra = {
        "kind": kind,
        "classes": classes,
        "masks": masks,
        "scene": scene,
        "objects": scene.objects,
        "targets": phrase.targets,
    }
    labels = classes if kind in LABELLED else (phrase.text,)
    name = _source(bank.variant, split, seed, index)
    return Sample(drawing.image, phrase.text, drawing.mask, labels, name, extra)


def scenes(
    n: int,
    split: str = "train",
    seed: int = 0,
    size: int | Size = 64,
    kinds: Sequence[str] | None = None,
) -> LazySamples:
    """Synthetic scenes of coloured shapes, each with one expression and its mask.

    Sample ``i`` depends on the arguments and ``i`` alone, and its layout does not
    depend on ``size``. Masks hold the visible pixels. ``extra`` has ``kind``,
    ``classes`` (names of what is meant, e.g. ``("red circle",)``), ``masks``
    (class name to bool ``(H, W)``), ``scene``, ``objects`` (all, in drawing
    order) and ``targets`` (positions in ``objects``).

    Args:
        n: Number of samples.
        split: ``train``, ``val``, ``heldout`` or ``heldout-pairs``. The pairs in
            ``HELD_OUT_PAIRS`` are neither shown nor named in the first three;
            in the last each expression with targets means at least one of them.
        seed: Chooses another endless series of scenes.
        size: Side of a square, or ``(height, width)``, in pixels, at least 32.
        kinds: Kinds of expression to draw from, see ``KINDS``; a kind named twice
            comes twice as often. By default ``REFERRING``: all with one label.
            ``list`` and ``everything`` have one label per class.

    Returns:
        The samples, made on demand.

    Raises:
        DataError: If an argument is not one of those above.

    Examples:
        >>> sample = scenes(100, "heldout", size=(48, 64))[17]
        >>> sample.source, sample.image.size, sample.mask.shape
        ('scenes:synthetic:heldout#17', (64, 48), (48, 64))
        >>> several = scenes(1, kinds=["list"])[0]
        >>> several.labels == several.extra["classes"] == tuple(several.extra["masks"])
        True
    """
    return scenes_of(PLAIN, n, split, seed, size, kinds)


def scenes_of(
    bank: Bank,
    n: int,
    split: str = "train",
    seed: int = 0,
    size: int | Size = 64,
    kinds: Sequence[str] | None = None,
) -> LazySamples:
    """``scenes`` whose expressions are those of a bank."""
    require_one_of("split of scenes", split, SPLITS)
    if n < 0:
        raise DataError(f"number of scenes is {n}: expected 0 or more")
    chosen = bank.usual if kinds is None else tuple(kinds)
    if not chosen:
        known = ", ".join(bank.kinds)
        raise DataError(f"no kind of expression given: expected {known}")
    for kind in chosen:
        require_one_of("kind of expression", kind, bank.kinds)
    make = partial(
        _sample, split=split, seed=seed, size=check_size(size), kinds=chosen, bank=bank
    )
    return LazySamples(make, range(n))
