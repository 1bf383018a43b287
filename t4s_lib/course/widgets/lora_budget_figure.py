"""The picture of a LoRA budget: memory, the GPUs that have it, parameters by rank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.transforms import Transform

from t4s_lib.course.figures import PAPER, VERMILION, ink
from t4s_lib.course.widgets.lora_budget_ground import (
    DPI,
    HIGH,
    LINES,
    PARTS,
    WIDE,
    memory_ground,
    rank_ground,
)
from t4s_lib.course.widgets.placed import place, write
from t4s_lib.training.budget import Budget, setting_for
from t4s_lib.training.gpus import GIB, GPUS, ROOM, Gpu

_SETTINGS = {
    "gradient_checkpointing=true": "checkpointing",
    "per_device_batch=1": "1 sample at once",
    "per_device_batch=2": "2 samples at once",
    "precision=fp16": "fp16 (it has no bf16)",
    "quantize=4bit": "weights in 4 bits",
}


def draw(budget: Budget, title: str, ranks: Sequence[int]) -> Figure:
    """Memory and GPUs at the left, parameters by rank at the right.

    Args:
        budget: What is drawn.
        title: The backbone's name.
        ranks: To compare.
    """
    fig = Figure(figsize=(sum(WIDE), HIGH), dpi=DPI)
    _memory(fig, budget, title)
    _ranks(fig, budget, tuple(ranks))
    return fig


def _memory(fig: Figure, budget: Budget, title: str) -> None:
    need = budget.memory.total / GIB
    most = max(88, need * 1.12)
    ground = memory_ground(most)
    place(fig, ground.pixels, 0, 0)
    board = _Board(fig, ground.place, most)
    _stack(board, budget)
    ends = (-0.45, len(GPUS) + 0.4)
    style: Any = {"color": "black", "lw": 1.2, "ls": "--", "transform": board.place}
    fig.add_artist(Line2D([need, need], ends, **style))
    for k, gpu in enumerate(GPUS):
        _gpu(board, k + 1, gpu, budget)
    how = "every weight" if budget.r is None else f"LoRA of rank {budget.r}"
    words = f"{title}, {how}: {need:.1f} GiB needed (dashed line)"
    board.text(0, -0.95, words, fontsize=10.5, va="bottom")


class _Board:
    """The ground at the left, to put bars and words on.

    Args:
        fig: The figure.
        place: From GiB and line to pixels.
        most: GiB at the right end.
    """

    def __init__(self, fig: Figure, place: Transform, most: float) -> None:
        self.place, self.most, self._fig = place, most, fig

    def bar(self, line: int, left: float, width: float, **style: Any) -> None:
        """A bar in the middle of a line."""
        height = style.pop("height")
        box = Rectangle((left, line - height / 2), width, height, **style)
        box.set_transform(self.place)
        self._fig.add_artist(box)

    def text(self, gib: float, line: float, words: str, **style: Any) -> None:
        """Words at a place."""
        write(self._fig, gib, line, words, **{"transform": self.place, **style})


def _stack(board: _Board, budget: Budget) -> None:
    """The memory's parts, one after another."""
    start = 0.0
    for name, size in budget.memory.parts().items():
        colour, hatch, _ = PARTS[name]
        style: Any = {"facecolor": colour, "hatch": hatch, "edgecolor": "white"}
        board.bar(0, start, size / GIB, height=0.8, lw=0.5, **style)
        if size / GIB > board.most * 0.06:
            where: Any = {"ha": "center", "va": "center", "fontsize": 8.5}
            at, words = start + size / GIB / 2, f"{size / GIB:.1f}"
            board.text(at, 0, words, color=ink(colour), ground=colour, **where)
        start += size / GIB


def _gpu(board: _Board, line: int, gpu: Gpu, budget: Budget) -> None:
    """One GPU's memory, and whether it is enough."""
    fits = budget.fits(gpu)
    colour, hatch = ("#8A8A86", "") if fits else (PAPER, "////")
    style: Any = {"height": 0.62, "edgecolor": "#55554F", "lw": 0.8}
    board.bar(line, 0, gpu.memory, facecolor="#DEDEDA" if fits else PAPER, **style)
    board.bar(line, 0, gpu.memory * ROOM, facecolor=colour, hatch=hatch, **style)
    width, need = board.most, budget.memory.total / GIB
    beyond = max(gpu.memory, need if need < width / 2 else 0)
    x = beyond + width * 0.012 if beyond < width * 0.6 else need + width * 0.012
    where: Any = {"va": "center", "fontsize": 8.5, "ground": "white", "zorder": 5}
    words = _verdict(gpu, budget, fits)
    board.text(x, line, words, color="black" if fits else "#8A3200", **where)


def _verdict(gpu: Gpu, budget: Budget, fits: bool) -> str:
    if fits:
        spare = (gpu.usable - budget.memory.total) / GIB
        return f"room, {spare:.1f} GiB to spare"
    setting = setting_for(budget, gpu)
    if setting is None:
        return "no room"
    return f"no; room with {', '.join(_SETTINGS[key] for key in setting.split())}"


def _ranks(fig: Figure, budget: Budget, ranks: tuple[int, ...]) -> None:
    """Trained parameters by rank, for each place that LoRA can go to."""
    millions = tuple(
        tuple(replace(budget, r=r, targets=place).trained / 1e6 for r in ranks)
        for place in LINES
    )
    ground = rank_ground(ranks, millions, budget.shape.parameters / 1e6)
    left = round(fig.bbox.width) - ground.pixels.shape[1]
    place(fig, ground.pixels, left, 0)
    if budget.r is not None:
        right, up = ground.place.transform((budget.r, budget.trained / 1e6))
        _now(fig, (left + right, up), budget)


def _now(fig: Figure, at: tuple[float, float], budget: Budget) -> None:
    """Mark what is chosen, at a place in pixels."""
    x, y = at[0] / fig.bbox.width, at[1] / fig.bbox.height
    ring: Any = {"marker": "o", "ms": 11, "mfc": "none", "mec": VERMILION, "mew": 2}
    fig.add_artist(Line2D([x], [y], transform=fig.transFigure, **ring))
    is_small = (budget.r or 0) < 8
    shift = (13, -19) if is_small else (-13, 5)
    write(
        fig,
        x + shift[0] / fig.bbox.width,
        y + shift[1] / fig.bbox.height,
        f"{budget.trained / 1e6:,.1f} at rank {budget.r}",
        fontsize=9,
        ha="left" if is_small else "right",
        va="bottom",
    )
