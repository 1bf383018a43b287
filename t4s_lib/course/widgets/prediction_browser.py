"""Prediction browser: step through a run's predictions, filtered and ordered."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

import ipywidgets as widgets
from matplotlib.figure import Figure

from t4s_lib.course.widgets.panels import to_html
from t4s_lib.course.widgets.parts import LABELLED, framed, readout, row
from t4s_lib.course.widgets.prediction_browser_figure import draw_prediction
from t4s_lib.course.widgets.prediction_browser_run import (
    ANY,
    ORDERS,
    BrowsedRun,
    Choice,
    Shown,
    statuses,
)

_TEXT_SHOWN = 20_000  # characters
_READ = {
    "exact": "read as it stands",
    "repaired": "read after mending",
    "failed": "not readable",
}


def render_prediction_browser(state: Shown) -> Figure:
    """Draw picture, target, prediction and difference."""
    title = f"difference: IoU {state.iou:.3f}"
    return draw_prediction(state.image, state.truth, state.drawn, title)


def describe_prediction_browser(state: Shown) -> str:
    """Say in words what is seen."""
    record = state.record
    pixels = ", ".join(f"{n:,} {name}" for name, n in state.pixels.items())
    return (
        f"“{record['expression']}” ({state.kind}), {record['source']}: "
        f"{_READ[record['report']['status']]}. IoU {state.iou:.3f} with {state.way}; "
        f"pixels: {pixels}."
    )


def text_html(state: Shown) -> str:
    """Question, text and faults of a prediction."""
    record, report = state.record, state.record["report"]
    text = record["text"][:_TEXT_SHOWN]
    faults = ", ".join(_fault(fault) for fault in report["faults"]) or "none"
    more = report["n_faults"] - len(report["faults"])
    faults += f" and {more} more" if more > 0 else ""
    return (
        f"<p style='margin:0'>Asked: {html.escape(record['question'])}</p>"
        f"<p style='margin:0'>Faults: {html.escape(faults)}. "
        f"Forward passes: {record['forwards']}.</p>"
        '<pre tabindex="0" style="max-height:18em;overflow:auto;line-height:1.35;'
        f'margin:4px 0 0;font-size:12px">{html.escape(text)}</pre>'
    )


def build_prediction_browser(
    out: str | Path, data: str | Path | None = None
) -> widgets.VBox:
    """The browser over the folder of a run.

    Args:
        out: What ``t4s evaluate --out`` wrote.
        data: The folder with the real data sets; scenes need none.

    Raises:
        ValueError: If the folder is none of a run, or its benchmark is not there.
    """
    run = BrowsedRun(out, data)
    filters, place = _filters(run), _place()
    figure, words = widgets.HTML(), widgets.HTML()
    text = widgets.HTML()
    words.layout.min_height = "3.2em"
    chosen: list[int] = []

    def redraw(_: object = None) -> None:
        if not chosen:
            said = f"0 of {len(run.records):,} predictions fit: widen the filters."
            figure.value, text.value, words.value = "", "", readout(said)
            return
        state = run.shown(chosen[place.value - 1], filters["way"].value)
        told = describe_prediction_browser(state)
        said = f"{place.value:,} of {len(chosen):,} that fit. {told}"
        figure.value = to_html(render_prediction_browser(state), told)
        text.value, words.value = text_html(state), readout(html.escape(said))

    def refilter(_: object = None) -> None:
        chosen[:] = run.chosen(_choice(filters))
        place.unobserve(redraw, names="value")
        place.max = max(1, len(chosen))
        place.value = 1
        place.observe(redraw, names="value")
        redraw()

    for control in filters.values():
        control.observe(refilter, names="value")
    refilter()
    buttons = [_button(name, by, place) for name, by in (("Back", -1), ("Next", 1))]
    steps = row(place, *buttons)
    return framed(row(*filters.values()), steps, words, figure, text)


def _choice(filters: dict[str, Any]) -> Choice:
    low, high = filters["iou"].value
    return Choice(
        filters["way"].value,
        filters["status"].value,
        filters["kind"].value,
        low,
        high,
        filters["order"].value,
    )


def _filters(run: BrowsedRun) -> dict[str, Any]:
    ways = run.plan.ways
    return {
        "status": _dropdown("Read", [ANY, *statuses(run.records)]),
        "kind": _dropdown("Kind", [ANY, *sorted(set(run.kinds))]),
        "iou": widgets.FloatRangeSlider(
            value=(0, 1),
            min=0,
            max=1,
            step=0.05,
            continuous_update=False,
            description="IoU",
            readout_format=".2f",
            **LABELLED,
        ),
        "way": _dropdown("Drawn by", list(ways), run.plan.headline),
        "order": _dropdown("Order", list(ORDERS), ORDERS[1]),
    }


def _dropdown(name: str, options: list[str], value: str | None = None) -> Any:
    return widgets.Dropdown(
        options=options, value=value or options[0], description=name, **LABELLED
    )


def _place() -> Any:
    layout = widgets.Layout(width="24em")
    return widgets.IntSlider(
        value=1, min=1, max=1, description="Prediction", layout=layout, **LABELLED
    )


def _button(name: str, by: int, place: Any) -> widgets.Button:
    def move(_: object) -> None:
        place.value = min(place.max, max(place.min, place.value + by))

    button = widgets.Button(
        description=name, layout=widgets.Layout(width="auto"), tooltip=name
    )
    button.on_click(move)
    return button


def _fault(fault: dict[str, Any]) -> str:
    where = f" in row {fault['row']}" if fault.get("row") is not None else ""
    return str(fault["kind"]).replace("_", " ") + where
