"""What an experiment says, in sentences computed from its numbers."""

from __future__ import annotations

from t4s_lib.experiments.intervals import (
    Estimate,
    difference,
    share_of_ceiling,
    spread,
)
from t4s_lib.experiments.results import BASELINE, Results

GOAL = 0.9
"""Share of the tokens of ``full`` that a short codec should save."""


def verdict(results: Results, codec: str, grid: int = 16) -> str:
    """Whether a codec's shorter text costs accuracy, in one sentence.

    Raises:
        ValueError: If no model learned it, or the baseline, on that grid.
    """
    fewer = saved(results, codec, grid)
    short = f"{codec} writes {fewer:.1%} fewer tokens than full"
    if codec == "full":
        short = "full writes every cell"
    if codec == BASELINE:
        return f"{short}; the others are held against it."
    found = difference(results, codec, BASELINE, grid)
    shown = judged(found) if _is_learned(results, grid) else _NOTHING
    return (
        f"{short}; its cIoU is {found.estimate:+.3f} against {BASELINE} (95 % interval "
        f"over scenes {found.low:+.3f} to {found.high:+.3f}): {shown}"
        f"{_seeds(results, codec, grid)}."
    )


def judged(found: Estimate) -> str:
    """What an interval of a difference shows."""
    if found.holds_zero:
        return "no difference is shown"
    return "better on these scenes" if found.low > 0 else "worse on these scenes"


def reaches_goal(results: Results, codec: str, grid: int = 16) -> bool:
    """Whether a codec saves enough and is not shown to be worse than the baseline."""
    short = saved(results, codec, grid) >= GOAL and _is_learned(results, grid)
    return short and difference(results, codec, BASELINE, grid).high >= 0


def _is_learned(results: Results, grid: int) -> bool:
    """Whether the baseline got anywhere: being no worse than nothing shows nothing."""
    return any(arm.overlaps.ciou > 0 for arm in results.of(BASELINE, grid))


_NOTHING = f"nothing is shown, for {BASELINE} learned nothing"


def saved(results: Results, codec: str, grid: int) -> float:
    """Share of the tokens of the true masks in ``full`` that a codec saves."""
    return 1 - results.of(codec, grid)[0].true_tokens / results.full_tokens[grid]


def label(results: Results, codec: str, grid: int) -> str:
    """A codec's name, with its grid where there are several."""
    several = len({side for _, side in results.groups}) > 1
    return f"{codec} {grid} x {grid}" if several else codec


def standing(results: Results, codec: str, grid: int) -> str:
    """A codec's place in the figure, in words."""
    found = share_of_ceiling(results, codec, grid)
    tokens = results.of(codec, grid)[0].true_tokens
    return (
        f"{label(results, codec, grid)} {tokens:.0f} tokens, {found.estimate:.1%} "
        f"({found.low:.1%} to {found.high:.1%})"
    )


def _seeds(results: Results, codec: str, grid: int) -> str:
    """How far seeds lie apart, of the codec and of the baseline."""
    rows = [(name, spread(results, name, grid)) for name in (codec, BASELINE)]
    told = [f"{name} {apart:.3f}" for name, apart in rows if apart is not None]
    return f". Between seeds: {', '.join(told)}" if told else ""
