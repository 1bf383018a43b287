"""Dry run: what a recipe will take, before anything is loaded or trained.

    print(plan(load_recipe("res-llava-1.5-7b")))

Samples are counted where the data are at hand, and taken from published counts
elsewhere; memory and time are arithmetic on the backbone's shape. A plan says of
every number where it is from.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from t4s_lib.sources.base import Sample
from t4s_lib.training.budget import Budget
from t4s_lib.training.meta import shape_of
from t4s_lib.training.published import COUNTS
from t4s_lib.training.shapes import Shape
from t4s_lib.training.specs import DataSpec, Recipe, is_endless
from t4s_lib.training.texts import Counter, Text, counted, published, tokenizer_of

_LOOKED_AT = 100
_ONCE: dict[str, Any] = {"epochs": 1.0, "steps": None, "minutes": None}


@dataclass(frozen=True)
class Source:
    """One source of samples.

    Attributes:
        spec: As the recipe has it.
        pass_size: Samples of one pass; None where there is no end.
        trust: ``counted``, ``read``, ``recalled`` or ``estimated``.
        note: Where the number is from.
        text: Tokens of a sample's text.
    """

    spec: DataSpec
    pass_size: int | None
    trust: str
    note: str
    text: Text

    def samples(self, held_back: float = 0.0) -> int:
        """Samples of an epoch; 0 where there is no end.

        Args:
            held_back: Share of a pass that is kept out.
        """
        return round((self.pass_size or 0) * (1 - held_back)) * self.spec.passes


@dataclass(frozen=True)
class Plan:
    """What a recipe will take; as a string, a page to read.

    Attributes:
        recipe: The recipe.
        shape: Its backbone in numbers; None if that is not on this machine.
        sources: Where the samples come from.
    """

    recipe: Recipe
    shape: Shape | None
    sources: tuple[Source, ...]

    @property
    def epoch(self) -> int | None:
        """Samples of an epoch, less those held back; None where there is no end."""
        if any(source.pass_size is None for source in self.sources):
            return None
        return sum(source.samples(self.recipe.held_back) for source in self.sources)

    @property
    def steps(self) -> int | None:
        """Optimizer steps; None where the clock ends the training."""
        if self.recipe.epochs is None or self.epoch is None:
            return self.recipe.steps
        return max(1, math.ceil(self.recipe.epochs * self.epoch / self.recipe.batch))

    @property
    def samples(self) -> int | None:
        """Samples of the whole training."""
        return None if self.steps is None else self.steps * self.recipe.batch

    @cached_property
    def text(self) -> float:
        """Tokens of a sample's text, the mean over the mix."""
        return self._mean([source.text.total for source in self.sources])

    @property
    def visual(self) -> int:
        """Tokens of a sample's picture."""
        return self.shape.visual_tokens if self.shape else 0

    @property
    def tokens(self) -> float:
        """Tokens of a sample."""
        return self.text + self.visual

    @property
    def budget(self) -> Budget | None:
        """Parameters and memory, of one GPU."""
        recipe, lora = self.recipe, self.recipe.lora
        if self.shape is None:
            return None
        return Budget(
            self.shape,
            r=lora.r if lora else None,
            targets=lora.targets if lora else "all-linear",
            batch=recipe.per_device_batch,
            tokens=round(self.tokens),
            precision=recipe.precision,
            quantize=recipe.quantize,
            checkpointing=recipe.gradient_checkpointing,
            dropout=bool(lora and lora.dropout),
        )

    @property
    def flops(self) -> float | None:
        """Operations of the whole training; None if its length is not known."""
        if self.samples is None or self.shape is None or self.budget is None:
            return None
        answer = self._mean([source.text.answer for source in self.sources])
        return self.samples * sample_flops(self.budget, self.tokens, answer)

    def _mean(self, values: Sequence[float]) -> float:
        """Over the mix: by samples where they are counted, by weight elsewhere."""
        known = self.epoch is not None and self.recipe.epochs is not None
        shares = [s.samples() if known else s.spec.weight for s in self.sources]
        pairs = zip(values, shares, strict=True)
        return sum(value * share for value, share in pairs) / sum(shares)

    def __str__(self) -> str:
        from t4s_lib.training.plan_page import page

        return page(self)


def plan(recipe: Recipe, data: str | Path | None = None) -> Plan:
    """Work out what a recipe will take; nothing is loaded, downloaded or written.

    Args:
        recipe: The recipe.
        data: The folder with the real data sets; without it published counts serve.

    Raises:
        ValueError: If a source is neither there nor published.
    """
    count = tokenizer_of(recipe.model)
    sources = [_source(spec, recipe, data, count) for spec in recipe.data]
    try:
        shape = shape_of(recipe.model)
    except ValueError:
        shape = None
    return Plan(recipe, shape, tuple(sources))


def sample_flops(budget: Budget, tokens: float, answer: float) -> float:
    """Operations to train on one sample.

    A pass over a linear layer is two operations a weight and token. The language
    model is passed forward and, for the gradient of what enters each layer, back;
    once more forward with checkpointing; once more back where its own weights learn.

    Args:
        budget: What is trained, and how.
        tokens: Of the sample.
        answer: Those of them that are learned: the others get no scores.
    """
    s = budget.shape
    passes = 2 + budget.checkpointing + (budget.r is None)
    once = 2 * s.weights("language") * tokens + 2 * tokens**2 * s.hidden * s.layers
    seeing = 2 * (s.weights("vision") + s.weights("projector")) * s.patches
    sees_back = budget.r is None or budget.targets == "all-linear"
    own = 6 * budget.trained * tokens if budget.r else 0
    scores = 4 * s.hidden * s.vocab * answer
    return passes * once + (passes if sees_back else 1) * seeing + own + scores


def _source(
    spec: DataSpec, recipe: Recipe, data: str | Path | None, count: Counter | None
) -> Source:
    found = _found(spec, recipe, data)
    if found is not None:
        samples, size = found
        how = "made as needed" if size is None else "the samples themselves"
        return Source(spec, size, "counted", how, counted(samples, spec, recipe, count))
    if spec.benchmark not in COUNTS:
        raise ValueError(
            f"samples of {spec.benchmark} are not at hand and their number is not "
            f"published, expected --data, or one of {', '.join(COUNTS)}"
        )
    known = COUNTS[spec.benchmark]
    size = known.refs if spec.per == "ref" and known.refs else known.sentences
    taken = min(size, spec.count or size)
    return Source(spec, taken, known.trust, known.source, published(spec, recipe))


def _found(
    spec: DataSpec, recipe: Recipe, data: str | Path | None
) -> tuple[Sequence[Sample], int | None] | None:
    """The samples and how many a pass has, if they are at hand and can be read."""
    from t4s_lib.training.passes import open_source, training_set

    made = spec.benchmark.startswith("scenes:")
    if data is None and not made:
        return None
    size = {"n": spec.count or _LOOKED_AT} if made else {}
    try:
        samples = open_source(spec.benchmark, data, **size)
        if is_endless(spec):
            return samples, None
        one = replace(recipe, data=(replace(spec, passes=1),), held_back=0.0, **_ONCE)
        return samples, training_set(one, data=data).epoch
    except ValueError:
        return None
