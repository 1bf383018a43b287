"""The lessons' static figures: each makes its point without a widget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from t4s_lib.codecs import codec
from t4s_lib.course import draw
from t4s_lib.course.figures import (
    BLUE,
    GREEN,
    ORANGE,
    PAPER,
    VERMILION,
    as_rgb,
    new_figure,
)
from t4s_lib.course.studies import Damage
from t4s_lib.descriptor import BoolMask, DescriptorGrid
from t4s_lib.grid import grid_to_mask, mask_to_grid, oracle_iou
from t4s_lib.sources import Sample

if TYPE_CHECKING:
    from PIL.Image import Image

    from t4s_lib.segmenter import Prediction

_TEXT_WIDTH = 64  # characters of a line that the pipeline figure shows
_MARKERS = ("o", "s", "^", "D", "v", "P")
_STYLES = ("-", "--", ":", "-.")


def pipeline(sample: Sample, size: int = 16) -> Figure:
    """Picture and expression, cells, text, mask: the whole idea from left to right."""
    grid = mask_to_grid(sample.mask, size, sample.expression)
    text = codec("row-rle").encode(grid)
    fig, axes = new_figure(12, 2.9, cols=4, width_ratios=[1, 1, 1.5, 1])
    draw.picture(axes[0], sample.image, f"1  picture: “{sample.expression}”")
    draw.grid_lines(axes[0], grid.shape, (sample.image.height, sample.image.width))
    draw.cells(axes[1], grid, f"2  {size} x {size} cells, a label each")
    _text(axes[2], text, "3  the text is the mask")
    drawn = grid_to_mask(grid, (sample.mask.shape[0], sample.mask.shape[1]))
    draw.picture(axes[3], sample.image, "4  back to pixels")
    draw.outline(axes[3], drawn)
    return fig


def segmented(image: Image, expression: str, found: Prediction) -> Figure:
    """A picture, the text a model wrote about it, its cells, and the mask."""
    fig, axes = new_figure(12, 2.9, cols=4, width_ratios=[1, 1.5, 1, 1])
    draw.picture(axes[0], image, f"1  picture: {_quoted(expression)}")
    draw.grid_lines(axes[0], found.grid.shape, (image.height, image.width))
    _text(axes[1], found.text, "2  a model writes text")
    rows, cols = found.grid.shape
    marked = int(found.grid.foreground.sum())
    draw.cells(axes[2], found.grid, f"3  {marked} of {rows * cols} cells")
    draw.picture(axes[3], image, "4  the mask, outlined")
    draw.outline(axes[3], found.mask)
    return fig


def asked_and_found(sample: Sample, found: BoolMask, title: str) -> Figure:
    """A picture, the true mask, and a mask that was read from text."""
    fig, axes = new_figure(8, 3.3, cols=3)
    draw.picture(axes[0], sample.image, _quoted(sample.expression))
    draw.mask(axes[1], sample.mask, "true mask")
    overlap(axes[2], sample.mask, found, title)
    return fig


def overlap(ax: Axes, truth: BoolMask, found: BoolMask, title: str) -> None:
    """Draw what a mask hits, misses and has too much of: coloured and hatched."""
    kinds = truth.astype(int) + 2 * found.astype(int)  # 1 missed, 2 extra, 3 hit
    rgb = as_rgb(kinds, [PAPER, VERMILION, ORANGE, BLUE])
    ax.imshow(rgb, aspect="auto", interpolation="nearest")
    for k, hatch, colour in ((1, "////", VERMILION), (2, "....", ORANGE)):
        if (kinds == k).any():
            layer = (kinds == k).astype(float)
            ax.contourf(layer, [0.5, 1.5], colors="none", hatches=[hatch])
            name = {1: "missed ////", 2: "extra ...."}[k]
            ax.plot([], [], "s", color=colour, label=name)
    ax.plot([], [], "s", color=BLUE, label="hit")
    ax.legend(loc="upper left", bbox_to_anchor=(0, 0), ncols=3, fontsize=8)
    ax.set_title(title)
    ax.set_box_aspect(truth.shape[0] / truth.shape[1])
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines[:].set_visible(False)


def curves(
    grids: Sequence[int],
    scores: Mapping[str, Sequence[float]],
    ylabel: str,
    title: str,
    mark: int | None = 16,
) -> Figure:
    """Lines over grid sides, each with a marker, a dash and a name of its own."""
    fig, (ax,) = new_figure(6.6, 3.4)
    for k, (name, values) in enumerate(scores.items()):
        style = _STYLES[k % len(_STYLES)]
        ax.plot(grids, values, style, marker=_MARKERS[k % len(_MARKERS)], label=name)
    if mark is not None and mark in grids:
        ax.axvline(mark, color="#888888", linewidth=1, zorder=0)
        ax.annotate(
            f"the paper's {mark}", (mark, ax.get_ylim()[0]), (4, 4), fontsize=8,
            textcoords="offset points", color="#555555",
        )  # fmt: skip
    ax.set_xscale("log", base=2)
    ax.set_xticks(grids, [str(n) for n in grids])
    ax.minorticks_off()
    ax.set_xlabel("grid side, cells")
    ax.set_ylabel(ylabel)
    ax.set_title(title)
    ax.legend(fontsize=8.5)
    return fig


def rules_side_by_side(sample: Sample, size: int, rules: Sequence[str]) -> Figure:
    """The same mask on a grid by several rules."""
    fig, axes = new_figure(2.6 * (len(rules) + 1), 2.9, cols=len(rules) + 1)
    draw.picture(axes[0], sample.image, f"“{sample.expression}”")
    draw.outline(axes[0], sample.mask)
    draw.grid_lines(axes[0], (size, size), (sample.image.height, sample.image.width))
    for ax, rule in zip(axes[1:], rules, strict=True):
        grid = mask_to_grid(sample.mask, size, sample.expression, rule)
        draw.cells(ax, grid, f"{rule}: {int(grid.foreground.sum())} cells")
    return fig


def sizes_side_by_side(sample: Sample, sizes: Sequence[int]) -> Figure:
    """The same mask on grids of several sizes, with its oracle IoU."""
    fig, axes = new_figure(2.6 * (len(sizes) + 1), 2.9, cols=len(sizes) + 1)
    draw.picture(axes[0], sample.image, f"“{sample.expression}”")
    draw.outline(axes[0], sample.mask)
    for ax, size in zip(axes[1:], sizes, strict=True):
        grid = mask_to_grid(sample.mask, size, sample.expression)
        score = oracle_iou(sample.mask, size)
        draw.cells(ax, grid, f"{size} x {size}: oracle IoU {score:.2f}")
    return fig


def cells_and_text(grid: DescriptorGrid, title: str) -> Figure:
    """A grid beside its text."""
    fig, axes = new_figure(7, 2.9, cols=2, width_ratios=[1, 1.5])
    draw.cells(axes[0], grid, title)
    _text(axes[1], codec("row-rle").encode(grid), "the same as text")
    return fig


def damage_map(found: Damage) -> Figure:
    """Wrong cells after one slip, by where in the text it happens."""
    fig, axes = new_figure(9, 3.6, rows=2, sharex=True)
    rows = np.cumsum([c == "\n" for c in found.text])
    for ax, wrong, name, colour in (
        (axes[0], found.parity, "flat reading (the authors')", VERMILION),
        (axes[1], found.repair, "row by row (ours)", GREEN),
    ):
        ax.bar(range(len(wrong)), wrong, width=1.0, color=colour)
        ax.set_ylim(0, max(1, *found.parity) * 1.05)
        ax.set_ylabel("wrong cells")
        mean = np.mean(wrong)
        ax.set_title(f"{name}: {mean:.1f} wrong cells a slip on average")
    starts = np.flatnonzero(np.diff(rows, prepend=-1))[: rows[-1]]
    axes[1].set_xticks(starts, [str(k) for k in range(len(starts))])
    axes[1].set_xlabel("where in the text the slip is: row of the grid")
    return fig


def reading_duel(truth: DescriptorGrid, text: str) -> Figure:
    """True cells, and what two readers make of a text: row by row, and flat."""
    fig, axes = new_figure(9, 3.1, cols=3)
    draw.cells(axes[0], truth, "true cells")
    for ax, mode, name in (
        (axes[1], "repair", "row by row"),
        (axes[2], "parity", "flat"),
    ):
        read, report = codec("row-rle").decode(text, truth.shape, truth.labels, mode)
        wrong = read.foreground != truth.foreground
        draw.cells(ax, read, f"{name}: {report.status}, {int(wrong.sum())} wrong cells")
        for row, col in np.argwhere(wrong):
            ax.text(
                col, row, "x", ha="center", va="center", color=VERMILION, fontsize=9
            )
    return fig


def _quoted(expression: str) -> str:
    """An expression as a title that is no wider than a picture."""
    return fill(f"“{expression}”", 30)


def _clipped(line: str) -> str:
    line = line.strip()
    return line if len(line) <= _TEXT_WIDTH else line[: _TEXT_WIDTH - 1] + "…"


def _text(ax: Axes, text: str, title: str) -> None:
    rows = groupby(line.strip() for line in text.split("\n "))
    runs = [(line, len(list(same))) for line, same in rows]
    lines = [_clipped(line) + (f"   ({n} rows)" if n > 1 else "") for line, n in runs]
    points = min(9.0, 410 / max(len(line) for line in lines), 140 / len(lines))
    words = "\n".join(lines)
    ax.text(
        0, 0.98, words, family="monospace", fontsize=points, va="top", linespacing=1.5
    )
    ax.set_title(title)
    ax.axis("off")
