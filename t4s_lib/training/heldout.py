"""What a model in training writes about held-out samples, greedily and in batches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from math import ceil
from typing import TYPE_CHECKING, Any

from t4s_lib.codecs import codec as find_codec
from t4s_lib.models.conversation import decode_answers, encode_prompts
from t4s_lib.prompts import ask, fold
from t4s_lib.sources.base import Sample
from t4s_lib.training.rows import true_grid
from t4s_lib.training.sharding import is_split

if TYPE_CHECKING:
    from t4s_lib.models.loading import Backbone
    from t4s_lib.training.specs import Recipe

_ROOM = 1.25
"""Tokens an answer may have, over those of the longest true one."""


@dataclass(frozen=True)
class Questions:
    """Fixed held-out samples, each with one fixed question.

    Attributes:
        samples: What is asked.
        asked: The questions, seeded by each sample's ``source``.
        tokens: How many tokens an answer may have.
    """

    samples: tuple[Sample, ...]
    asked: tuple[str, ...]
    tokens: int


def questions(samples: Sequence[Sample], recipe: Recipe, tokenizer: Any) -> Questions:
    """Ask for each sample once, and see how long the true answers are."""
    kept = tuple(samples)  # so that each picture is made once
    asked = tuple(ask(s.expression, _kind(s), seed=s.source) for s in kept)
    answers = [true_answer(sample, recipe) for sample in kept]
    longest = max(len(tokenizer(answer).input_ids) for answer in answers)
    return Questions(kept, asked, ceil(_ROOM * longest) + 8)


def true_answer(sample: Sample, recipe: Recipe) -> str:
    """What a perfect model writes."""
    text = find_codec(recipe.codec).encode(true_grid(sample, recipe.grid, recipe.rule))
    return fold(text, sample.expression, _kind(sample), seed=sample.source)


def _kind(sample: Sample) -> str:
    """The kind of question; data sets with classes ask for a list of candidates."""
    return str(sample.extra.get("question", "partial"))


def write_answers(
    backbone: Backbone,
    asked: Questions,
    *,
    batch: int = 32,
    share: tuple[int, int] = (0, 1),
    gather: Callable[[list[Any]], list[Any]] | None = None,
) -> list[str]:
    """Let a backbone answer, greedily.

    Args:
        backbone: Who answers. Its mode (training or not) stays as it is.
        asked: The questions.
        batch: How many at once.
        share: Which of how many processes this is; each answers every so many.
        gather: Collects the lists of all processes.

    Returns:
        The answers, in the order of the questions.
    """
    rank, world = share
    n = len(asked.samples)
    # All processes take equally many, or one would wait for the others forever.
    mine = [k % n for k in range(rank, ceil(n / world) * world, world)]
    written: list[Any] = []
    with answering(backbone.model):
        for start in range(0, len(mine), batch):
            chosen = mine[start : start + batch]
            written += zip(chosen, _generate(backbone, asked, chosen), strict=True)
    everyone = written if gather is None else gather(written)
    by_place = dict(everyone)
    return [by_place[k] for k in range(n)]


def of_model(backbone: Backbone, model: Any) -> Backbone:
    """The same backbone with another model, e.g. one with an adapter."""
    return replace(backbone, model=model)


def _generate(backbone: Backbone, asked: Questions, chosen: Sequence[int]) -> list[str]:
    import torch

    images = [asked.samples[k].image for k in chosen]
    prompts = encode_prompts(backbone, images, [asked.asked[k] for k in chosen])
    with torch.no_grad():
        written = backbone.model.generate(
            **prompts,
            max_new_tokens=asked.tokens,
            do_sample=False,
            use_cache=True,
            synced_gpus=is_split(backbone.model) or None,
        )
    return decode_answers(backbone, prompts, written)


@contextmanager
def answering(model: Any) -> Iterator[None]:
    """Out of training mode for a while."""
    was_training = model.training
    model.eval()
    try:
        yield
    finally:
        model.train(was_training)
