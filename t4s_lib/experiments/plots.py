"""The two figures of an experiment, and what they show in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from t4s_lib.experiments.intervals import share_of_ceiling
from t4s_lib.experiments.results import BASELINE, ArmResult, Results
from t4s_lib.experiments.words import label, standing

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLOURS = (
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000",
    "#0072B2", "#D55E00",
)  # fmt: skip
_MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">")
_STROKES = ("-", "--", "-.", ":")
_TICKS = (5, 10, 20, 30, 50, 100, 200, 300, 500, 1000, 2000, 5000)

_ASIDE = 1.06
"""Seeds stand so far beside their mean, on a logarithmic axis."""

_KEY = f"large: the mean; small: a seed\ndotted: {BASELINE}"

_ON_THE_WAY = 3
"""Evaluations that make a curve; with fewer there is only where it ended."""


def draw_learned(results: Results) -> Figure:
    """Share of the grid ceiling against tokens: up and to the left is better.

    A large mark is the mean over seeds, its bar the 95 % interval over scenes; the
    small marks are the seeds. The dotted line is where the paper's codec stands.
    """
    from t4s_lib.course.figures import new_figure

    fig, (ax,) = new_figure(8.6, 4.4)
    for place, (codec, grid) in enumerate(results.groups):
        _draw_group(ax, results, codec, grid, place)
    _draw_baseline(ax, results)
    _token_axis(ax)
    ax.set_xlabel("mean tokens a mask (tiny tokenizer); fewer is to the left")
    ax.set_ylabel("cIoU, share of the grid ceiling")
    ax.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    ax.set_title(_titled(results, "What a model made of each codec"))
    title = f"codec: tokens, share (95 %)\n{_KEY}"
    ax.legend(fontsize=8.5, loc="center left", bbox_to_anchor=(1, 0.5), title=title)
    return fig


def draw_curves(results: Results) -> Figure:
    """Share of the grid ceiling against minutes, on a few scenes, on the way.

    A line a model that was evaluated on its way; of the others, where they ended.
    """
    from t4s_lib.course.figures import new_figure

    fig, (ax,) = new_figure(8.6, 4.0)
    for place, (codec, grid) in enumerate(results.groups):
        for arm in results.of(codec, grid):
            _draw_curve(ax, arm, place, label(results, codec, grid))
    ax.set_xlabel("minutes of training")
    ax.set_ylabel("cIoU, share of the grid ceiling")
    ax.set_ylim(-0.03, 1.03)
    ax.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    ax.set_title(_titled(results, f"While they learned, on {_few(results)} scenes"))
    if ax.lines:
        ax.legend(fontsize=8.5, loc="center left", bbox_to_anchor=(1, 0.5))
    return fig


def learned_alt(results: Results) -> str:
    """What ``draw_learned`` shows."""
    told = "; ".join(standing(results, *group) for group in results.groups)
    n = results.scenes["n"]
    return _titled(
        results,
        f"Tokens a mask and share of the grid ceiling on {n} held-out scenes, "
        f"with 95 % intervals, from the shortest text to the longest: {told}.",
    )


def curves_alt(results: Results) -> str:
    """What ``draw_curves`` shows."""
    told = [
        f"{label(results, arm.codec, arm.grid)} seed {arm.seed} {_went(arm)}"
        for group in results.groups
        for arm in results.of(*group)
        if _evaluated(arm)
    ]
    return _titled(
        results,
        f"Share of the grid ceiling on {_few(results)} scenes while training: "
        f"{'; '.join(told) or 'no model was evaluated on its way'}.",
    )


def _draw_group(ax: Axes, results: Results, codec: str, grid: int, place: int) -> None:
    """A codec: its mean with a bar, and its seeds."""
    arms, found = results.of(codec, grid), share_of_ceiling(results, codec, grid)
    tokens, colour = arms[0].true_tokens, _COLOURS[place % len(_COLOURS)]
    mark = _MARKERS[place % len(_MARKERS)]
    bar = [[found.estimate - found.low], [found.high - found.estimate]]
    told = standing(results, codec, grid).replace(" tokens", "")
    ax.errorbar(
        [tokens], [found.estimate], bar, fmt=mark, color=colour, markersize=9,
        capsize=4, linewidth=1.5, label=told, zorder=3,
    )  # fmt: skip
    ax.plot(
        [tokens * _ASIDE] * len(arms), [results.norm(arm) for arm in arms], mark,
        color=colour, markersize=4, markerfacecolor="white", zorder=2,
    )  # fmt: skip
    top = max(found.high, *(results.norm(arm) for arm in arms))
    ax.annotate(
        label(results, codec, grid), (tokens, top), (0, 5), fontsize=8.5,
        textcoords="offset points", ha="center", color="#333333",
    )  # fmt: skip


def _draw_baseline(ax: Axes, results: Results) -> None:
    """A line at what the paper's codec reached, where it was learned on one grid."""
    sides = [grid for codec, grid in results.groups if codec == BASELINE]
    if len(sides) == 1:
        level = share_of_ceiling(results, BASELINE, sides[0]).estimate
        ax.axhline(level, color="#888888", linewidth=1, linestyle=":", zorder=0)


def _draw_curve(ax: Axes, arm: ArmResult, place: int, name: str) -> None:
    points = _evaluated(arm)
    if not points:
        return
    is_curve = len(points) >= _ON_THE_WAY
    drawn = points if is_curve else points[-1:]
    ax.plot(
        [minutes for minutes, _ in drawn], [share for _, share in drawn],
        linestyle=_STROKES[arm.seed % len(_STROKES)] if is_curve else "none",
        marker=_MARKERS[place % len(_MARKERS)], markersize=5, linewidth=1.6,
        markerfacecolor=None if is_curve else "white",
        color=_COLOURS[place % len(_COLOURS)],
        label=f"{name}, seed {arm.seed}" + ("" if is_curve else ": end"),
    )  # fmt: skip


def _evaluated(arm: ArmResult) -> list[tuple[float, float]]:
    """Minutes and share of the ceiling."""
    return [(p.minutes, p.norm) for p in arm.training.curve if p.norm is not None]


def _went(arm: ArmResult) -> str:
    points: Sequence[tuple[float, float]] = _evaluated(arm)
    if len(points) < _ON_THE_WAY:
        return f"ended at {points[-1][1]:.0%}"
    steps = ", ".join(f"{share:.0%} after {minutes:.1f}" for minutes, share in points)
    return f"{steps} minutes"


def _few(results: Results) -> int:
    return int((results.recipe.get("eval") or {}).get("n", 0))


def _token_axis(ax: Axes) -> None:
    ax.set_xscale("log")
    low, high = ax.get_xlim()
    ax.set_xlim(low / 1.1, high * 1.1)
    ticks = [tick for tick in _TICKS if low / 1.1 <= tick <= high * 1.1]
    ax.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
    ax.minorticks_off()


def _titled(results: Results, title: str) -> str:
    return f"Made-up numbers. {title}" if results.toy else title
