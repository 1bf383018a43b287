"""What a model has learned: masks it writes, shapes it names, and what is no skill.

Everything here asks a backbone and compares its answers with the truth. Torch is
imported when a model is asked, not before.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from t4s_lib.codecs import codec
from t4s_lib.grid import mask_to_grid
from t4s_lib.sources import Sample

if TYPE_CHECKING:
    from t4s_lib.models import Backbone
    from t4s_lib.training.specs import Recipe

Scores = Mapping[str, float | None]

_NAME_TOKENS = 12
_AT_ONCE = 64


def mask_scores(
    backbone: Backbone, samples: Sequence[Sample], recipe: Recipe
) -> Scores:
    """How good the masks are that a backbone writes.

    Args:
        backbone: Who is asked.
        samples: What it is asked, each once.
        recipe: Says which format and grid it should write.

    Returns:
        See ``t4s_lib.training.score.scores``.
    """
    from t4s_lib.training.heldout import questions, write_answers
    from t4s_lib.training.score import scores

    asked = questions(samples, recipe, backbone.tokenizer)
    texts = write_answers(backbone, asked, batch=_AT_ONCE)
    return scores(asked.samples, texts, recipe.grid, recipe.codec)


def question_blind(samples: Sequence[Sample], size: int = 16) -> Scores:
    """The scores of one that sees perfectly and never reads the question.

    It writes every shape of a scene, cell by cell as it should, whatever is asked.
    """
    from t4s_lib.training.score import scores

    texts = []
    for sample in samples:
        pixels = (sample.image.height, sample.image.width)
        shapes = sample.extra["scene"].instances(pixels) > 0
        texts.append(codec("row-rle").encode(mask_to_grid(shapes, size)))
    return scores(samples, texts, size)


def say(backbone: Backbone, sample: Sample, question: str, tokens: int = 400) -> str:
    """What a backbone answers to any question about a sample's picture."""
    return _answers(backbone, [sample.image], [question], tokens)[0]


def naming(backbone: Backbone, samples: Sequence[Sample]) -> float:
    """Share of right answers to "What is in row 5, column 9?", once a sample."""
    from t4s_lib.training.diet import task_row

    rows = [task_row(sample, 0, ["name"]) for sample in samples]
    questions = [_words(row["prompt"]) for row in rows]
    said = []
    for k in range(0, len(rows), _AT_ONCE):
        part = slice(k, k + _AT_ONCE)
        images = [sample.image for sample in samples[part]]
        said += _answers(backbone, images, questions[part], _NAME_TOKENS)
    pairs = zip(said, rows, strict=True)
    right = [answer.strip() == _words(row["completion"]) for answer, row in pairs]
    return sum(right) / len(right)


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
    return _words(made["prompt"]), _words(made["completion"])


def score_row(name: str, scores: Scores) -> tuple[str, ...]:
    """A line for ``table``: name, cIoU, share of the ceiling, and what went wrong."""
    keys = ("cIoU", "norm", "no_target_accuracy", "parse_failed")
    return (name, *(_percent(scores[key]) for key in keys))


SCORE_HEADER = ("", "cIoU", "of the ceiling", "no-target right", "unreadable")
"""What stands above the lines of ``score_row``."""


def _percent(value: float | None) -> str:
    return "none asked" if value is None else f"{100 * value:.1f}%"


def _answers(
    backbone: Backbone, images: Sequence[Any], questions: Sequence[str], tokens: int
) -> list[str]:
    import torch

    from t4s_lib.models.conversation import decode_answers, encode_prompts

    prompts = encode_prompts(backbone, images, questions)
    was_training = backbone.model.training
    backbone.model.eval()
    with torch.no_grad():
        written = backbone.model.generate(
            **prompts, max_new_tokens=tokens, do_sample=False, use_cache=True
        )
    backbone.model.train(was_training)
    return decode_answers(backbone, prompts, written)


def _row(sample: Sample, recipe: Recipe, side: int | None = None) -> Any:
    from t4s_lib.training.rows import row

    how: Any = {"codec": recipe.codec, "grid": recipe.grid, "rule": recipe.rule}
    return row(sample, side=side, **how)


def _words(messages: Sequence[Mapping[str, Any]]) -> str:
    parts = [part for message in messages for part in message["content"]]
    return "".join(part.get("text", "") for part in parts)
