"""What holds for every widget of the lessons: nothing starts blank or without words."""

from __future__ import annotations

from typing import Any

import ipywidgets
import pytest

from benchmarks.widgets import Tried, all_tried, every
from t4s_lib.course import widgets

ITS_WORDS_FOLLOW = (ipywidgets.Play, ipywidgets.Checkbox)
SILENT = (ipywidgets.Box, ipywidgets.HTML, ipywidgets.Label, ipywidgets.Output)


def blank(box: Any) -> list[str]:
    """The menus in which nothing is chosen: what ipywidgets shows as an empty one."""
    kinds = [w for w in every(box) if w.has_trait("index") and w.has_trait("options")]
    return [w.description for w in kinds if w.index is None or w.index == ()]


def nameless(box: Any) -> list[str]:
    """The controls without words beside or on them."""
    controls = [
        w
        for w in every(box)
        if isinstance(w, ipywidgets.DOMWidget)
        and w.has_trait("description")
        and not isinstance(w, SILENT)
    ]
    return [type(w).__name__ for w in controls if not w.description.strip()]


@pytest.fixture(scope="module")
def tried() -> list[Tried]:
    return list(all_tried())


def test_every_widget_is_looked_at(tried: list[Tried]) -> None:
    builders = {name for name in widgets.__all__ if name.startswith("build_")}
    assert {f"build_{one.name}" for one in tried} == builders


def test_no_menu_starts_blank(tried: list[Tried]) -> None:
    assert {one.name: found for one in tried if (found := blank(one.box))} == {}


def test_no_menu_is_blank_after_a_turn(tried: list[Tried]) -> None:
    for one in tried:
        one.turn()
        assert blank(one.box) == [], one.name


def test_every_control_has_words(tried: list[Tried]) -> None:
    assert {one.name: found for one in tried if (found := nameless(one.box))} == {}


def test_every_control_shows_its_words_in_full(tried: list[Tried]) -> None:
    for one in tried:
        for w in every(one.box):
            style = getattr(w, "style", None)
            if style is not None and style.has_trait("description_width"):
                known = isinstance(w, (*SILENT, *ITS_WORDS_FOLLOW))
                assert known or style.description_width == "initial", w.description


@pytest.mark.parametrize("value", [None, "a"])
def test_a_blank_menu_is_found(value: str | None) -> None:
    menu = ipywidgets.Dropdown(options=["a", "b"], value=value, description="Menu")
    found = blank(ipywidgets.VBox([menu]))
    assert found == (["Menu"] if value is None else [])


def test_a_menu_with_an_option_of_none_is_found() -> None:
    options = [("16 bits", None), ("4 bits", "4bit")]
    menu = ipywidgets.Dropdown(options=options, value=None, description="Weights")
    assert blank(ipywidgets.VBox([menu])) == ["Weights"]


def test_a_nameless_control_is_found() -> None:
    box = ipywidgets.VBox([ipywidgets.IntSlider(), ipywidgets.HTML("words")])
    assert nameless(box) == ["IntSlider"]
