"""The widgets of lessons 01 to 03 in JupyterLab: by mouse, finger and keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from tests.ui.conftest import CellOpener
    from tests.ui.server import Lab
    from tests.ui.window import NotebookPage

pytestmark = [pytest.mark.ui, pytest.mark.xdist_group("ui")]

SETUP = """
from t4s_lib import mask_to_grid
from t4s_lib.course.widgets import *
from t4s_lib.sources import scenes
samples = scenes(8, "heldout", size=128)
one = samples[0]
"""
EXPLORER = SETUP + "build_grid_explorer(samples)"
PAINTER = "desk = build_mask_painter(label='dog', samples=samples)\ndesk"
BREAK_IT = "build_break_it(mask_to_grid(one.mask, 16, one.expression), one.image)"
CHECK = "print(desk.painter.text)"
BUDGET = "build_lora_budget()"
PALETTE = "colours = build_mask_painter(8, 12, label=['dog', 'cat', 'sky'])\ncolours"
TAKEN = "print(colours.sample('cat').mask.mean().round(4), colours.painter.labels)"
SCRUBBER = """
from t4s_lib import codec
from t4s_lib.training.film import predict
from t4s_lib.training.moments import Moment
few = [s for s in samples if not s.is_no_target][:4]
def look(step, share):
    grids = [mask_to_grid(s.mask, 16, s.expression) for s in few]
    texts = [codec("row-rle").encode(g) if step else "3, 4, 9, 11" for g in grids]
    said = [predict(s, "Where?", f"<seg>{text}</seg>", (step, step), 16, "row-rle")
            for s, text in zip(few, texts)]
    return Moment(step, step, step, 1 / (step + 1), 0.1, {"norm": share}, said)
build_training_scrubber(few, [look(0, 0.0), look(60, 1.0)], 0.3)
"""
CELLS = [EXPLORER, PAINTER, BREAK_IT, CHECK, BUDGET, SCRUBBER, PALETTE, TAKEN]


@pytest.fixture(scope="module")
def notebook(open_notebook: CellOpener) -> Iterator[NotebookPage]:
    opened = open_notebook(CELLS)
    opened.run_all()
    yield opened
    assert opened.complaints() == []


def test_the_grid_explorer_follows_the_arrow_keys(notebook: NotebookPage) -> None:
    from playwright.sync_api import expect

    cell = notebook.cell(0)
    readout, handle = cell.locator("p[role=status]"), cell.locator(".noUi-handle")
    expect(readout).to_contain_text("Grid 16 by 16")
    handle.focus()
    handle.press("ArrowRight")
    expect(readout).to_contain_text("Grid 17 by 17")
    expect(cell.locator("img")).to_have_attribute("alt", readout.inner_text())
    cell.get_by_label("Rule").select_option("coverage")
    expect(readout).to_contain_text("rule coverage")
    notebook.picture(0, "grid-explorer")
    cell.get_by_role("button", name="Reset").press("Enter")
    expect(readout).to_contain_text("Grid 16 by 16, rule nearest")


def test_the_mask_painter_follows_hand_and_keyboard(notebook: NotebookPage) -> None:
    from playwright.sync_api import expect

    page, cell = notebook.page, notebook.cell(1)
    board, area = cell.locator(".t4s-board"), cell.locator("textarea")
    status = cell.locator(".t4s-status")
    board.scroll_into_view_if_needed()
    page.mouse.move(*middle(board, 3, 4))
    page.mouse.down()
    page.mouse.move(*middle(board, 3, 8))
    page.mouse.up()
    expect_row(area, 3, "others *4| dog *5| others *7")
    for key in ("ArrowDown", "ArrowRight", "Space"):
        board.press(key)
    expect(status).to_have_text("row 4, column 9, dog")
    expect_row(area, 4, "others *9| dog *1| others *6")
    board.press("Control+z")
    expect_row(area, 4, "others *16")
    board.press("Shift+ArrowLeft")
    expect_row(area, 4, "others *8| dog *2| others *6")
    page.touchscreen.tap(*middle(board, 10, 0))
    expect_row(area, 10, "dog *1| others *15")
    expect(board).to_be_focused()  # JupyterLab took none of the keys for itself
    expect(notebook.run(3)).to_have_text(area.input_value())


def test_the_mask_painter_loads_a_true_mask(notebook: NotebookPage) -> None:
    from playwright.sync_api import expect

    cell = notebook.cell(1)
    readout = cell.locator("p[role=status]")
    cell.get_by_label("Picture").select_option(index=1)
    expect(readout).to_contain_text("IoU with the true mask: 0.000")
    cell.get_by_role("button", name="Load the true mask").press("Enter")
    expect(readout).to_contain_text("say “the bottommost triangle”")
    expect(readout).not_to_contain_text("mask: 0.000")
    expect(cell.locator(".t4s-on").first).to_be_visible()
    notebook.picture(1, "mask-painter")
    cell.get_by_role("button", name="Clear").press("Enter")
    expect(cell.locator(".t4s-on")).to_have_count(0)
    expect(notebook.run(3)).not_to_contain_text("bottommost")


def test_a_palette_is_painted_by_mouse_and_keyboard(notebook: NotebookPage) -> None:
    from playwright.sync_api import expect

    page, cell = notebook.page, notebook.cell(6)
    board, area = cell.locator(".t4s-board"), cell.locator("textarea")
    palette = cell.get_by_role("group", name="Labels to paint")
    cat = palette.get_by_role("button", name="2 cat")
    cat.click()
    expect(cat).to_have_attribute("aria-pressed", "true")
    expect(cell.get_by_label("Label of a painted cell")).to_have_value("cat")
    board.scroll_into_view_if_needed()
    page.mouse.move(*middle(board, 2, 3, (8, 12)))
    page.mouse.down()
    page.mouse.move(*middle(board, 2, 6, (8, 12)))
    page.mouse.up()
    expect_row(area, 2, "others *3| cat *4| others *5")
    board.press("3")
    board.press("ArrowRight")
    board.press("Space")
    expect_row(area, 2, "others *3| cat *4| sky *1| others *4")
    board.press("1")
    board.press("Shift+ArrowDown")
    expect_row(area, 2, "others *3| cat *4| dog *1| others *4")
    expect_row(area, 3, "others *7| dog *1| others *4")
    expect(cell.locator(".t4s-status")).to_have_text("row 3, column 7, dog")
    expect(cell.locator("p[role=status]")).to_contain_text(
        "2 of 96 cells say “dog”, 4 “cat”, 0 “sky”."
    )
    expect(notebook.run(7)).to_contain_text(f"{4 / 96:.4f} ['dog', 'cat', 'sky']")
    notebook.picture(6, "mask-painter-palette")


def test_a_label_is_added_named_painted_and_saved(
    notebook: NotebookPage, lab: Lab
) -> None:
    from playwright.sync_api import expect

    cell = notebook.cell(6)
    board, area = cell.locator(".t4s-board"), cell.locator("textarea")
    cell.get_by_role("button", name="Add a label").press("Enter")
    field = cell.get_by_label("Label of a painted cell")
    expect(field).to_have_value("label 4")
    field.fill("cow")
    expect(cell.get_by_role("button", name="4 cow")).to_be_visible()
    board.press("Shift+ArrowRight")
    expect_row(area, 3, "others *7| cow *2| others *3")
    cell.get_by_role("button", name="Save as PNG").press("Enter")
    readout = cell.locator("p[role=status]")
    # Another test may have saved there before: a number is added, nothing is lost.
    expect(readout).to_contain_text(re.compile(r"Saved 192 by 128 pixels in .*painted"))
    saved = re.search(r"painted[-0-9]*\.png", readout.inner_text())
    assert saved is not None
    with Image.open(lab.folder / saved[0]) as image:
        assert image.size == (192, 128)
        assert set(np.asarray(image).flatten()) == {0, 1, 2, 4}
    expect(cell.get_by_role("button", name="2 cat")).to_be_visible()


def test_break_it_follows_button_and_typing(notebook: NotebookPage) -> None:
    from playwright.sync_api import expect

    cell = notebook.cell(2)
    area, picture = cell.locator("textarea"), cell.locator("img")
    expect(picture).to_have_attribute("alt", re.compile("no faults noted"))
    whole = area.input_value()
    cell.get_by_role("button", name="one comma for a pipe").press("Enter")
    expect(cell.get_by_role("cell", name="run separator")).to_be_visible()
    expect(cell.get_by_role("cell", name="gave up")).to_be_visible()
    expect(picture).to_have_attribute("alt", re.compile(r"IoU 1\.000.*IoU 0\.000"))
    notebook.picture(2, "break-it")
    cell.get_by_role("button", name="Reset").press("Enter")
    expect(cell.get_by_role("cell", name="gave up")).to_have_count(0)
    expect(area).to_have_value(whole)
    area.press("Control+Home")
    area.press_sequentially("x")
    expect(cell.get_by_role("cell", name="unknown label")).to_be_visible()
    expect(picture).to_have_attribute("alt", re.compile("16 of 256 cells wrong"))


def test_the_text_of_the_painter_is_reached_by_tab_and_cannot_be_changed(
    notebook: NotebookPage,
) -> None:
    from playwright.sync_api import expect

    cell = notebook.cell(1)
    area = cell.locator("textarea")
    cell.locator(".t4s-board").press("Tab")
    expect(area).to_be_focused()
    before = area.input_value()
    for key in ("x", "d", "d", "m"):
        area.press(key)
    assert area.input_value() == before
    assert len(notebook.numbers()) == len(CELLS)


def test_keys_in_a_menu_change_the_menu_and_not_the_notebook(
    notebook: NotebookPage,
) -> None:
    from playwright.sync_api import expect

    menu = notebook.cell(0).get_by_label("Rule")
    readout = notebook.cell(0).locator("p[role=status]")
    menu.press("Home")
    for key, rule in (
        ("ArrowDown", "majority"),
        ("c", "coverage"),
        ("Home", "nearest"),
    ):
        menu.press(key)
        expect(readout).to_contain_text(f"rule {rule}")
    for key in ("d", "d", "m", "x"):  # to JupyterLab: delete, Markdown, cut
        menu.press(key)
    assert len(notebook.numbers()) == len(CELLS)
    expect(readout).to_contain_text("rule nearest")


def test_the_budget_follows_the_arrow_keys(notebook: NotebookPage) -> None:
    from playwright.sync_api import expect

    cell = notebook.cell(4)
    readout, rank = cell.locator("p[role=status]"), cell.locator(".noUi-handle").first
    expect(readout).to_contain_text("LoRA of rank 64")
    rank.press("ArrowRight")
    expect(readout).to_contain_text("LoRA of rank 128")
    expect(cell.locator("img")).to_have_attribute("alt", readout.inner_text())
    cell.get_by_label("Gradient checkpointing").press("Space")
    expect(readout).to_contain_text("no checkpointing")
    cell.get_by_label("LoRA on").press("End")
    expect(readout).to_contain_text("every weight trained")
    notebook.picture(4, "lora-budget")


def test_the_scrubber_goes_back_and_plays(notebook: NotebookPage) -> None:
    from playwright.sync_api import expect

    cell = notebook.cell(5)
    readout, handle = cell.locator("p[role=status]"), cell.locator(".noUi-handle")
    expect(readout).to_contain_text("Step 60 of 60")
    notebook.picture(5, "training-scrubber")
    handle.press("ArrowLeft")
    expect(readout).to_contain_text("Step 0 of 60")
    expect(cell.locator("img")).to_have_attribute("alt", readout.inner_text())
    expect(cell.locator("pre")).to_contain_text("3, 4, 9, 11")
    cell.locator(".widget-play button").first.press("Enter")
    expect(readout).to_contain_text("Step 60 of 60")


def middle(
    board: Locator, row: int, col: int, size: tuple[int, int] = (16, 16)
) -> tuple[float, float]:
    """Where the middle of a cell is on the page."""
    box = board.bounding_box()
    assert box is not None
    x = box["x"] + (col + 0.5) * box["width"] / size[1]
    return x, box["y"] + (row + 0.5) * box["height"] / size[0]


def expect_row(area: Locator, row: int, text: str) -> None:
    """Wait until a row of the text is this."""
    from playwright.sync_api import expect

    rows = r"[^\n]*\n" * row
    expect(area).to_have_value(re.compile(rf"^{rows} ?{re.escape(text)}\n"))
