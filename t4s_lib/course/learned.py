"""What a model has learned: masks it writes, shapes it names, and what is no skill.

Everything here asks a backbone and compares its answers with the truth. Torch is
imported when a model is asked, not before.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from t4s_lib.sources import Sample
from t4s_lib.training.exam import (
    Scores,
    answers,
    mask_scores,
    naming,
    question_blind,
    words,
)

if TYPE_CHECKING:
    from t4s_lib.models import Backbone
    from t4s_lib.training.specs import Recipe


__all__ = [
    "SCORE_HEADER",
    "batch_of",
    "exchange_of",
    "mask_scores",
    "naming",
    "question_blind",
    "say",
    "score_row",
    "student",
]


def say(backbone: Backbone, sample: Sample, question: str, tokens: int = 400) -> str:
    """What a backbone answers to any question about a sample's picture."""
    return answers(backbone, [sample.image], [question], tokens)[0]


def student(backbone: Backbone, recipe: Recipe) -> Backbone:
    """A backbone with the recipe's LoRA on it, still untrained, ready to be trained."""
    from dataclasses import replace

    from peft import get_peft_model

    from t4s_lib.training.lora import lora_config

    if recipe.lora is None:
        raise ValueError(f"recipe {recipe.name} has no lora, expected one that has")
    config = lora_config(recipe.lora, backbone.family)
    with warnings.catch_warnings():
        # peft asks transformers for something by a name that is about to change
        warnings.simplefilter("ignore", FutureWarning)
        return replace(backbone, model=get_peft_model(backbone.model, config))


def batch_of(backbone: Backbone, samples: Sequence[Sample], recipe: Recipe) -> Any:
    """Samples as a batch to train on, with labels, as ``t4s train`` makes it."""
    from t4s_lib.models.conversation import collator

    return collator(backbone)([_row(s, recipe, backbone.side) for s in samples])


def exchange_of(sample: Sample, recipe: Recipe) -> tuple[str, str]:
    """The question and the answer that ``batch_of`` makes of a sample."""
    made = _row(sample, recipe)
    return words(made["prompt"]), words(made["completion"])


def score_row(name: str, scores: Scores) -> tuple[str, ...]:
    """A line for ``table``: name, cIoU, share of the ceiling, and what went wrong."""
    keys = ("cIoU", "norm", "no_target_accuracy", "parse_failed")
    return (name, *(_percent(scores[key]) for key in keys))


SCORE_HEADER = ("", "cIoU", "of the ceiling", "no-target right", "unreadable")
"""What stands above the lines of ``score_row``."""


def _percent(value: float | None) -> str:
    return "none asked" if value is None else f"{100 * value:.1f}%"


def _row(sample: Sample, recipe: Recipe, side: int | None = None) -> Any:
    from t4s_lib.training.rows import row

    how: Any = {"codec": recipe.codec, "grid": recipe.grid, "rule": recipe.rule}
    return row(sample, side=side, **how)
