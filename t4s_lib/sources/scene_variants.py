"""The variants of ``scenes``: the middle of names such as ``scenes:reasoning:val``.

    synthetic   expressions that name what they mean
    reasoning   expressions that imply it, see ``scene_reasoning``
    instances   all shapes of a kind, each for itself: ``each circle``

No two splits of one variant share a scene; neither do ``train`` and ``val`` of two.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from t4s_lib.instances import instance_labels
from t4s_lib.sources.base import Sample
from t4s_lib.sources.lazy import LazySamples
from t4s_lib.sources.scene_expressions import phrases, plural
from t4s_lib.sources.scene_reasoning import REASONS, implied
from t4s_lib.sources.scene_samples import PLAIN, Bank, scenes_of
from t4s_lib.sources.scene_views import view

REASONING = Bank("reasoning", REASONS, REASONS, implied)
"""Expressions that imply what they mean."""

INSTANCES = Bank("instances", ("plural",), ("plural",), phrases)
"""Expressions that mean several."""

BANKS: Mapping[str, Bank] = MappingProxyType(
    {bank.variant: bank for bank in (PLAIN, REASONING, INSTANCES)}
)
"""The banks by variant."""


def scene_series(variant: str, n: int, split: str = "train", **how: Any) -> LazySamples:
    """Scenes of a variant; of one that has no bank, plain ones.

    Args:
        variant: The middle of the benchmark's name.
        n: Number of samples.
        split: As ``scenes``.
        how: ``seed``, ``size`` and ``kinds``, as ``scenes``; a reasoning sample's
            kinds are ``REASONS``.

    Raises:
        DataError: As ``scenes``.

    Examples:
        >>> sample = scene_series("reasoning", 100, "val", kinds=["odd"])[0]
        >>> sample.source, sample.expression
        ('scenes:reasoning:val#0', 'the odd one out')
    """
    found = scenes_of(BANKS.get(variant, PLAIN), n, split, **how)
    if variant != INSTANCES.variant:
        return found
    return LazySamples(partial(_each, found), range(n))


def instance_scenes(n: int, split: str = "train", **how: Any) -> LazySamples:
    """Synthetic scenes that ask for several shapes, each for itself.

    ``extra`` has ``each`` (the kind, e.g. ``"red circle"``) and ``instances``, a bool
    mask ``(H, W)`` a shape; ``labels`` are numbered. ``mask`` is all of them together.

    Args:
        n: Number of samples.
        split: As ``scenes``.
        how: ``seed`` and ``size``, as ``scenes``.

    Examples:
        >>> sample = instance_scenes(9, "val")[0]
        >>> sample.expression, sample.labels
        ('each triangle', ('triangle 1', 'triangle 2'))
    """
    return scene_series(INSTANCES.variant, n, split, **how)


def _each(found: LazySamples, index: int) -> Sample:
    """A sample that asks for a plural, turned into one that asks for each."""
    sample = found[index]
    targets, scene = sample.extra["targets"], sample.extra["scene"]
    nouns = view(scene).nouns
    noun = next(noun for noun in nouns if f"the {plural(noun)}" == sample.expression)
    ids = scene.instances(sample.mask.shape)
    facts = {"each": noun, "instances": [ids == k + 1 for k in targets]}
    return Sample(
        lambda: sample.image,
        f"each {noun}",
        sample.mask,
        instance_labels(noun, len(targets)),
        sample.source,
        {**sample.extra, **facts},
    )


def reasoning_scenes(n: int, split: str = "train", **how: Any) -> LazySamples:
    """Synthetic scenes, each with one expression that implies its target.

    To plain scenes what ReasonSeg is to RefCOCO; ``extra["kind"]`` says which family
    of ``REASONS`` an expression is of. All else is as in ``scenes``.

    Args:
        n: Number of samples.
        split: As ``scenes``.
        how: ``seed``, ``size`` and ``kinds``, as ``scenes``.

    Examples:
        >>> sample = reasoning_scenes(1, "val", kinds=["colour of"])[0]
        >>> sample.expression.startswith("the one that is the colour of ")
        True
    """
    return scenes_of(REASONING, n, split, **how)
