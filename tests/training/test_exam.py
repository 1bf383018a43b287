"""The exam of the tiny model: its figures mean what the card says."""

from __future__ import annotations

import json

import pytest

from t4s_lib.models.toys import toy
from t4s_lib.sources import scenes
from t4s_lib.training.exam import answers, examine, main, question_blind

FRACTIONS = ("cIoU", "gIoU", "norm", "parse_failed", "no_target_accuracy")


def test_seeing_all_and_reading_nothing_is_worth_little() -> None:
    found = question_blind(list(scenes(60, "heldout")))
    assert found["parse_failed"] == 0
    assert found["no_target_accuracy"] == 0
    assert 0.1 < (found["norm"] or 0) < 0.5


def test_seeing_all_is_everything_when_all_is_asked_for() -> None:
    found = question_blind(list(scenes(20, "heldout", kinds=["everything"])))
    assert found["norm"] == pytest.approx(1)


def test_an_exam_has_every_figure() -> None:
    found = examine(toy("llava"), n=2)
    for part in ("heldout", "heldout-pairs", "no-target"):
        assert found[part]["n"] == 2
        values = [found[part][key] for key in FRACTIONS]
        assert all(value is None or 0 <= value <= 1 for value in values)
    assert 0 <= found["naming"] <= 1


def test_the_mode_of_a_model_is_left_as_it_was() -> None:
    backbone = toy("llava")
    backbone.model.train()
    answers(backbone, [scenes(1)[0].image], ["Hello?"], tokens=2)
    assert backbone.model.training


def test_the_shipped_model_beats_the_blind_and_its_base_does_not(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = {}
    for name in ("tiny", "tiny-base"):
        main([name, "--n", "24"])
        found[name] = json.loads(capsys.readouterr().out)
    tiny, base = found["tiny"], found["tiny-base"]
    assert tiny["heldout"]["norm"] > 1.5 * tiny["blind"]["norm"]
    assert tiny["heldout"]["parse_failed"] == 0
    assert tiny["no-target"]["no_target_accuracy"] > 0.9
    assert base["heldout"]["parse_exact"] == 0
    assert tiny["naming"] > base["naming"] - 0.1
