"""What stays in the picture of a LoRA budget while a hand turns the controls.

Axes, their ticks and legends take longer to draw than a hand may wait, so they are
drawn once; what depends on the setting is put on top.
"""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.transforms import Transform
from PIL import Image

from t4s_lib.course.figures import BLUE, GREEN, ORANGE, PURPLE, SKY
from t4s_lib.course.widgets.placed import Pixels
from t4s_lib.training.gpus import GPUS, ROOM

DPI, HIGH, WIDE = 96, 4.3, (7.9, 3.5)
"""Inches: how high both are, how wide the one at the left and the one at the right."""

PARTS = {
    "weights": (SKY, "", "backbone's weights"),
    "adapter": (ORANGE, "", "LoRA"),
    "gradients": (PURPLE, "///", "gradients"),
    "optimizer": (GREEN, "...", "AdamW's averages"),
    "activations": (BLUE, "", "activations"),
}
"""Parts of the memory: colour, hatching, words."""

LINES = {
    "language": ("-", "o", BLUE, "on the language model"),
    "all-linear": (":", "^", GREEN, "on every linear layer"),
}
"""Where LoRA goes, and how its line is drawn."""


class Ground(NamedTuple):
    """A plot as pixels, and where its points are.

    Attributes:
        pixels: uint8 ``(H, W, 3)``.
        place: From data to pixels from the lower left.
    """

    pixels: Pixels
    place: Transform


@lru_cache(maxsize=32)
def memory_ground(most: float) -> Ground:
    """Axes for the memory on one GPU, a line for what is needed and one for each GPU.

    Args:
        most: GiB at the right end.
    """
    return _drawn(memory_axes(most))


@lru_cache(maxsize=32)
def rank_ground(
    ranks: tuple[int, ...], millions: tuple[tuple[float, ...], ...], whole: float
) -> Ground:
    """Parameters by rank, a line for each of ``LINES``.

    Args:
        ranks: To compare.
        millions: For each line, the millions of parameters at each rank.
        whole: Millions of parameters of the backbone.
    """
    return _drawn(rank_axes(ranks, millions, whole))


def memory_axes(most: float) -> Axes:
    """The axes of ``memory_ground``."""
    fig = Figure(figsize=(WIDE[0], HIGH), dpi=DPI)
    ax = fig.add_axes((0.1515, 0.2, 0.787, 0.68))
    ax.set_xlim(0, most)
    ax.set_ylim(len(GPUS) + 0.6, -0.75)
    names = ["needed", *(gpu.name for gpu in GPUS)]
    ax.set_yticks(range(len(names)), names)
    ax.tick_params(axis="y", length=0)
    free = f"pale end: {1 - ROOM:.0%} left for CUDA and fragments"
    ax.set_xlabel(f"GiB on one GPU ({free})")
    keys = [
        Patch(facecolor=colour, hatch=hatch, edgecolor="white", lw=0.5, label=words)
        for colour, hatch, words in PARTS.values()
    ]
    style: Any = {"frameon": False, "fontsize": 8.5, "handlelength": 1.6}
    place: Any = {"loc": "upper left", "bbox_to_anchor": (-0.13, -0.14)}
    ax.legend(handles=keys, ncols=len(keys), **place, **style)
    return ax


def rank_axes(
    ranks: tuple[int, ...], millions: tuple[tuple[float, ...], ...], whole: float
) -> Axes:
    """The axes of ``rank_ground``."""
    fig = Figure(figsize=(WIDE[1], HIGH), dpi=DPI)
    ax = fig.add_axes((0.18, 0.2, 0.8, 0.68))
    for look, sizes in zip(LINES.values(), millions, strict=True):
        line, marker, colour, words = look
        style: Any = {"color": colour, "marker": marker, "ms": 4, "label": words}
        ax.plot(ranks, sizes, line, **style)
    ax.set_xscale("log", base=2)
    ax.set_yscale("log")
    ax.set_ylim(0.8, 4000)
    ax.set_yticks([1, 10, 100, 1000], ["1", "10", "100", "1,000"])
    ax.set_xticks(ranks, [str(r) for r in ranks])
    ax.minorticks_off()
    ax.set_xlabel("rank")
    ax.set_title(f"million parameters in LoRA\n(backbone: {whole:,.0f})")
    ax.legend(fontsize=8.5, loc="lower right")
    return ax


def _drawn(ax: Axes) -> Ground:
    fig: Any = ax.figure
    raw = io.BytesIO()
    fig.savefig(raw, format="rgba", facecolor="white")
    size = fig.canvas.get_width_height()
    image = Image.frombytes("RGBA", size, raw.getvalue()).convert("RGB")
    place: Any = ax.transData.frozen()
    return Ground(np.array(image), place)
