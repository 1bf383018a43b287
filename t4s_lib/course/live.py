"""A training while it runs: its curves, and masks that grow column by column."""

from __future__ import annotations

import base64
import html
import io
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from IPython.display import display
from PIL import Image

from t4s_lib.course.figures import img
from t4s_lib.course.learning_plots import progress
from t4s_lib.sources import Sample

if TYPE_CHECKING:
    from t4s_lib.training.film import Prediction
    from t4s_lib.training.moments import Moment

PATIENCE = 5.0
"""Seconds between two redraws while nothing is evaluated."""


class TrainingPanel:
    """Watches a training and redraws one output of a notebook; a callback of ``train``.

    Args:
        samples: The first held-out samples, which the film strip shows.
        blind: The share of the ceiling that needs no question, drawn as a line.

    Attributes:
        moments: All there were.
        film: All answers for the film's samples.
    """

    def __init__(self, samples: Sequence[Sample], blind: float | None = None) -> None:
        self.samples = list(samples)
        self.moments: list[Moment] = []
        self.film: list[Prediction] = []
        self._blind = blind
        self._shown: Any = None
        self._drawn_at = float("-inf")

    def __call__(self, moment: Moment) -> None:
        """Take in a moment; redraw where there is something new to see."""
        self.moments.append(moment)
        self.film += moment.predictions
        news = moment.scores is not None or moment.is_last
        if news or time.monotonic() - self._drawn_at > PATIENCE:
            self._redraw()

    def text(self) -> str:
        """How far it is, in words."""
        now = self.moments[-1]
        told = [m.loss for m in self.moments if m.loss is not None]
        shares = [m.scores.get("norm") for m in self.moments if m.scores is not None]
        parts = [f"{now.seconds / 60:.1f} minutes, {now.step:,} steps"]
        if told:
            parts.append(f"loss of a token {told[-1]:.3f}, {told[0]:.3f} at the start")
        if shares:
            first, last = (f"{share or 0:.0%}" for share in (shares[0], shares[-1]))
            parts.append(f"{last} of the grid ceiling, {first} before")
        return "; ".join(parts) + "."

    def html(self) -> str:
        """Words, curves and film strip."""
        words = html.escape(self.text())
        drawn = img(progress(self.moments, self._blind), self.text())
        return f'<p role="status">{words}</p>{drawn}{self._strip()}'

    def _strip(self) -> str:
        if not self.film:
            return ""
        from t4s_lib.training.film import render_film

        return (
            f"<div>{_picture(render_film(self.samples, self.film), self.story())}</div>"
        )

    def story(self) -> str:
        """The film strip in words: each sample's IoU at each evaluation."""
        lines = []
        for sample in self.samples:
            said = [p for p in self.film if p.source == sample.source]
            ious = (_said(p) for p in said)
            lines.append(f"{sample.expression}: {', '.join(ious)}")
        steps = sorted({p.step for p in self.film})
        when = ", ".join(f"{step:,}" for step in steps)
        return f"Masks after {when} steps. {'. '.join(lines)}."

    def _redraw(self) -> None:
        data = {"text/html": self.html(), "text/plain": self.text()}
        if self._shown is None:
            self._shown = display(data, raw=True, display_id=True)
        else:
            self._shown.update(data, raw=True)
        self._drawn_at = time.monotonic()


def _said(prediction: Prediction) -> str:
    failed = prediction.status == "failed"
    return "no mask" if failed else f"IoU {prediction.iou:.2f}"


def _picture(image: Image.Image, alt: str) -> str:
    flat, small = image.convert("RGB"), io.BytesIO()
    flat.quantize(128, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    data = base64.b64encode(small.getvalue()).decode()
    return (
        f'<img alt="{html.escape(alt, quote=True)}" '
        f'src="data:image/png;base64,{data}" '
        'style="max-width:100%;height:auto;background:white"/>'
    )
