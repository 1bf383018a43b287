"""Rows of pictures with a class for each pixel, for open-vocabulary segmentation.

A random square of the picture, asked for in one of three ways each round: all that is
there, some of it, or candidates of which some are not there. Source: the authors'
``create_cocostuff.py``; they also swap names for synonyms, which is not done here.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from t4s_lib.codecs import codec as find_codec
from t4s_lib.descriptor import OTHERS
from t4s_lib.grid import mask_to_grid
from t4s_lib.prompts import ask, fold
from t4s_lib.sources.base import Sample
from t4s_lib.sources.label_pictures import VOID, ClassMap
from t4s_lib.training.rows import Row
from t4s_lib.training.turn_rows import Turn, conversation

if TYPE_CHECKING:
    from t4s_lib.training.specs import Recipe


_SIDES = (256, 336, 392, 448)
_TRIES = 10
Square = tuple[int, int, int]
"""Left, top and side, in pixels."""

_ALL, _PARTIAL = 0.1, 0.4  # below which a draw from 0 to 1 gives this kind


def class_row(
    sample: Sample, turn: int, rounds: int, recipe: Recipe, side: int | None
) -> Row:
    """A random square of a picture, asked for in rounds.

    Args:
        sample: With ``classes`` and ``class_names`` in ``extra``.
        turn: The number of the pass; another draws anew.
        rounds: How many questions.
        recipe: Says how masks are written.
        side: Stretch the square to this side, in pixels.
    """
    (left, top, size), turns = class_turns(sample, turn, rounds, recipe)
    picture = sample.image.crop((left, top, left + size, top + size))
    return conversation(picture, turns, side)


def class_turns(
    sample: Sample, turn: int, rounds: int, recipe: Recipe
) -> tuple[Square, list[Turn]]:
    """The square of ``class_row``, and what is said about it; needs no picture."""
    rng = random.Random(f"{sample.source}/{turn}/classes")
    left, top, size = square(sample.extra["classes"], rng)
    view = sample.extra["classes"][top : top + size, left : left + size]
    turns: list[Turn] = []
    kind = ""
    for _ in range(rounds):
        kind = next_kind(rng, kind)
        turns.append(_asked(view, kind, sample, rng, recipe))
    return (left, top, size), turns


def square(values: ClassMap, rng: random.Random) -> Square:
    """Left, top and side of a random square, if possible with more than one class.

    Args:
        values: The label map, ``(H, W)``.
        rng: Draws the square.
    """
    height, width = values.shape
    sides = [side for side in _SIDES if side <= min(height, width)]
    for _ in range(_TRIES):
        size = rng.choice(sides or [min(height, width)])
        left, top = rng.randint(0, width - size), rng.randint(0, height - size)
        view = values[top : top + size, left : left + size]
        if (view != view[0, 0]).any():
            break
    return left, top, size


def next_kind(rng: random.Random, before: str) -> str:
    """The kind of the next question: one in ten ``all``, but never twice in a row."""
    drawn = rng.uniform(_ALL if before == "all" else 0, 1)
    return "all" if drawn < _ALL else "partial" if drawn < _PARTIAL else "condition"


def _asked(
    view: ClassMap, kind: str, sample: Sample, rng: random.Random, recipe: Recipe
) -> Turn:
    """A question about a square, and its grid as text."""
    there = sorted(set(np.unique(view).tolist()) - {0, VOID})
    name = {k: sample.extra["class_names"][k - 1] for k in there}
    some = kind != "all" and there
    wanted = rng.sample(there, rng.randint(1, len(there))) if some else there
    shown = {k: name[k] for k in there if k in wanted}
    rest = [VOID, *(k for k in there if k not in wanted)]
    grid = mask_to_grid(view, recipe.grid, rule=recipe.rule, names=shown, ignore=rest)
    labels = [name[k] for k in wanted] or [OTHERS]
    if kind == "condition":
        names = sample.extra["class_names"]
        labels = candidates(labels, [n for n in names if n not in name.values()], rng)
    seed = f"{sample.source}/{rng.random()}"
    text = find_codec(recipe.codec).encode(grid)
    return Turn(ask(labels, kind, seed), fold(text, labels, kind, seed))


def candidates(
    wanted: Sequence[str], absent: Sequence[str], rng: random.Random
) -> list[str]:
    """The wanted classes in random order, mostly among others that are not there.

    Args:
        wanted: What the answer shows.
        absent: Classes that are not in the picture.
        rng: Draws how many and which of these, and the order.
    """
    found = list(wanted)
    if rng.random() < 0.5 and OTHERS not in found:
        found.append(OTHERS)
    if absent and rng.random() < 0.9:
        found += rng.sample(absent, rng.randint(1, len(absent)))
    rng.shuffle(found)
    return found
