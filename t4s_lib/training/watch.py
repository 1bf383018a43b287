"""What is seen of a training: log lines, scores, pictures, and who else looks on.

    log.jsonl    a line a logged step: step, samples, seconds, loss, lr, scores, and
                 whether it was the last
    curve.png    loss and scores over time
    film.jsonl   what the model answered for a few fixed samples
    film.png     the same as masks
    scores.json  the last scores, fractions from 0 to 1

Every process evaluates its share of the held-out samples; the first one writes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from transformers import TrainerCallback

from t4s_lib.training.curve import save_curve
from t4s_lib.training.film import Prediction, predict, render_film, save_film
from t4s_lib.training.heldout import Questions
from t4s_lib.training.moments import Look, Moment
from t4s_lib.training.records import Records, write_json
from t4s_lib.training.score import scores

if TYPE_CHECKING:
    from t4s_lib.training.clock import Clock
    from t4s_lib.training.specs import Recipe

FILM = 6
"""Samples of the film strip: the first ones of those evaluated on."""


@dataclass
class Watch:
    """Everything the watcher needs to know, apart from the training itself.

    Attributes:
        recipe: What is trained.
        out: Where files go.
        clock: The time.
        is_main: Whether this process writes.
        steps: Steps of the training; None where the clock ends it.
        questions: What is asked at evaluations; None evaluates nothing.
        answer: Answers them all, on every process.
        looks: Who else is told of each moment, on the first process.
    """

    recipe: Recipe
    out: Path
    clock: Clock
    is_main: bool
    steps: int | None
    questions: Questions | None = None
    answer: Callable[[Any], list[str]] | None = None
    looks: Sequence[Look] = ()
    log: Records = field(init=False)
    film: Records = field(init=False)

    def __post_init__(self) -> None:
        self.log = Records(self.out / "log.jsonl")
        self.film = Records(self.out / "film.jsonl")


class Watcher(TrainerCallback):  # type: ignore[misc]
    """Tells the clock, stops with it, evaluates when due, and keeps the files.

    Args:
        watch: What to look after.
    """

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._evaluated_step = -1
        self._evaluated_at = 0.0
        self._begun = (0, 0.0)
        self.scores: Mapping[str, float | None] | None = None

    def on_train_begin(
        self, args: Any, state: Any, control: Any, model: Any = None, **_: Any
    ) -> None:
        """Start the clock; look at the model before its first step."""
        clock = self._watch.clock
        clock.start(clock.seconds)
        self._begun = (state.global_step, clock.seconds)
        self._evaluated_at = clock.seconds
        if state.global_step == 0 and self._is_repeated():
            self._tell(0, model)

    def on_optimizer_step(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Look at the clock once a step, before the rate is set by it."""
        self._watch.clock.tick()

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """See what is due. A checkpoint begins a new stretch of the mean loss."""
        if self._watch.clock.is_over:
            control.should_training_stop = True
        last = control.should_training_stop or state.global_step >= state.max_steps
        if last or state.global_step % self._watch.recipe.save_every == 0:
            control.should_save = True
        if control.should_save or self._is_due(state.global_step):
            control.should_log = True

    def on_log(
        self,
        args: Any,
        state: Any,
        control: Any,
        logs: Mapping[str, Any] | None = None,
        model: Any = None,
        **_: Any,
    ) -> None:
        """Write a line; evaluate first where that is due."""
        if not logs or "loss" not in logs:
            return
        last = control.should_training_stop or state.global_step >= state.max_steps
        due = last or self._is_due(state.global_step)
        evaluated = model if due and self._watch.questions is not None else None
        self._tell(
            state.global_step, evaluated, logs["loss"], logs["learning_rate"], last
        )

    def _is_repeated(self) -> bool:
        """Whether there are evaluations before the end."""
        spec = self._watch.recipe.eval
        if self._watch.questions is None or spec is None:
            return False
        return spec.every_steps is not None or spec.every_minutes is not None

    def _is_due(self, step: int) -> bool:
        spec = self._watch.recipe.eval
        if (
            self._watch.questions is None
            or spec is None
            or step == self._evaluated_step
        ):
            return False
        if spec.every_steps is not None:
            return step % spec.every_steps == 0
        if spec.every_minutes is not None:
            since = self._watch.clock.seconds - self._evaluated_at
            return since >= 60 * spec.every_minutes
        return False

    def _tell(
        self,
        step: int,
        model: Any = None,
        loss: float | None = None,
        lr: float | None = None,
        is_last: bool = False,
    ) -> None:
        """Make a moment of now; write it and show it."""
        watch, clock = self._watch, self._watch.clock
        found, shown = self._evaluate(step, model) if model is not None else (None, [])
        seconds = clock.seconds if model is None else clock.tick()
        moment = Moment(
            step=step,
            samples=step * watch.recipe.batch,
            seconds=seconds,
            loss=loss,
            lr=lr,
            scores=found,
            predictions=shown,
            steps=watch.steps,
            minutes=watch.recipe.minutes,
            steps_here=step - self._begun[0],
            seconds_here=seconds - self._begun[1],
            is_last=is_last,
        )
        if watch.is_main:
            self._write(moment)
            for look in watch.looks:
                look(moment)

    def _evaluate(
        self, step: int, model: Any
    ) -> tuple[dict[str, float | None], list[Prediction]]:
        watch, asked = self._watch, self._watch.questions
        assert asked is not None
        assert watch.answer is not None
        texts = watch.answer(model)
        recipe = watch.recipe
        said = scores(asked.samples, texts, recipe.grid, recipe.codec, rule=recipe.rule)
        self.scores, self._evaluated_step = said, step
        self._evaluated_at = watch.clock.tick()
        when = (step, self._evaluated_at)
        shown = zip(asked.samples, asked.asked, texts, strict=True)
        few = [next(shown) for _ in range(min(FILM, len(texts)))]
        return said, [predict(*one, when, recipe.grid, recipe.codec) for one in few]

    def _write(self, moment: Moment) -> None:
        watch = self._watch
        for prediction in moment.predictions:
            watch.film.add(prediction.as_dict())
        watch.log.add(moment.as_record())  # after the film: whoever reads finds both
        if moment.scores is not None and watch.questions is not None:
            samples = watch.questions.samples[:FILM]
            recipe = watch.recipe
            film = render_film(samples, watch.film.read(), recipe.grid, recipe.codec)
            save_film(film, watch.out / "film.png")
        if moment.scores is not None or moment.is_last:
            save_curve(watch.log.read(), watch.out / "curve.png", watch.recipe.name)
        if moment.is_last and moment.scores is not None:
            write_json(watch.out / "scores.json", dict(moment.scores))
