"""The benchmark of the widgets: none is left out, and each turn is a redraw."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from benchmarks.widgets import SIDE, Tried, all_tried, every, measure_widgets
from t4s_lib.course import widgets

TRIED = list(all_tried())


def shown(box: Any) -> list[str]:
    """All that a widget draws and says."""
    return [str(w.value) for w in every(box) if type(w).__name__ == "HTML"]


def test_every_widget_of_the_lessons_is_measured() -> None:
    builders = {name for name in widgets.__all__ if name.startswith("build_")}
    assert {f"build_{tried.name}" for tried in TRIED} == builders


@pytest.mark.parametrize("tried", TRIED, ids=[tried.name for tried in TRIED])
def test_each_turn_changes_what_is_shown(tried: Tried) -> None:
    seen = [shown(tried.box)]
    for _ in range(3):
        tried.turn()
        seen.append(shown(tried.box))
    assert all(one != two for one, two in pairwise(seen))


def test_the_record_names_the_slowest() -> None:
    found = measure_widgets(repeats=1)
    taken = found["milliseconds"]
    assert found["side"] == SIDE
    assert found["slowest_ms"] == max(taken.values()) == taken[found["slowest"]]
    assert min(taken.values()) > 0
    assert found["widgets"] == len(TRIED)
    assert found["within_limit"] == sum(
        ms <= found["limit_ms"] for ms in taken.values()
    )
