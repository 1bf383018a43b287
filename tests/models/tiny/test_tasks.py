"""The base's tasks: true answers, and never an R-RLE mask."""

from __future__ import annotations

import random

import numpy as np
import pytest

from t4s_lib.answers import read_answer
from t4s_lib.codecs import codec
from t4s_lib.grid import mask_to_grid
from t4s_lib.models.tiny.tasks import SIDE, TASKS, Exchange, Look, exchange
from t4s_lib.sources import Sample, scenes
from t4s_lib.sources.scene_expressions import Phrase
from t4s_lib.sources.scene_views import view

SAMPLES = list(scenes(40, "train", size=64))


def _asked(task: str, sample: Sample, seed: int = 0) -> Exchange:
    scene = sample.extra["scene"]
    look = Look(view(scene), scene.instances((64, 64))[2::4, 2::4])
    phrase = Phrase(sample.expression, sample.extra["targets"])
    return exchange(task, random.Random(f"{task}{seed}"), look, phrase)


def _cells(sample: Sample) -> np.ndarray:
    return mask_to_grid(sample.mask, SIDE).foreground


@pytest.mark.parametrize("task", TASKS)
def test_no_answer_is_a_mask(task: str) -> None:
    for sample in SAMPLES:
        answer = _asked(task, sample).answer
        assert "<seg>" not in answer
        assert read_answer(answer).report.status != "exact"


@pytest.mark.parametrize("sample", SAMPLES[:12], ids=lambda s: s.expression)
def test_widths_and_starts_say_what_the_rows_hold(sample: Sample) -> None:
    cells = _cells(sample)
    for task, truth in (
        ("widths", cells.sum(axis=1)),
        ("starts", [row.argmax() if row.any() else SIDE for row in cells]),
    ):
        written = _asked(task, sample).answer.split(">")[1].split("<")[0]
        assert [int(word[1:]) for word in written.split()] == list(truth)


@pytest.mark.parametrize("sample", SAMPLES[:12], ids=lambda s: s.expression)
def test_columns_are_the_turned_mask(sample: Sample) -> None:
    answer = _asked("columns", sample).answer
    inside = answer.removeprefix("<col>").removesuffix("</col>")
    grid, report = codec("row-rle").decode(inside, SIDE)
    assert report.status == "exact"
    assert np.array_equal(grid.foreground.T, _cells(sample))


@pytest.mark.parametrize("sample", SAMPLES[:12], ids=lambda s: s.expression)
def test_the_box_is_tight(sample: Sample) -> None:
    answer, cells = _asked("box", sample).answer, _cells(sample)
    if not cells.any():
        assert answer == "There is no such shape."
        return
    top, left, bottom, right = map(int, answer[5:-6].split())
    assert cells[top:bottom, left:right].sum() == cells.sum()
    edges = cells[top], cells[bottom - 1], cells[:, left], cells[:, right - 1]
    assert all(edge.any() for edge in edges)


def test_pieces_tell_the_place_of_their_beginning() -> None:
    for text, line, done in _asked("columns", SAMPLES[0]).pieces[1:-1]:
        assert 0 <= line < SIDE
        assert (done == SIDE) == text.startswith("\n")
