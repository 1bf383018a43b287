"""Where a score is lost: from 1.0 over the grid, the parser and the model to pixels.

    step      the score if ...                                     key of the scores
    --------  ---------------------------------------------------  -----------------
    perfect   every pixel were right                               1
    grid      every answer were the true grid                      grid_ceiling
    parse     so were all that can be read; the others are empty   parse_ceiling
    model     the answers are as they are, in blocks               cIoU or mIoU
    refiner   as they are, drawn by the refiner                    the same, under it

What mending a text loses is not seen apart: it counts with the model.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any, NamedTuple

_NAMES = {
    "perfect": "every pixel right",
    "grid": "what the grid keeps",
    "parse": "what can be read",
    "model": "what the model says",
    "refiner": "after the refiner",
}
_ROW, _BAR, _LEFT, _WIDTH, _RIGHT = 34, 22, 220, 420, 116


class Step(NamedTuple):
    """One step of a waterfall.

    Attributes:
        name: perfect, grid, parse, model or refiner.
        value: The score after it.
        change: What it adds, mostly below 0.
    """

    name: str
    value: float
    change: float


def waterfall(
    scores: Mapping[str, Any], score: str = "cIoU", refiner: str | None = None
) -> list[Step]:
    """The steps from 1.0 to a run's score.

    Args:
        scores: What ``scores.json`` holds.
        score: The figure: ``cIoU``, or ``mIoU`` where there are classes.
        refiner: The refiner to end with; none for None.

    Returns:
        The steps; none where there is no score or no ceiling.

    Examples:
        >>> found = {"cIoU": 0.5, "grid_ceiling": 0.8, "parse_ceiling": 0.75}
        >>> [(step.name, round(step.change, 2)) for step in waterfall(found)]
        [('perfect', 0.0), ('grid', -0.2), ('parse', -0.05), ('model', -0.25)]
    """
    keys = {"grid": "grid_ceiling", "parse": "parse_ceiling", "model": score}
    values: dict[str, float | None] = {"perfect": 1.0}
    values |= {name: scores.get(key) for name, key in keys.items()}
    if refiner is not None:
        values["refiner"] = scores[refiner][score]
    steps, last = [], 1.0
    for name, value in values.items():
        if value is None:
            return []
        steps.append(Step(name, value, value - last))
        last = value
    return steps


def waterfall_svg(steps: list[Step], score: str, refiner: str = "") -> str:
    """The steps as a picture, with its finding as text.

    Args:
        steps: At least one.
        score: What the values are.
        refiner: Name of the refiner.
    """
    height = _ROW * len(steps) + 8
    rows = "".join(_bar(k, step, refiner) for k, step in enumerate(steps))
    return (
        f'<svg class="waterfall" viewBox="0 0 {_LEFT + _WIDTH + _RIGHT} {height}" '
        f'role="img" aria-label="{escape(told(steps, score))}">{rows}</svg>'
    )


def told(steps: list[Step], score: str) -> str:
    """The finding in a sentence.

    Examples:
        >>> told([Step("perfect", 1, 0), Step("grid", .8, -.2), Step("model", .5, -.3)],
        ...      "cIoU")
        'cIoU falls from 1 to 0.500; most of it, 0.300, is lost at the step model.'
    """
    last, worst = steps[-1], min(steps, key=lambda step: step.change)
    if worst.change >= 0:
        return f"{score} is {last.value:.3f}; no step loses any of it."
    return (
        f"{score} falls from 1 to {last.value:.3f}; most of it, {-worst.change:.3f}, "
        f"is lost at the step {worst.name}."
    )


def _bar(row: int, step: Step, refiner: str) -> str:
    """A full bar for what is left, a hatched one for what the step took."""
    y, x = 4 + row * _ROW, _LEFT
    before = step.value - step.change
    kept, ends = min(step.value, before) * _WIDTH, max(step.value, before) * _WIDTH
    kind = "gain" if step.change > 0 else "loss"
    name = _NAMES[step.name] + (f" {refiner}" if step.name == "refiner" else "")
    middle = y + _BAR / 2 + 5
    change = f" ({step.change:+.3f})" if row else ""
    return (
        f'<text class="name" x="{x - 10}" y="{middle}">{escape(name)}</text>'
        f'<rect class="kept" x="{x}" y="{y}" width="{kept:.1f}" height="{_BAR}"/>'
        f'<rect class="{kind}" x="{x + kept:.1f}" y="{y}" '
        f'width="{ends - kept:.1f}" height="{_BAR}"/>'
        f'<text class="value" x="{x + ends + 8:.1f}" y="{middle}">'
        f"{step.value:.3f}{change}</text>"
    )
