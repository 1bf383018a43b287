"""The picture of a LoRA budget: memory, the GPUs that have it, parameters by rank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from t4s_lib.course.figures import (
    BLUE,
    GREEN,
    ORANGE,
    PAPER,
    PURPLE,
    SKY,
    VERMILION,
    ink,
)
from t4s_lib.training.budget import Budget, setting_for
from t4s_lib.training.gpus import GIB, GPUS, ROOM, Gpu

_PARTS = {
    "weights": (SKY, "", "backbone's weights"),
    "adapter": (ORANGE, "", "LoRA"),
    "gradients": (PURPLE, "///", "gradients"),
    "optimizer": (GREEN, "...", "AdamW's averages"),
    "activations": (BLUE, "", "activations"),
}
_SETTINGS = {
    "gradient_checkpointing=true": "checkpointing",
    "per_device_batch=1": "1 sample at once",
    "per_device_batch=2": "2 samples at once",
    "precision=fp16": "fp16 (it has no bf16)",
    "quantize=4bit": "weights in 4 bits",
}
_LINES = {
    "language": ("-", "o", BLUE, "on the language model"),
    "all-linear": (":", "^", GREEN, "on every linear layer"),
}


def draw(budget: Budget, title: str, ranks: Sequence[int]) -> Figure:
    """Memory and GPUs at the left, parameters by rank at the right.

    Args:
        budget: What is drawn.
        title: The backbone's name.
        ranks: To compare.
    """
    fig = Figure(figsize=(11.4, 4.3), dpi=96)
    left = fig.add_axes((0.105, 0.2, 0.545, 0.68))
    right = fig.add_axes((0.745, 0.2, 0.245, 0.68))
    _memory(left, budget, title)
    _ranks(right, budget, ranks)
    return fig


def _memory(ax: Axes, budget: Budget, title: str) -> None:
    need = budget.memory.total / GIB
    ax.set_xlim(0, max(88, need * 1.12))
    _stack(ax, budget)
    ax.plot([need, need], [-0.45, len(GPUS) + 0.4], color="black", lw=1.2, ls="--")
    for k, gpu in enumerate(GPUS):
        _gpu(ax, k + 1, gpu, budget)
    ax.set_ylim(len(GPUS) + 0.6, -0.75)
    names = ["needed", *(gpu.name for gpu in GPUS)]
    ax.set_yticks(range(len(names)), names)
    ax.tick_params(axis="y", length=0)
    free = f"pale end: {1 - ROOM:.0%} left for CUDA and fragments"
    ax.set_xlabel(f"GiB on one GPU ({free})")
    how = "every weight" if budget.r is None else f"LoRA of rank {budget.r}"
    ax.set_title(f"{title}, {how}: {need:.1f} GiB needed (dashed line)")
    style: Any = {"frameon": False, "fontsize": 8.5, "handlelength": 1.6}
    ax.legend(
        loc="upper left", bbox_to_anchor=(-0.13, -0.14), ncols=len(_PARTS), **style
    )


def _stack(ax: Axes, budget: Budget) -> None:
    """The memory's parts, one after another."""
    start = 0.0
    for name, size in budget.memory.parts().items():
        colour, hatch, words = _PARTS[name]
        style: Any = {"color": colour, "hatch": hatch, "edgecolor": "white", "lw": 0.5}
        ax.barh(0, size / GIB, left=start, height=0.8, label=words, **style)
        if size / GIB > ax.get_xlim()[1] * 0.06:
            patch: Any = {"facecolor": colour, "edgecolor": "none", "pad": 1.5}
            where: Any = {"ha": "center", "va": "center", "fontsize": 8.5}
            at = start + size / GIB / 2
            ax.text(at, 0, f"{size / GIB:.1f}", color=ink(colour), bbox=patch, **where)
        start += size / GIB


def _gpu(ax: Axes, place: int, gpu: Gpu, budget: Budget) -> None:
    """One GPU's memory, and whether it is enough."""
    fits = budget.fits(gpu)
    colour, hatch = ("#8A8A86", "") if fits else (PAPER, "////")
    style: Any = {"height": 0.62, "edgecolor": "#55554F", "lw": 0.8}
    ax.barh(place, gpu.memory, color="#DEDEDA" if fits else PAPER, **style)
    ax.barh(place, gpu.memory * ROOM, color=colour, hatch=hatch, **style)
    width, line = ax.get_xlim()[1], budget.memory.total / GIB
    beyond = max(gpu.memory, line if line < width / 2 else 0)
    x = beyond + width * 0.012 if beyond < width * 0.6 else line + width * 0.012
    box: Any = {"facecolor": "white", "edgecolor": "none", "pad": 1.2}
    where: Any = {"va": "center", "fontsize": 8.5, "bbox": box, "zorder": 5}
    words = _verdict(gpu, budget, fits)
    ax.text(x, place, words, color="black" if fits else "#8A3200", **where)


def _verdict(gpu: Gpu, budget: Budget, fits: bool) -> str:
    if fits:
        spare = (gpu.usable - budget.memory.total) / GIB
        return f"room, {spare:.1f} GiB to spare"
    setting = setting_for(budget, gpu)
    if setting is None:
        return "no room"
    return f"no; room with {', '.join(_SETTINGS[key] for key in setting.split())}"


def _ranks(ax: Axes, budget: Budget, ranks: Sequence[int]) -> None:
    """Trained parameters by rank, for each place that LoRA can go to."""
    for place, (line, marker, colour, words) in _LINES.items():
        sizes = [replace(budget, r=r, targets=place).trained / 1e6 for r in ranks]
        style: Any = {"color": colour, "marker": marker, "ms": 4, "label": words}
        ax.plot(ranks, sizes, line, **style)
    ax.set_xscale("log", base=2)
    ax.set_yscale("log")
    ax.set_ylim(0.8, 4000)
    ax.set_yticks([1, 10, 100, 1000], ["1", "10", "100", "1,000"])
    ax.set_xticks(ranks, [str(r) for r in ranks])
    ax.minorticks_off()
    ax.set_xlabel("rank")
    whole = budget.shape.parameters / 1e6
    ax.set_title(f"million parameters in LoRA\n(backbone: {whole:,.0f})")
    ax.legend(fontsize=8.5, loc="lower right")
    if budget.r is not None:
        _now(ax, budget.r, budget.trained / 1e6)


def _now(ax: Axes, rank: int, millions: float) -> None:
    """Mark what is chosen."""
    ax.plot([rank], [millions], "o", ms=11, mfc="none", mec=VERMILION, mew=2)
    note: Any = {"fontsize": 9, "ha": "right", "va": "bottom"}
    words = f"{millions:,.1f} at rank {rank}"
    if rank < 8:
        note["ha"] = "left"
    shift = (-10, 4) if rank >= 8 else (10, -14)
    ax.annotate(words, (rank, millions), shift, textcoords="offset points", **note)
