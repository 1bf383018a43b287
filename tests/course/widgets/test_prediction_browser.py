"""Prediction browser: opens a run's folder, filters, steps, draws and says."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib import _pylab_helpers

from t4s_lib.course.widgets.comparison import over_truth, parts_of
from t4s_lib.course.widgets.prediction_browser import (
    build_prediction_browser,
    describe_prediction_browser,
    render_prediction_browser,
    text_html,
)
from t4s_lib.course.widgets.prediction_browser_run import BrowsedRun, Choice
from t4s_lib.evaluation.items import Item
from t4s_lib.evaluation.judging import Judge
from t4s_lib.evaluation.plan import Plan, plan_of
from t4s_lib.evaluation.run import evaluate
from t4s_lib.evaluation.writers import Written
from t4s_lib.sources import open_benchmark

from ...evaluation.runs import refcoco
from ...sources.written import voc

SCENES = "scenes:synthetic:heldout"
N = 24
BROKEN, UNREADABLE = 3, 5


def spoil(out: Path, plan: Plan, answers: dict[int, str]) -> None:
    """Let the answers of some samples be others."""
    lines = (out / "predictions.jsonl").read_text("utf-8").splitlines()
    samples, judge = open_benchmark(plan.benchmark, n=N), Judge(plan)
    for k, answer in answers.items():
        record = judge(Item(k, samples[k], plan), Written(answer, 7))
        lines[k] = json.dumps(record, ensure_ascii=False)
    (out / "predictions.jsonl").write_text("\n".join(lines) + "\n", "utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The oracle on scenes; one answer to mend, one that cannot be read."""
    plan = plan_of(model="oracle", benchmark=SCENES)
    done = evaluate(plan, tmp_path_factory.mktemp("run"), limit=N)
    assert done is not None
    short = "<seg>others *16\n <b>dog</b> *9\n others *16\n</seg>"
    spoil(done.out, plan, {BROKEN: short, UNREADABLE: "There is <i>nothing</i>."})
    return done.out


def control(box: Any, description: str) -> Any:
    parts = (*box.children[0].children, *box.children[1].children)
    return next(c for c in parts if c.description == description)


def test_every_line_is_shown_as_it_was_counted(folder: Path) -> None:
    run = BrowsedRun(folder)
    for way in run.plan.ways:
        for k, record in enumerate(run.records):
            state = run.shown(k, way)
            counted = record["counts"][way]
            assert state.pixels == {
                "hit": counted["tp"],
                "missed": counted["fn"],
                "extra": counted["fp"],
            }


def test_the_picture_and_the_sentence_say_the_iou(folder: Path) -> None:
    state = BrowsedRun(folder).shown(0, "bilinear")
    figure = render_prediction_browser(state)
    titles = [text.get_text() for text in figure.texts]
    assert titles[:4] == [
        "picture",
        f"target: {int((state.truth > 0).sum()):,} pixels",
        f"prediction: {int((state.drawn > 0).sum()):,} pixels",
        f"difference: IoU {state.iou:.3f}",
    ]
    said = describe_prediction_browser(state)
    assert f"IoU {state.iou:.3f} with bilinear" in said
    assert f"{state.pixels['hit']:,} hit" in said
    assert "read as it stands" in said
    assert not _pylab_helpers.Gcf.figs


def test_what_a_model_wrote_is_escaped(folder: Path) -> None:
    run = BrowsedRun(folder)
    markup = text_html(run.shown(BROKEN, "nearest"))
    assert "&lt;b&gt;dog&lt;/b&gt;" in markup
    assert "<b>" not in markup
    assert "row too short in row 1" in markup
    assert "Forward passes: 7" in markup
    assert "<i>" not in text_html(run.shown(UNREADABLE, "nearest"))


@pytest.mark.parametrize(
    ("choice", "fits"),
    [
        (Choice("nearest", status="failed"), [UNREADABLE]),
        (Choice("nearest", status="repaired"), [BROKEN]),
        (Choice("nearest"), list(range(N))),
        (Choice("nearest", low=1, high=0), []),
    ],
)
def test_filters_by_status_and_range(
    folder: Path, choice: Choice, fits: list[int]
) -> None:
    assert BrowsedRun(folder).chosen(choice) == fits


def test_filters_by_kind_and_iou(folder: Path) -> None:
    run = BrowsedRun(folder)
    for kind in set(run.kinds):
        found = run.chosen(Choice("nearest", kind=kind))
        assert found == [k for k in range(N) if run.kinds[k] == kind]
    middle = run.chosen(Choice("nearest", low=0.7, high=0.8))
    ious = [run.shown(k, "nearest").iou for k in range(N)]
    assert middle == [k for k in range(N) if 0.7 <= ious[k] <= 0.8]
    assert 0 < len(middle) < N


def test_orders_by_iou(folder: Path) -> None:
    run = BrowsedRun(folder)
    for order, sign in (("worst first", 1), ("best first", -1)):
        found = run.chosen(Choice("nearest", order=order))
        ious = [sign * run.shown(k, "nearest").iou for k in found]
        assert ious == sorted(ious)
        assert sorted(found) == list(range(N))


def test_buttons_and_slider_step_through_and_stop_at_the_ends(folder: Path) -> None:
    box = build_prediction_browser(folder)
    words, figure, text = box.children[2:5]
    assert f"1 of {N} that fit" in words.value
    seen = {(figure.value, text.value)}
    control(box, "Back").click()
    assert f"1 of {N} that fit" in words.value
    control(box, "Next").click()
    assert f"2 of {N} that fit" in words.value
    control(box, "Prediction").value = N
    control(box, "Next").click()
    assert f"{N} of {N} that fit" in words.value
    seen.add((figure.value, text.value))
    assert len(seen) == 2


def test_a_filter_starts_at_the_first_that_fits(folder: Path) -> None:
    box = build_prediction_browser(folder)
    control(box, "Prediction").value = 9
    control(box, "Read").value = "failed"
    words, figure, text = box.children[2:5]
    assert "1 of 1 that fit" in words.value
    assert "not readable" in words.value
    assert control(box, "Prediction").max == 1
    control(box, "IoU").value = (0.5, 1)
    assert f"0 of {N} predictions fit: widen the filters." in words.value
    assert figure.value == text.value == ""
    control(box, "Next").click()
    control(box, "Read").value = "any"
    assert figure.value
    assert "alt=" in figure.value


def test_every_way_of_drawing_can_be_seen(folder: Path) -> None:
    box = build_prediction_browser(folder)
    before = box.children[2].value
    assert "with bilinear" in before
    control(box, "Drawn by").value = "nearest"
    assert "with nearest" in box.children[2].value


def test_every_control_has_a_label_and_the_readout_is_heard(folder: Path) -> None:
    box = build_prediction_browser(folder)
    parts = (*box.children[0].children, *box.children[1].children)
    assert all(part.description for part in parts)
    assert 'role="status"' in box.children[2].value


def test_a_folder_without_a_run_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"holds no run\.json") as caught:
        build_prediction_browser(tmp_path)
    assert "\n" not in str(caught.value)


def test_a_run_without_predictions_is_one_line(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "run.json").write_bytes((folder / "run.json").read_bytes())
    with pytest.raises(ValueError, match="holds no prediction"):
        build_prediction_browser(tmp_path)


def test_real_masks_without_their_pictures_are_shown_on_paper(tmp_path: Path) -> None:
    data = refcoco(tmp_path / "data", 4, pictures=False)
    plan = plan_of(model="oracle", benchmark="refcoco:unc:val")
    done = evaluate(plan, tmp_path / "run", data=data)
    assert done is not None
    run = BrowsedRun(done.out, data)
    assert set(run.kinds) == {"target"}
    state = run.shown(0, "nearest")
    assert state.image is None
    figure = render_prediction_browser(state)
    assert figure.texts[0].get_text() == "the picture is not here"
    with pytest.raises(ValueError, match="data"):
        BrowsedRun(done.out)


def test_label_maps_are_shown_by_class_and_without_void(tmp_path: Path) -> None:
    data = tmp_path / "data"
    voc(data)
    plan = plan_of(model="oracle", benchmark="voc:20:val")
    done = evaluate(plan, tmp_path / "run", data=data)
    assert done is not None
    run = BrowsedRun(done.out, data)
    assert set(run.kinds) == {"classes"}
    state = run.shown(0, "nearest")
    assert state.truth.max() <= 20
    render_prediction_browser(state)
    assert 0 <= state.iou <= 1


def test_hit_missed_and_extra_are_apart() -> None:
    truth, drawn = np.array([[1, 1, 2, 0, 0]]), np.array([[1, 0, 1, 2, 0]])
    parts = parts_of(truth, drawn)
    assert [part.tolist() for part in parts.values()] == [
        [[True, False, False, False, False]],
        [[False, True, True, False, False]],
        [[False, False, False, True, False]],
    ]
    assert over_truth(parts_of(truth, drawn), (4, 20)).shape == (4, 20, 3)
