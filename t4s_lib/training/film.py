"""The film strip: the same few held-out samples, at every evaluation.

picture | target | prediction at step 0 | ... | prediction now
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from t4s_lib.answers import read_answer
from t4s_lib.descriptor import Size
from t4s_lib.grid import grid_to_mask, iou
from t4s_lib.sources.base import BoolMask, Sample
from t4s_lib.whole_files import written_beside

TILE, GAP, HEAD, FOOT = 96, 6, 30, 16
_COLOUR = (230, 159, 0)
_MOST = 8
"""Predictions side by side; of more, the first, the last and some between."""


@dataclass(frozen=True)
class Prediction:
    """What the model answered for one sample, at one evaluation.

    Attributes:
        step: Steps of training done.
        seconds: Time spent on them.
        source: The sample.
        expression: What is asked for.
        question: The words it is asked in.
        text: The model's whole answer.
        status: How it could be read: ``exact``, ``repaired`` or ``failed``.
        iou: Of the mask, drawn bilinearly, with the true one.
    """

    step: int
    seconds: float
    source: str
    expression: str
    question: str
    text: str
    status: str
    iou: float

    def as_dict(self) -> dict[str, Any]:
        """The prediction as a line of ``film.jsonl``."""
        return asdict(self)


def predict(
    sample: Sample,
    question: str,
    text: str,
    when: tuple[int, float],
    grid: Size,
    codec: str,
) -> Prediction:
    """Read an answer and hold it against the truth.

    Args:
        sample: What was asked.
        question: In which words.
        text: The answer.
        when: Steps and seconds of training.
        grid: Grid side, or ``(rows, cols)``.
        codec: The answer's format.
    """
    read = read_answer(text, grid, codec)
    shape: Any = sample.mask.shape
    drawn = grid_to_mask(read.grid, shape, mode="bilinear")
    found = iou(sample.mask, drawn)
    step, seconds = when
    said = (sample.source, sample.expression, question, text, read.report.status)
    return Prediction(step, round(seconds, 1), *said, round(found, 4))


def render_film(
    samples: Sequence[Sample],
    predictions: Sequence[Prediction | Mapping[str, Any]],
    grid: Size = 16,
    codec: str = "row-rle",
) -> Image.Image:
    """Draw the strip.

    Args:
        samples: One row of the strip each.
        predictions: Of all evaluations, in any order; lines of ``film.jsonl`` do.
        grid: Grid side, or ``(rows, cols)``.
        codec: The answers' format.

    Returns:
        RGB. Above each column stands the step, under each tile the IoU, or that
        the answer could not be read.
    """
    made = [p if isinstance(p, Prediction) else Prediction(**p) for p in predictions]
    found = {(p.step, p.source): p for p in made}
    steps = _chosen(sorted({p.step for p in made}))
    width = (2 + len(steps)) * (TILE + GAP) + GAP
    sheet = Image.new("RGB", (width, HEAD + len(samples) * (TILE + FOOT)), "white")
    pen = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(11)
    for column, words in enumerate(
        ["picture", "target", *(f"step {s}" for s in steps)]
    ):
        pen.text((_left(column), 8), words, "black", font)
    for line, sample in enumerate(samples):
        top = HEAD + line * (TILE + FOOT)
        sheet.paste(_tile(sample, None), (_left(0), top))
        sheet.paste(_tile(sample, sample.mask), (_left(1), top))
        pen.text((_left(0), top + TILE + 1), sample.expression[:34], "black", font)
        for column, step in enumerate(steps, start=2):
            prediction = found.get((step, sample.source))
            if prediction is not None:
                mask = _drawn(prediction, sample, grid, codec)
                sheet.paste(_tile(sample, mask), (_left(column), top))
                said = _caption(prediction)
                pen.text((_left(column), top + TILE + 1), said, "black", font)
    return sheet


def _left(column: int) -> int:
    return GAP + column * (TILE + GAP)


def _caption(prediction: Prediction) -> str:
    failed = prediction.status == "failed"
    return "no mask" if failed else f"IoU {prediction.iou:.2f}"


def _drawn(prediction: Prediction, sample: Sample, grid: Size, codec: str) -> BoolMask:
    shape: Any = sample.mask.shape
    return grid_to_mask(read_answer(prediction.text, grid, codec).grid, shape)


def _tile(sample: Sample, mask: BoolMask | None) -> Image.Image:
    """The picture, or the picture in grey with the mask in colour, outlined."""
    picture = sample.image.convert("RGB").resize((TILE, TILE))
    if mask is None:
        return picture
    grey = np.asarray(picture.convert("L").convert("RGB"), dtype=float) * 0.45 + 70
    shown = Image.fromarray(mask).resize((TILE, TILE), Image.Resampling.NEAREST)
    inside = np.asarray(shown, dtype=bool)
    grey[inside] = grey[inside] * 0.25 + np.array(_COLOUR) * 0.75
    grey[_edge(inside)] = 0
    return Image.fromarray(grey.clip(0, 255).astype(np.uint8))


def _edge(inside: BoolMask) -> BoolMask:
    around = np.pad(inside, 1)
    core = around[2:, 1:-1] & around[:-2, 1:-1] & around[1:-1, 2:] & around[1:-1, :-2]
    return np.asarray(inside & ~core, dtype=bool)


def _chosen(steps: Sequence[int]) -> list[int]:
    if len(steps) <= _MOST:
        return list(steps)
    places = np.linspace(0, len(steps) - 1, _MOST).round().astype(int)
    return [steps[k] for k in places]


def save_film(film: Image.Image, path: Path) -> None:
    """Save a strip as PNG, whole or not at all."""
    with written_beside(path) as beside:
        film.save(beside, format="PNG", optimize=True)
