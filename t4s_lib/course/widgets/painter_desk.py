"""The desk around the mask painter: its text, its price, and the truth to load."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

import ipywidgets as widgets
from numpy.typing import ArrayLike
from PIL import Image

from t4s_lib.codecs import codec
from t4s_lib.course.tokens import NAMES, token_counter
from t4s_lib.course.widgets.mask_painter import MaskPainter
from t4s_lib.course.widgets.parts import LABELLED, MONO, readout, row, style
from t4s_lib.descriptor import BoolMask, DescriptorGrid
from t4s_lib.grid import grid_to_mask, iou, mask_to_grid
from t4s_lib.sources.base import Sample

_NONE = -1  # in the list of samples: an empty board


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
        mask: Bool ``(H, W)`` to begin with.
        samples: Pictures that can be chosen to paint over, by expression; with
            them comes a button that loads the true mask.
    """
    painter = MaskPainter(rows, cols, label, image, mask)
    name = widgets.Text(value=label, description="Label of a painted cell", **LABELLED)
    chooser = _chooser(samples)
    text, words = _text_area(rows), widgets.HTML()
    words.layout.min_height = "4.8em"

    def redraw(_: object = None) -> None:
        chosen = chooser.value
        truth = None if chosen == _NONE else samples[chosen].mask
        text.value = painter.text
        words.value = readout(html.escape(describe_mask_painter(painter.grid, truth)))

    def choose(change: Any) -> None:
        _show_sample(
            painter, name, None if change["new"] == _NONE else samples[change["new"]]
        )
        redraw()

    chooser.observe(choose, names="value")
    painter.observe(redraw, names=["cells", "label"])
    widgets.dlink((name, "value"), (painter, "label"))
    redraw()
    controls = [name]
    if samples:
        controls += [chooser, _truth_button(painter, chooser, samples)]
    right = widgets.VBox([text, words], layout=widgets.Layout(flex="1 1 20em"))
    desk = row(painter, right)
    desk.layout.align_items, desk.layout.grid_gap = "flex-start", "0 1.5em"
    box = widgets.VBox([style(), row(*controls), desk])
    box.painter = painter
    return box


def _text_area(rows: int) -> widgets.Textarea:
    area = widgets.Textarea(
        description="Text of what is painted (read only)",
        disabled=True,
        rows=min(18, rows + 1),
        layout=widgets.Layout(width="auto"),
        **LABELLED,
    )
    area.add_class(MONO)
    return area


def _chooser(samples: Sequence[Sample]) -> widgets.Dropdown:
    names = [f"{k + 1}. {sample.expression}" for k, sample in enumerate(samples)]
    options = [("none", _NONE), *((name, k) for k, name in enumerate(names))]
    return widgets.Dropdown(
        options=options, value=_NONE, description="Picture", **LABELLED
    )


def _truth_button(
    painter: MaskPainter, chooser: Any, samples: Sequence[Sample]
) -> widgets.Button:
    button = widgets.Button(
        description="Load the true mask",
        disabled=True,
        layout=widgets.Layout(width="auto"),
    )
    button.on_click(lambda _: painter.load(samples[chooser.value].mask))
    widgets.dlink((chooser, "value"), (button, "disabled"), lambda k: k == _NONE)
    return button


def _show_sample(painter: MaskPainter, name: Any, sample: Sample | None) -> None:
    """Lay a sample's picture under an empty board, or none."""
    painter.show_picture(sample.image if sample else None)
    painter.cells = [[0] * painter.cols for _ in range(painter.rows)]
    if sample:
        name.value = sample.expression


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
