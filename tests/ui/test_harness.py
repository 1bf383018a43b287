"""The tests in a browser test themselves: what is wrong must be seen to be wrong."""

from __future__ import annotations

import pytest

from tests.ui import keyboard
from tests.ui.conftest import CellOpener
from tests.ui.keyboard import SHOWN, use

pytestmark = [pytest.mark.ui, pytest.mark.xdist_group("ui")]

SETUP = """
import ipywidgets as w
from t4s_lib.course.widgets.parts import framed
def menu(name):
    return w.Dropdown(options=["a", "b", "c"], description=name)
def said(control):
    words = w.HTML("<p role=status>a</p>")
    def say(change):
        words.value = f"<p role=status>{change.new}</p>"
    control.observe(say, names="value")
    return words
"""
SOUND = "one = menu('Sound')\nframed(one, said(one))"
SILENT = "framed(menu('Silent'), w.HTML('<p role=status>a</p>'))"
SKIP = "<button tabindex=-1>x</button>"
SKIPPED = f"two = menu('Two')\nframed(two, said(two), w.HTML('{SKIP}'))"
STOLEN = "three = menu('Stolen')\nw.VBox([three, said(three)])"
HIDDEN = """
n = w.IntSlider()
w.VBox([n, w.interactive_output(lambda k: 1 / k, {"k": n})])
"""
CELLS = [SETUP, SOUND, SILENT, SKIPPED, STOLEN]


def test_controls_that_do_nothing_or_are_not_reached_are_named(
    open_notebook: CellOpener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyboard, "PATIENCE", 10_000)
    notebook = open_notebook(CELLS)
    notebook.run_all()
    assert notebook.complaints() == []
    roots = [notebook.cell(k).locator(SHOWN).first for k in range(1, len(CELLS))]
    found = [use(root, notebook.page) for root in roots]
    assert [used.silent != [] for used in found] == [False, True, False, True]
    assert [used.unreached != [] for used in found] == [False, False, True, False]


def test_errors_are_seen_and_end_the_wait(open_notebook: CellOpener) -> None:
    notebook = open_notebook([SETUP, HIDDEN, "1 / 0", "2"])
    notebook.run_all()
    assert not notebook.numbers()[-1].isdigit()
    complaints = " ".join(notebook.complaints())
    assert complaints.count("ZeroDivisionError") >= 2
