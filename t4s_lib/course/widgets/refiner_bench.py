"""Refiner bench: choose picture, cells and refiner, turn its knobs, read the IoU."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

import ipywidgets as widgets
from matplotlib.figure import Figure

from t4s_lib.course.figures import ORANGE, PAPER, ink
from t4s_lib.course.refine_studies import Case
from t4s_lib.course.widgets.comparison import add_key, over_truth
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
from t4s_lib.course.widgets.parts import LABELLED, expressions, framed, readout, row
from t4s_lib.course.widgets.refiner_bench_state import (
    KNOBS,
    REFINERS,
    SOFT,
    TRUE,
    WRITTEN,
    BenchView,
    describe_refiner_bench,
)
from t4s_lib.sources.base import Sample

_BOX = 270  # pixels
_SIZES = (4, 48)
_LETTERS_UP_TO = 24  # columns


def render_refiner_bench(view: BenchView) -> Figure:
    """Draw target, cells, and the refined mask over the truth."""
    height, width = view.sample.mask.shape
    size = fit((height, width), _BOX)
    photo = resized(view.sample.image, size)
    cells = coloured(enlarge(view.grid.foreground, size).astype(int), [PAPER, ORANGE])
    said = int(view.grid.foreground.sum())
    sheet = Sheet(
        [
            Panel(with_outline(photo, view.sample.mask), "the target, outlined"),
            Panel(with_lines(cells, view.grid.shape, 0.25), f"{said:,} cells"),
            Panel(with_outline(photo, view.mask), f"refined: {view.refiner}"),
            Panel(
                over_truth(view.parts, size), f"against the truth: IoU {view.score:.3f}"
            ),
        ],
        _BOX,
        foot=30,
    )
    if view.grid.shape[1] <= _LETTERS_UP_TO:
        sheet.mark(1, view.grid.foreground, "$t$", ink(ORANGE))
    add_key(sheet, 3)
    return sheet.figure


def build_refiner_bench(
    samples: Sequence[Sample], written: Sequence[Case] = ()
) -> widgets.VBox:
    """The bench as a widget.

    Args:
        samples: What can be chosen, by expression; the first is shown first.
        written: What a model wrote for each; nothing where it was not asked.

    Raises:
        ValueError: If there is no sample, or not one answer a sample.
    """
    if not samples:
        raise ValueError("samples is empty, expected one or more")
    if written and len(written) != len(samples):
        found = f"{len(written)} answers and {len(samples)} samples"
        raise ValueError(f"found {found}, expected one answer a sample")
    controls, knobs = _controls(samples, bool(written)), _knobs()
    figure, words = widgets.HTML(), widgets.HTML()
    words.layout.min_height = "3.2em"
    held = {"back": False}

    def redraw(_: object = None) -> None:
        if held["back"]:
            return
        chosen = {name: control.value for name, control in controls.items()}
        k = chosen.pop("sample")
        turned = {name: knob.value for name, knob in knobs.items()}
        answer = written[k] if written else None
        view = BenchView(samples[k], written=answer, knobs=turned, **chosen)
        for knob in knobs.values():
            knob.disabled = view.refiner != "edge"
        controls["size"].disabled = not view.is_true
        said = describe_refiner_bench(view)
        figure.value = to_html(render_refiner_bench(view), said)
        words.value = readout(html.escape(said))

    def reset(_: object) -> None:
        held["back"] = True
        for name, value in _DEFAULTS.items():
            controls[name].value = value
        for name, knob in knobs.items():
            knob.value = KNOBS[name][3]
        held["back"] = False
        redraw()

    button = widgets.Button(description="Reset", icon="undo")
    button.on_click(reset)
    for control in (*controls.values(), *knobs.values()):
        control.observe(redraw, names="value")
    redraw()
    turn = row(*knobs.values(), button)
    return framed(row(*controls.values()), turn, figure, words)


_DEFAULTS: dict[str, Any] = {"sample": 0, "size": 16, "refiner": "edge", "cells": TRUE}


def _controls(samples: Sequence[Sample], asked: bool) -> dict[str, Any]:
    return {
        "sample": expressions(samples),
        "cells": widgets.Dropdown(
            options=(TRUE, WRITTEN, SOFT) if asked else (TRUE,),
            description="Cells",
            **LABELLED,
        ),
        "size": widgets.IntSlider(
            value=16, min=_SIZES[0], max=_SIZES[1], description="Grid size", **LABELLED
        ),
        "refiner": widgets.Dropdown(
            options=REFINERS, value="edge", description="Refiner", **LABELLED
        ),
    }


def _knobs() -> dict[str, Any]:
    return {
        name: widgets.FloatSlider(
            value=value,
            min=least,
            max=most,
            step=step,
            description=name.capitalize(),
            **LABELLED,
        )
        for name, (least, most, step, value) in KNOBS.items()
    }
