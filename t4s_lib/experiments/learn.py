"""The experiment from an empty folder to its page; nothing that is done is redone.

learn(Plan(recipe, ("row-rle", "gaps"), out=Path("out")), said=print)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from t4s_lib.evaluation.lock import locked
from t4s_lib.experiments.arms import Arm, arms_of, shared_recipe
from t4s_lib.experiments.examine import exam_of, examine
from t4s_lib.experiments.page import write_page
from t4s_lib.experiments.papers import Paper, paper
from t4s_lib.experiments.provenance import provenance
from t4s_lib.experiments.records import (
    arm_from,
    dumps,
    from_record,
    overlaps_from,
    to_record,
)
from t4s_lib.experiments.results import Results
from t4s_lib.experiments.trainings import train_arm, training_words
from t4s_lib.training.recipe import Recipe
from t4s_lib.whole_files import write_whole

RESULTS, PAGE = "results.json", "page.html"

Say = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """What is trained and asked.

    Attributes:
        recipe: What all arms have in common; codec, grid and seed are their own.
        given: The same as options of ``t4s train``.
        codecs: Formats to learn.
        out: Where everything is written.
        grids: Grid sides.
        seeds: Of the trainings.
        n: Held-out scenes that each model is asked about.
        processes: How many share a training.
        train: Whether what is missing is trained; else it is left out.
    """

    recipe: Recipe
    given: tuple[str, ...]
    codecs: tuple[str, ...]
    out: Path
    grids: tuple[int, ...] = (16,)
    seeds: tuple[int, ...] = (0, 1)
    n: int = 400
    processes: int = 2
    train: bool = True

    @property
    def arms(self) -> list[Arm]:
        """All its trainings."""
        return arms_of(
            self.recipe, self.codecs, self.grids, self.seeds, self.out, self.processes
        )

    @property
    def words(self) -> str:
        """The command line that asks for it."""
        lists = {
            "codecs": self.codecs,
            "grids": self.grids,
            "seeds": self.seeds,
            "minutes": (self.recipe.minutes,),
            "n": (self.n,),
            "processes": (self.processes,),
        }
        told = [f"--{key} {','.join(map(str, v))}" for key, v in lists.items()]
        told += [] if self.train else ["--no-train"]
        return " ".join(["t4s codecs learn --out ...", *self.given, *told])

    def without_training(self) -> Plan:
        """The same, of what is done alone."""
        return replace(self, train=False)


def learn(plan: Plan, say: Say) -> Results:
    """Train what is missing, examine what is new, and write the results.

    Every training that is there is looked at first: if one is of another recipe,
    nothing is trained.

    Args:
        plan: What to do.
        say: Is told of each arm, in a line.

    Raises:
        ValueError: If a folder holds another training, a training failed, or there
            is no finished arm to report on.
    """
    arms = plan.arms
    for arm in arms:
        arm.check()
    with locked(plan.out):
        asked = paper(plan.n)
        exams = [exam for arm in arms if (exam := _one(arm, plan, asked, say))]
        if not exams:
            raise ValueError(f"{plan.out} has no training that is done, expected one")
        results = collect(exams, plan)
        write_results(results, plan.out)
    return results


def collect(exams: Sequence[dict[str, Any]], plan: Plan) -> Results:
    """The exams of an experiment as its results."""
    return Results(
        tuple(arm_from(exam["arm"]) for exam in exams),
        {exam["arm"]["grid"]: overlaps_from(exam["ceiling"]) for exam in exams},
        {exam["arm"]["grid"]: exam["full_tokens"] for exam in exams},
        exams[0]["scenes"],
        shared_recipe(plan.arms[0]),
        {
            **provenance(plan.words),
            "training": training_words(plan.given, plan.processes),
            "threads": sorted({exam["threads"] for exam in exams}),
        },
    )


def write_results(results: Results, out: Path) -> None:
    """Write ``results.json`` and ``page.html``, each whole or not at all."""
    record = to_record(results)
    from_record(record)  # what is written can be read
    write_whole(out / RESULTS, dumps(record))
    write_page(results, out / PAGE)


def _one(arm: Arm, plan: Plan, asked: Paper, say: Say) -> dict[str, Any] | None:
    """An arm's exam, after what must be done for it; None where it is left out."""
    if arm.state != "done":
        if not plan.train:
            say(f"{arm}: not done, left out")
            return None
        say(f"{arm}: {'training' if arm.state == 'missing' else 'going on'}")
        train_arm(arm, plan.given)
    kept = exam_of(arm, asked)
    if kept is not None:
        say(f"{arm}: examined before")
        return kept
    say(f"{arm}: examined on {plan.n} scenes")
    return examine(arm, asked)
