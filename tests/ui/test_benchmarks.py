"""Metric duel and prediction browser in JupyterLab, by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.ui.conftest import CellOpener
    from tests.ui.window import NotebookPage

pytestmark = [pytest.mark.ui, pytest.mark.xdist_group("ui")]

DUEL = """
from t4s_lib.course.widgets import build_metric_duel
build_metric_duel()
"""
BROWSER = """
from tempfile import mkdtemp
from t4s_lib.course.widgets import build_prediction_browser
from t4s_lib.evaluation.plan import plan_of
from t4s_lib.evaluation.run import evaluate
plan = plan_of(model="oracle", benchmark="scenes:synthetic:heldout")
build_prediction_browser(evaluate(plan, mkdtemp(), limit=12).out)
"""


@pytest.fixture(scope="module")
def notebook(open_notebook: CellOpener) -> Iterator[NotebookPage]:
    opened = open_notebook([DUEL, BROWSER])
    opened.run_all()
    yield opened
    assert opened.complaints() == []


def test_the_duel_follows_keys_and_cases(notebook: NotebookPage) -> None:
    from playwright.sync_api import expect

    cell = notebook.cell(0)
    readout, image = cell.locator("p[role=status]"), cell.locator("img")
    expect(readout).to_contain_text("B wins by gIoU, Acc@0.5.")
    notebook.picture(0, "metric-duel")
    stray = cell.locator(".noUi-handle").last
    stray.focus()
    stray.press("ArrowRight")
    expect(readout).to_contain_text("A wins by cIoU, gIoU, N-acc.")
    expect(image).to_have_attribute("alt", readout.inner_text())
    cell.get_by_label("Begin with").select_option("Just above one half")
    expect(readout).to_contain_text("A wins by Acc@0.5.")


def test_the_browser_steps_and_filters(notebook: NotebookPage) -> None:
    from playwright.sync_api import expect

    cell = notebook.cell(1)
    readout = cell.locator("p[role=status]")
    expect(readout).to_contain_text("1 of 12 that fit")
    notebook.picture(1, "prediction-browser")
    cell.get_by_role("button", name="Next").press("Enter")
    expect(readout).to_contain_text("2 of 12 that fit")
    handle = cell.locator(".noUi-handle").last
    handle.focus()
    handle.press("ArrowRight")
    expect(readout).to_contain_text("3 of 12 that fit")
    cell.get_by_label("Kind", exact=True).select_option("none")
    expect(readout).to_contain_text("(none)")
