"""Tokens against oracle IoU: which codec says as much with less."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from t4s_lib.course.codec_study import Point
from t4s_lib.course.figures import new_figure

_MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">", "*")
_STYLES = ("-", "--", "-.", ":")


def tokens_and_iou(
    points: Sequence[Point], tokenizer: str, mine: str | None = None
) -> Figure:
    """A line a codec, from its coarsest grid to its finest: up and left is better.

    Args:
        points: What ``codec_study.compare`` found.
        tokenizer: Whose tokens were counted.
        mine: A codec to be drawn thick.
    """
    fig, (ax,) = new_figure(8.6, 4.4)
    for number, name in enumerate(dict.fromkeys(point.codec for point in points)):
        line = [point for point in points if point.codec == name]
        ax.plot(
            [point.tokens for point in line],
            [point.oracle_iou for point in line],
            _STYLES[number % len(_STYLES)],
            marker=_MARKERS[number % len(_MARKERS)],
            markersize=10 if name == mine else 6,
            linewidth=3 if name == mine else 1.6,
            label=_told(line),
        )
    _name_grids(ax, points)
    ax.margins(y=0.08)  # room for the names of grids
    ax.set_xscale("log")
    ticks = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
    low, high = ax.get_xlim()
    ax.set_xticks([t for t in ticks if low <= t <= high])
    ax.set_xticklabels([f"{t:,}" for t in ticks if low <= t <= high])
    ax.minorticks_off()
    ax.set_xlabel(f"mean tokens a mask ({tokenizer}); fewer is to the left")
    ax.set_ylabel("mean oracle IoU")
    ax.set_title("What a perfect model can reach, and what it has to write for it")
    title = f"codec: tokens at {min(p.grid for p in points)} x …"
    ax.legend(fontsize=8.5, loc="center left", bbox_to_anchor=(1.0, 0.5), title=title)
    return fig


def alt_text(points: Sequence[Point], tokenizer: str) -> str:
    """The finding in a sentence, for those who do not see the figure."""
    side = min(point.grid for point in points)
    here = sorted((p for p in points if p.grid == side), key=lambda p: p.tokens)
    told = "; ".join(
        f"{p.codec} {p.tokens:.0f} tokens, oracle IoU {p.oracle_iou:.3f}" for p in here
    )
    return f"Mean {tokenizer} tokens and oracle IoU at {side} x {side}: {told}."


def _told(line: Sequence[Point]) -> str:
    first = min(line, key=lambda point: point.grid)
    saved = "" if not first.saves else f", {first.saves:.1%} fewer"
    return f"{first.codec}: {first.tokens:.0f}{saved}"


def _name_grids(ax: Axes, points: Sequence[Point]) -> None:
    """Write the grid's side beside the points of the longest codec."""
    longest = max(points, key=lambda point: point.tokens).codec
    for point in (p for p in points if p.codec == longest):
        place = (point.tokens, point.oracle_iou)
        ax.annotate(
            f"{point.grid} x {point.grid}", place, (0, -14), fontsize=8.5,
            textcoords="offset points", ha="center", color="#444444",
        )  # fmt: skip
