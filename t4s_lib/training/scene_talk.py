"""Talks about synthetic scenes: a mask first, then questions about what it shows.

A recipe mixes them in as ``scenes:talk:train`` with ``rounds: 3``, the questions of a
talk. Later ones say ``it``, so an answer needs what was said before:

    Can you segment the red circle in the image?    <seg>...</seg>
    How many cells does it cover?                   23
    Can you segment the shape left of it ...?       <seg>...</seg>
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TYPE_CHECKING

from t4s_lib.codecs import codec as find_codec
from t4s_lib.grid import mask_to_grid
from t4s_lib.prompts import ask, fold
from t4s_lib.sources.base import Sample
from t4s_lib.sources.scene_expressions import standing
from t4s_lib.sources.scene_views import view
from t4s_lib.training.rows import Row, true_grid
from t4s_lib.training.turn_rows import Turn, conversation, referred

if TYPE_CHECKING:
    from t4s_lib.training.specs import Recipe

VARIANT = "talk"
"""The middle of the benchmark's name."""

_SHARE = 0.5
"""How many talks go on to another shape, of those that can."""


def talk_row(
    sample: Sample, turn: int, rounds: int, recipe: Recipe, side: int | None
) -> Row:
    """A talk about a synthetic scene, as a row for trl.

    Args:
        sample: A sample of ``scenes``; its expression is asked for first.
        turn: The number of the pass; another asks something else.
        rounds: Questions in all; fewer where there is not so much to say.
        recipe: Says how masks are written.
        side: Stretch the picture to a square of this side, in pixels.
    """
    return conversation(sample.image, talk_turns(sample, turn, rounds, recipe), side)


def talk_turns(sample: Sample, turn: int, rounds: int, recipe: Recipe) -> list[Turn]:
    """The questions of a talk with their answers.

    ``it`` is the first target throughout: who stands beside it is asked last.
    """
    seed = f"{sample.source}/{turn}"
    rng = random.Random(f"{seed}/talk")
    about = [*_cells(sample, recipe), *_looks(sample)]
    beside = _beside(sample, seed, recipe)
    last = [rng.choice(beside)] if beside and rng.random() < _SHARE else []
    last = last[: rounds - 1]
    asked = rng.sample(about, min(rounds - 1 - len(last), len(about)))
    return [referred(sample, seed, recipe), *asked, *last]


def _cells(sample: Sample, recipe: Recipe) -> list[Turn]:
    count = int(true_grid(sample, recipe.grid, recipe.rule).foreground.sum())
    it = "they" if len(sample.extra["targets"]) > 1 else "it"
    does = "do" if it == "they" else "does"
    return [Turn(f"How many cells {does} {it} cover?", str(count))]


def _looks(sample: Sample) -> list[Turn]:
    """Colour and shape of a single target, or that there is none."""
    targets: Sequence[int] = sample.extra["targets"]
    if not targets:
        return [Turn("Is it in the image?", "No, it is not.")]
    if len(targets) > 1:
        return [Turn("How many are they?", str(len(targets)))]
    thing = sample.extra["objects"][targets[0]]
    return [
        Turn("What colour is it?", thing.colour),
        Turn("What shape is it?", thing.shape),
        Turn("Is it in the image?", "Yes, it is there."),
    ]


def _beside(sample: Sample, seed: str, recipe: Recipe) -> list[Turn]:
    """The mask of the one that alone stands left (right, ...) of a single target."""
    targets, scene = sample.extra["targets"], sample.extra["scene"]
    if len(targets) != 1:
        return []
    ids = scene.instances(sample.mask.shape)
    found = []
    for words, other in standing(view(scene), targets[0], "shape"):
        meant = f"the shape {words} it"
        grid = mask_to_grid(ids == other + 1, recipe.grid, meant, recipe.rule)
        text = find_codec(recipe.codec).encode(grid)
        wording = f"{seed}/{words}"
        answer = fold(text, meant, seed=wording)
        found.append(Turn(ask(meant, seed=wording), answer))
    return found
