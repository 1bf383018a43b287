"""Figures of many instances, of a talk about a picture, and of implied expressions."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from PIL import Image

from t4s_lib.course.draw import grid_lines, outline, picture
from t4s_lib.course.figures import PALETTE, PAPER, as_rgb, ink, new_figure
from t4s_lib.descriptor import BoolMask, DescriptorGrid
from t4s_lib.instances import components_to_instances, grid_to_instances

if TYPE_CHECKING:
    from t4s_lib.conversation import Conversation, Said
    from t4s_lib.sources import Sample


def numbered(
    ax: Axes, masks: Sequence[BoolMask], title: str, image: Image.Image | None = None
) -> None:
    """Draw instances: a colour each, and its number in its widest place.

    Args:
        ax: Where.
        masks: Bool ``(H, W)``, one an instance; later ones lie over earlier ones.
        title: What is seen.
        image: Laid beneath, half covered; paper for None.
    """
    if image is not None:
        picture(ax, image, title)
    for k, mask in enumerate(masks):
        colour = PALETTE[k % len(PALETTE)]
        if image is not None:
            outline(ax, mask, colour)
        _number(ax, mask, str(k + 1), colour)
    if image is None:
        _flat(ax, masks, title)


def instances_figure(image: Image.Image, grid: DescriptorGrid, label: str) -> Figure:
    """A picture, what a grid says without numbers, and what it says with them.

    Args:
        image: The picture.
        grid: From ``instances_to_grid``, or read from a text.
        label: The kind.
    """
    fig, axes = new_figure(9, 3.5, cols=3)
    apart = grid_to_instances(grid, label)
    bare = DescriptorGrid(sum(apart, np.zeros(grid.shape, int)), ("others", label))
    joined = components_to_instances(bare, label)
    size = (image.height, image.width)
    numbered(axes[0], grid_to_instances(grid, label, size), "the picture", image)
    grid_lines(axes[0], grid.shape, size)
    numbered(axes[1], joined, f"one label: {len(joined)} connected parts")
    numbered(axes[2], apart, f"numbered labels: {len(apart)} instances")
    return fig


def conversation_figure(talk: Conversation) -> Figure:
    """A talk, turn by turn: the masks that were drawn, and the words beside them."""
    rows = max(1, len(talk.turns))
    fig, axes = new_figure(8, 1.8 * rows, cols=2, rows=rows, width_ratios=[1, 3])
    for k, turn in enumerate(talk.turns):
        beside, words = axes[2 * k], axes[2 * k + 1]
        _look(beside, talk.image, turn)
        words.axis("off")
        words.text(0, 0.8, fill(f"You: {turn.question}", 52), va="center")
        answer = turn.prediction.text if turn.prediction else turn.answer
        shown = answer if len(answer) < 120 else f"{answer[:117]}..."
        said = fill(f"Model: {shown!r}", 52)
        words.text(0, 0.6, said, va="top", family="monospace")
    return fig


def reasoning_figure(
    samples: Sequence[Sample], answers: Sequence[BoolMask] = ()
) -> Figure:
    """Implied expressions: what is meant, white, and what a model drew, coloured.

    Args:
        samples: From ``reasoning_scenes``; four a row.
        answers: A mask each, or none at all.
    """
    rows = -(-len(samples) // 4)
    fig, axes = new_figure(9, 2.75 * rows, cols=4, rows=rows)
    for ax in axes[len(samples) :]:
        ax.axis("off")
    for k, (ax, sample) in enumerate(zip(axes, samples, strict=False)):
        picture(ax, sample.image, fill(sample.expression, 24))
        outline(ax, sample.mask)
        if answers:
            outline(ax, answers[k], PALETTE[0])
    return fig


def _number(ax: Axes, mask: BoolMask, text: str, colour: str) -> None:
    """Write a number where a mask is widest."""
    if not mask.any():
        return
    row, column = _widest(mask)
    rim = withStroke(linewidth=3, foreground=colour)
    ax.text(
        column,
        row,
        text,
        ha="center",
        va="center",
        color=ink(colour),
        fontweight="bold",
        path_effects=[rim],
        zorder=5,
    )


def _widest(mask: BoolMask) -> tuple[int, int]:
    """The pixel that is farthest from everything outside."""
    from scipy.ndimage import distance_transform_edt

    depth = distance_transform_edt(np.pad(mask, 1))[1:-1, 1:-1]
    row, column = divmod(int(np.argmax(depth)), mask.shape[1])
    return int(row), int(column)


def _flat(ax: Axes, masks: Sequence[BoolMask], title: str) -> None:
    """Instances on paper, as blocks of colour."""
    height, width = masks[0].shape if masks else (1, 1)
    ids = np.zeros((height, width), dtype=int)
    for k, mask in enumerate(masks):
        ids[mask] = k % len(PALETTE) + 1
    ax.imshow(as_rgb(ids, [PAPER, *PALETTE]), interpolation="nearest", aspect="auto")
    ax.set_title(title)
    ax.set_box_aspect(height / width)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines[:].set_visible(False)


def _look(ax: Axes, image: Image.Image, turn: Said) -> None:
    picture(ax, image, "")
    if turn.prediction is not None:
        outline(ax, turn.prediction.mask, PALETTE[0])
