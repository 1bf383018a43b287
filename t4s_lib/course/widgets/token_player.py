"""Token player: an answer token by token, who chose each, and the mask as it grows."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ipywidgets as widgets
import numpy as np
from matplotlib.figure import Figure
from PIL import Image

from t4s_lib.course.choosers import LOOKS, legend_html, lines_html, visible
from t4s_lib.course.figures import ORANGE, PAPER, ink
from t4s_lib.course.traces import CHOOSERS, Piece, Trace
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
from t4s_lib.course.widgets.parts import LABELLED, framed, readout, row
from t4s_lib.course.widgets.placed import Pixels
from t4s_lib.descriptor import BoolMask

_BOX = 250  # pixels
_MARKS_UP_TO = 32  # columns; in more the marks could not be told apart
_MILLISECONDS = 150  # between two steps of the playing player


@dataclass(frozen=True)
class Played:
    """An answer, written so far.

    Attributes:
        trace: The whole answer.
        at: How many of its tokens are written.
        image: The picture, if there is one.
    """

    trace: Trace
    at: int
    image: Image.Image | None = None

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The tokens so far."""
        return self.trace.pieces[: self.at]

    @property
    def known(self) -> BoolMask:
        """Bool ``(rows, cols)``: the cells that are written."""
        when = self.trace.written_at
        return np.asarray((when >= 0) & (when < self.at))

    @property
    def target(self) -> BoolMask:
        """Bool ``(rows, cols)``: the mask so far."""
        return np.asarray(self.known & (self.trace.cells == 1))

    @property
    def passes(self) -> int:
        """Passes that gave these tokens."""
        return self.trace.passes[self.at - 1] if self.at else 0

    def chosen_by(self, who: str) -> BoolMask:
        """Bool ``(rows, cols)``: the cells whose count somebody chose."""
        chose = np.array([piece.who == who for piece in self.trace.pieces], dtype=bool)
        return np.asarray(self.known & chose[self.trace.written_at])


def render_token_player(state: Played) -> Figure:
    """Draw the mask so far, and in each cell the sign of who chose its count."""
    shape = state.trace.shape
    size = fit((state.image.height, state.image.width) if state.image else shape, _BOX)
    cells = int(state.known.sum())
    title = f"{cells} of {state.known.size} cells written"
    panels = [Panel(_cells(state, size), title)]
    if state.image:
        photo = with_lines(resized(state.image, size), shape, 0.3)
        panels.insert(0, Panel(with_outline(photo, state.target), "the mask so far"))
    sheet = Sheet(panels, _BOX, foot=18)
    here = len(panels) - 1
    sheet.number_cells(here, shape)
    if shape[1] <= _MARKS_UP_TO:
        for who, look in LOOKS.items():
            chosen = state.chosen_by(who)
            for part, colour in ((state.target, ORANGE), (~state.target, PAPER)):
                sheet.mark(here, chosen & part, look.marker, ink(colour))
    return sheet.figure


def describe_token_player(state: Played) -> str:
    """Say in words how far it is, and who chose what."""
    trace = state.trace
    if not state.at:
        return f"Mode {trace.mode}: nothing is written yet."
    last = trace.pieces[state.at - 1]
    shares = ", ".join(f"{who} {trace.count(who, state.at)}" for who in CHOOSERS)
    return (
        f"Mode {trace.mode}, token {state.at} of {len(trace.pieces)}, "
        f"pass {state.passes} of {trace.passes[-1]}. “{visible(last.text)}”: "
        f"{CHOOSERS[last.who]}. So far: {shares}; "
        f"{state.at / state.passes:.1f} tokens a pass."
    )


def text_html(state: Played) -> str:
    """The text so far, a row of the grid a line, under a legend."""
    return (
        f'<div style="line-height:2">{legend_html()}</div>'
        f'<div style="min-height:26em">{lines_html(state.pieces)}</div>'
    )


def build_token_player(
    traces: Sequence[Trace], image: Image.Image | None = None
) -> widgets.VBox:
    """The player.

    Args:
        traces: The same answer in several modes; the last is shown first.
        image: The picture that was asked about.

    Raises:
        ValueError: If there is no trace, or one without tokens.
    """
    if not traces or not all(trace.pieces for trace in traces):
        raise ValueError("traces hold no tokens, expected one answer or more")
    controls = _controls(traces)
    mode, unit, slider, play = controls.values()
    widgets.link((play, "value"), (slider, "value"))
    figure = widgets.HTML(layout=widgets.Layout(flex="1 1 30em", min_height="20em"))
    text = widgets.HTML(layout=widgets.Layout(flex="2 1 30em", min_width="16em"))
    words = widgets.HTML(layout=widgets.Layout(min_height="3.2em"))

    shown = {"tokens": 0}

    def redraw(_: object = None) -> None:
        trace = traces[mode.value]
        shown["tokens"] = _tokens(trace, unit.value, slider.value)
        state = Played(trace, shown["tokens"], image)
        said = describe_token_player(state)
        figure.value = to_html(render_token_player(state), said)
        text.value, words.value = text_html(state), readout(html.escape(said))

    def refit(_: object) -> None:
        """Keep the place in the text where mode or unit changes."""
        trace, at = traces[mode.value], shown["tokens"]
        slider.max = play.max = _steps(trace, unit.value)
        slider.value = _place(trace, unit.value, at)
        redraw()

    mode.observe(refit, names="value")
    unit.observe(refit, names="value")
    slider.observe(redraw, names="value")
    redraw()
    buttons = [_button(name, by, slider) for name, by in _MOVES.items()]
    work = row(figure, text)
    work.layout.align_items = "flex-start"
    return framed(row(*controls.values(), *buttons), words, work)


_MOVES = {"Back": -1, "Next": 1, "Start": -(10**9), "End": 10**9}


def _controls(traces: Sequence[Trace]) -> dict[str, Any]:
    last = len(traces) - 1
    steps = _steps(traces[last], "token")
    return {
        "mode": widgets.Dropdown(
            options=[(trace.mode, k) for k, trace in enumerate(traces)],
            value=last,
            description="Mode",
            **LABELLED,
        ),
        "unit": widgets.Dropdown(
            options=[("a token at a time", "token"), ("a pass at a time", "pass")],
            description="Step",
            **LABELLED,
        ),
        "slider": widgets.IntSlider(
            value=0, min=0, max=steps, description="Written so far", **LABELLED
        ),
        "play": widgets.Play(
            value=0, min=0, max=steps, interval=_MILLISECONDS, description="Play"
        ),
    }


def _button(name: str, by: int, slider: Any) -> widgets.Button:
    def move(_: object) -> None:
        slider.value = min(slider.max, max(slider.min, slider.value + by))

    button = widgets.Button(
        description=name, layout=widgets.Layout(width="auto"), tooltip=name
    )
    button.on_click(move)
    return button


def _steps(trace: Trace, unit: str) -> int:
    return len(trace.pieces) if unit == "token" else trace.passes[-1]


def _tokens(trace: Trace, unit: str, step: int) -> int:
    """How many tokens stand after so many steps."""
    if unit == "token":
        return min(step, len(trace.pieces))
    return sum(number <= step for number in trace.passes)


def _place(trace: Trace, unit: str, tokens: int) -> int:
    """The step after which so many tokens stand, or the first with more."""
    tokens = min(tokens, len(trace.pieces))
    if unit == "token" or not tokens:
        return tokens
    return trace.passes[tokens - 1]


def _cells(state: Played, size: tuple[int, int]) -> Pixels:
    """Written cells in their label's colour; those to come are striped."""
    kinds = np.where(state.known, state.target.astype(int), 2)
    down, right = np.indices(size)
    stripes = (down + right) % 8 < 2
    seen = enlarge(kinds, size)
    pixels = coloured(seen + (stripes & (seen == 2)), [PAPER, ORANGE, "white", "#DDD"])
    return with_lines(pixels, state.trace.shape, 0.25)
