"""Figures of lesson 05: what a grid loses, how refiners draw, whom they hurt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from t4s_lib.course import draw, plots
from t4s_lib.course.figures import (
    BLUE,
    GREEN,
    ORANGE,
    SKY,
    VERMILION,
    as_rgb,
    label_colours,
    new_figure,
)
from t4s_lib.course.refine_studies import Case
from t4s_lib.course.refine_toy import Told
from t4s_lib.descriptor import BoolMask, DescriptorGrid
from t4s_lib.grid import iou
from t4s_lib.refine import refiner
from t4s_lib.refine.edge import EdgeAware
from t4s_lib.sources import Sample

_GREY = "#767676"
_BLOCKS = refiner("nearest")
_LOOKS = (
    ("o", "-", BLUE),
    ("s", "--", VERMILION),
    ("^", ":", GREEN),
    ("D", "-.", ORANGE),
)


def cut_cells(
    shares: Mapping[int, Sequence[float]], ious: Mapping[int, Sequence[float]]
) -> Figure:
    """Oracle IoU against the share of cells that the edge cuts, a mark a target.

    Args:
        shares: By grid side.
        ious: Likewise.
    """
    fig, (ax,) = new_figure(6.8, 3.5)
    for (size, cut), (marker, _, colour) in zip(shares.items(), _LOOKS, strict=False):
        mean = float(np.mean(ious[size]))
        style: Any = {"color": colour, "ms": 5, "alpha": 0.65, "mew": 0}
        name = f"{size} x {size}: mean IoU {mean:.2f}"
        ax.plot(cut, ious[size], marker, label=name, **style)
    ax.set_xlim(0, 1.02)
    ax.set_ylim(0, 1)
    ax.set_xlabel("share of the target's cells that its edge cuts")
    ax.set_ylabel("IoU of the true grid, in blocks")
    ax.set_title("the more cells the edge cuts, the lower the ceiling")
    ax.legend(loc="lower left")
    return fig


def blended_row(
    cells: Sequence[float], blended: NDArray[np.floating[Any]], title: str
) -> Figure:
    """A row of cells, what is blended between them, and where that exceeds one half."""
    fig, (ax,) = new_figure(8.4, 2.9)
    n, pixels = len(cells), len(blended)
    places = (np.arange(pixels) + 0.5) * n / pixels
    edges = np.arange(n + 1)
    ax.stairs(cells, edges, color=_GREY, fill=True, alpha=0.25, label="cells")
    ax.plot(np.arange(n) + 0.5, cells, "s", color=BLUE, ms=8, label="centres of cells")
    ax.plot(places, blended, ".-", color=VERMILION, lw=1, label="pixels, blended")
    ax.axhline(0.5, color="black", lw=1)
    on = blended > 0.5
    ax.plot(places[on], np.full(int(on.sum()), -0.09), "|", color="black", ms=9, mew=2)
    ax.annotate("pixels drawn", (0, -0.09), va="center", fontsize=8.5)
    ax.set_ylim(-0.18, 1.12)
    ax.set_xticks(edges)
    ax.set_xlabel("place, in cells")
    ax.set_title(title)
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return fig


def side_by_side(
    case: Case, masks: Mapping[str, BoolMask], cells: bool = True
) -> Figure:
    """A picture, its cells, and masks compared with the truth, each with its IoU."""
    wide = len(masks) + 1 + cells
    fig, axes = new_figure(2.75 * wide, 3.2, cols=wide)
    draw.picture(axes[0], case.sample.image, f"“{case.sample.expression}”")
    draw.outline(axes[0], case.sample.mask)
    if cells:
        said = int(case.grid.foreground.sum())
        draw.cells(axes[1], case.grid, f"{said} of {case.grid.ids.size} cells")
    for ax, (name, mask) in zip(axes[1 + cells :], masks.items(), strict=True):
        score = iou(case.sample.mask, mask)
        plots.overlap(ax, case.sample.mask, mask, f"{name}: IoU {score:.2f}")
    return fig


def edge_steps(case: Case) -> Figure:
    """The two steps of the edge-aware refiner: alike in colour, then spread."""
    target = (case.grid.foreground)[None].astype(np.float32)
    (alike,) = EdgeAware(trust=1e4, hold=0).chances(target, case.sample.image)
    (spread,) = EdgeAware().chances(target, case.sample.image)
    fig, axes = new_figure(11, 3.1, cols=4)
    draw.picture(axes[0], case.sample.image, "cells over the picture")
    draw.outline(axes[0], case.drawn(_BLOCKS))
    _heat(axes[1], alike, "1  alike the cells around")
    _heat(axes[2], spread, "2  spread, but not over edges")
    mask = case.drawn(EdgeAware())
    score = iou(case.sample.mask, mask)
    plots.overlap(axes[3], case.sample.mask, mask, f"3  cut: IoU {score:.2f}")
    return fig


def classes(
    sample: Sample, truth: NDArray[np.integer[Any]], grid: DescriptorGrid, ids: Any
) -> Figure:
    """Several classes at once: picture, true labels, cells, refined labels."""
    fig, axes = new_figure(11, 3.0, cols=4)
    draw.picture(axes[0], sample.image, "picture")
    draw.cells(axes[2], grid, "cells")
    right = float((truth == ids).mean())
    for k, labels, name in (
        (1, truth, "true labels"),
        (3, ids, f"refined: {right:.1%} of pixels right"),
    ):
        rgb = as_rgb(labels, label_colours(grid.labels))
        axes[k].imshow(rgb, interpolation="nearest", aspect="auto")
        axes[k].set_title(name)
        axes[k].set_box_aspect(truth.shape[0] / truth.shape[1])
        axes[k].axis("off")
    return fig


def sam_prompts(told: Told) -> Figure:
    """SAM's frame: the picture with its points, and the mask prompt in two ways."""
    fig, axes = new_figure(10.6, 3.5, cols=3)
    axes[0].imshow(told.picture)
    for label, marker, colour in ((1, "o", ORANGE), (0, "x", SKY)):
        x, y = told.points[told.labels == label].T
        for width, shade in ((4.5, "black"), (2.2, colour)):
            style: Any = {"color": shade, "mew": width, "fillstyle": "none", "ms": 7}
            axes[0].plot(x, y, marker, **style)
    axes[0].set_title("o on the target, x off it")
    for ax, logits, name in (
        (axes[1], told.aligned, "aligned: padding says 0"),
        (axes[2], told.stretched, "stretched over the frame"),
    ):
        shown = ax.imshow(logits, cmap="cividis", vmin=-6.91, vmax=6.91)
        bar = fig.colorbar(shown, ax=ax, shrink=0.75, ticks=[-6.9, 0, 6.9])
        bar.ax.set_yticklabels(["-ln 999", "0", "+ln 999"], fontsize=8)
        ax.set_title(name)
    for ax in axes:
        ax.set_xticks([])
        ax.set_yticks([])
    return fig


def before_and_after(
    before: Sequence[float], after: Sequence[float], names: tuple[str, str]
) -> Figure:
    """Each mask's IoU in two ways: above the diagonal the second one is better."""
    fig, axes = new_figure(9, 3.7, cols=2)
    one, two = np.array(before), np.array(after)
    steps, worse = two - one, two < one
    for which, marker, colour, word in (
        (~worse, "o", BLUE, "as good or better"),
        (worse, "x", VERMILION, "worse"),
    ):
        style: Any = {"color": colour, "ms": 5, "mew": 2 * (marker == "x")}
        label = f"{word}: {int(which.sum())}"
        axes[0].plot(one[which], two[which], marker, label=label, **style)
    axes[0].plot([0, 1], [0, 1], color=_GREY, lw=1, zorder=0)
    axes[0].set_xlabel(f"IoU, {names[0]}")
    axes[0].set_ylabel(f"IoU, {names[1]}")
    axes[0].set_title("mask by mask")
    axes[0].legend(fontsize=8.5)
    axes[0].set_box_aspect(1)
    ranked = np.sort(steps)
    axes[1].bar(range(len(ranked)), ranked, color=np.where(ranked < 0, VERMILION, BLUE))
    axes[1].axhline(0, color="black", lw=0.8)
    axes[1].set_title(f"the change, sorted: {steps.mean():+.3f} on average")
    axes[1].set_xlabel("masks, most hurt first")
    axes[1].set_ylabel("change of IoU")
    return fig


def _lines(
    ax: Axes,
    x: Sequence[float],
    values: Mapping[str, Sequence[float]],
    xlabel: str,
    title: str,
) -> None:
    for (name, ys), (marker, dash, colour) in zip(values.items(), _LOOKS, strict=False):
        ax.plot(x, ys, dash, marker=marker, color=colour, label=name)
    least = min(min(ys) for ys in values.values())
    ax.set_ylim(max(0, np.floor(10 * least - 1) / 10), 1.01)
    ax.set_xlabel(xlabel)
    ax.set_ylabel("IoU")
    ax.set_title(title)


def trials(
    cases: Sequence[Case],
    x: Sequence[float],
    values: Mapping[str, Sequence[float]],
    xlabel: str,
    title: str,
    how: Any,
) -> Figure:
    """Two cases as a refiner draws them, and the IoU over all of them.

    Args:
        cases: The two that are drawn.
        x: What changes from case to case.
        values: IoU of each case, by refiner.
        xlabel: What ``x`` is.
        title: What is found.
        how: The refiner that draws the two.
    """
    fig, axes = new_figure(11, 3.3, cols=3, width_ratios=[1, 1, 1.9])
    for ax, case in zip(axes[:2], cases, strict=True):
        mask = case.drawn(how)
        score = iou(case.sample.mask, mask)
        draw.picture(
            ax, case.sample.image, f"{case.sample.expression}:\nIoU {score:.2f}"
        )
        draw.outline(ax, mask)
    _lines(axes[2], x, values, xlabel, title)
    axes[2].legend(fontsize=8.5)
    return fig


def _heat(ax: Axes, chance: NDArray[Any], title: str) -> None:
    ax.imshow(chance, cmap="cividis", vmin=0, vmax=1, aspect="auto")
    ax.set_title(title)
    ax.set_box_aspect(chance.shape[0] / chance.shape[1])
    ax.set_xticks([])
    ax.set_yticks([])
