"""One training from an empty folder to a finished one, by one or many processes."""

from __future__ import annotations

import shutil
import sys
import warnings
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from t4s_lib.models.checkpoints import FORMAT_FILE
from t4s_lib.sources.base import Sample
from t4s_lib.training import checkpoints
from t4s_lib.training.beginning import load_start, merged, token_counter
from t4s_lib.training.clock import CLOCKS, Clock
from t4s_lib.training.heldout import Questions, of_model, questions, write_answers
from t4s_lib.training.passes import open_source, training_set
from t4s_lib.training.processes import Processes
from t4s_lib.training.progress import ProgressLine
from t4s_lib.training.recipe import load_recipe, to_dict, to_yaml
from t4s_lib.training.records import Records, write_json
from t4s_lib.whole_files import write_whole

if TYPE_CHECKING:
    from t4s_lib.models.loading import Backbone
    from t4s_lib.training.moments import Look
    from t4s_lib.training.sft import MaskTrainer
    from t4s_lib.training.specs import Recipe
    from t4s_lib.training.watch import Watcher

_RECIPE_BESIDE = ".recipe.part.yaml"
"""What a kill may leave before anything else is there."""


class Start(NamedTuple):
    """Where a training begins.

    Attributes:
        checkpoint: The folder to go on from; None for the very beginning.
        step: Steps done.
        seconds: Time spent on them.
    """

    checkpoint: Path | None = None
    step: int = 0
    seconds: float = 0.0


class Session:
    """A training in the making; ``trainer.train`` is what users call.

    Args:
        recipe: What is trained.
        out: Where everything is written.
        data: The folder with the real data sets.
        callbacks: Told of each moment; a progress line for None.
    """

    def __init__(
        self,
        recipe: Recipe,
        out: Path,
        *,
        data: str | Path | None = None,
        callbacks: Sequence[Look] | None = None,
    ) -> None:
        self.recipe = recipe
        self.out = out
        self._data = data
        self._looks = [ProgressLine()] if callbacks is None else list(callbacks)
        self._processes = Processes()
        self._clock = Clock(recipe.minutes, self._processes.first, CLOCKS[recipe.clock])

    def open(self, resume: bool) -> Start | None:
        """See where to start; None if a training was finished there.

        Raises:
            ValueError: If it is not empty, or holds another training.
        """
        return self._processes.together(partial(self._open, resume))

    def prepare(
        self,
        samples: Sequence[Sample] | None = None,
        evaluate_on: Sequence[Sample] | None = None,
        backbone: Backbone | None = None,
    ) -> None:
        """Load the model, open the data, and build the trainer.

        Nothing is written before all of it is known to be there.
        """
        self._backbone = backbone or load_start(self.recipe, self.out)
        rows = training_set(
            self.recipe,
            data=self._data,
            samples=samples,
            side=self._backbone.side,
            tokens=token_counter(self._backbone),
        )
        steps = rows.steps(self.recipe)
        asked = self._questions(evaluate_on)
        self._processes.together(self._claim)
        self._backbone = merged(self._backbone, self.out, self._processes)
        self._trainer, self._watcher = self._build(rows.rows, steps, asked)

    def run(self, start: Start) -> None:
        """Train from the start, or from where it was cut off, and save."""
        self._clock.seconds = start.seconds
        where = str(start.checkpoint) if start.checkpoint else None
        self._trainer.train(resume_from_checkpoint=where)
        name = "adapter" if self.recipe.lora is not None else "model"
        beside = self.out / f".{name}.partial"
        self._trainer.save_model(str(beside))
        self._processes.together(partial(self._finish, beside, name))

    def _open(self, resume: bool) -> Start | None:
        """On the first process alone."""
        saved, out = self.out / "recipe.yaml", self.out
        there = next(p for p in (out, *out.absolute().parents) if p.exists())
        if not there.is_dir():
            raise ValueError(f"out is {out}, but {there} is a file; expected a folder")
        names = (path.name for path in out.iterdir()) if out.is_dir() else ()
        holds = sorted(name for name in names if name != _RECIPE_BESIDE)
        if not holds:
            return Start()
        if not resume:
            raise ValueError(
                f"out is {out}, which holds {holds[0]}; expected an empty folder, or "
                "--resume to go on with the training in it"
            )
        if not saved.is_file():
            raise ValueError(f"out is {out}, which has no recipe.yaml: not a training")
        _same_recipe(load_recipe(saved), self.recipe, out)
        return None if (out / "done.json").is_file() else self._cut_back()

    def _claim(self) -> None:
        """Make the folder this training's; on the first process alone."""
        self.out.mkdir(parents=True, exist_ok=True)
        write_whole(self.out / "recipe.yaml", to_yaml(self.recipe))

    def _cut_back(self) -> Start:
        found = checkpoints.latest(self.out / "checkpoints")
        for line in found.faults:
            print(f"t4s: {line}", file=sys.stderr)
        for name in ("log.jsonl", "film.jsonl"):
            if (self.out / name).is_file():
                # The lines of step 0 are written anew by a training that starts over.
                Records(self.out / name).cut(found.step if found.folder else -1)
        return Start(found.folder, found.step, found.seconds)

    def _questions(self, given: Sequence[Sample] | None) -> Questions | None:
        spec = self.recipe.eval
        if given is None and spec is None:
            return None
        if given is None and spec is not None:
            given = open_source(spec.benchmark, self._data)[: spec.n]
        return questions(given or (), self.recipe, self._backbone.processor.tokenizer)

    def _build(
        self, rows: Any, steps: int | None, asked: Questions | None
    ) -> tuple[MaskTrainer, Watcher]:
        from transformers import PrinterCallback

        from t4s_lib.models.conversation import collator
        from t4s_lib.training.lora import lora_config
        from t4s_lib.training.sft import MaskTrainer, Setting, arguments
        from t4s_lib.training.watch import Watch, Watcher

        recipe, backbone = self.recipe, self._backbone
        folder = self.out / "checkpoints"
        is_main = self._processes.is_main
        watch = Watch(recipe, self.out, self._clock, is_main, steps, asked)
        watch.answer = None if asked is None else partial(self._answer, asked)
        watch.looks = self._looks
        watcher = Watcher(watch)
        lora = recipe.lora
        with warnings.catch_warnings():
            # trl's own defaults, by names that transformers is about to change
            warnings.simplefilter("ignore", FutureWarning)
            trainer = MaskTrainer(
                Setting(recipe, rows, self._clock, folder),
                model=backbone.model,
                args=arguments(recipe, folder, steps, self._processes.world),
                data_collator=collator(backbone),
                processing_class=backbone.processor,
                peft_config=lora and lora_config(lora, backbone.family),
                callbacks=[watcher],
            )
        trainer.remove_callback(PrinterCallback)
        return trainer, watcher

    def _answer(self, asked: Questions, model: Any) -> list[str]:
        plain = self._trainer.accelerator.unwrap_model(model)
        return write_answers(
            of_model(self._backbone, plain),
            asked,
            batch=max(8, 2 * self.recipe.per_device_batch),
            share=(self._processes.rank, self._processes.world),
            gather=self._processes.gather,
        )

    def _finish(self, beside: Path, name: str) -> None:
        for needless in ("training_args.bin", "README.md"):
            (beside / needless).unlink(missing_ok=True)
        written = {k: getattr(self.recipe, k) for k in ("codec", "grid", "rule")}
        write_json(beside / FORMAT_FILE, written)
        shutil.rmtree(self.out / name, ignore_errors=True)
        beside.rename(self.out / name)
        steps = int(self._trainer.state.global_step)
        said = {
            "steps": steps,
            "samples": steps * self.recipe.batch,
            "seconds": round(self._clock.seconds, 1),
            "adapter": name,
            # None where it was killed after the last evaluation: then in the log.
            "scores": self._watcher.scores or self._logged_scores(),
        }
        write_json(self.out / "done.json", said)

    def _logged_scores(self) -> Any:
        lines = Records(self.out / "log.jsonl").read()
        return next((r["scores"] for r in lines[::-1] if "scores" in r), None)


def _same_recipe(saved: Recipe, recipe: Recipe, out: Path) -> None:
    before, now = to_dict(saved), to_dict(recipe)
    other = [key for key in before if before[key] != now[key]]
    if other:
        key = other[0]
        raise ValueError(
            f"{key} is {now[key]!r}, expected {before[key]!r} as in the training that "
            f"is in {out}"
        )
