"""Answers of a model in every mode of writing, as lesson 04 compares them.

Torch is imported when a model is asked, not before.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import median
from typing import TYPE_CHECKING, Any

from t4s_lib.answers import read_answer
from t4s_lib.codecs import codec
from t4s_lib.course.traces import Trace, pieces_of
from t4s_lib.grid import grid_to_mask, iou, mask_to_grid
from t4s_lib.prompts import ask, fold
from t4s_lib.sources import Sample

if TYPE_CHECKING:
    from t4s_lib.generation.loop import Written
    from t4s_lib.models import Backbone

Runs = Mapping[str, Sequence[Trace]]

MODES = ("plain", "grammar", "forced", "lookup", "rows")
"""The modes of writing, each with something more than the one before."""

TOKENS = 800
"""Longest answer, in tokens."""


def answer(backbone: Backbone, sample: Sample, mode: str = "rows") -> Trace:
    """What a backbone answers when it is asked for a sample's mask.

    Args:
        backbone: Who is asked.
        sample: Picture and expression.
        mode: One of ``MODES``.
    """
    written = _write(backbone, sample, mode)
    return trace_of(written, mode, sample.expression, backbone.tokenizer)


def trace_of(written: Written, mode: str, label: str, tokenizer: Any) -> Trace:
    """An answer as lessons show it."""
    pieces = pieces_of(written.tokens, written.by, tokenizer)
    steps = tuple(kept + 1 for _, kept in written.counters.passes)
    return Trace(mode, pieces, label, steps=steps, seconds=written.counters.seconds)


def in_all_modes(
    backbone: Backbone, samples: Sequence[Sample], modes: Sequence[str] = MODES
) -> dict[str, list[Trace]]:
    """Every sample in every mode, mode after mode, so that noise falls on all alike."""
    runs: dict[str, list[Trace]] = {mode: [] for mode in modes}
    for mode in modes:  # the first run of a mode gets things ready
        answer(backbone, samples[0], mode)
    for sample in samples:
        for mode, traces in runs.items():
            traces.append(answer(backbone, sample, mode))
    return runs


def passes(runs: Runs) -> dict[str, float]:
    """Passes of the model a mask, by mode: the median."""
    return {mode: median(t.forwards for t in traces) for mode, traces in runs.items()}


def seconds(runs: Runs) -> dict[str, float]:
    """Seconds a mask, by mode: the median."""
    return {mode: median(t.seconds for t in traces) for mode, traces in runs.items()}


def times_as_fast(runs: Runs, mode: str, than: str = "plain") -> float:
    """How many times as fast a mode is: the median over masks."""
    pairs = zip(runs[than], runs[mode], strict=True)
    return median(slow.seconds / fast.seconds for slow, fast in pairs)


def same_text(runs: Runs, mode: str, than: str = "plain") -> tuple[int, int]:
    """How many texts are the same in two modes, of those whose mask is exact."""
    pairs = [
        (one.text, two.text)
        for one, two in zip(runs[than], runs[mode], strict=True)
        if read_answer(one.text, one.shape).report.status == "exact"
    ]
    return sum(one == two for one, two in pairs), len(pairs)


MODE_HEADER = ("mode", "passes", "tokens a pass", "ms", "times as fast", "same text")
"""What stands above the lines of ``mode_lines``."""


def mode_lines(runs: Runs) -> list[tuple[str, ...]]:
    """A line of a table for each mode: medians a mask, against plain."""
    lines: list[tuple[str, ...]] = []
    for mode, traces in runs.items():
        tokens = median(len(t.pieces) / t.forwards for t in traces)
        same, of = same_text(runs, mode)
        lines.append(
            (
                mode,
                f"{passes(runs)[mode]:.0f}",
                f"{tokens:.1f}",
                f"{1000 * seconds(runs)[mode]:.0f}",
                f"{times_as_fast(runs, mode):.1f}",
                f"{same} of {of}",
            )
        )
    return lines


def reading_line(
    name: str, traces: Sequence[Trace], samples: Sequence[Sample]
) -> tuple[str, str, float]:
    """A line of a table: how many masks are without a fault, and their mean IoU."""
    read = [read_answer(trace.text, trace.shape) for trace in traces]
    exact = sum(reading.report.status == "exact" for reading in read)
    ious = [
        iou(sample.mask, grid_to_mask(reading.grid, _size(sample)))
        for sample, reading in zip(samples, read, strict=True)
    ]
    return name, f"{exact} of {len(read)}", sum(ious) / len(ious)


def replayed_passes(
    backbone: Backbone, samples: Sequence[Sample], grids: Sequence[int]
) -> dict[str, list[float]]:
    """Mean passes of one that sees perfectly, by mode and grid side; no model runs.

    Args:
        backbone: Whose tokens are counted.
        samples: Whose true masks are written.
        grids: Grid sides.
    """
    from t4s_lib.generation.decode import drafter_for, end_tokens, tokens_of
    from t4s_lib.generation.replay import replay

    tokens, end = tokens_of(backbone.tokenizer), end_tokens(backbone)[0]
    found: dict[str, list[float]] = {"plain": [], "lookup": [], "rows": []}
    for size in grids:
        answers = [(s.expression, tokens.encode(_true(s, size))) for s in samples]
        for mode, means in found.items():
            few = [
                replay(
                    [*text, end],
                    drafter_for(backbone, label, mode, "row-rle", size),
                ).counters.forwards
                for label, text in answers
            ]
            means.append(sum(few) / len(few))
    return found


def bf16_apart(backbone: Backbone, sample: Sample) -> list[float]:
    """For each token of an answer: bf16 numbers between best and second best logit."""
    found: list[float] = []

    def watch(logits: Any) -> None:
        for one, two in logits.topk(2).values.tolist():
            found.append((one - two) / bf16_spacing(one))

    _write(backbone, sample, "plain", watch)
    return found


def bf16_spacing(value: float) -> float:
    """The distance of neighbouring bf16 numbers at a value other than 0.

    Examples:
        >>> bf16_spacing(17.3), bf16_spacing(1.3)
        (0.125, 0.0078125)
    """
    return 2.0 ** (math.floor(math.log2(abs(value))) - 7)


def _true(sample: Sample, size: int) -> str:
    grid = mask_to_grid(sample.mask, size, sample.expression)
    text = codec("row-rle").encode(grid)
    return fold(text, sample.expression, seed=sample.source)


def _size(sample: Sample) -> tuple[int, int]:
    return sample.image.height, sample.image.width


def _write(backbone: Backbone, sample: Sample, mode: str, watch: Any = None) -> Written:
    from t4s_lib.generation.decode import write
    from t4s_lib.generation.engine import Grammar
    from t4s_lib.models.conversation import encode_prompts

    label = sample.expression
    allowed = None if mode == "plain" else Grammar.of("row-rle", 16, label, backbone)
    prompts = encode_prompts(backbone, [sample.image], [ask(label)])
    how: Any = {"mode": mode, "grammar": allowed, "max_new_tokens": TOKENS}
    return write(backbone, prompts, label, watch=watch, **how)
