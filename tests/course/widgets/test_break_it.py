"""Break it: the damages, the two readings, and the text area that drives them."""

from typing import Any

import numpy as np
import pytest
from matplotlib import _pylab_helpers
from PIL import Image

from t4s_lib import DescriptorGrid, codec, mask_to_grid
from t4s_lib.course.widgets import build_break_it
from t4s_lib.course.widgets.break_it import (
    OURS,
    THEIRS,
    Broken,
    describe_break_it,
    render_break_it,
    report_html,
)
from t4s_lib.course.widgets.damages import damages
from t4s_lib.sources import scenes

SAMPLE = scenes(1, "heldout", size=64)[0]
GRID = mask_to_grid(SAMPLE.mask, 16, "dog")
WHOLE = codec("row-rle").encode(GRID)
DAMAGES = damages(WHOLE)

# What each damage is there to show: a kind of fault in either reading.
SHOWN = {
    "lose 3 cells in row 6": ("row_too_short", "flat_length"),
    "drop every 'others'": ("missing_rows", "first_label_lost"),
    "one comma for a pipe": ("run_separator", "gave_up"),
    "a count of 10^12": ("row_too_long", "flat_length"),
    "cut the text off": ("cut_off", "gave_up"),
    "prose around it": ("prose", "gave_up"),
}


@pytest.mark.parametrize("name", SHOWN)
def test_each_damage_shows_its_fault(name: str) -> None:
    state = Broken(GRID, DAMAGES[name])
    ours, theirs = (state.readings[n].report.kinds for n in (OURS, THEIRS))
    assert SHOWN[name][0] in ours
    assert SHOWN[name][1] in theirs
    assert state.wrong(THEIRS).any()


def test_the_damages_are_these_and_reset_is_none() -> None:
    assert set(DAMAGES) == {*SHOWN, "reset"}
    assert DAMAGES["reset"] == WHOLE
    assert len(set(DAMAGES.values())) == len(DAMAGES)


@pytest.mark.parametrize(
    "grid",
    [
        DescriptorGrid([[0]], ("others",)),
        DescriptorGrid([[1]], ("others", "a, b")),
        DescriptorGrid([[0, 1, 2]], ("others", "cat", "犬")),
        DescriptorGrid(np.zeros((16, 16), int), ("others", "dog")),
        DescriptorGrid(np.ones((64, 9), int), ("others", "dog")),
    ],
)
def test_any_grid_can_be_damaged_read_and_drawn(grid: DescriptorGrid) -> None:
    for text in damages(codec("row-rle").encode(grid)).values():
        state = Broken(grid, text)
        render_break_it(state)
        assert describe_break_it(state)
    assert not state.wrong(OURS).any()


@pytest.mark.parametrize("text", ["", "\n", "*", "<seg></seg>", "dog", "\x00 *5"])
def test_any_text_can_be_shown(text: str) -> None:
    state = Broken(GRID, text)
    render_break_it(state)
    assert "cells wrong" in describe_break_it(state)


def test_three_panels_with_titles_and_no_pyplot() -> None:
    figure = render_break_it(Broken(GRID, WHOLE, SAMPLE.image))
    titles = [text.get_text() for text in figure.texts]
    assert len(figure.images) == 3
    for title in ("the truth", "ours: IoU 1.000", "the authors': IoU 1.000"):
        assert title in titles
    assert not _pylab_helpers.Gcf.figs


def test_wrong_cells_are_crossed_out() -> None:
    def crosses(text: str) -> int:
        lines: list[Any] = render_break_it(Broken(GRID, text)).findobj(
            lambda artist: getattr(artist, "get_marker", str)() == "x"
        )
        return sum(len(line.get_xdata()) for line in lines)

    broken = Broken(GRID, DAMAGES["cut the text off"])
    wrong = sum(int(broken.wrong(name).sum()) for name in (OURS, THEIRS))
    assert (crosses(WHOLE), crosses(broken.text)) == (0, wrong)


def test_with_several_targets_a_swapped_label_is_wrong() -> None:
    grid = DescriptorGrid([[1, 2]], ("others", "cat", "dog"))
    state = Broken(grid, "dog *1| cat *1\n")
    assert state.wrong(OURS).sum() == 2
    assert state.iou(OURS) == 1


def test_editing_the_text_changes_figure_and_report() -> None:
    box = build_break_it(GRID, SAMPLE.image)
    _, buttons, work, report, _ = box.children
    area, figure = work.children
    before = figure.value, report.value
    area.value = WHOLE.replace("others", "<i>", 1)
    assert "unknown label" in report.value
    assert "&lt;i&gt;" in report.value
    assert "<i>" not in report.value
    assert figure.value != before[0]
    {b.description: b for b in buttons.children}["Reset"].click()
    assert (figure.value, report.value) == before


@pytest.mark.parametrize("name", SHOWN)
def test_each_button_sets_its_text(name: str) -> None:
    _, buttons, work, report, _ = build_break_it(GRID).children
    area, figure = work.children
    {b.description: b for b in buttons.children}[name].click()
    assert area.value == DAMAGES[name]
    assert "IoU" in report.value
    assert 'alt="Ours, row by row: IoU' in figure.value


def test_many_faults_are_cut_short() -> None:
    text = WHOLE.replace("others", "nobody")
    markup = report_html(Broken(GRID, text))
    assert markup.count("<tr>") < 25
    assert "more" in markup


def test_a_picture_of_another_shape_shapes_the_panels() -> None:
    figure = render_break_it(Broken(GRID, WHOLE, Image.new("RGB", (200, 100))))
    height, width = figure.images[2].get_size()
    assert width == 2 * height
