"""Codec bench: choose mask, grid and codec; see what each line of the text draws."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import ipywidgets as widgets
from matplotlib.figure import Figure

from t4s_lib.codecs import codec_names
from t4s_lib.course.figures import ORANGE, PAPER, SKY, ink
from t4s_lib.course.studies import Counter
from t4s_lib.course.tokens import token_counter
from t4s_lib.course.widgets.codec_bench_page import key, text_page
from t4s_lib.course.widgets.codec_bench_state import (
    GRIDS,
    CodecView,
    describe_codec_bench,
)
from t4s_lib.course.widgets.panels import (
    Panel,
    Sheet,
    coloured,
    enlarge,
    fit,
    resized,
    to_html,
    with_lines,
    with_outline,
)
from t4s_lib.course.widgets.parts import (
    LABELLED,
    expressions,
    framed,
    read_only,
    readout,
    row,
    style,
)
from t4s_lib.sources import Sample

_BOX = 300  # pixels
_COLOURS = (PAPER, "#B9B9B4", SKY, ORANGE)


def render_codec_bench(view: CodecView) -> Figure:
    """Draw the picture, the cells by line, and the text with its tokens."""
    size = fit((view.sample.mask.shape[0], view.sample.mask.shape[1]), _BOX)
    photo = with_lines(resized(view.sample.image, size), view.grid.shape, 0.5)
    line = view.lines[view.at]
    ids = view.grid.foreground.astype(int) + view.before + 2 * line.cells
    cells = coloured(enlarge(ids, size), _COLOURS)
    drawn = int(line.cells.sum())
    plural = "s" * (drawn != 1)
    told = f"line {view.at + 1} of {len(view.lines)}: {drawn:,} cell{plural}"
    panels = [
        Panel(with_outline(photo, view.sample.mask), "the target, outlined"),
        Panel(with_lines(cells, view.grid.shape, 0.25), told),
        Panel(text_page(view, _BOX), f"{view.tokens:,} tokens: {view.codec}"),
    ]
    sheet = Sheet(panels, _BOX, foot=34)
    sheet.mark(1, line.cells, "o", ink(ORANGE))
    sheet.image(key(_COLOURS), sheet.left(1), sheet.height - 24)
    return sheet.figure


def build_codec_bench(
    samples: Sequence[Sample], codec: str = "spans", count: Counter | None = None
) -> widgets.VBox:
    """The bench as a widget.

    Args:
        samples: What can be chosen, by expression; the first is shown first.
        codec: The codec to begin with. All that are registered can be chosen.
        count: Counts tokens; by default a production tokenizer.

    Raises:
        ValueError: If there is no sample, or no such codec.
    """
    if not samples:
        raise ValueError("samples is empty, expected one or more")
    if codec not in codec_names():
        known = ", ".join(codec_names())
        raise ValueError(f"codec is {codec!r}, expected one of {known}")
    controls = _controls(samples, codec)
    figure, words, text = widgets.HTML(), widgets.HTML(), widgets.HTML()
    words.layout.min_height, text.layout.width = "3.2em", "100%"
    held: dict[tuple[Any, ...], CodecView] = {}

    def redraw(_: object = None) -> None:
        chosen = {name: control.value for name, control in controls.items()}
        k, line = chosen.pop("sample"), chosen.pop("line")
        key = (k, *chosen.values())
        if key not in held:
            counter = count or token_counter()
            held[key] = CodecView(samples[k], count=counter, **chosen)
        shown(held[key], line)

    def shown(view: CodecView, line: int) -> None:
        try:
            lines = view.lines
        except Exception as error:  # noqa: BLE001 - a learner's codec; told, not raised
            told = f"{view.codec} raised {type(error).__name__}: {error}"
            figure.value, words.value, text.value = "", readout(html.escape(told)), ""
            return
        controls["line"].max = len(lines)
        now = _at_line(view, line)
        said = describe_codec_bench(now)
        figure.value = to_html(render_codec_bench(now), said)
        words.value = readout(html.escape(said))
        text.value = read_only(
            "The text", "\n".join(line.text for line in lines), min(9, len(lines) + 1)
        )

    for control in controls.values():
        control.observe(redraw, names="value")
    redraw()
    button = widgets.Button(description="Reset", icon="undo")
    button.on_click(_resetter(controls, codec))
    return framed(style(), row(*controls.values(), button), figure, words, text)


def _at_line(view: CodecView, line: int) -> CodecView:
    """The same text at another line, without taking it apart anew."""
    now = replace(view, line=line)
    now.__dict__.update(grid=view.grid, lines=view.lines)
    return now


def _resetter(controls: dict[str, Any], codec: str) -> Callable[[object], None]:
    def reset(_: object) -> None:
        first = {"sample": 0, "codec": codec, "size": 16, "line": 1}
        for name, value in first.items():
            controls[name].value = value

    return reset


def _controls(samples: Sequence[Sample], codec: str) -> dict[str, Any]:
    return {
        "sample": expressions(samples),
        "codec": widgets.Dropdown(
            options=codec_names(), value=codec, description="Codec", **LABELLED
        ),
        "size": widgets.Dropdown(
            options=GRIDS, value=16, description="Grid size", **LABELLED
        ),
        "line": widgets.IntSlider(
            value=1, min=1, max=GRIDS[-1] + 1, description="Line", **LABELLED
        ),
    }
