"""Figures of lesson 06: where a score is lost, who decides it, how sure it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from t4s_lib.course.benchmark_studies import Broken, weights
from t4s_lib.course.figures import (
    BLUE,
    GREEN,
    ORANGE,
    SKY,
    VERMILION,
    new_figure,
)
from t4s_lib.evaluation.metrics import Counts, Interval
from t4s_lib.evaluation.waterfall import Step

_GREY = "#767676"
_STEPS = {
    "perfect": "every pixel right",
    "grid": "what the grid keeps",
    "parse": "what can be read",
    "model": "what the model says",
    "refiner": "after the refiner",
}


def waterfalls(runs: Mapping[str, Sequence[Step]], score: str = "cIoU") -> Figure:
    """Where each run's score is lost, from 1 down, step by step.

    Args:
        runs: By name: the steps of ``evaluation.waterfall``.
        score: What the values are.
    """
    longest = max(map(len, runs.values()))
    fig, axes = new_figure(9, 0.9 + 0.42 * longest, cols=len(runs), sharey=True)
    for ax, (name, steps) in zip(axes, runs.items(), strict=True):
        for place, step in enumerate(steps):
            _fall(ax, place, step)
        ax.set_yticks(range(len(steps)), [_STEPS[step.name] for step in steps])
        ax.tick_params(axis="y", length=0)
        ax.set_xlim(0, 1.42)
        ax.set_xticks([0, 0.5, 1])
        ax.set_title(f"{name}: {score} {steps[-1].value:.3f}")
    axes[0].invert_yaxis()
    return fig


def _fall(ax: Axes, place: int, step: Step) -> None:
    """A full bar for what is left, a hatched one for what the step took or gave."""
    before = step.value - step.change
    low, high = sorted((step.value, before))
    ax.barh(place, low, height=0.62, color=BLUE)
    colour, hatch = (GREEN, "xx") if step.change > 0 else (VERMILION, "////")
    style: Any = {"facecolor": "white", "edgecolor": colour, "hatch": hatch}
    ax.barh(place, high - low, left=low, height=0.62, **style)
    change = f"{step.change:+.2f}" if abs(step.change) >= 0.005 else "no loss"
    words = f"{step.value:.2f}" + (f" ({change})" if place else "")
    ax.text(high + 0.02, place, words, va="center", fontsize=9)


def who_decides(counts: Sequence[Counts], title: str) -> Figure:
    """How much of cIoU the largest targets decide, and how well they are met.

    Args:
        counts: Of one run.
        title: Whose they are.
    """
    fig, (left, right) = new_figure(9, 3.4, cols=2)
    samples, share = weights(counts)
    left.plot(samples, share, color=BLUE, label="cIoU: by pixels of the union")
    left.plot([0, 1], [0, 1], "--", color=VERMILION, label="gIoU: all alike")
    quarter = float(np.interp(0.25, samples, share))
    left.plot([0.25, 0.25], [0, quarter], ":", color=_GREY)
    words = f"the largest quarter\ndecides {quarter:.0%} of cIoU"
    left.text(0.0, 0.98, words, fontsize=9, va="top")
    left.set_xlabel("share of samples, largest target first")
    left.set_ylabel("share of the score decided")
    left.legend(fontsize=8.5, loc="lower right")
    left.set_title(title)
    _by_size([item for item in counts if not item.truth_empty], right)
    return fig


def _by_size(counts: Sequence[Counts], ax: Axes) -> None:
    area = np.array([item.area for item in counts])
    ious = np.array([item.iou for item in counts])
    ax.plot(area, ious, "o", ms=4, color=SKY, mec=BLUE, label="a sample")
    edges = np.quantile(area, [0, 0.25, 0.5, 0.75, 1])
    for low, high in pairwise(edges):
        within = (area >= low) & (area <= high)
        mean = float(ious[within].mean())
        ax.plot([low, high], [mean, mean], color=VERMILION, lw=3)
    ax.plot([], [], color=VERMILION, lw=3, label="mean of a quarter")
    ax.set_xlabel("pixels of the target")
    ax.set_ylabel("IoU")
    ax.set_ylim(-0.02, 1.02)
    ax.legend(fontsize=8.5, loc="lower right")
    ax.set_title("IoU by size")


def slips(found: Broken) -> Figure:
    """What slips in texts cost, by who reads them."""
    fig, (ax,) = new_figure(6.8, 3.3)
    shares = [100 * share for share in found.shares]
    for values, style, colour, name in (
        (found.flat, "s--", VERMILION, "read the authors' way"),
        (found.rows, "o-", BLUE, "read row by row"),
    ):
        lost = [values[0] - value for value in values]
        ax.plot(shares, lost, style, color=colour, label=name)
    for k in range(1, len(shares)):
        words = f"{found.failed[k]:.0%} empty"
        spot = (shares[k], found.flat[0] - found.flat[k])
        place: Any = {"fontsize": 8.5, "ha": "right", "color": VERMILION}
        ax.annotate(words, spot, (-7, 3), textcoords="offset points", **place)
    ax.set_ylim(bottom=0)
    ax.set_xlabel("texts with one slip, in percent")
    ax.set_ylabel("cIoU that is lost")
    ax.set_title("one model, one set of answers, two readers")
    ax.legend(fontsize=9, loc="upper left")
    return fig


def wording_spread(
    lots: NDArray[np.float64], each: Sequence[float], ends: Interval
) -> Figure:
    """What drawing the question by lot does to a score, beside its interval.

    Args:
        lots: The score of many runs, each with its own draw.
        each: The score where all samples are asked in one wording.
        ends: The interval of one run.
    """
    fig, (ax,) = new_figure(8.4, 3.1)
    tall = float(np.histogram(lots, bins=30)[0].max())
    ax.hist(lots, bins=30, color=SKY, label="runs, wordings by lot")
    style: Any = {"color": BLUE, "mec": "white", "ms": 9}
    low = [0.12 * tall] * len(each)
    ax.plot(each, low, "D", label="runs, one wording for all", **style)
    at, name = 1.18 * tall, "95 % interval of one run, over other scenes"
    ax.plot([ends.low, ends.high], [at, at], color=VERMILION, lw=3, label=name)
    ax.plot([ends.value], [at], "|", color=VERMILION, ms=16, mew=3)
    ax.set_ylim(0, 1.75 * tall)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.set_xlabel("cIoU")
    ax.set_title(f"{len(lots):,} runs of one model on the same {ends.units} scenes")
    ax.legend(fontsize=8.5, loc="upper left", ncols=3)
    return fig


def alone_and_paired(
    alone: Mapping[str, Interval], paired: Mapping[str, Interval]
) -> Figure:
    """Intervals of runs, and of their difference on the same samples.

    Args:
        alone: By run.
        paired: By what is compared.
    """
    fig, (left, right) = new_figure(9, 1.0 + 0.42 * len(alone), cols=2)
    for ax, rows in ((left, alone), (right, paired)):
        for place, found in enumerate(rows.values()):
            _interval(ax, place, found)
        ax.set_yticks(range(len(rows)), list(rows))
        ax.set_ylim(len(rows) - 0.4, -0.8)
        ax.tick_params(axis="y", length=0)
        ax.margins(x=0.12)
    left.set_title("each for itself: cIoU")
    right.axvline(0, color=VERMILION, lw=1.5, ls="--")
    right.set_title("drawn together: difference of cIoU")
    return fig


def _interval(ax: Axes, place: int, found: Interval) -> None:
    ax.plot([found.low, found.high], [place, place], color=BLUE, lw=4)
    ax.plot([found.value], [place], "o", color=BLUE, mec="white", ms=9)
    words = f"{found.value:.3f}  [{found.low:.3f}, {found.high:.3f}]"
    spot: Any = {"textcoords": "offset points", "ha": "center", "fontsize": 9}
    ax.annotate(words, (found.value, place), (0, 9), **spot)


def two_protocols(rows: Mapping[str, tuple[float, float]]) -> Figure:
    """Draw the mIoU of some predictions in the field's protocol and the authors'."""
    fig, (ax,) = new_figure(8.4, 0.9 + 0.62 * len(rows))
    for place, (field, parity) in enumerate(rows.values()):
        for up, value, colour, hatch in (
            (-0.19, field, BLUE, ""),
            (0.19, parity, ORANGE, "////"),
        ):
            style: Any = {"color": colour, "hatch": hatch, "edgecolor": "white"}
            ax.barh(place + up, value, height=0.36, **style)
            ax.text(value + 0.01, place + up, f"{value:.3f}", va="center", fontsize=9)
    style = {"hatch": "////", "edgecolor": "white"}
    ax.barh([0], [0], color=BLUE, label="the field's: classes only")
    ax.barh(
        [0], [0], color=ORANGE, label="the authors': a free background too", **style
    )
    ax.set_yticks(range(len(rows)), list(rows))
    ax.set_ylim(len(rows) - 0.45, -0.55)
    ax.tick_params(axis="y", length=0)
    ax.set_xlim(0, 1.12)
    ax.set_xlabel("mIoU")
    ax.legend(fontsize=8.5, loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
    return fig
