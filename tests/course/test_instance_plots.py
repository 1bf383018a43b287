"""Figures of instances and talks: numbers and words are where they belong."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("scipy")

from t4s_lib import DescriptorGrid, codec
from t4s_lib.answers import read_answer
from t4s_lib.conversation import Said
from t4s_lib.course.figures import png
from t4s_lib.course.instance_plots import (
    conversation_figure,
    instances_figure,
    reasoning_figure,
)
from t4s_lib.prediction import Prediction
from t4s_lib.sources import REASONS, reasoning_scenes

IMAGE = Image.new("RGB", (32, 32), (90, 90, 90))
CELLS = [["cow 1"] * 2 + ["cow 2"] * 2, ["others"] * 4]
GRID = DescriptorGrid.from_cells([*CELLS, ["others"] * 3 + ["cow 3"], ["others"] * 4])


def texts(ax: Any) -> list[tuple[str, float, float]]:
    return [(text.get_text(), *text.get_position()) for text in ax.texts]


def test_each_instance_has_its_number_inside() -> None:
    fig = instances_figure(IMAGE, GRID, "cow")
    photo, joined, apart = fig.axes
    assert apart.get_title("left") == "numbered labels: 3 instances"
    assert joined.get_title("left") == "one label: 2 connected parts"
    for text, x, y in texts(apart):
        assert GRID.where(f"cow {text}")[int(y), int(x)]
    assert [text for text, *_ in texts(apart)] == ["1", "2", "3"]
    for text, x, y in texts(photo):
        assert GRID.where(f"cow {text}")[int(y) // 8, int(x) // 8]
    assert png(fig)


def test_no_instance_is_no_number() -> None:
    fig = instances_figure(IMAGE, DescriptorGrid(np.zeros((4, 4)), ("others",)), "cow")
    assert [texts(ax) for ax in fig.axes] == [[], [], []]
    assert png(fig)


class Talk:
    """What a figure needs of a talk."""

    def __init__(self, turns: list[Said]) -> None:
        self.image, self.turns = IMAGE, turns


def test_a_talk_has_a_row_a_turn() -> None:
    answer = f"<seg>{codec('row-rle').encode(GRID)}</seg>"
    text, grid, report = read_answer(answer, 4)
    mask = np.kron(grid.foreground, np.ones((8, 8), bool))
    found = Prediction(text, grid, report, mask, 0.1, 3, answer)
    turns = [Said("Where are the cows?", answer, found), Said("How many?", "three")]
    fig = conversation_figure(Talk(turns))  # type: ignore[arg-type]
    written = " ".join(text for ax in fig.axes for text, *_ in texts(ax))
    for words in ("Where are the cows?", "cow 1 *2", "How many?", "three"):
        assert words in written
    assert len(fig.axes) == 4
    assert png(fig)
    assert png(conversation_figure(Talk([])))  # type: ignore[arg-type]


def test_implied_expressions_stand_over_their_pictures() -> None:
    samples = [reasoning_scenes(1, "val", kinds=[kind])[0] for kind in REASONS[:5]]
    fig = reasoning_figure(samples, [sample.mask for sample in samples])
    titles = [" ".join(ax.get_title("left").split()) for ax in fig.axes]
    assert titles == [*(sample.expression for sample in samples), "", "", ""]
    assert png(fig)
