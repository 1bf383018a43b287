"""Break it: edit the text of a mask, and watch what two decoders make of it."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import ipywidgets as widgets
import numpy as np
from matplotlib.figure import Figure
from PIL import Image

from t4s_lib.codecs import Fault, ParseReport, codec
from t4s_lib.course.figures import ink, label_colours
from t4s_lib.course.widgets.damages import damages
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
from t4s_lib.course.widgets.parts import (
    LABELLED,
    MONO,
    framed,
    readout,
    row,
    style,
    table,
)
from t4s_lib.course.widgets.placed import Pixels
from t4s_lib.descriptor import BoolMask, DescriptorGrid
from t4s_lib.grid import iou

OURS, THEIRS = "ours, row by row", "the authors', one flat list"

_BOX = 200  # pixels
_FAULTS_SHOWN = 8
_LETTERS_UP_TO = 24  # columns; in more the letters could not be read


class Reading(NamedTuple):
    """What a decoder made of the text.

    Attributes:
        grid: The cells.
        report: What it noted on the way.
    """

    grid: DescriptorGrid
    report: ParseReport


@dataclass(frozen=True)
class Broken:
    """A text, and the grid that it should say.

    Attributes:
        truth: The true grid.
        text: R-RLE, in whatever state.
        image: The picture, if there is one.
    """

    truth: DescriptorGrid
    text: str
    image: Image.Image | None = None

    @cached_property
    def readings(self) -> dict[str, Reading]:
        """Both decoders' readings; ours is told the labels, theirs takes any."""
        read, shape = codec("row-rle").decode, self.truth.shape
        return {
            OURS: Reading(*read(self.text, shape, labels=self.truth.labels)),
            THEIRS: Reading(*read(self.text, shape, mode="parity")),
        }

    def wrong(self, name: str) -> BoolMask:
        """Bool ``(rows, cols)``: cells that a decoder reads otherwise than meant.

        Where there is one target, any label but ``others`` counts as it.
        """
        grid = self.readings[name].grid
        if len(self.truth.labels) <= 2:
            return np.asarray(grid.foreground != self.truth.foreground)
        return np.asarray(np.array(grid.cells()) != np.array(self.truth.cells()))

    def iou(self, name: str) -> float:
        """IoU of all target cells with the truth's."""
        return iou(self.readings[name].grid.foreground, self.truth.foreground)


def render_break_it(state: Broken) -> Figure:
    """Draw the truth and both readings, wrong cells crossed out."""
    shape = state.truth.shape
    size = fit((state.image.height, state.image.width) if state.image else shape, _BOX)
    right = np.zeros(shape, dtype=bool)
    drawn = [("the truth", state.truth, right)] + [
        (f"{name.split(',')[0]}: IoU {state.iou(name):.3f}", grid, state.wrong(name))
        for name, (grid, _) in state.readings.items()
    ]
    panels = [Panel(_cells(grid, state, size), title) for title, grid, _ in drawn]
    if state.image:
        picture = with_lines(resized(state.image, size), shape, 0.4)
        panels[0] = Panel(with_outline(picture, state.truth.foreground), "the truth")
    sheet = Sheet(panels, _BOX, foot=18)
    for k, (_, grid, wrong) in enumerate(drawn):
        sheet.number_cells(k, shape)
        if k or not state.image:
            _mark_cells(sheet, k, grid, wrong, state)
    return sheet.figure


def describe_break_it(state: Broken) -> str:
    """Say in words how each decoder fares."""
    return " ".join(_verdict(state, name) for name in state.readings)


def report_html(state: Broken) -> str:
    """Both decoders' verdicts and faults, side by side where there is room."""
    parts = [
        f'<div style="flex:1 1 20em;min-width:0">{readout(_bold_verdict(state, name))}'
        f"{_fault_table(reading.report.faults)}</div>"
        for name, reading in state.readings.items()
    ]
    return f'<div style="display:flex;flex-wrap:wrap;gap:0 2em">{"".join(parts)}</div>'


def build_break_it(
    grid: DescriptorGrid, image: Image.Image | None = None
) -> widgets.VBox:
    """The widget, with the grid's faultless R-RLE text to start from.

    Args:
        grid: The truth.
        image: The picture it belongs to, shown beneath the true cells.
    """
    sound = codec("row-rle").encode(grid)
    area = widgets.Textarea(
        value=sound,
        description="Text of the mask (edit it)",
        rows=min(18, grid.shape[0] + 1),
        layout=widgets.Layout(flex="1 1 19em", width="auto", min_width="15em"),
        **LABELLED,
    )
    area.add_class(MONO)
    figure = widgets.HTML(layout=widgets.Layout(flex="2 1 34em", min_height="15em"))
    report = widgets.HTML(layout=widgets.Layout(min_height="9em", width="100%"))

    def redraw(_: object = None) -> None:
        state = Broken(grid, area.value, image)
        figure.value = to_html(render_break_it(state), describe_break_it(state))
        report.value = report_html(state)

    area.observe(redraw, names="value")
    redraw()
    buttons = row(*(_button(name, text, area) for name, text in damages(sound).items()))
    work = row(area, figure)
    work.layout.align_items = "flex-start"
    return framed(style(), buttons, work, report)


def _button(name: str, text: str, area: Any) -> widgets.Button:
    button = widgets.Button(
        description=name.capitalize() if name == "reset" else name,
        icon="undo" if name == "reset" else "",
        layout=widgets.Layout(width="auto"),
    )
    button.on_click(_setter(area, text))
    return button


def _setter(area: Any, text: str) -> Callable[[object], None]:
    def set_text(_: object) -> None:
        area.value = text

    return set_text


def _names(state: Broken) -> list[str]:
    """All labels that occur, the truth's first."""
    grids = [state.truth, *(reading.grid for reading in state.readings.values())]
    return list(dict.fromkeys(label for grid in grids for label in grid.labels))


def _cells(grid: DescriptorGrid, state: Broken, size: tuple[int, int]) -> Pixels:
    names = _names(state)
    number = np.array([names.index(label) for label in grid.labels])
    pixels = coloured(enlarge(number[grid.ids], size), label_colours(names))
    return with_lines(pixels, grid.shape, 0.2)


def _mark_cells(
    sheet: Sheet, k: int, grid: DescriptorGrid, wrong: BoolMask, state: Broken
) -> None:
    """A letter in each target cell that is right, a cross in each wrong cell."""
    names = _names(state)
    colours, signs = label_colours(names), letters(names)
    for i, label in enumerate(grid.labels):
        colour = ink(colours[names.index(label)])
        here = grid.ids == i
        sheet.mark(k, here & wrong, "x", colour)
        if i and grid.shape[1] <= _LETTERS_UP_TO:
            sheet.mark(k, here & ~wrong, f"${signs[names.index(label)]}$", colour)


def _verdict(state: Broken, name: str) -> str:
    report, wrong = state.readings[name].report, state.wrong(name)
    n = len(report.faults)
    cells = f"{int(wrong.sum())} of {wrong.size} cells wrong"
    faults = f"{n or 'no'} fault{'s' * (n != 1)} noted"
    return (
        f"{name[0].upper()}{name[1:]}: IoU {state.iou(name):.3f}, "
        f"{cells}; {report.status}, {faults}."
    )


def _bold_verdict(state: Broken, name: str) -> str:
    head, _, rest = html.escape(_verdict(state, name)).partition(":")
    return f"<strong>{head}:</strong>{rest}"


def _fault_table(faults: tuple[Fault, ...]) -> str:
    if not faults:
        return ""
    cells = [_fault_cells(fault) for fault in faults[:_FAULTS_SHOWN]]
    if len(faults) > _FAULTS_SHOWN:
        cells.append(("", "", f"and {len(faults) - _FAULTS_SHOWN} more", ""))
    return table(("row", "column", "kind", "found"), cells)


def _fault_cells(fault: Fault) -> tuple[str, str, str, str]:
    row, column = ("" if at is None else str(at) for at in (fault.row, fault.column))
    found = f"<code>{html.escape(fault.found)}</code>" if fault.found else ""
    kind = f'<span style="white-space:nowrap">{fault.kind.replace("_", " ")}</span>'
    return row, column, kind, found


def _place(number: int | None) -> str:
    return "" if number is None else str(number)
