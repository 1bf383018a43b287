"""What is known of a training at one moment; callbacks are given it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from t4s_lib.training.film import Prediction


@dataclass(frozen=True)
class Moment:
    """A training at one moment; callbacks get it.

    Attributes:
        step: Steps done.
        samples: Samples seen.
        seconds: Time spent, evaluations included.
        loss: Mean of a token since the last moment; None before the first step.
        lr: The learning rate of the last step.
        scores: Where it was evaluated, see ``score.scores``; else None.
        predictions: Where it was evaluated: answers for the film's samples.
        steps: How many steps there will be; None where the clock ends them.
        minutes: When the clock ends it; None where steps do.
        steps_here: Steps since this process began, which may have resumed.
        seconds_here: Time spent on them.
        is_last: Whether training is over.
    """

    step: int
    samples: int
    seconds: float
    loss: float | None = None
    lr: float | None = None
    scores: Mapping[str, float | None] | None = None
    predictions: Sequence[Prediction] = ()
    steps: int | None = None
    minutes: float | None = None
    steps_here: int = 0
    seconds_here: float = 0.0
    is_last: bool = False

    def as_record(self) -> dict[str, Any]:
        """The moment as a line of ``log.jsonl``."""
        record: dict[str, Any] = {"step": self.step, "samples": self.samples}
        record |= {"seconds": round(self.seconds, 2)}
        if self.loss is not None:
            record |= {"loss": self.loss, "lr": self.lr}
        if self.scores is not None:
            record |= {"scores": dict(self.scores)}
        if self.is_last:
            record |= {"is_last": True}
        return record


Look = Callable[[Moment], None]
