"""What a model of synthetic scenes can do: the figures of the tiny model's card.

python -m t4s_lib.training.exam tiny --n 400      prints them as JSON
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from t4s_lib.codecs import codec
from t4s_lib.grid import mask_to_grid
from t4s_lib.sources import Sample, scenes
from t4s_lib.training.diet import task_row
from t4s_lib.training.recipe import load_recipe
from t4s_lib.training.score import scores

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

    asked = questions(samples, recipe, backbone.tokenizer)
    texts = write_answers(backbone, asked, batch=_AT_ONCE)
    return scores(asked.samples, texts, recipe.grid, recipe.codec)


def question_blind(samples: Sequence[Sample], size: int = 16) -> Scores:
    """The scores of one that sees perfectly and never reads the question.

    It writes every shape of a scene, cell by cell as it should, whatever is asked.
    """
    texts = []
    for sample in samples:
        pixels = (sample.image.height, sample.image.width)
        shapes = sample.extra["scene"].instances(pixels) > 0
        texts.append(codec("row-rle").encode(mask_to_grid(shapes, size)))
    return scores(samples, texts, size)


def naming(backbone: Backbone, samples: Sequence[Sample]) -> float:
    """Share of right answers to "What is in row 5, column 9?", once a sample."""
    rows = [task_row(sample, 0, ["name"]) for sample in samples]
    said: list[str] = []
    for k in range(0, len(rows), _AT_ONCE):
        part = slice(k, k + _AT_ONCE)
        images = [sample.image for sample in samples[part]]
        questions = [words(row["prompt"]) for row in rows[part]]
        said += answers(backbone, images, questions, _NAME_TOKENS)
    pairs = zip(said, rows, strict=True)
    return sum(a.strip() == words(row["completion"]) for a, row in pairs) / len(rows)


def answers(
    backbone: Backbone, images: Sequence[Any], questions: Sequence[str], tokens: int
) -> list[str]:
    """What a backbone answers, greedily, in at most so many tokens."""
    import torch

    from t4s_lib.models.conversation import decode_answers, encode_prompts
    from t4s_lib.training.heldout import answering

    prompts = encode_prompts(backbone, images, questions)
    with answering(backbone.model), torch.no_grad():
        written = backbone.model.generate(
            **prompts, max_new_tokens=tokens, do_sample=False
        )
    return decode_answers(backbone, prompts, written)


def words(messages: Sequence[Mapping[str, Any]]) -> str:
    """All that is said in messages, without pictures."""
    parts = [part for message in messages for part in message["content"]]
    return "".join(part.get("text", "") for part in parts)


def examine(backbone: Backbone, n: int = 400, recipe: str = "tiny") -> dict[str, Any]:
    """Everything on the model card.

    Args:
        backbone: Who is examined.
        n: Scenes of each kind.
        recipe: Says which format and grid it should write.

    Returns:
        ``heldout``, ``heldout-pairs`` and ``no-target`` (where nothing is meant):
        scores; ``blind``: those of the question-blind baseline on the first;
        ``naming``: a fraction; ``seconds``.
    """
    start, chosen = time.perf_counter(), load_recipe(recipe)
    sets = {
        "heldout": list(scenes(n, "heldout")),
        "heldout-pairs": list(scenes(n, "heldout-pairs")),
        "no-target": list(scenes(n, "heldout", seed=1, kinds=["none"])),
    }
    found: dict[str, Any] = {
        name: mask_scores(backbone, samples, chosen) for name, samples in sets.items()
    }
    found["blind"] = question_blind(sets["heldout"])
    found["naming"] = naming(backbone, sets["heldout"])
    return {**found, "seconds": round(time.perf_counter() - start, 1)}


def main(args: Sequence[str] | None = None) -> None:
    """Print the figures of a model as JSON."""
    from t4s_lib.models import load_backbone

    parser = argparse.ArgumentParser(description="What a model of scenes can do.")
    parser.add_argument("model", help="tiny, tiny-base or a folder")
    parser.add_argument("--n", type=int, default=400, help="scenes of each kind")
    parser.add_argument("--recipe", default="tiny", help="says format and grid")
    chosen = parser.parse_args(args)
    found = examine(load_backbone(chosen.model), chosen.n, chosen.recipe)
    json.dump({"model": chosen.model, **found}, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
