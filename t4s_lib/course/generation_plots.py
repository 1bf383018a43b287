"""Figures of lesson 04: who chose what, passes and seconds, soft masks, close calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from numpy.typing import NDArray

from t4s_lib.course import draw
from t4s_lib.course.choosers import GREY, LOOKS
from t4s_lib.course.figures import BLUE, VERMILION, ink, new_figure
from t4s_lib.course.traces import MODEL
from t4s_lib.descriptor import DescriptorGrid
from t4s_lib.sources import Sample

_SURE = 0.05  # cells this near to 0 or 1 get no digit
_LETTERS_UP_TO = 24  # columns
_FLOOR = 0.1  # what is closer is drawn here


def choosers_by_row(shares: Mapping[str, Sequence[float]], title: str) -> Figure:
    """Who chose the tokens of each row of the grid, in shares.

    Args:
        shares: By who chose: a share for each row, which add up to 1.
        title: Whose rows they are.
    """
    fig, (ax,) = new_figure(8.4, 2.9)
    rows = np.arange(len(next(iter(shares.values()))))
    below = np.zeros(len(rows))
    for who, values in shares.items():
        look = LOOKS[who]
        style: Any = {"color": look.colour, "hatch": look.hatch, "edgecolor": "white"}
        ax.bar(rows, values, bottom=below, width=0.86, label=who, lw=0.6, **style)
        below += np.asarray(values)
    for row, share in zip(rows, shares[MODEL], strict=True):
        place: Any = {"ha": "center", "va": "bottom", "fontsize": 8}
        box: Any = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
        ax.text(float(row), share + 0.02, f"{share:.0%}", bbox=box, **place)
    ax.set_xticks(rows)
    ax.set_xlabel("row of the grid")
    ax.set_yticks([0, 0.5, 1], ["0", "half", "all"])
    ax.set_ylabel("tokens of the row")
    ax.set_title(title)
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1), fontsize=9)
    return fig


def passes_and_seconds(
    passes: Mapping[str, float], seconds: Mapping[str, float], title: str
) -> Figure:
    """What a mask costs in each mode: passes of the model, and time.

    Args:
        passes: By mode, a mask's.
        seconds: By mode, a mask's.
        title: Whose masks they are.
    """
    fig, (left, right) = new_figure(9, 0.7 + 0.36 * len(passes), cols=2, sharey=True)
    _bars(left, passes, BLUE, "", "{:.0f}")
    left.set_title(f"passes a mask, {title}")
    milliseconds = {mode: 1000 * value for mode, value in seconds.items()}
    _bars(right, milliseconds, GREY, "///", "{:.0f}")
    right.set_title("milliseconds a mask")
    left.set_yticks(range(len(passes)), list(passes))
    left.invert_yaxis()
    return fig


def soft_beside_hard(
    sample: Sample, grid: DescriptorGrid, soft: NDArray[np.floating[Any]]
) -> Figure:
    """A picture, the cells that were written, and how sure the model was of each.

    Args:
        sample: Picture, expression and true mask.
        grid: The cells that were written.
        soft: Probability of the target, ``(rows, cols)``.
    """
    fig, axes = new_figure(10.4, 3.1, cols=3)
    draw.picture(axes[0], sample.image, f"“{sample.expression}”, outlined")
    draw.outline(axes[0], sample.mask)
    draw.cells(axes[1], grid, f"hard: {int(grid.foreground.sum())} cells")
    unsure = int(((soft > _SURE) & (soft < 1 - _SURE)).sum())
    draw.cells(axes[2], grid, f"soft: {unsure} cells between 5% and 95%")
    _percent(axes[2], soft)
    return fig


def close_calls(apart: Sequence[float], title: str) -> Figure:
    """How far the second choice was behind the first, in numbers of bf16.

    Args:
        apart: Of each token, from 0: 1 means that the two are neighbours in bf16.
        title: Whose tokens they are.
    """
    fig, (ax,) = new_figure(8.4, 2.7)
    steps = np.maximum(np.sort(np.asarray(apart)), _FLOOR)
    place, close = np.arange(len(steps)), steps < 1
    ax.plot(place, steps, ".", color=BLUE, label="a token")
    style: Any = {"color": VERMILION, "ms": 8, "mew": 2}
    name = f"less than one number apart: {int(close.sum())}"
    ax.plot(place[close], steps[close], "x", label=name, **style)
    ax.axhline(1, color=GREY, lw=1)
    ax.set_yscale("log")
    ax.set_xlabel("tokens, closest first")
    ax.set_ylabel("bf16 numbers between\nbest and second best")
    ax.set_title(title)
    ax.legend(fontsize=8.5, loc="center right")
    return fig


def _bars(
    ax: Axes, values: Mapping[str, float], colour: str, hatch: str, form: str
) -> None:
    numbers = list(values.values())
    style: Any = {"color": colour, "hatch": hatch, "edgecolor": "white"}
    ax.barh(range(len(numbers)), numbers, height=0.7, **style)
    for k, value in enumerate(numbers):
        ax.text(value + 0.01 * max(numbers), k, form.format(value), va="center")
    ax.set_xlim(0, 1.12 * max(numbers))
    ax.tick_params(axis="y", length=0)


def _percent(ax: Axes, soft: NDArray[np.floating[Any]]) -> None:
    """Lay probabilities over cells: dark to bright, tenths where unsure."""
    for words in list(ax.texts):
        words.remove()
    cividis = colormaps["cividis"]
    ax.images[0].set_data(cividis(soft)[..., :3])
    if soft.shape[1] > _LETTERS_UP_TO:
        return
    for row, col in np.argwhere((soft > _SURE) & (soft < 1 - _SURE)):
        share = float(soft[row, col])
        style: Any = {"ha": "center", "va": "center", "fontsize": 7}
        style["color"] = ink(to_hex(cividis(share)))
        ax.text(col, row, f"{min(9, round(10 * share))}", **style)
