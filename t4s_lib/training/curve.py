"""The curve of a training: loss and scores over time, as a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from t4s_lib.whole_files import written_beside

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Record = Mapping[str, Any]
_LINES = (
    ("norm", "share of the grid ceiling", "#0072B2", "o-"),
    ("cIoU", "cIoU", "#D55E00", "s--"),
    ("parse_failed", "unreadable answers", "#CC79A7", "^:"),
)


def render_curve(log: Sequence[Record], title: str = "") -> Figure:
    """Loss above, scores below, over minutes.

    Args:
        log: Lines of ``log.jsonl``: ``seconds``, ``step``, ``loss``, ``scores``.
        title: Of the figure.

    Returns:
        The figure; lines differ by mark and stroke as well as by colour.
    """
    from matplotlib.figure import Figure

    fig = Figure(figsize=(7, 5), dpi=96, layout="constrained")
    above, below = fig.subplots(2, 1, sharex=True)
    losses = [r for r in log if r.get("loss") is not None]
    scored = [r for r in log if r.get("scores")]
    above.plot(_minutes(losses), [r["loss"] for r in losses], color="#000000", lw=1.5)
    above.set_ylabel("loss of a token")
    above.set_title(title, loc="left")
    _draw_scores(below, scored)
    below.set_xlabel("minutes")
    for axes in (above, below):
        axes.spines[["top", "right"]].set_visible(False)
    return fig


def save_curve(log: Sequence[Record], path: Path, title: str = "") -> bool:
    """Save the picture; False where matplotlib is not installed."""
    try:
        fig = render_curve(log, title)
    except ModuleNotFoundError:
        return False
    with written_beside(path) as beside:
        fig.savefig(beside, format="png", facecolor="white")
    return True


def _minutes(records: Sequence[Record]) -> list[float]:
    return [record["seconds"] / 60 for record in records]


def _draw_scores(axes: Axes, scored: Sequence[Record]) -> None:
    for key, label, colour, stroke in _LINES:
        found = [r for r in scored if r["scores"].get(key) is not None]
        if found:
            values = [r["scores"][key] for r in found]
            axes.plot(_minutes(found), values, stroke, color=colour, label=label)
    axes.set_ylim(-0.02, 1.02)
    axes.set_ylabel("held-out samples")
    if scored:
        axes.legend(frameon=False, loc="upper left", fontsize=8)
