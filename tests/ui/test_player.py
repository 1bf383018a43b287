"""The token player in JupyterLab: slider, buttons and play, by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from tests.ui.conftest import CellOpener
    from tests.ui.window import NotebookPage

pytestmark = [pytest.mark.ui, pytest.mark.xdist_group("ui")]

PLAYER = """
from t4s_lib import codec, mask_to_grid
from t4s_lib.course.exercises.writing import cut
from t4s_lib.course.traces import Piece, Trace
from t4s_lib.course.widgets import build_token_player
from t4s_lib.sources import scenes
one = scenes(1, "heldout", size=128)[0]
text = codec("row-rle").encode(mask_to_grid(one.mask, 16, one.expression))
words = ["<seg>", *cut(text), "</seg>"]
who = ["model" if w.startswith(" *") else "grammar" for w in words]
plain = Trace("plain", tuple(Piece(w, "model") for w in words), one.expression)
fast = Trace("rows", tuple(map(Piece, words, who)), one.expression,
             steps=(2,) * (len(words) // 2 + 1))
build_token_player([plain, fast], one.image)
"""


@pytest.fixture(scope="module")
def notebook(open_notebook: CellOpener) -> Iterator[NotebookPage]:
    opened = open_notebook([PLAYER])
    opened.run_all()
    yield opened
    assert opened.complaints() == []


def test_the_slider_follows_the_arrow_keys(notebook: NotebookPage) -> None:
    from playwright.sync_api import expect

    cell = notebook.cell(0)
    readout, handle = cell.locator("p[role=status]"), cell.locator(".noUi-handle")
    expect(readout).to_contain_text("nothing is written yet")
    handle.focus()
    handle.press("ArrowRight")
    expect(readout).to_contain_text("token 1 of")
    handle.press("ArrowRight")
    expect(readout).to_contain_text("token 2 of")
    expect(cell.locator("img")).to_have_attribute("alt", said(readout))
    notebook.picture(0, "token-player-begun")


def test_a_pass_brings_two_tokens(notebook: NotebookPage) -> None:
    from playwright.sync_api import expect

    cell = notebook.cell(0)
    readout = cell.locator("p[role=status]")
    cell.get_by_role("button", name="Start").press("Enter")
    cell.get_by_label("Step", exact=True).select_option("a pass at a time")
    for _ in range(2):
        cell.get_by_role("button", name="Next").press("Enter")
    expect(readout).to_contain_text("token 4 of")
    expect(readout).to_contain_text("pass 2 of")
    cell.get_by_label("Mode", exact=True).select_option("plain")
    expect(readout).to_contain_text("Mode plain, token 4 of")


def test_it_plays_and_stops(notebook: NotebookPage) -> None:
    from playwright.sync_api import expect

    cell = notebook.cell(0)
    readout = cell.locator("p[role=status]")
    cell.get_by_role("button", name="Start").press("Enter")
    expect(readout).to_contain_text("nothing is written yet")
    cell.locator(".widget-play button").first.press("Enter")
    expect(readout).not_to_contain_text("nothing is written yet")
    expect(readout).to_contain_text("token 106 of 106", timeout=300_000)
    expect(cell.locator("img")).to_have_attribute("alt", said(readout))
    notebook.picture(0, "token-player")


def said(readout: Locator) -> str:
    return readout.inner_text()
