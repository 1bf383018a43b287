"""What a trained arm writes about the held-out scenes, counted scene by scene.

An exam is kept beside its training, as ``exam.json``: it holds the arm's record (see
``records``), its grid's ceiling, and what makes it valid. It is written whole or not at
all, and made anew where the weights, the scenes or their number are others.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from t4s_lib.answers import read_answer
from t4s_lib.codecs import codec as find_codec
from t4s_lib.evaluation.metrics import Counts, count, scores
from t4s_lib.experiments.arms import Arm, processes_of
from t4s_lib.experiments.papers import Paper
from t4s_lib.experiments.records import dumps
from t4s_lib.grid import grid_to_mask
from t4s_lib.sources import Sample
from t4s_lib.training.rows import true_grid
from t4s_lib.training.trainer import result
from t4s_lib.whole_files import write_whole

if TYPE_CHECKING:
    from t4s_lib.models import Backbone
    from t4s_lib.training.recipe import Recipe

EXAM = "exam.json"
AT_ONCE = 64
"""Answers written together; the seconds of an answer depend on it."""

UP = "bilinear"
"""How cells become pixels, as in a training's own evaluation."""


def exam_of(arm: Arm, paper: Paper) -> dict[str, Any] | None:
    """The exam that is kept beside an arm's training; None if it is not valid."""
    file = arm.folder / EXAM
    if not file.is_file():
        return None
    try:
        found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        return None
    return found if found.get("valid_for") == _valid_for(arm, paper) else None


def examine(arm: Arm, paper: Paper) -> dict[str, Any]:
    """Ask a trained arm about every scene, and keep what it is worth.

    Raises:
        ValueError: If the training is not done, or its weights cannot be loaded.
    """
    import torch

    from t4s_lib.generation.author import merged
    from t4s_lib.models import load_backbone

    done, recipe = result(arm.folder), arm.found
    backbone = merged(load_backbone(done.adapter))
    texts, seconds = _answers(backbone, paper, recipe)
    counts = _counts(paper.samples, texts, recipe)
    found = {
        "valid_for": _valid_for(arm, paper),
        "scenes": paper.facts,
        "threads": torch.get_num_threads(),
        "ceiling": _pixels([item.ceiling or (0, 0) for item in counts]),
        "full_tokens": _mean(_true_tokens(backbone, paper, recipe, "full")),
        "arm": {
            "codec": recipe.codec,
            "grid": recipe.grid,
            "seed": recipe.seed,
            **_pixels([(item.tp, item.union) for item in counts]),
            **_shares(counts),
            "true_tokens": _mean(_true_tokens(backbone, paper, recipe, recipe.codec)),
            "written_tokens": _mean(_written_tokens(backbone, texts, recipe)),
            "seconds_per_answer": seconds / len(texts),
            "training": _training(arm),
        },
    }
    write_whole(arm.folder / EXAM, dumps(found))
    return found


def _answers(
    backbone: Backbone, paper: Paper, recipe: Recipe
) -> tuple[list[str], float]:
    """The answers, and the processor time that they took."""
    from t4s_lib.training.heldout import questions, write_answers

    asked = questions(paper.samples, recipe, backbone.tokenizer)
    start = time.process_time()
    texts = write_answers(backbone, asked, batch=AT_ONCE)
    return texts, time.process_time() - start


def _counts(
    samples: Sequence[Sample], texts: Sequence[str], recipe: Recipe
) -> list[Counts]:
    return [
        _count(sample, text, recipe)
        for sample, text in zip(samples, texts, strict=True)
    ]


def _count(sample: Sample, text: str, recipe: Recipe) -> Counts:
    """One answer against the true mask, and the true grid against it."""
    read = read_answer(text, recipe.grid, recipe.codec)
    size = (sample.mask.shape[0], sample.mask.shape[1])
    best = true_grid(sample, recipe.grid, recipe.rule)
    return count(
        sample.mask,
        grid_to_mask(read.grid, size, mode=UP),
        ceiling=grid_to_mask(best, size, mode=UP),
        status=read.report.status,
        source=sample.source,
    )


def _pixels(pairs: Sequence[tuple[int, int]]) -> dict[str, list[int]]:
    return {"intersections": [a for a, _ in pairs], "unions": [b for _, b in pairs]}


def _shares(counts: Sequence[Counts]) -> dict[str, float | None]:
    found = scores(counts)
    unreadable, right = found["parse_failed"], found["n_acc"]
    return {"unreadable": unreadable, "no_target_accuracy": right}


def _true_tokens(
    backbone: Backbone, paper: Paper, recipe: Recipe, codec: str
) -> list[int]:
    write = find_codec(codec).encode
    grids = (true_grid(sample, recipe.grid, recipe.rule) for sample in paper.samples)
    return [_size(backbone, write(grid)) for grid in grids]


def _written_tokens(
    backbone: Backbone, texts: Sequence[str], recipe: Recipe
) -> list[int]:
    reads = (read_answer(text, recipe.grid, recipe.codec) for text in texts)
    return [_size(backbone, read.text) for read in reads]


def _size(backbone: Backbone, text: str) -> int:
    return len(backbone.tokenizer(text, add_special_tokens=False)["input_ids"])


def _mean(numbers: Sequence[int]) -> float:
    return sum(numbers) / len(numbers)


def _training(arm: Arm) -> dict[str, Any]:
    """What the training took, from the files that it left."""
    done = result(arm.folder)
    evaluated = [line for line in done.log if "scores" in line]
    return {
        "steps": done.steps,
        "samples": done.steps * arm.found.batch,
        "seconds": done.seconds,
        "tokens": tokens_seen(arm.folder),
        "processes": processes_of(arm.folder),
        "differs": arm.differs,
        "curve": [
            {
                "minutes": line["seconds"] / 60,
                "cIoU": line["scores"]["cIoU"],
                "norm": line["scores"]["norm"],
            }
            for line in evaluated
        ],
    }


def tokens_seen(folder: Path) -> int | None:
    """Tokens that a training read, prompts and pictures among them.

    They are counted by trl, which begins at 0 again where a training went on.

    Returns:
        Their number; None where no checkpoint says so.
    """
    states = sorted(
        (folder / "checkpoints").glob("*/trainer_state.json"),
        key=lambda path: path.stat().st_mtime,
    )
    if not states:
        return None
    log = json.loads(states[-1].read_text(encoding="utf-8"))["log_history"]
    told = [int(line["num_tokens"]) for line in log if "num_tokens" in line]
    pairs = zip([0, *told], told, strict=False)
    return sum(b - a if b >= a else b for a, b in pairs) if told else None


def _valid_for(arm: Arm, paper: Paper) -> dict[str, Any]:
    """What an exam is of: weights and scenes, and how they were asked."""
    weights = hashlib.sha256()
    for path in sorted(result(arm.folder).adapter.glob("*.safetensors")):
        weights.update(path.read_bytes())
    facts = {key: paper.facts[key] for key in ("benchmark", "n", "digest")}
    return {**facts, "weights": weights.hexdigest()[:16], "batch": AT_ONCE, "up": UP}
