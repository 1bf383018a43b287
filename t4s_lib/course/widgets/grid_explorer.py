"""Grid explorer: turn the grid's size and rule, see what of the mask survives."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import ipywidgets as widgets
from matplotlib.figure import Figure

from t4s_lib.course.figures import ORANGE, PAPER, ink
from t4s_lib.course.widgets.comparison import PARTS, add_key, over_truth, parts_of
from t4s_lib.course.widgets.panels import (
    Panel,
    Sheet,
    coloured,
    enlarge,
    fit,
    letters,
    resized,
    to_html,
    with_lines,
    with_outline,
)
from t4s_lib.course.widgets.parts import LABELLED, expressions, framed, readout, row
from t4s_lib.descriptor import BoolMask, DescriptorGrid
from t4s_lib.grid import MODES, grid_to_mask, iou, mask_to_grid
from t4s_lib.sources.base import Sample

SIZES = (4, 64)
"""The smallest and the largest grid."""

RULES = ("nearest", "majority", "coverage", "nearest+keep")

_BOX = 270  # pixels
_LETTERS_UP_TO = 24  # columns; in more the letters could not be read


@dataclass(frozen=True)
class GridView:
    """What the explorer is set to, and what follows from it.

    Attributes:
        sample: Picture, expression and true mask.
        size: Side of the grid.
        rule: How a cell chooses its label.
        mode: How the grid becomes pixels again.
    """

    sample: Sample
    size: int = 16
    rule: str = "nearest"
    mode: str = "nearest"

    @cached_property
    def grid(self) -> DescriptorGrid:
        """The mask as a grid."""
        return mask_to_grid(
            self.sample.mask, self.size, self.sample.expression, self.rule
        )

    @cached_property
    def back(self) -> BoolMask:
        """The grid as a mask, bool ``(H, W)``."""
        return grid_to_mask(self.grid, self.sample.mask.shape, mode=self.mode)

    @property
    def oracle_iou(self) -> float:
        """What a model that writes this grid without a fault would score."""
        return iou(self.sample.mask, self.back)

    @cached_property
    def parts(self) -> dict[str, BoolMask]:
        """Pixels hit, missed, and drawn though not of the target."""
        return parts_of(self.sample.mask, self.back)


def render_grid_explorer(view: GridView) -> Figure:
    """Draw picture, cells, and the mask drawn back over the truth."""
    side, shape = view.size, view.sample.mask.shape
    size = fit((shape[0], shape[1]), _BOX)
    faint = 0.55 if side <= 32 else 0.3
    photo = with_lines(resized(view.sample.image, size), view.grid.shape, faint)
    cells = coloured(enlarge(view.grid.foreground, size).astype(int), [PAPER, ORANGE])
    panels = [
        Panel(with_outline(photo, view.sample.mask), f"picture, grid {side} by {side}"),
        Panel(with_lines(cells, view.grid.shape, 0.25), _cells_title(view)),
        Panel(over_truth(view.parts, size), f"drawn back: IoU {view.oracle_iou:.3f}"),
    ]
    sheet = Sheet(panels, _BOX, foot=30)
    if side <= _LETTERS_UP_TO:
        sheet.mark(1, view.grid.foreground, f"${_letter(view)}$", ink(ORANGE))
    add_key(sheet, 2)
    return sheet.figure


def describe_grid_explorer(view: GridView) -> str:
    """Say in words what the explorer shows."""
    rows, cols = view.grid.shape
    setting = f"Grid {rows} by {cols}, rule {view.rule}, back by {view.mode}."
    if view.sample.is_no_target:
        return f"{setting} Nothing in the picture is meant: every cell says others."
    name, held = view.sample.expression, int(view.grid.foreground.sum())
    if view.grid.lost:
        pixels = int(view.sample.mask.sum())
        return (
            f"{setting} Oracle IoU 0.000. The target is lost: “{name}” "
            f"has {pixels:,} pixel{'s' * (pixels != 1)}, but no cell."
        )
    hit, missed, extra = (int(view.parts[part].sum()) for part in PARTS)
    return (
        f"{setting} Oracle IoU {view.oracle_iou:.3f}. “{name}” has {held:,} of "
        f"{rows * cols:,} cells; of its pixels {hit:,} are hit and {missed:,} missed, "
        f"{extra:,} are extra."
    )


def build_grid_explorer(samples: Sequence[Sample]) -> widgets.VBox:
    """The explorer as a widget.

    Args:
        samples: What can be chosen, by expression; the first is shown first.

    Raises:
        ValueError: If there is no sample.
    """
    if not samples:
        raise ValueError("samples is empty, expected one or more")
    controls = _controls(samples)
    figure, words = widgets.HTML(), widgets.HTML()
    words.layout.min_height = "3.2em"

    def redraw(_: object = None) -> None:
        chosen = {name: control.value for name, control in controls.items()}
        view = GridView(samples[chosen.pop("sample")], **chosen)
        said = describe_grid_explorer(view)
        figure.value = to_html(render_grid_explorer(view), said)
        words.value = readout(html.escape(said))

    def reset(_: object) -> None:
        for name, value in {"sample": 0, **_DEFAULTS}.items():
            controls[name].value = value

    button = widgets.Button(description="Reset", icon="undo")
    button.on_click(reset)
    for control in controls.values():
        control.observe(redraw, names="value")
    redraw()
    return framed(row(*controls.values(), button), figure, words)


_DEFAULTS: dict[str, Any] = {"size": 16, "rule": "nearest", "mode": "nearest"}


def _controls(samples: Sequence[Sample]) -> dict[str, Any]:
    return {
        "sample": expressions(samples),
        "size": widgets.IntSlider(
            value=_DEFAULTS["size"],
            min=SIZES[0],
            max=SIZES[1],
            description="Grid size",
            **LABELLED,
        ),
        "rule": widgets.Dropdown(options=RULES, description="Rule", **LABELLED),
        "mode": widgets.Dropdown(options=MODES, description="Way back", **LABELLED),
    }


def _cells_title(view: GridView) -> str:
    held, cells = int(view.grid.foreground.sum()), view.size**2
    lost = "lost: " if view.grid.lost else ""
    return f"{lost}{held:,} of {cells:,} cells say “target”"


def _letter(view: GridView) -> str:
    return letters(["others", view.sample.expression])[1]
