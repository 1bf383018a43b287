"""Mask painter: cells to text and back, and the desk around it."""

import html
import re
from typing import Any

import numpy as np
import pytest
import traitlets
from PIL import Image

from t4s_lib import codec, mask_to_grid
from t4s_lib.course.tokens import token_counter
from t4s_lib.course.widgets import MaskPainter, build_mask_painter
from t4s_lib.course.widgets.painter_desk import describe_mask_painter
from t4s_lib.sources import scenes

SAMPLES = scenes(4, "heldout", size=64)


def every(box: Any) -> list[Any]:
    """The widget and all below it."""
    children = getattr(box, "children", ())
    return [box, *(w for child in children for w in every(child))]


def named(box: Any, description: str) -> Any:
    return next(
        w for w in every(box) if getattr(w, "description", "").startswith(description)
    )


def readout(box: Any) -> str:
    values = (str(getattr(w, "value", "")) for w in every(box))
    return next(value for value in values if "role=" in value)


def written(box: Any) -> str:
    """The text beside the board, as it is read."""
    values = (str(getattr(w, "value", "")) for w in every(box))
    markup = next(value for value in values if "<textarea" in value)
    inside = re.search(r"<textarea readonly [^>]*>(.*)</textarea>", markup, re.DOTALL)
    assert inside is not None
    return html.unescape(inside[1])


def test_cells_become_text_and_text_becomes_cells() -> None:
    painter = MaskPainter(4, 6, label="a | b")
    cells = np.random.default_rng(1).integers(0, 2, (4, 6)).tolist()
    painter.cells = cells
    grid, report = codec("row-rle").decode(painter.text, (4, 6))
    assert report.status == "exact"
    assert grid == painter.grid
    assert painter.grid.foreground.astype(int).tolist() == cells


def test_a_mask_is_painted_as_its_own_grid() -> None:
    sample = SAMPLES[0]
    painter = MaskPainter(8, 12, "thing", sample.image, sample.mask)
    assert painter.grid == mask_to_grid(sample.mask, (8, 12), "thing")
    assert painter.picture.startswith("data:image/png;base64,")


@pytest.mark.parametrize(
    "cells",
    [[], [[0, 1]], [[0, 1, 0], [0, 1]], [[0, 1, 2], [0, 0, 0]], [["x"] * 3] * 2],
)
def test_cells_that_do_not_fit_are_refused(cells: Any) -> None:
    painter = MaskPainter(2, 3)
    with pytest.raises(traitlets.TraitError, match="2 rows of 3"):
        painter.cells = cells
    assert painter.cells == [[0, 0, 0], [0, 0, 0]]


def test_bad_arguments_are_named() -> None:
    with pytest.raises(ValueError, match="grid size"):
        MaskPainter(0, 16)
    with pytest.raises(ValueError, match="label is empty"):
        MaskPainter(label="")


def test_two_painters_do_not_share_cells() -> None:
    one, two = MaskPainter(1, 2), MaskPainter(1, 2)
    one.cells = [[1, 1]]
    assert two.cells == [[0, 0]]


def test_a_large_picture_is_sent_small_and_keeps_its_shape() -> None:
    painter = MaskPainter(image=Image.new("RGB", (4000, 2000)))
    assert len(painter.picture) < 20_000
    assert painter.aspect == 2


def test_what_the_page_runs_and_shows_travels_with_the_painter() -> None:
    sent = MaskPainter().get_state()
    assert "export default" in sent["_esm"]
    assert ".t4s-board" in sent["_css"]


def test_painting_changes_text_and_readout() -> None:
    box = build_mask_painter(1, 4, label="dog")
    box.painter.cells = [[0, 1, 1, 0]]
    text = written(box)
    assert text == "others *1| dog *2| others *1\n"
    tokens = token_counter()(text)
    assert f"{len(text)} characters, {tokens} tokens" in readout(box)


def test_the_label_is_data() -> None:
    box = build_mask_painter(1, 2)
    box.painter.cells = [[0, 1]]
    named(box, "Label").value = "<b>|"
    assert written(box) == "others *1| <b>%7C *1\n"
    assert "&lt;b&gt;|" in readout(box)
    named(box, "Label").value = ""
    assert "target" in written(box)


def test_a_sample_lies_under_an_empty_board_until_its_mask_is_loaded() -> None:
    box = build_mask_painter(samples=SAMPLES)
    button, sample = named(box, "Load"), SAMPLES[0]
    assert button.disabled
    named(box, "Picture").value = 1
    assert "IoU with the true mask: 0.000" in readout(box)
    assert named(box, "Label").value == sample.expression
    button.click()
    assert box.painter.grid == mask_to_grid(sample.mask, 16, sample.expression)
    named(box, "Picture").value = 0
    assert box.painter.picture == ""
    assert not box.painter.grid.foreground.any()


def test_a_mask_given_is_what_the_readout_compares_with() -> None:
    one = SAMPLES[0]
    box = build_mask_painter(label=one.expression, image=one.image, mask=one.mask)
    before = readout(box)
    box.painter.clear()
    assert "mask: 0.000" not in before
    assert "mask: 0.000" in readout(box)
    named(box, "Load").click()
    assert readout(box) == before


def test_without_a_truth_there_is_no_button_for_it() -> None:
    descriptions = [getattr(w, "description", "") for w in every(build_mask_painter())]
    assert "Load the true mask" not in descriptions


def test_the_sentence_counts_cells() -> None:
    grid = MaskPainter(2, 2).grid
    assert describe_mask_painter(grid).startswith("0 of 4 cells say “dog”.")
