"""One answer, written in every way that is compared, with the time it takes.

Seconds are wall-clock, from a question that is ready for the model (picture scaled,
text in tokens) to the answer's last token; so they hold the vision tower's pass and
the question's.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import torch
from transformers import LogitsProcessor

from t4s_lib.generation.decode import end_tokens, picture_tokens, write
from t4s_lib.generation.engine import Grammar
from t4s_lib.models import Backbone
from t4s_lib.models.conversation import encode_prompts
from t4s_lib.prompts import ask
from t4s_lib.sources import Sample

LONGEST = 1024


class Question(NamedTuple):
    """What is asked.

    Attributes:
        sample: The picture and the expression.
        prompts: What the model reads.
    """

    sample: Sample
    prompts: Any


class Run(NamedTuple):
    """An answer and what it took.

    Attributes:
        tokens: What was written, the end token included.
        seconds: Wall-clock time.
        forwards: Forward passes.
        inside: Seconds of those that were spent on what is being measured.
    """

    tokens: list[int]
    seconds: float
    forwards: int
    inside: float = 0.0


def question(backbone: Backbone, sample: Sample) -> Question:
    """Ask for one sample."""
    return Question(sample, batch_prompts(backbone, [sample]))


def batch_prompts(backbone: Backbone, samples: Sequence[Sample]) -> Any:
    """Ask for several samples at once."""
    images = [sample.image for sample in samples]
    return encode_prompts(backbone, images, [ask(s.expression) for s in samples])


def generated(backbone: Backbone, prompts: Any, **how: Any) -> list[list[int]]:
    """Plain greedy ``generate`` of transformers; of each row, the tokens written."""
    with torch.inference_mode():
        written = backbone.model.generate(
            **prompts,
            do_sample=False,
            suppress_tokens=picture_tokens(backbone) or None,
            pad_token_id=backbone.tokenizer.pad_token_id,
            **{"max_new_tokens": LONGEST, **how},
        )
    ends = end_tokens(backbone)
    rows = written[:, prompts["input_ids"].shape[1] :].tolist()
    return [_until_end(row, ends) for row in rows]


def plain(backbone: Backbone, asked: Question) -> Run:
    """One token a pass, by ``generate``."""
    seconds, rows = timed(lambda: generated(backbone, asked.prompts))
    return Run(rows[0], seconds, len(rows[0]))


def looked_up(backbone: Backbone, asked: Question) -> Run:
    """The prompt lookup of transformers."""
    passes = Passes(backbone.model)
    how = {"prompt_lookup_num_tokens": 10, "max_matching_ngram_size": 2}
    with passes:
        seconds, rows = timed(lambda: generated(backbone, asked.prompts, **how))
    return Run(rows[0], seconds, passes.count)


def spelled(backbone: Backbone, asked: Question, tokens: Sequence[int]) -> Run:
    """A given answer, by ``generate``: one pass a token, whatever the model wants."""
    wanted = Wanted(tokens, asked.prompts["input_ids"].shape[1])
    how = {"logits_processor": [wanted], "max_new_tokens": len(tokens)}
    seconds, rows = timed(lambda: generated(backbone, asked.prompts, **how))
    return Run(rows[0], seconds, len(rows[0]))


def fast(backbone: Backbone, asked: Question, mode: str = "rows", **how: Any) -> Run:
    """One of our modes, without a grammar."""
    seconds, written = timed(
        lambda: _written(backbone, asked, mode=mode, **how),
    )
    return Run(written.tokens, seconds, written.counters.forwards)


def gated(
    backbone: Backbone, asked: Question, mode: str = "grammar", codec: str = "row-rle"
) -> Run:
    """One of our modes with a grammar; ``inside`` is what the grammar took."""
    clock = Clock()

    def run() -> Any:
        build = clock.of(Grammar.of)
        grammar = build(codec, 16, asked.sample.expression, backbone)
        held = Timed(grammar, clock)
        return _written(backbone, asked, mode=mode, grammar=held)

    seconds, written = timed(run)
    return Run(written.tokens, seconds, written.counters.forwards, clock.seconds)


def _written(backbone: Backbone, asked: Question, **how: Any) -> Any:
    how = {"max_new_tokens": LONGEST, **how}
    return write(backbone, asked.prompts, asked.sample.expression, **how)


class Clock:
    """Adds up the time spent in functions."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def of(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, its time counted."""

        def counted(*args: Any, **how: Any) -> Any:
            seconds, found = timed(lambda: function(*args, **how))
            self.seconds += seconds
            return found

        return counted


class Timed:
    """A grammar whose matchers' time is counted."""

    def __init__(self, grammar: Any, clock: Clock) -> None:
        self._grammar, self._clock = grammar, clock

    def matcher(self) -> Any:
        """A matcher at the grammar's beginning."""
        inner, found = self._clock.of(self._grammar.matcher)(), type("Gate", (), {})()
        for name in ("accept", "forced", "apply"):
            setattr(found, name, self._clock.of(getattr(inner, name)))
        return found


class Wanted(LogitsProcessor):  # type: ignore[misc]
    """Makes a model want given tokens, so that any text's time can be taken.

    Args:
        tokens: What it shall write.
        start: How many tokens the question has.
    """

    def __init__(self, tokens: Sequence[int], start: int) -> None:
        self._tokens, self._start = tokens, start

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        """Raise the next token above all others."""
        scores[:, self._tokens[input_ids.shape[1] - self._start]] = 1e9
        return scores


class Passes:
    """Counts a model's forward passes, as a context."""

    def __init__(self, model: Any) -> None:
        inner = getattr(model, "get_base_model", None)  # an adapter's wrapping
        self._model, self.count = inner() if inner else model, 0

    def __enter__(self) -> Passes:
        """Begin to count."""
        self._handle = self._model.register_forward_hook(self._add)
        return self

    def __exit__(self, *error: object) -> None:
        """Stop."""
        self._handle.remove()

    def _add(self, *_: Any) -> None:
        self.count += 1


def timed(function: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds that a function takes, and what it gives."""
    start = time.perf_counter()
    found = function()
    return time.perf_counter() - start, found


def _until_end(row: list[int], ends: Sequence[int]) -> list[int]:
    return row[: next((k + 1 for k, t in enumerate(row) if t in ends), len(row))]
