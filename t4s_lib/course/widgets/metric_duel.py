"""Metric duel: two models, sliders for their errors, and who wins by which metric."""

from __future__ import annotations

import html
from typing import Any

import ipywidgets as widgets
import numpy as np
from matplotlib.figure import Figure

from t4s_lib.course.figures import BLUE, ORANGE, PAPER
from t4s_lib.course.widgets.comparison import PARTS, over_truth, parts_of, pattern
from t4s_lib.course.widgets.metric_duel_state import (
    CASES,
    METRICS,
    NAMES,
    Duel,
    Player,
    describe_metric_duel,
)
from t4s_lib.course.widgets.panels import Panel, Sheet, coloured, to_html
from t4s_lib.course.widgets.parts import LABELLED, framed, readout, row, table
from t4s_lib.course.widgets.placed import Pixels

_TILE, _GAP = 128, 8  # pixels
_BOX = 3 * _TILE + 2 * _GAP
_ROW, _BAR, _LONG = 34, 12, 420
_FOOT = 34 + _ROW * len(METRICS)
_LEFT = 96  # of the bars
_SLIDERS = {
    "large": "large one off by %",
    "small": "small one off by %",
    "stray": "stray square",
}


def render_metric_duel(duel: Duel) -> Figure:
    """Draw what both models drew, and a pair of bars for each metric."""
    panels = [
        Panel(_tiles(duel, k), f"{name}: a large target, a small one, none")
        for k, name in enumerate(NAMES)
    ]
    sheet = Sheet(panels, _BOX, foot=_FOOT)
    top = sheet.height - _FOOT
    for k, name in enumerate(PARTS):
        sheet.image(pattern(name, (12, 20)), sheet.left(0) + 78 * k, top + 8)
        sheet.text(
            sheet.left(0) + 78 * k + 24, top + 14, name, va="center", fontsize=8.5
        )
    for place, key in enumerate(METRICS):
        _bars(sheet, duel, key, top + 34 + place * _ROW)
    return sheet.figure


def table_html(duel: Duel) -> str:
    """Every figure of both models, and who wins."""
    lines = []
    for key, name in METRICS.items():
        best = duel.winners[key]
        values = [f"{duel.value(k, key):.3f}" for k in (0, 1)]
        lines.append([name, *values, best if best == "tie" else f"{best} wins"])
    return table(("figure", *NAMES, ""), lines)


def build_metric_duel(duel: Duel | None = None) -> widgets.VBox:
    """The duel as a widget.

    Args:
        duel: What it begins with; the first of ``CASES`` where None.
    """
    start = duel or next(iter(CASES.values()))
    case, sliders = _case(), _sliders(start)
    figure, words, figures = widgets.HTML(), widgets.HTML(), widgets.HTML()
    words.layout.min_height = "1.8em"
    busy = {"setting": False}

    def redraw(_: object = None) -> None:
        if busy["setting"]:
            return
        now = _read(sliders)
        said = describe_metric_duel(now)
        figure.value = to_html(render_metric_duel(now), said)
        words.value, figures.value = readout(html.escape(said)), table_html(now)

    def begin(change: Any) -> None:
        """Set all sliders to a case, and draw once."""
        busy["setting"] = True
        for name, value in _values(CASES[change["new"]]).items():
            sliders[name].value = value
        busy["setting"] = False
        redraw()

    case.observe(begin, names="value")
    for slider in sliders.values():
        slider.observe(redraw, names="value")
    redraw()
    groups = [[s for n, s in sliders.items() if n.startswith(x)] for x in NAMES]
    sizes = [sliders["large"], sliders["small"]]
    rows = [row(case, *sizes), *(row(*group) for group in groups)]
    return framed(*rows, words, figure, figures)


def _case() -> Any:
    return widgets.Dropdown(options=list(CASES), description="Begin with", **LABELLED)


def _sliders(duel: Duel) -> dict[str, Any]:
    ends = {"large": (24, 60), "small": (4, 24)}
    for name in NAMES:
        ends |= {f"{name} large": (0, 100), f"{name} small": (0, 100)}
        ends[f"{name} stray"] = (0, 40)
    return {
        name: widgets.IntSlider(
            value=value,
            min=ends[name][0],
            max=ends[name][1],
            description=_said(name),
            **LABELLED,
        )
        for name, value in _values(duel).items()
    }


def _values(duel: Duel) -> dict[str, int]:
    """Where the sliders stand."""
    found = {"large": duel.large, "small": duel.small}
    for name, player in zip(NAMES, duel.players, strict=True):
        found |= {f"{name} {part}": v for part, v in player._asdict().items()}
    return found


def _said(name: str) -> str:
    who, _, part = name.rpartition(" ")
    if not who:
        return f"Side of the {name} target"
    return f"{who}: {_SLIDERS[part]}"


def _read(sliders: dict[str, Any]) -> Duel:
    at = {name: int(slider.value) for name, slider in sliders.items()}
    one, two = (
        Player(at[f"{x} large"], at[f"{x} small"], at[f"{x} stray"]) for x in NAMES
    )
    return Duel(at["large"], at["small"], (one, two))


def _tiles(duel: Duel, k: int) -> Pixels:
    """The three samples of a model side by side."""
    found = coloured(np.zeros((_TILE, _BOX), int), ["white"])
    for place, pair in enumerate(zip(duel.targets, duel.drawn(k), strict=True)):
        truth, drawn = (mask.astype(np.int64) for mask in pair)
        left = place * (_TILE + _GAP)
        found[:, left : left + _TILE] = over_truth(
            parts_of(truth, drawn), (_TILE, _TILE)
        )
    return found


def _bars(sheet: Sheet, duel: Duel, key: str, top: int) -> None:
    """A name, a bar for each model, its figure, and a mark at the winner's."""
    sheet.text(_LEFT - 10, top + _BAR, METRICS[key], ha="right", va="center")
    for k, name in enumerate(NAMES):
        value, y = duel.value(k, key), top + k * (_BAR + 1)
        sheet.image(coloured(np.zeros((_BAR, _LONG), int), [PAPER]), _LEFT, y)
        if value > 0:
            sheet.image(_filled(k, max(1, round(value * _LONG))), _LEFT, y)
        crown = "  ◀ wins" if duel.winners[key] == name else ""
        style: Any = {"va": "center", "fontsize": 8.5}
        style |= {"fontweight": "bold"} if crown else {}
        sheet.text(
            _LEFT + _LONG + 8, y + _BAR / 2, f"{name} {value:.3f}{crown}", **style
        )


def _filled(k: int, length: int) -> Pixels:
    """Plain blue for A, striped orange for B."""
    down, right = np.indices((_BAR, length))
    stripes = ((down + right) % 6 < 2).astype(int)
    return coloured(stripes if k else 0 * stripes, [(BLUE, ORANGE)[k], "black"])
