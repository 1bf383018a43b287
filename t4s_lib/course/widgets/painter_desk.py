"""The desk around the mask painter: its text, its price, labels, and ways to save."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import ipywidgets as widgets
from numpy.typing import ArrayLike
from PIL import Image

from t4s_lib.codecs import codec
from t4s_lib.course.tokens import NAMES, token_counter
from t4s_lib.course.widgets.mask_painter import MOST_LABELS, MaskPainter
from t4s_lib.course.widgets.painted import label_map, painted_sample, save_png
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
        grid: What is painted.
        truth: Bool ``(H, W)``: the true mask of the first label, where there is one.

    Examples:
        >>> describe_mask_painter(DescriptorGrid([[0, 1]], ("others", "dog")))
        '1 of 2 cells say “dog”. As R-RLE: 18 characters, 8 tokens; as full
        descriptors: 12 characters, 4 tokens (SentencePiece 32k).'
    """
    prices = [_price(name, grid) for name in ("row-rle", "full")]
    counts = [(name, int(grid.where(name).sum())) for name in grid.labels[1:]]
    (first, count), *more = counts
    others = "".join(f", {many} “{name}”" for name, many in more)
    words = (
        f"{count} of {grid.ids.size} cells say “{first}”{others}. As R-RLE: "
        f"{prices[0]}; as full descriptors: {prices[1]} ({NAMES[0]})."
    )
    return words if truth is None else f"{words} {_fit(grid, truth)}"


class _Scene(NamedTuple):
    """What can lie under the cells: a picture, the true mask, and its label."""

    name: str
    image: Image.Image | None
    truth: BoolMask | None
    labels: list[str]


class _Desk:
    """The painter, its text, and the controls around it, wired up."""

    def __init__(self, painter: MaskPainter, scenes: Sequence[_Scene]) -> None:
        self.painter, self.scenes = painter, scenes
        self.name = widgets.Text(
            value=painter.labels[0],
            description="Label of a painted cell",
            layout=widgets.Layout(width="auto", flex="0 1 24em"),
            **LABELLED,
        )
        self.chooser = widgets.Dropdown(
            options=[(scene.name, k) for k, scene in enumerate(scenes)],
            description="Picture",
            **LABELLED,
        )
        self.button = _button("Load the true mask", self.load_truth)
        self.more = _button("Add a label", self.add_label)
        self.keep = _button("Save as PNG", self.save)
        self.text = widgets.HTML(layout=widgets.Layout(width="auto"))
        self.words = widgets.HTML(layout=widgets.Layout(min_height="4.8em"))
        self.chooser.observe(lambda _: self.change_scene(), names="value")
        self.name.observe(lambda _: painter.rename(self.name.value), names="value")
        painter.observe(lambda _: self.show_name(), names=["active", "labels"])
        painter.observe(lambda _: self.redraw(), names=["cells", "labels"])
        self.redraw()

    @property
    def scene(self) -> _Scene:
        """What is chosen."""
        k: int = self.chooser.value
        return self.scenes[k]

    def redraw(self, news: str = "") -> None:
        """Write the text and the readout anew, with news at its end."""
        grid, truth = self.painter.grid, self.scene.truth
        rows = min(18, self.painter.rows + 1)
        self.text.value = read_only("Text of what is painted", self.painter.text, rows)
        said = f"{describe_mask_painter(grid, truth)} {news}".strip()
        self.words.value = readout(html.escape(said))
        self.button.disabled = truth is None
        self.more.disabled = len(self.painter.labels) >= MOST_LABELS

    def show_name(self) -> None:
        """Show what the label in the brush is called."""
        self.name.value = self.painter.labels[self.painter.active - 1]

    def add_label(self) -> None:
        """Put a label that has a name of its own into palette and brush."""
        number = len(self.painter.labels) + 1
        while (name := f"label {number}") in self.painter.labels:
            number += 1
        self.painter.add_label(name)

    def sample(self, label: str | None = None) -> Sample:
        """What is painted, as a sample; see ``painted_sample``."""
        return painted_sample(self.painter.grid, self.scene.image, label)

    def save(self) -> None:
        """Write what is painted to a file in the working folder, and say where."""
        grid, sample = self.painter.grid, self.sample()
        try:
            path = save_png(label_map(grid, sample.image), Path.cwd())
        except OSError as error:
            self.redraw(f"Not saved: {error}.")
            return
        wide, high = sample.image.size
        self.redraw(f"Saved {wide} by {high} pixels in {path}.")

    def load_truth(self) -> None:
        """Paint the true mask's own grid."""
        if self.scene.truth is not None:
            self.painter.load(self.scene.truth)

    def change_scene(self) -> None:
        """Lay the chosen picture under an empty board."""
        self.painter.show_picture(self.scene.image)
        self.painter.show_labels(self.scene.labels)
        self.redraw()

    def widget(self) -> widgets.VBox:
        """Everything in its place; only the controls that have something to do."""
        controls = [self.name, self.more]
        controls += [self.chooser] if len(self.scenes) > 1 else []
        controls += (
            [self.button] if any(s.truth is not None for s in self.scenes) else []
        )
        controls.append(self.keep)
        right = widgets.VBox(
            [self.text, self.words], layout=widgets.Layout(flex="1 1 20em")
        )
        work = row(self.painter, right)
        work.layout.align_items, work.layout.grid_gap = "flex-start", "0 1.5em"
        return framed(style(), row(*controls), work)


def build_mask_painter(
    rows: int = 16,
    cols: int = 16,
    label: str | Sequence[str] = "dog",
    image: Image.Image | None = None,
    mask: ArrayLike | None = None,
    samples: Sequence[Sample] = (),
) -> widgets.VBox:
    """The painter with its text beside it.

    Its ``.painter`` is the ``MaskPainter``; its ``.sample()`` is what is painted, as a
    sample, see ``painted_sample``.

    Args:
        rows: Rows of the grid.
        cols: Its columns.
        label: What a painted cell says; several make a palette.
        image: A picture to paint over.
        mask: Bool ``(H, W)``, the true mask of the first label: painted at first,
            and what the readout compares with.
        samples: More pictures that can be chosen, by expression, each with its
            true mask and an empty board.
    """
    painter = MaskPainter(rows, cols, label, image, mask)
    truth = None if mask is None else as_bool(mask)
    first = _Scene(painter.labels[0] if image else "none", image, truth, painter.labels)
    more = [
        _Scene(f"{k}. {one.expression}", one.image, one.mask, [one.expression])
        for k, one in enumerate(samples, start=1)
    ]
    desk = _Desk(painter, [first, *more])
    box = desk.widget()
    box.painter, box.sample = painter, desk.sample
    return box


def _button(words: str, act: Callable[[], None]) -> widgets.Button:
    made = widgets.Button(description=words, layout=widgets.Layout(width="auto"))
    made.on_click(lambda _: act())
    return made


def _price(name: str, grid: DescriptorGrid) -> str:
    text = codec(name).encode(grid)
    return f"{len(text)} characters, {token_counter()(text)} tokens"


def _fit(grid: DescriptorGrid, truth: BoolMask) -> str:
    size = (truth.shape[0], truth.shape[1])
    own = mask_to_grid(truth, grid.shape)
    mine = iou(truth, grid_to_mask(grid, size, grid.labels[1]))
    best = iou(truth, grid_to_mask(own, size))
    return f"IoU with the true mask: {mine:.3f}; its own grid reaches {best:.3f}."
