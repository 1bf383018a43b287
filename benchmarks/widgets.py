"""How soon each widget answers a control, at 32 x 32 where it has a grid.

What is timed is all that Python does: from the new value of a control, through the
drawing, to the picture and the words that are sent to the page.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import cycle
from typing import Any, NamedTuple

import numpy as np

from t4s_lib import codec, mask_to_grid
from t4s_lib.course import widgets
from t4s_lib.course.exercises.writing import cut
from t4s_lib.course.traces import Piece, Trace
from t4s_lib.descriptor import DescriptorGrid
from t4s_lib.evaluation.plan import plan_of
from t4s_lib.evaluation.run import evaluate
from t4s_lib.sources import Sample, scenes
from t4s_lib.training.film import predict
from t4s_lib.training.moments import Moment

SIDE, REPEATS, PICTURE, LIMIT_MS = 32, 20, 256, 100


class Tried(NamedTuple):
    """A widget to be measured.

    Attributes:
        name: As in ``build_NAME``.
        box: The widget.
        turn: Moves one of its controls to a value it has not had just before.
    """

    name: str
    box: Any
    turn: Callable[[], None]


def measure_widgets(repeats: int = REPEATS) -> dict[str, Any]:
    """Median milliseconds a redraw, by widget, and how many keep to the limit.

    Args:
        repeats: Redraws of each widget, after one that warms up.
    """
    found = {tried.name: _median(tried.turn, repeats) for tried in all_tried()}
    slowest = max(found, key=lambda name: found[name])
    return {
        "side": SIDE,
        "milliseconds": {name: round(value, 1) for name, value in found.items()},
        "slowest": slowest,
        "slowest_ms": round(found[slowest], 1),
        "limit_ms": LIMIT_MS,
        "within_limit": sum(value <= LIMIT_MS for value in found.values()),
        "widgets": len(found),
    }


def all_tried() -> Iterator[Tried]:
    """Every widget of the lessons, set to a grid of 32 x 32 where it has one."""
    samples = [s for s in scenes(12, "val", size=PICTURE) if not s.is_no_target][:4]
    yield from (build(samples) for build in (_explorer, _painter, _broken, _player))
    yield from (build(samples) for build in (_scrubber, _bench, _codecs))
    budget, duel = widgets.build_lora_budget(), widgets.build_metric_duel()
    yield Tried("lora_budget", budget, turning(control(budget, "Rank"), 8, 32))
    slider = first(duel, "IntSlider")
    other = slider.min if slider.value > slider.min else slider.max
    yield Tried("metric_duel", duel, turning(slider, other, slider.value))
    yield _browser()


def _explorer(samples: list[Sample]) -> Tried:
    box = widgets.build_grid_explorer(samples)
    control(box, "Grid size").value = SIDE
    turn = turning(control(box, "Rule"), "coverage", "nearest")
    return Tried("grid_explorer", box, turn)


def _painter(samples: list[Sample]) -> Tried:
    one, empty = samples[0], np.zeros((SIDE, SIDE), int).tolist()
    words, picture, mask = one.expression, one.image, one.mask
    box = widgets.build_mask_painter(SIDE, SIDE, words, picture, mask)
    turn = turning(box.painter, empty, box.painter.cells, trait="cells")
    return Tried("mask_painter", box, turn)


def _broken(samples: list[Sample]) -> Tried:
    grid = _grid(samples[0])
    text = codec("row-rle").encode(grid)
    box = widgets.build_break_it(grid, samples[0].image)
    area = control(box, "Text of the mask (edit it)")
    return Tried("break_it", box, turning(area, text.replace("*", "x", 1), text))


def _player(samples: list[Sample]) -> Tried:
    words = ["<seg>", *cut(codec("row-rle").encode(_grid(samples[0]))), "</seg>"]
    pieces, name = tuple(Piece(word, "model") for word in words), samples[0].expression
    trace = Trace("plain", pieces, name, (SIDE, SIDE))
    box = widgets.build_token_player([trace], samples[0].image)
    slider = control(box, "Written so far")
    return Tried("token_player", box, turning(slider, slider.max, slider.max - 1))


def _scrubber(samples: list[Sample]) -> Tried:
    moments = [_moment(samples, step) for step in (0, 100)]
    box = widgets.build_training_scrubber(samples, moments, 0.3, grid=SIDE)
    return Tried("training_scrubber", box, turning(control(box, "Look back to"), 0, 1))


def _bench(samples: list[Sample]) -> Tried:
    box = widgets.build_refiner_bench(samples)
    control(box, "Grid size").value = SIDE
    turn = turning(control(box, "Refiner"), "bilinear", "edge")
    return Tried("refiner_bench", box, turn)


def _codecs(samples: list[Sample]) -> Tried:
    box = widgets.build_codec_bench(samples)
    control(box, "Grid size").value = SIDE
    turn = turning(control(box, "Codec"), "full", "row-rle")
    return Tried("codec_bench", box, turn)


def _browser() -> Tried:
    """A run of the true grids; the folder is read whole, so it may go."""
    how: Any = {"model": "oracle", "benchmark": "scenes:synthetic:heldout"}
    with tempfile.TemporaryDirectory() as folder:
        done = evaluate(plan_of(grid=SIDE, **how), folder, limit=8)
        if done is None:
            raise RuntimeError("the run of the oracle ended early")
        box = widgets.build_prediction_browser(done.out)
    place = control(box, "Prediction")
    return Tried("prediction_browser", box, turning(place, place.max, place.min))


def turning(widget: Any, *values: Any, trait: str = "value") -> Callable[[], None]:
    """Sets a trait to one value after the other, and then from the start."""
    following = cycle(values)
    return lambda: setattr(widget, trait, next(following))


def every(box: Any) -> Iterator[Any]:
    """A widget and all below it."""
    yield box
    for child in getattr(box, "children", ()):
        yield from every(child)


def control(box: Any, description: str) -> Any:
    """The control with these words beside it."""
    named = (w for w in every(box) if getattr(w, "description", "") == description)
    return next(named)


def first(box: Any, kind: str) -> Any:
    """The first widget of a class."""
    return next(w for w in every(box) if type(w).__name__ == kind)


def _median(turn: Callable[[], None], repeats: int) -> float:
    taken = []
    for _ in range(repeats + 1):
        start = time.perf_counter()
        turn()
        taken.append(1000 * (time.perf_counter() - start))
    return statistics.median(taken[1:])


def _grid(sample: Sample) -> DescriptorGrid:
    return mask_to_grid(sample.mask, SIDE, sample.expression)


def _moment(samples: list[Sample], step: int) -> Moment:
    """A look at a training: an empty mask at first, then the truth."""
    said = []
    for s in samples:
        mask = s.mask if step else np.zeros_like(s.mask)
        words = codec("row-rle").encode(mask_to_grid(mask, SIDE, s.expression))
        when = (step, float(step))
        said.append(predict(s, "?", f"<seg>{words}</seg>", when, SIDE, "row-rle"))
    loss, norm = (0.1, 1.0) if step else (None, 0.0)
    return Moment(step, 16 * step, step, loss, None, {"norm": norm}, said)
