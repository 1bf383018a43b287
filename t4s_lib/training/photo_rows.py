"""How each source of photographs becomes rows.

referring            one question a sample, or rounds: later ones draw from the
                     refs of the same picture (``create_refcoco.py``)
a class for each     random squares, asked for in several ways (``class_rows``)
pixel
conversations        as they are (``turn_rows.talk``)
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from t4s_lib.sources.base import Sample
from t4s_lib.sources.errors import DataError
from t4s_lib.training.class_rows import class_row, class_turns
from t4s_lib.training.rows import Row
from t4s_lib.training.scene_talk import VARIANT as TALK
from t4s_lib.training.scene_talk import talk_turns
from t4s_lib.training.turn_rows import Turn, conversation, referred, talk

if TYPE_CHECKING:
    from t4s_lib.training.specs import DataSpec, Recipe

Make = Callable[[Sample, int], Row]


def maker(
    spec: DataSpec, recipe: Recipe, side: int | None, pool: Sequence[Sample]
) -> Make | None:
    """How a source's samples become rows; None for one question a sample.

    Args:
        spec: The source.
        recipe: Says how masks are written.
        side: Stretch pictures to this side, in pixels.
        pool: Samples that later questions are drawn from; at least one.
    """
    first = pool[0].extra
    if "turns" in first:
        return lambda sample, turn: talk(sample, side)
    if "class_names" in first:
        return lambda sample, turn: class_row(sample, turn, spec.rounds, recipe, side)
    if spec.rounds == 1:
        return None
    beside = _by_image(pool)

    def make(sample: Sample, turn: int) -> Row:
        same = [pool[k] for k in beside[sample.extra["image_id"]]]
        return in_rounds(sample, turn, spec.rounds, same, recipe, side)

    return make


def in_rounds(
    sample: Sample,
    turn: int,
    rounds: int,
    same: Sequence[Sample],
    recipe: Recipe,
    side: int | None,
) -> Row:
    """An expression, and then random others about the same picture.

    Args:
        sample: The first.
        turn: The number of the pass; another draws anew.
        rounds: Questions in all.
        same: What the later ones are drawn from, with replacement.
        recipe: Says how masks are written.
        side: Stretch the picture to this side, in pixels.
    """
    rng = random.Random(f"{sample.source}/{turn}/rounds")
    asked = [sample, *rng.choices(same, k=rounds - 1)]
    turns = [referred(s, f"{s.source}/{turn}/{k}", recipe) for k, s in enumerate(asked)]
    return conversation(sample.image, turns, side)


def spoken(sample: Sample, spec: DataSpec, recipe: Recipe) -> list[Turn]:
    """What is said in a row of a source, as far as it is known without its picture.

    Later rounds about referring samples are as long as the first.
    """
    if "turns" in sample.extra:
        return [Turn(*turn) for turn in sample.extra["turns"]]
    if "class_names" in sample.extra:
        return class_turns(sample, 0, spec.rounds, recipe)[1]
    if _is_talk(spec):
        return talk_turns(sample, 0, spec.rounds, recipe)
    return [referred(sample, sample.source, recipe)] * spec.rounds


def refuse_rounds(spec: DataSpec) -> None:
    """Synthetic scenes are asked about once, but in talks.

    Raises:
        DataError: If a recipe wants more.
    """
    if spec.rounds > 1 and not _is_talk(spec):
        raise DataError(
            f"data: {spec.benchmark} has rounds {spec.rounds}, expected 1: several "
            f"questions a sample are for photographs and scenes:{TALK}"
        )


def _is_talk(spec: DataSpec) -> bool:
    return spec.benchmark.startswith(f"scenes:{TALK}:")


def _by_image(pool: Sequence[Sample]) -> dict[Any, list[int]]:
    found: dict[Any, list[int]] = {}
    for k, sample in enumerate(pool):
        found.setdefault(sample.extra["image_id"], []).append(k)
    return found
