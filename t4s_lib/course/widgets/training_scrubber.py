"""Training scrubber: go back and forth in a training, and see its masks grow."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import numpy as np
from matplotlib.figure import Figure

from t4s_lib.answers import read_answer
from t4s_lib.course.figures import ORANGE
from t4s_lib.course.widgets.panels import (
    Panel,
    Sheet,
    coloured,
    enlarge,
    fit,
    resized,
    to_html,
    with_outline,
)
from t4s_lib.course.widgets.parts import LABELLED, framed, readout, row
from t4s_lib.course.widgets.placed import Pixels
from t4s_lib.course.widgets.training_track import Track, track
from t4s_lib.descriptor import BoolMask, Size
from t4s_lib.sources.base import Sample

if TYPE_CHECKING:
    from t4s_lib.training.film import Prediction
    from t4s_lib.training.moments import Moment

_BOX = 200  # pixels
_SHOWN = 4  # pictures side by side
_LINES = 18  # of an answer; what has not learned to stop writes more
_MILLISECONDS = 900  # between two looks of the playing film


@dataclass(frozen=True)
class Recorded:
    """A training that was watched from beginning to end.

    Attributes:
        samples: What was asked at every look; the first four are drawn.
        moments: Of the training, in order.
        blind: The share of the ceiling that needs no question, drawn as a line.
        grid: Grid side of the answers, or ``(rows, cols)``.
        codec: Their format.
    """

    samples: Sequence[Sample]
    moments: Sequence[Moment]
    blind: float | None = None
    grid: Size = 16
    codec: str = "row-rle"

    @cached_property
    def looks(self) -> list[Moment]:
        """The moments at which the model was asked."""
        return [moment for moment in self.moments if moment.predictions]

    @cached_property
    def track(self) -> Track:
        """The curves."""
        return track(self.moments, self.looks, self.blind)


@dataclass(frozen=True)
class Scrubbed:
    """A training, seen at one look.

    Attributes:
        training: The whole.
        at: Which look, from 0.
        chosen: Whose answer is read, from 0.
    """

    training: Recorded
    at: int
    chosen: int = 0

    @property
    def moment(self) -> Moment:
        """The moment of the look."""
        return self.training.looks[self.at]

    @cached_property
    def answers(self) -> list[tuple[Sample, Prediction]]:
        """The samples that are drawn, each with its answer."""
        said = {p.source: p for p in self.moment.predictions}
        samples = [s for s in self.training.samples if s.source in said]
        return [(s, said[s.source]) for s in samples[:_SHOWN]]

    def mask(self, prediction: Prediction) -> BoolMask:
        """Bool ``(rows, cols)``: the cells that an answer marks."""
        size, codec = self.training.grid, self.training.codec
        return read_answer(prediction.text, size, codec).grid.foreground


def render_training_scrubber(state: Scrubbed) -> Figure:
    """Draw each picture with the mask of this look, and the curves with a line."""
    panels = [_panel(state, *answer) for answer in state.answers]
    blank = coloured(np.zeros((1, 1), int), ["white"])
    panels += [Panel(blank, "")] * (_SHOWN - len(panels))  # room for the curves
    curves = state.training.track.at(state.at)
    sheet = Sheet(panels, _BOX, foot=curves.shape[0] + 34)
    below = sheet.height - curves.shape[0]
    words = "stripes: the cells that were written; outline: the true mask"
    sheet.text(sheet.left(0), below - 16, words, va="center", fontsize=8.5)
    sheet.image(curves, sheet.left(0), below)
    return sheet.figure


def describe_training_scrubber(state: Scrubbed) -> str:
    """Say in words where the training stood, and how well each answer fitted."""
    now, end = state.moment, state.training.moments[-1]
    share = (now.scores or {}).get("norm")
    loss = "no loss yet" if now.loss is None else f"loss of a token {now.loss:.3f}"
    ceiling = "" if share is None else f", {share:.0%} of the grid ceiling"
    each = "; ".join(f"“{s.expression}” {_fit(p)}" for s, p in state.answers)
    return (
        f"Step {now.step:,} of {end.step:,}, after {now.seconds / 60:.1f} of "
        f"{end.seconds / 60:.1f} minutes: {loss}{ceiling}. {each}."
    )


def answer_html(state: Scrubbed) -> str:
    """The chosen answer as it was written, cut where it does not end."""
    _, prediction = state.answers[state.chosen]
    lines = prediction.text.splitlines()
    more = len(lines) - _LINES
    kept = lines[:_LINES] + ([f"… {more} more lines"] if more > 0 else [])
    text = html.escape("\n".join(kept)) or "(nothing)"
    asked = html.escape(prediction.question)
    return (
        f'<div style="line-height:1.5">{asked}</div><pre style="min-height:26em;'
        f'margin:0;white-space:pre-wrap;line-height:1.4">{text}</pre>'
    )


def build_training_scrubber(
    samples: Sequence[Sample],
    moments: Sequence[Moment],
    blind: float | None = None,
    grid: Size = 16,
    codec: str = "row-rle",
) -> widgets.VBox:
    """The scrubber of a training that is over, at its last look.

    Args:
        samples: What was asked at every look.
        moments: Of the training, in order, as callbacks are given them.
        blind: The share of the ceiling that needs no question.
        grid: Grid side of the answers, or ``(rows, cols)``.
        codec: Their format.

    Raises:
        ValueError: If no moment holds an answer for one of the samples.
    """
    training = Recorded(samples, moments, blind, grid, codec)
    if not training.looks or not Scrubbed(training, 0).answers:
        raise ValueError("moments hold no answers for the samples, expected some")
    slider, play, chooser = controls = _controls(training)
    widgets.link((play, "value"), (slider, "index"))
    figure, words, answer = widgets.HTML(), widgets.HTML(), widgets.HTML()
    words.layout.min_height = "3.2em"

    def redraw(_: object = None) -> None:
        state = Scrubbed(training, slider.value, chooser.value)
        said = describe_training_scrubber(state)
        figure.value = to_html(render_training_scrubber(state), said)
        words.value = readout(html.escape(said))
        answer.value = answer_html(state)

    slider.observe(redraw, names="value")
    chooser.observe(redraw, names="value")
    redraw()
    buttons = [_button(name, by, slider) for name, by in _MOVES.items()]
    top = row(slider, play, *buttons)
    return framed(top, words, figure, row(controls[-1]), answer)


_MOVES = {"Back": -1, "Next": 1}


def _controls(training: Recorded) -> tuple[Any, Any, Any]:
    """Slider, player, and the menu of answers."""
    last = len(training.looks) - 1
    steps = [(f"step {look.step:,}", k) for k, look in enumerate(training.looks)]
    names = [s.expression for s, _ in Scrubbed(training, last).answers]
    return (
        widgets.SelectionSlider(
            options=steps, value=last, description="Look back to", **LABELLED
        ),
        widgets.Play(
            value=last, min=0, max=last, interval=_MILLISECONDS, description="Play"
        ),
        widgets.Dropdown(
            options=[(name, k) for k, name in enumerate(names)],
            description="Read the answer for",
            **LABELLED,
        ),
    )


def _button(name: str, by: int, slider: Any) -> widgets.Button:
    def move(_: object) -> None:
        slider.index = min(len(slider.options) - 1, max(0, slider.index + by))

    button = widgets.Button(description=name, layout=widgets.Layout(width="auto"))
    button.on_click(move)
    return button


def _panel(state: Scrubbed, sample: Sample, prediction: Prediction) -> Panel:
    """A pale picture, the written cells in stripes, the true mask outlined."""
    size = fit((sample.image.height, sample.image.width), _BOX)
    grey = resized(sample.image.convert("L"), size).astype(float) * 0.4 + 150
    written = enlarge(state.mask(prediction), size)
    drawn = np.where(written[..., None], _stripes(size), grey.astype(np.uint8))
    outlined = drawn if sample.is_no_target else with_outline(drawn, sample.mask)
    return Panel(outlined, f"{_short(sample.expression)}: {_fit(prediction)}")


def _stripes(size: tuple[int, int]) -> Pixels:
    down, right = np.indices(size)
    return coloured(((down + right) % 8 < 2).astype(int), [ORANGE, "black"])


def _short(words: str) -> str:
    return words if len(words) <= 20 else f"{words[:19]}…"


def _fit(prediction: Prediction) -> str:
    failed = prediction.status == "failed"
    return "no mask" if failed else f"IoU {prediction.iou:.2f}"
