"""The desk around the mask painter: its text, its price, and the truth to load."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import NamedTuple

import ipywidgets as widgets
from numpy.typing import ArrayLike
from PIL import Image

from t4s_lib.codecs import codec
from t4s_lib.course.tokens import NAMES, token_counter
from t4s_lib.course.widgets.mask_painter import MaskPainter
from t4s_lib.course.widgets.parts import (
    LABELLED,
    framed,
    read_only,
    readout,
    row,
    style,
)
from t4s_lib.descriptor import BoolMask, DescriptorGrid
from t4s_lib.grid import grid_to_mask, iou, mask_to_grid
from t4s_lib.label_maps import as_bool
from t4s_lib.sources.base import Sample


def describe_mask_painter(grid: DescriptorGrid, truth: BoolMask | None = None) -> str:
    """Say what is painted, what its text costs, and how well it fits.

    Args:
        grid: What is painted, with one target label.
        truth: Bool ``(H, W)``: the true mask, where there is one.

    Examples:
        >>> describe_mask_painter(DescriptorGrid([[0, 1]], ("others", "dog")))
        '1 of 2 cells say “dog”. As R-RLE: 18 characters, 8 tokens; as full
        descriptors: 12 characters, 4 tokens (SentencePiece 32k).'
    """
    prices = [_price(name, grid) for name in ("row-rle", "full")]
    words = (
        f"{int(grid.foreground.sum())} of {grid.ids.size} cells say "
        f"“{grid.labels[1]}”. As R-RLE: {prices[0]}; as full descriptors: {prices[1]} "
        f"({NAMES[0]})."
    )
    return words if truth is None else f"{words} {_fit(grid, truth)}"


class _Scene(NamedTuple):
    """What can lie under the cells: a picture, the true mask, and its label."""

    name: str
    image: Image.Image | None
    truth: BoolMask | None
    label: str


class _Desk:
    """The painter, its text, and the controls around it, wired up."""

    def __init__(self, painter: MaskPainter, scenes: Sequence[_Scene]) -> None:
        self.painter, self.scenes = painter, scenes
        self.name = widgets.Text(
            value=painter.label,
            description="Label of a painted cell",
            layout=widgets.Layout(width="auto", flex="0 1 24em"),
            **LABELLED,
        )
        self.chooser = widgets.Dropdown(
            options=[(scene.name, k) for k, scene in enumerate(scenes)],
            description="Picture",
            **LABELLED,
        )
        self.button = widgets.Button(
            description="Load the true mask", layout=widgets.Layout(width="auto")
        )
        self.text = widgets.HTML(layout=widgets.Layout(width="auto"))
        self.words = widgets.HTML(layout=widgets.Layout(min_height="4.8em"))
        self.button.on_click(lambda _: self.load_truth())
        self.chooser.observe(lambda _: self.change_scene(), names="value")
        painter.observe(lambda _: self.redraw(), names=["cells", "label"])
        widgets.dlink((self.name, "value"), (painter, "label"))
        self.redraw()

    @property
    def scene(self) -> _Scene:
        """What is chosen."""
        k: int = self.chooser.value
        return self.scenes[k]

    def redraw(self) -> None:
        """Write the text and the readout anew."""
        grid, truth = self.painter.grid, self.scene.truth
        rows = min(18, self.painter.rows + 1)
        self.text.value = read_only("Text of what is painted", self.painter.text, rows)
        self.words.value = readout(html.escape(describe_mask_painter(grid, truth)))
        self.button.disabled = truth is None

    def load_truth(self) -> None:
        """Paint the true mask's own grid."""
        if self.scene.truth is not None:
            self.painter.load(self.scene.truth)

    def change_scene(self) -> None:
        """Lay the chosen picture under an empty board."""
        self.painter.show_picture(self.scene.image)
        self.painter.clear()
        self.name.value = self.scene.label
        self.redraw()

    def widget(self) -> widgets.VBox:
        """Everything in its place; only the controls that have something to do."""
        controls = [self.name]
        controls += [self.chooser] if len(self.scenes) > 1 else []
        controls += (
            [self.button] if any(s.truth is not None for s in self.scenes) else []
        )
        right = widgets.VBox(
            [self.text, self.words], layout=widgets.Layout(flex="1 1 20em")
        )
        work = row(self.painter, right)
        work.layout.align_items, work.layout.grid_gap = "flex-start", "0 1.5em"
        return framed(style(), row(*controls), work)


def build_mask_painter(
    rows: int = 16,
    cols: int = 16,
    label: str = "dog",
    image: Image.Image | None = None,
    mask: ArrayLike | None = None,
    samples: Sequence[Sample] = (),
) -> widgets.VBox:
    """The painter with its text beside it; ``.painter`` is the ``MaskPainter``.

    Args:
        rows: Rows of the grid.
        cols: Its columns.
        label: What a painted cell says.
        image: A picture to paint over.
        mask: Bool ``(H, W)``, the true mask: painted at first, and what the
            readout compares with.
        samples: More pictures that can be chosen, by expression, each with its
            true mask and an empty board.
    """
    painter = MaskPainter(rows, cols, label, image, mask)
    truth = None if mask is None else as_bool(mask)
    first = _Scene(label if image else "none", image, truth, label)
    more = [
        _Scene(f"{k}. {one.expression}", one.image, one.mask, one.expression)
        for k, one in enumerate(samples, start=1)
    ]
    box = _Desk(painter, [first, *more]).widget()
    box.painter = painter
    return box


def _price(name: str, grid: DescriptorGrid) -> str:
    text = codec(name).encode(grid)
    return f"{len(text)} characters, {token_counter()(text)} tokens"


def _fit(grid: DescriptorGrid, truth: BoolMask) -> str:
    height, width = truth.shape
    own = mask_to_grid(truth, grid.shape)
    mine, best = (
        iou(truth, grid_to_mask(cells, (height, width))) for cells in (grid, own)
    )
    return f"IoU with the true mask: {mine:.3f}; its own grid reaches {best:.3f}."
