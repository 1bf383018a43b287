"""Figures of lesson 03: LoRA to scale, losses, a training as it goes, sick curves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from t4s_lib.course.figures import (
    BLUE,
    GREEN,
    ORANGE,
    PAPER,
    VERMILION,
    new_figure,
)

if TYPE_CHECKING:
    from t4s_lib.training.moments import Moment

_LINE = "#555555"


def lora_sketch(inputs: int, outputs: int, r: int) -> Figure:
    """A weight, and beside it B and A, all to scale."""
    fig, (ax,) = new_figure(8.4, 1.9)
    gap = 0.3 * max(inputs, outputs)
    left = inputs + gap
    right = left + r + gap / 2
    _block(ax, 0, (outputs, inputs), PAPER, "W", "frozen")
    ax.text(inputs + gap / 2, -outputs / 2, "+", ha="center", va="center", fontsize=18)
    _block(ax, left, (outputs, r), ORANGE, "B", "trained")
    _block(ax, right, (r, inputs), GREEN, "A", "trained")
    ax.set_xlim(-2, right + inputs + 2)
    ax.set_ylim(-outputs * 1.45, outputs * 0.06)
    ax.set_aspect("equal")
    ax.axis("off")
    there, new = inputs * outputs, r * (inputs + outputs)
    ax.set_title(
        f"rank {r}: {new:,} trained numbers beside {there:,}, or {new / there:.0%}"
    )
    return fig


def losses(values: Sequence[float], title: str) -> Figure:
    """A loss a step, on a scale where each line is ten times the one below."""
    fig, (ax,) = new_figure(6.6, 2.6)
    ax.plot(range(1, len(values) + 1), values, color=BLUE)
    _log_axis(ax)
    ax.set_xlabel("step")
    ax.set_ylabel("loss of a token")
    ax.set_title(title)
    return fig


def progress(moments: Sequence[Moment], blind: float | None = None) -> Figure:
    """Loss at the left, share of the grid ceiling at the right, over minutes.

    Args:
        moments: Of one training, so far.
        blind: The share that one reaches who does not read the question.
    """
    fig, (left, right) = new_figure(9, 2.7, cols=2)
    end = max(moments[-1].minutes or 0, moments[-1].seconds / 60, 0.1)
    told = [m for m in moments if m.loss is not None]
    left.plot([m.seconds / 60 for m in told], [m.loss or 0.0 for m in told], color=BLUE)
    _log_axis(left)
    left.set_title("loss of a token, in training")
    scored = [m for m in moments if m.scores is not None]
    shares = [(m.scores or {}).get("norm") or 0.0 for m in scored]
    minutes = [m.seconds / 60 for m in scored]
    right.plot(minutes, shares, "o-", color=BLUE, label="this training")
    if blind is not None:
        right.axhline(blind, color=VERMILION, linestyle="--", linewidth=1.5)
        right.text(
            end, blind + 0.02, "never reads the question", ha="right", fontsize=8
        )
    for share, minute in list(zip(shares, minutes, strict=True))[-1:]:
        place: Any = {"textcoords": "offset points", "fontsize": 9}
        right.annotate(f"{share:.0%}", (minute, share), (-4, 6), ha="right", **place)
    right.set_ylim(-0.03, 1.05)
    right.set_title("share of the grid ceiling, held-out scenes")
    for ax in (left, right):
        ax.set_xlim(0, end)
        ax.set_xlabel("minutes")
    return fig


def four_curves(runs: Mapping[str, Mapping[str, Any]]) -> Figure:
    """Four trainings: the loss on what is trained on, and on new pictures.

    Args:
        runs: By letter: ``steps`` and ``training``, ``held_out``, a loss for each.
    """
    fig, axes = new_figure(10.5, 2.7, cols=len(runs), sharey=True)
    for ax, (letter, run) in zip(axes, runs.items(), strict=True):
        ax.plot(run["steps"], run["training"], color=BLUE, label="training")
        ax.plot(run["steps"], run["held_out"], "--", color=VERMILION, label="held out")
        _log_axis(ax)
        ax.set_title(letter)
        ax.set_xlabel("step")
    axes[0].set_ylabel("loss of a token")
    axes[0].legend(fontsize=8)
    return fig


def _block(
    ax: Axes, left: float, shape: tuple[int, int], colour: str, name: str, state: str
) -> None:
    """A matrix as a rectangle with its upper left corner at ``left``, 0."""
    high, wide = shape
    box = Rectangle((left, -high), wide, high, facecolor=colour, edgecolor=_LINE)
    ax.add_patch(box)
    words = f"{name}, {high} x {wide}\n{state}"
    ax.annotate(
        words, (left + wide / 2, -high), (0, -4), textcoords="offset points",
        ha="center", va="top", fontsize=9,
    )  # fmt: skip


def _log_axis(ax: Axes) -> None:
    """A loss from large to small, with plain numbers."""
    ax.set_yscale("log")
    ax.yaxis.set_major_locator(LogLocator(subs=(1, 3)))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    ax.yaxis.set_minor_formatter(NullFormatter())
