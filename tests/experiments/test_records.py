"""The files of an experiment: what is written can be read, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from t4s_lib.experiments import load_results
from t4s_lib.experiments.records import SHIPPED, dumps, from_record, to_record
from tests.experiments.toys import FILE, N, toy_results


def test_the_made_up_file_is_what_its_program_makes() -> None:
    assert load_results(FILE) == toy_results()
    assert FILE.read_text(encoding="utf-8") == dumps(to_record(toy_results()))


def test_numbers_stand_on_one_line_and_words_are_left_alone() -> None:
    odd = {"words": ["[\n 1\n]", '"'], "numbers": [1, -2.5e-07, 3], "none": []}
    text = dumps(odd)
    assert json.loads(text) == odd
    assert '"numbers": [ 1, -2.5e-07, 3 ]' in text


def test_readers_find_the_scores_beside_the_pixels() -> None:
    record = json.loads(FILE.read_text(encoding="utf-8"))
    for arm in record["arms"]:
        ciou = sum(arm["intersections"]) / sum(arm["unions"])
        assert arm["cIoU"] == pytest.approx(ciou)
        assert arm["norm"] == pytest.approx(ciou / 0.8)
    assert record["toy"] is True


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"no\.json is not there, expected results of"):
        load_results(tmp_path / "no.json")


def test_what_ships_can_be_read_or_its_absence_is_said() -> None:
    if SHIPPED.is_file():
        shipped = load_results()
        assert not shipped.toy
        assert ("row-rle", 16) in shipped.groups
        return
    with pytest.raises(ValueError, match=r"codecs_tiny\.json is not there"):
        load_results()


def _without(key: str) -> dict[str, Any]:
    record = to_record(toy_results())
    del record[key]
    return record


@pytest.mark.parametrize(
    ("record", "says"),
    [
        ({"format": 2}, "format is 2, expected 1"),
        ([], "lacks"),
        (_without("arms"), "lacks 'arms', expected results"),
        (to_record(toy_results()) | {"arms": []}, "arms are none"),
    ],
)
def test_another_file_is_one_line(record: Any, says: str, tmp_path: Path) -> None:
    file = tmp_path / "r.json"
    file.write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(ValueError, match=says) as caught:
        load_results(file)
    assert "\n" not in str(caught.value)
    assert str(file) in str(caught.value)


def test_a_file_that_was_cut_off_is_one_line(tmp_path: Path) -> None:
    file = tmp_path / "r.json"
    file.write_text(FILE.read_text(encoding="utf-8")[:900], encoding="utf-8")
    with pytest.raises(ValueError, match=r"r\.json: "):
        load_results(file)


def test_a_number_a_scene_is_asked_for() -> None:
    record = to_record(toy_results())
    record["arms"][0]["unions"] = record["arms"][0]["unions"][1:]
    with pytest.raises(ValueError, match=f"seed 0 has {N - 1} numbers, expected {N}"):
        from_record(record)
    record = to_record(toy_results())
    record["arms"][0]["grid"] = 24
    with pytest.raises(ValueError, match="grids lack 24"):
        from_record(record)


def test_models_are_found_by_codec_and_grid() -> None:
    results = toy_results()
    assert results.groups == (("spans", 16), ("box", 16), ("row-rle", 16), ("full", 16))
    assert [arm.seed for arm in results.of("row-rle", 16)] == [0, 1, 2]
    with pytest.raises(ValueError, match="no model learned alias on a grid of 16"):
        results.of("alias", 16)
