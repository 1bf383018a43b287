"""Training: trl's SFTTrainer and peft's LoRA, on rows made of samples.

    train("tiny", "out/tiny")                       a recipe by its name
    train(load_recipe("tiny"), out, resume=True)    goes on where it was killed
    train("tiny", out, processes=2)                 in two processes of their own

On N processes a step's samples stay the same, each process takes its share. A program
that calls it without ``processes`` can itself be started N times, by ``torchrun
--nproc_per_node N``; by ``accelerate launch`` with a file of ``t4s_lib.launch`` they
share the weights too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from t4s_lib.sources.base import Sample
from t4s_lib.training.recipe import load_recipe
from t4s_lib.training.records import Records

if TYPE_CHECKING:
    from t4s_lib.models.loading import Backbone
    from t4s_lib.training.moments import Look
    from t4s_lib.training.specs import Recipe


@dataclass(frozen=True)
class TrainResult:
    """A training that is done.

    Attributes:
        folder: Where everything was written.
        adapter: The folder with what was learned: an adapter, or, without LoRA,
            a whole model. ``load_backbone`` takes either.
        steps: Steps done.
        seconds: Time spent, evaluations and earlier attempts included.
        scores: Of the last evaluation; None if there was none.
        log: The lines of ``log.jsonl``.
    """

    folder: Path
    adapter: Path
    steps: int
    seconds: float
    scores: Mapping[str, float | None] | None
    log: Sequence[Mapping[str, Any]]


def train(
    recipe: Recipe | str | Path,
    out: str | Path,
    *,
    resume: bool = False,
    data: str | Path | None = None,
    samples: Sequence[Sample] | None = None,
    evaluate_on: Sequence[Sample] | None = None,
    backbone: Backbone | None = None,
    callbacks: Sequence[Look] | None = None,
    processes: int | None = None,
) -> TrainResult:
    """Train a backbone to write masks, as a recipe says.

    Args:
        recipe: A recipe, its name, or its file.
        out: A folder that is not there or empty; or, with ``resume``, one in which
            a training of this recipe was cut off.
        resume: Go on from the last whole checkpoint in ``out``; from the start if
            there is none. Ends with what an unbroken run ends with.
        data: The folder with the real data sets, where the recipe needs them.
        samples: Train on these instead of the recipe's sources.
        evaluate_on: Evaluate on these instead of the recipe's.
        backbone: Train this one instead of loading the recipe's; it is changed.
        callbacks: Each is called with a ``moments.Moment`` at every logged step, on
            the first process. By default one line that shows the progress.
        processes: Train in so many processes of their own on this machine; they read
            what the recipe names, so ``samples``, ``evaluate_on`` and ``backbone``
            stay None. None trains in this process.

    Returns:
        What was reached, and where it is.

    Raises:
        ValueError: If ``out`` is not as described, the recipe and the machine do not
            fit, or something is missing. One line; nothing is overwritten.
    """
    from t4s_lib.training.apart import train_apart
    from t4s_lib.training.session import Session

    chosen = load_recipe(recipe) if isinstance(recipe, str | Path) else recipe
    if processes is not None:
        here = {"samples": samples, "evaluate_on": evaluate_on, "backbone": backbone}
        for name, value in here.items():
            if value is not None:
                raise ValueError(
                    f"processes is {processes} and {name} is given, expected one of "
                    "them: other processes read what the recipe names"
                )
        train_apart(
            chosen, Path(out), processes, resume=resume, data=data, callbacks=callbacks
        )
        return result(out)
    session = Session(chosen, Path(out), data=data, callbacks=callbacks)
    start = session.open(resume)
    if start is None:
        return result(session.out)
    session.prepare(samples=samples, evaluate_on=evaluate_on, backbone=backbone)
    session.run(start)
    return result(session.out)


def result(folder: str | Path) -> TrainResult:
    """What a training that is done has left in its folder.

    Raises:
        ValueError: If no training was finished there.
    """
    import json

    out = Path(folder)
    done = out / "done.json"
    if not done.is_file():
        raise ValueError(f"{out} has no done.json, expected a training that is done")
    said = json.loads(done.read_text(encoding="utf-8"))
    return TrainResult(
        out,
        out / said["adapter"],
        said["steps"],
        said["seconds"],
        said["scores"],
        Records(out / "log.jsonl").read(),
    )
