"""Writing masks fast: the shipped model on held-out scenes, and replays of real texts.

What is compared is run on the same questions, one after the other, in turn first and
last; ratios are taken question by question, and their median counts.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks import runs
from benchmarks.replays import Vocabulary, measure_replay, tekken
from benchmarks.runs import Question, Run
from benchmarks.soft import measure_soft
from t4s_lib import codec
from t4s_lib.answers import read_answer
from t4s_lib.generation.decode import end_tokens, write_batch
from t4s_lib.models import Backbone, load_backbone
from t4s_lib.prompts import fold
from t4s_lib.sources import Sample, scenes

Way = Callable[[Backbone, Question], Run]

WAYS: dict[str, Way] = {
    "generate": runs.plain,
    "generate with prompt lookup": runs.looked_up,
    "plain": lambda backbone, asked: runs.fast(backbone, asked, "plain"),
    "grammar": runs.gated,
    "forced": lambda backbone, asked: runs.gated(backbone, asked, "forced"),
    "lookup": lambda backbone, asked: runs.fast(backbone, asked, "lookup"),
    "rows": runs.fast,
    "rows with a grammar": lambda backbone, asked: runs.gated(backbone, asked, "rows"),
}
"""Those of transformers, and our modes."""

BATCH = 8


@dataclass(frozen=True)
class Sizes:
    """How much is measured.

    Attributes:
        scenes: Held-out scenes on which plain and fast writing are compared.
        ways: Of those, how many are written in every way.
        full: Of those, how many are written as full descriptors too.
        soft: Of those, how many are read as soft masks.
        batches: Batches of eight.
        texts: Real texts that are replayed, at most.
        sides: Grid sides of the replays.
    """

    scenes: int = 400
    ways: int = 24
    full: int = 8
    soft: int = 100
    batches: int = 6
    texts: int = 200
    sides: tuple[int, ...] = (16, 24, 32)


def measure_decoding(
    samples: Sequence[Sample],
    sizes: Sizes = Sizes(),
    backbone: Backbone | None = None,
    words: Vocabulary | None = None,
) -> dict[str, Any]:
    """All figures of the key ``decoding``.

    Args:
        samples: Whose masks are replayed.
        sizes: How much is measured.
        backbone: Who writes; the shipped model where None.
        words: The vocabulary of the replays; tekken where None.

    Returns:
        ``identical``: of the answers that are valid when written plainly, the share
        that fast writing leaves as they are. ``speedup_vs_greedy`` and
        ``speedup_vs_full``: seconds of ``generate``, writing R-RLE and full
        descriptors, over those of fast writing. ``batch8_speedup``: the first for
        eight at once. ``grammar_cost``: seconds spent in the grammar over those of
        plain writing. ``soft_cost``: seconds that a soft mask adds over those of
        fast writing. ``replay_16_passes`` and so on: mean forward passes a mask.
        Then the tables behind them.
    """
    model = backbone or load_backbone("tiny")
    held_out = list(scenes(sizes.scenes, "heldout"))
    asked = [runs.question(model, sample) for sample in held_out]
    for way in WAYS.values():  # warms up
        way(model, asked[0])
    part = samples[:: max(1, -(-len(samples) // sizes.texts))]
    replayed = measure_replay(part, words or tekken(), sizes.sides)
    return {
        **compare(model, asked),
        **compare_full(model, asked[: sizes.full]),
        **compare_batches(model, held_out, sizes.batches),
        **compare_ways(model, asked[: sizes.ways]),
        **measure_soft(model, asked[: sizes.soft]),
        **{f"replay_{k}_passes": replayed[str(k)]["rows"] for k in sizes.sides},
        "replay": replayed,
    }


def compare(model: Backbone, asked: Sequence[Question]) -> dict[str, Any]:
    """Plain greedy ``generate`` and fast writing: is it the same, how much faster?"""
    ways = {name: WAYS[name] for name in ("generate", "rows")}
    found = [side_by_side(model, q, ways, k) for k, q in enumerate(asked)]
    valid = [run for run in found if is_valid(model, run["generate"].tokens)]
    same = [run["generate"].tokens == run["rows"].tokens for run in valid]
    return {
        "identical": statistics.fmean(same) if same else None,
        "identical_of": len(valid),
        "plain_valid": round(len(valid) / len(found), 4),
        "speedup_vs_greedy": ratio(found, "generate", "rows"),
        "scenes": len(found),
    }


def compare_full(model: Backbone, asked: Sequence[Question]) -> dict[str, Any]:
    """The same masks as full descriptors by ``generate``, and as R-RLE by us."""
    found = []
    for k, question in enumerate(asked):
        whole = full_tokens(model, question, runs.plain(model, question).tokens)
        ways: dict[str, Way] = {
            "full": lambda b, q, t=whole: runs.spelled(b, q, t),  # type: ignore[misc]
            "rows": runs.fast,
        }
        found.append(side_by_side(model, question, ways, k))
    return {
        "speedup_vs_full": ratio(found, "full", "rows"),
        "full_tokens": mean(len(run["full"].tokens) for run in found),
    }


def compare_batches(
    model: Backbone, samples: Sequence[Sample], batches: int
) -> dict[str, Any]:
    """Eight questions at once, by ``generate`` and by us."""
    parts = [samples[k * BATCH : (k + 1) * BATCH] for k in range(batches)]
    found = [compare_batch(model, part, k) for k, part in enumerate(parts)]
    return {
        "batch8_speedup": round(statistics.median(times for times, _ in found), 2),
        "batch8_identical": mean(same for _, same in found),
    }


def compare_batch(
    model: Backbone, part: Sequence[Sample], turn: int
) -> tuple[float, float]:
    """How many times as fast we are, and the share of answers that are the same."""
    prompts = runs.batch_prompts(model, part)
    named = [sample.expression for sample in part]

    def ours() -> list[list[int]]:
        rows = write_batch(model, prompts, named, max_new_tokens=runs.LONGEST)
        return [row.tokens for row in rows]

    def theirs() -> list[list[int]]:
        return runs.generated(model, prompts)

    order = (theirs, ours) if turn % 2 == 0 else (ours, theirs)
    taken = {way: runs.timed(way) for way in order}
    (slow, plain), (quick, fast) = taken[theirs], taken[ours]
    return slow / quick, mean(a == b for a, b in zip(plain, fast, strict=True))


def compare_ways(model: Backbone, asked: Sequence[Question]) -> dict[str, Any]:
    """Every way side by side, and what the grammar costs."""
    found = [side_by_side(model, q, WAYS, k) for k, q in enumerate(asked)]
    share = [run["grammar"].inside / run["plain"].seconds for run in found]
    table = {
        name: {
            "passes": mean(run[name].forwards for run in found),
            "ms": round(1000 * statistics.median(r[name].seconds for r in found), 1),
            "speedup": ratio(found, "generate", name),
            "identical": mean(r[name].tokens == r["generate"].tokens for r in found),
        }
        for name in WAYS
    }
    return {"grammar_cost": round(statistics.median(share), 4), "modes": table}


def side_by_side(
    model: Backbone, question: Question, ways: Mapping[str, Way], turn: int
) -> dict[str, Run]:
    """One question written in several ways, in turn first and last."""
    names = list(ways) if turn % 2 == 0 else list(ways)[::-1]
    return {name: ways[name](model, question) for name in names}


def ratio(found: Sequence[Mapping[str, Run]], slow: str, fast: str) -> float:
    """Median of how many times as long one took as another, question by question."""
    each = [run[slow].seconds / run[fast].seconds for run in found]
    return round(statistics.median(each), 2)


def mean(values: Any) -> float:
    """A mean, short enough to be read."""
    return round(statistics.fmean(values), 3)


def is_valid(model: Backbone, tokens: Sequence[int]) -> bool:
    """Whether an answer is right as it stands, and finished."""
    finished = tokens[-1] in end_tokens(model)
    text = model.tokenizer.decode(tokens, skip_special_tokens=True)
    return finished and read_answer(text).report.status == "exact"


def full_tokens(model: Backbone, asked: Question, tokens: Sequence[int]) -> list[int]:
    """The answer that says the same cell by cell."""
    expression = asked.sample.expression
    grid = read_answer(model.tokenizer.decode(tokens, skip_special_tokens=True)).grid
    answer = fold(codec("full").encode(grid), expression)
    ids = model.tokenizer.encode(answer, add_special_tokens=False)
    return [*ids, end_tokens(model)[0]]
