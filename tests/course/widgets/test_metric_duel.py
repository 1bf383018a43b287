"""Metric duel: what it counts, draws and says, and that it follows its controls."""

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from matplotlib import _pylab_helpers

from t4s_lib.course.widgets.metric_duel import (
    build_metric_duel,
    render_metric_duel,
    table_html,
)
from t4s_lib.course.widgets.metric_duel_state import (
    CASES,
    METRICS,
    Duel,
    Player,
    describe_metric_duel,
)
from t4s_lib.grid import iou

ALIKE = Duel(players=(Player(20, 20, 5), Player(20, 20, 5)))
PERFECT = Player(0, 0, 0)


def controls(box: Any) -> Iterator[Any]:
    for part in box.children[:3]:
        yield from part.children


def control(box: Any, description: str) -> Any:
    return next(c for c in controls(box) if c.description == description)


def test_figures_are_those_of_the_masks() -> None:
    duel = CASES["Large against small"]
    for k in (0, 1):
        pairs = list(zip(duel.targets, duel.drawn(k), strict=True))
        both = sum(int((t & d).sum()) for t, d in pairs)
        either = sum(int((t | d).sum()) for t, d in pairs)
        assert duel.value(k, "cIoU") == both / either
        mean = sum(iou(t, d) for t, d in pairs) / 3
        assert duel.value(k, "gIoU") == pytest.approx(mean)


def test_a_perfect_model_has_every_figure() -> None:
    duel = Duel(players=(PERFECT, Player(100, 100, 9)))
    assert [duel.value(0, key) for key in METRICS] == [1.0] * 5
    assert [duel.value(1, key) for key in METRICS] == [0.0] * 5
    assert describe_metric_duel(duel) == (
        "A wins by cIoU, gIoU, N-acc, T-acc, Acc@0.5."
    )


@pytest.mark.parametrize("percent", [1, 25, 50, 99])
def test_an_error_moves_the_mask_by_that_share(percent: int) -> None:
    duel = Duel(players=(Player(percent, 0, 0), PERFECT))
    truth, drawn = duel.targets[0], duel.drawn(0)[0]
    assert drawn.sum() == truth.sum()
    moved = round(60 * percent / 100)
    assert (truth & drawn).sum() == 60 * (60 - moved)


def test_each_case_is_a_disagreement() -> None:
    for duel in CASES.values():
        assert {"A", "B"} <= set(duel.winners.values())


def test_equal_models_tie() -> None:
    assert set(ALIKE.winners.values()) == {"tie"}
    assert describe_metric_duel(ALIKE) == "A tie by cIoU, gIoU, N-acc, T-acc, Acc@0.5."


def test_it_draws_both_models_and_each_figure() -> None:
    duel = CASES["Just above one half"]
    figure = render_metric_duel(duel)
    words = " ".join(text.get_text() for text in figure.texts)
    for key, name in METRICS.items():
        assert name in words
        for k, who in enumerate("AB"):
            assert f"{who} {duel.value(k, key):.3f}" in words
    assert words.count("wins") == 3
    assert not _pylab_helpers.Gcf.figs


def test_the_table_says_who_wins() -> None:
    markup = table_html(Duel())
    assert markup.count("<tr>") == 1 + len(METRICS)
    assert "A wins" in markup
    assert "tie" in markup


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Side of the large target", 30),
        ("Side of the small target", 9),
        ("A: large one off by %", 80),
        ("A: small one off by %", 3),
        ("A: stray square", 12),
        ("B: large one off by %", 2),
        ("B: small one off by %", 100),
        ("B: stray square", 40),
    ],
)
def test_each_slider_changes_picture_and_figures(name: str, value: int) -> None:
    box = build_metric_duel()
    figure, figures = box.children[4], box.children[5]
    before = (figure.value, figures.value)
    control(box, name).value = value
    assert figure.value != before[0]
    assert figures.value != before[1]
    assert 'role="status"' in box.children[3].value


@pytest.mark.parametrize("name", list(CASES))
def test_a_case_sets_every_slider(name: str) -> None:
    box = build_metric_duel(ALIKE)
    control(box, "Begin with").value = next(k for k in CASES if k != name)
    control(box, "Begin with").value = name
    said = describe_metric_duel(CASES[name])
    assert said in box.children[3].value
    assert f'alt="{said}"' in box.children[4].value
    assert control(box, "B: stray square").value == CASES[name].players[1].stray


def test_every_control_has_a_label() -> None:
    assert all(c.description for c in controls(build_metric_duel()))


def test_it_needs_no_torch() -> None:
    code = (
        "import sys; from t4s_lib.course.widgets import build_metric_duel,"
        "build_prediction_browser; build_metric_duel();"
        "print(sorted({'torch', 'transformers'} & set(sys.modules)))"
    )
    run = [sys.executable, "-c", code]
    found = subprocess.run(run, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
