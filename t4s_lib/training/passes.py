"""The training set of a recipe: its sources, the authors' passes, and the mix.

The authors write every sentence twice, each time with a question and an answer drawn
anew (``create_refcoco_*.py``); a recipe says ``passes: 2``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from t4s_lib.sources.base import Sample
from t4s_lib.sources.benchmark import parse_benchmark
from t4s_lib.sources.errors import DataError
from t4s_lib.sources.lazy import LazySamples
from t4s_lib.sources.opening import open_benchmark
from t4s_lib.sources.refer_samples import refer
from t4s_lib.sources.scene_variants import scene_series
from t4s_lib.training.diet import VARIANT, task_row
from t4s_lib.training.leaks import held_out_image_ids, without_images
from t4s_lib.training.order import Epochs, Order, Stream
from t4s_lib.training.photo_rows import maker, refuse_rounds
from t4s_lib.training.rows import Row, RowSet, row
from t4s_lib.training.scene_talk import VARIANT as TALK
from t4s_lib.training.scene_talk import talk_row
from t4s_lib.training.specs import is_endless

if TYPE_CHECKING:
    from t4s_lib.training.specs import DataSpec, Recipe

_MANY = 2**40
_SPLITS = ("train", "val", "test", "testA", "testB", "testC")


@dataclass(frozen=True)
class Part:
    """One source of rows.

    Attributes:
        samples: Its samples.
        make: Makes a row of a sample and the number of the pass.
        passes: Passes an epoch.
        weight: Share in a stream.
        endless: Whether ``samples`` has no end of its own.
    """

    samples: Sequence[Sample]
    make: Callable[[Sample, int], Row]
    passes: int = 1
    weight: float = 1.0
    endless: bool = False


@dataclass(frozen=True)
class TrainingSet:
    """Rows in the order of training.

    Attributes:
        rows: Every row, made when asked for.
        epoch: Rows an epoch; None where the recipe counts steps or minutes.
    """

    rows: RowSet
    epoch: int | None

    def steps(self, recipe: Recipe) -> int | None:
        """Steps of the training; None where the clock ends it."""
        if recipe.epochs is None:
            return recipe.steps
        assert self.epoch is not None
        return max(1, math.ceil(recipe.epochs * self.epoch / recipe.batch))


def training_set(
    recipe: Recipe,
    *,
    data: str | Path | None = None,
    samples: Sequence[Sample] | None = None,
    side: int | None = None,
    tokens: Callable[[Row], int] | None = None,
) -> TrainingSet:
    """The rows that a recipe trains on.

    Args:
        recipe: Says what, how often, and how it is written.
        data: The folder with the real data sets.
        samples: Take these instead of the recipe's sources.
        side: Squash pictures to this side, in pixels.
        tokens: Counts a row's tokens, for ``max_tokens``.

    Raises:
        ValueError: If a source is not there, empty, or of a kind nothing reads.
    """
    if samples is not None:
        parts = [Part(samples, _writer(recipe, side))]
    else:
        parts = [_part(spec, recipe, data, side) for spec in recipe.data]
    by_epochs = recipe.epochs is not None
    order = _epochs(parts, recipe.seed) if by_epochs else _stream(parts, recipe.seed)
    fits = None
    if recipe.max_tokens is not None and tokens is not None:
        fits = partial(_fits, most=recipe.max_tokens, tokens=tokens)
    length = len(order) if isinstance(order, Epochs) else None
    return TrainingSet(RowSet(partial(_make, order, parts), fits), length)


def open_source(
    name: str, data: str | Path | None = None, **scene: Any
) -> Sequence[Sample]:
    """The samples of a benchmark by its name.

    Args:
        name: e.g. ``refcocog:umd:val`` or ``scenes:synthetic:heldout``.
        data: The folder with the real data sets; scenes need none.
        scene: For ``scenes``: ``n``, ``kinds``, ``seed``, ``size``.

    Raises:
        ValueError: If nothing reads it, or it is not where it should be; as
            ``open_benchmark``.

    Examples:
        >>> open_source("scenes:synthetic:val", n=5)[0].source
        'scenes:synthetic:val#0'
    """
    parts = parse_benchmark(name)
    if parts.dataset == "scenes":
        n = scene.pop("n", _MANY)
        return scene_series(parts.variant, n, parts.split, **scene)
    return open_benchmark(name, data)


def _part(
    spec: DataSpec, recipe: Recipe, data: str | Path | None, side: int | None
) -> Part:
    dataset, variant, _ = parse_benchmark(spec.benchmark)
    make: Callable[[Sample, int], Row] = _writer(recipe, side)
    if dataset != "scenes":
        found, pool = _real(spec, recipe, data)
        make = maker(spec, recipe, side, pool) or make
        return Part(found, make, spec.passes, spec.weight)
    refuse_rounds(spec)
    if variant == TALK:
        found = open_source(spec.benchmark, kinds=spec.kinds, **_series(spec, recipe))
        make = partial(talk_row, rounds=spec.rounds, recipe=recipe, side=side)
    elif variant == VARIANT:
        found = open_source(spec.benchmark, **_series(spec, recipe))
        make = partial(task_row, tasks=spec.kinds, side=side)
    else:
        series = _series(spec, recipe)
        found = open_source(spec.benchmark, kinds=spec.kinds, **series)
    return Part(found, make, spec.passes, spec.weight, is_endless(spec))


def _series(spec: DataSpec, recipe: Recipe) -> dict[str, Any]:
    """Which scenes: the first ones, or an endless series that the seed chooses."""
    if spec.count is not None:
        return {"n": spec.count}
    return {"n": _MANY, "seed": recipe.seed}


def _real(
    spec: DataSpec, recipe: Recipe, data: str | Path | None
) -> tuple[Sequence[Sample], Sequence[Sample]]:
    """Real samples as the recipe wants them chosen, and those they are chosen from."""
    found = open_source(spec.benchmark, data)
    if spec.refs == "images" and data is not None:
        found = _same_images(spec, data, found)
    if recipe.leak_filter and data is not None:
        found = without_images(found, held_out_image_ids(data))
    pool = found
    if not pool:
        raise DataError(f"{spec.benchmark} has no samples left, expected at least one")
    if spec.per == "ref":
        found = _one_a_ref(found, recipe.seed)
    found = found[: spec.count]
    if not recipe.held_back:
        return found, pool
    kept = np.random.default_rng(recipe.seed).permutation(len(found))
    kept = np.sort(kept[: round(len(found) * (1 - recipe.held_back))])
    return LazySamples(found.__getitem__, kept.tolist()), pool


def _same_images(
    spec: DataSpec, data: str | Path, found: Sequence[Sample]
) -> Sequence[Sample]:
    """All refs of the split's pictures, whichever split they are in themselves."""
    dataset, variant, _ = parse_benchmark(spec.benchmark)
    shown = {sample.extra["image_id"] for sample in found}
    everything: list[Sample] = []
    for split in _SPLITS:
        try:
            everything += refer(data, dataset, variant, split)
        except DataError:
            continue
    return [s for s in everything if s.extra["image_id"] in shown]


def _one_a_ref(samples: Sequence[Sample], seed: int) -> Sequence[Sample]:
    """One sentence of each ref, drawn at random."""
    by_ref: dict[int, list[int]] = {}
    for k, sample in enumerate(samples):
        by_ref.setdefault(sample.extra["ref_id"], []).append(k)
    rng = np.random.default_rng(seed)
    drawn = [int(rng.choice(members)) for members in by_ref.values()]
    return LazySamples(samples.__getitem__, drawn)


def _writer(recipe: Recipe, side: int | None) -> Callable[[Sample, int], Row]:
    codec, grid, rule = recipe.codec, recipe.grid, recipe.rule

    def make(sample: Sample, turn: int) -> Row:
        return row(sample, codec=codec, grid=grid, rule=rule, seed=turn, side=side)

    return make


def _epochs(parts: Sequence[Part], seed: int) -> Order:
    return Epochs([len(p.samples) for p in parts], [p.passes for p in parts], seed)


def _stream(parts: Sequence[Part], seed: int) -> Order:
    sizes = [None if p.endless else len(p.samples) for p in parts]
    return Stream(sizes, [p.weight for p in parts], seed)


def _make(order: Order, parts: Sequence[Part], position: int) -> Row:
    place = order.at(position)
    part = parts[place.part]
    return part.make(part.samples[place.sample], place.turn)


def _fits(made: Row, most: int, tokens: Callable[[Row], int]) -> bool:
    return tokens(made) <= most
