"""Four short trainings of the tiny base, three of which go wrong.

``python -m t4s_lib.course.failing_runs`` trains them anew and writes
``failing_runs.json``, which lesson 03 shows; it takes some minutes.

    A   labels one place off: each token is asked to repeat itself
    B   healthy
    C   the same eight pictures in every step
    D   a learning rate a hundred times too high
"""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from t4s_lib.sources import Sample, scenes

if TYPE_CHECKING:
    from t4s_lib.models import Backbone

FILE = Path(__file__).with_name("failing_runs.json")
STEPS, EVERY, BATCH, HELD_OUT = 100, 4, 8, 16


@dataclass(frozen=True)
class Way:
    """One way to train.

    Attributes:
        rate: AdamW's learning rate.
        one_off: Whether each token is asked for itself, not for the one after it.
        same: Whether every step sees the same pictures.
    """

    rate: float = 2e-3
    one_off: bool = False
    same: bool = False


WAYS = {
    "A": Way(one_off=True),
    "B": Way(),
    "C": Way(same=True),
    "D": Way(rate=0.2),
}


@dataclass(frozen=True)
class Recorded:
    """Trainings that were recorded.

    Attributes:
        note: How and on what.
        runs: By letter: ``steps``, and the losses ``training`` and ``held_out``.
    """

    note: str
    runs: Mapping[str, Mapping[str, Any]]

    def words(self) -> str:
        """How each curve goes, in words and numbers."""
        return " ".join(
            f"{letter}: {_course('training', run['training'])}, "
            f"{_course('held out', run['held_out'])}."
            for letter, run in self.runs.items()
        )


def read_runs() -> Recorded:
    """The trainings that ``failing_runs.json`` holds."""
    return Recorded(**json.loads(FILE.read_text(encoding="utf-8")))


def train_way(way: Way, backbone: Backbone, steps: int = STEPS) -> dict[str, Any]:
    """Train a backbone one way.

    Returns:
        ``steps``, and the losses ``training`` and ``held_out`` at each of them.
    """
    import torch

    from t4s_lib.course.learned import batch_of, student
    from t4s_lib.training.recipe import load_recipe

    torch.manual_seed(0)
    recipe = load_recipe("tiny")
    learner = student(backbone, recipe)
    weights = [p for p in learner.model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(weights, lr=way.rate, weight_decay=0.0)
    held_out = _batch(batch_of(learner, list(scenes(HELD_OUT, "val")), recipe), way)
    curve: dict[str, list[Any]] = {"steps": [], "training": [], "held_out": []}
    since: list[float] = []
    for step, samples in zip(range(1, steps + 1), _feed(way), strict=False):
        loss = learner.model(**_batch(batch_of(learner, samples, recipe), way)).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        since.append(loss.item())
        if step % EVERY == 0:
            with torch.no_grad():
                new = learner.model(**held_out).loss.item()
            mean, since = sum(since) / len(since), []
            for key, value in zip(curve, (step, mean, new), strict=True):
                curve[key].append(round(value, 5))
    return curve


def record() -> dict[str, Any]:
    """Train all four ways."""
    from t4s_lib.models import load_backbone

    runs = {k: train_way(way, load_backbone("tiny-base")) for k, way in WAYS.items()}
    note = f"{STEPS} steps of {BATCH} scenes, seed 0, {platform.machine()} CPU, float32"
    return {"note": note, "runs": runs}


def _course(name: str, losses: Sequence[float]) -> str:
    return f"{name} from {losses[0]:.2g} to {losses[-1]:.2g}, at best {min(losses):.2g}"


def _feed(way: Way) -> Iterator[Sequence[Sample]]:
    endless = scenes(10**6, "train")
    for step in range(10**6 // BATCH):
        start = 0 if way.same else step * BATCH
        yield [endless[k] for k in range(start, start + BATCH)]


def _batch(batch: Mapping[str, Any], way: Way) -> dict[str, Any]:
    """The batch, its labels moved by one where the way says so.

    The model holds its output at place k against the label at k + 1. A label moved
    by one is then the token at k itself.
    """
    found = dict(batch)
    if way.one_off:
        found["labels"] = found["labels"].roll(1, dims=1)
    return found


if __name__ == "__main__":
    FILE.write_text(json.dumps(record(), indent=1) + "\n", encoding="utf-8")
