"""Whole or not there: what a checkpoint's list notices."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from t4s_lib.training import checkpoints
from t4s_lib.training.records import Records, write_json


def made(root: Path, step: int) -> Path:
    folder = root / checkpoints.BESIDE / f"checkpoint-{step}"
    (folder / "part").mkdir(parents=True)
    (folder / "weights").write_bytes(b"x" * 100)
    (folder / "part" / "state").write_bytes(b"y" * 10)
    checkpoints.seal(folder, step, 1.5 * step)
    return checkpoints.place(folder, root)


def test_the_latest_whole_one_is_found(tmp_path: Path) -> None:
    assert checkpoints.latest(tmp_path / "none") == (None, 0, 0.0, ())
    for step in (8, 16, 100):
        made(tmp_path, step)
    assert checkpoints.latest(tmp_path) == (tmp_path / "checkpoint-100", 100, 150, ())


@pytest.mark.parametrize("damage", ["gone", "short", "no list", "bad list"])
def test_one_that_was_cut_off_is_named_and_kept_aside(
    tmp_path: Path, damage: str
) -> None:
    made(tmp_path, 8)
    broken = made(tmp_path, 16)
    if damage == "gone":
        (broken / "part" / "state").unlink()
    elif damage == "short":
        (broken / "weights").write_bytes(b"x" * 99)
    elif damage == "no list":
        (broken / checkpoints.LIST).unlink()
    else:
        (broken / checkpoints.LIST).write_text('{"files": {"wei')
    found = checkpoints.latest(tmp_path)
    assert found.step == 8
    (line,) = found.faults
    assert f"{broken} is cut off" in line
    assert line.endswith("kept as checkpoint-16.cut-off-1")
    assert (tmp_path / "checkpoint-16.cut-off-1").is_dir()
    assert not broken.exists()


def test_one_that_was_being_written_is_named_and_left_out(tmp_path: Path) -> None:
    (tmp_path / checkpoints.BESIDE / "checkpoint-8").mkdir(parents=True)
    found = checkpoints.latest(tmp_path)
    assert found.folder is None
    assert "checkpoint-8 is cut off: it was being written" in found.faults[0]


def test_none_is_overwritten_and_only_old_ones_go(tmp_path: Path) -> None:
    for step in (1, 2, 10):
        made(tmp_path, step)
    beside = tmp_path / checkpoints.BESIDE / "checkpoint-10"
    beside.mkdir()
    with pytest.raises(ValueError, match="checkpoint-10 exists, expected a free name"):
        checkpoints.place(beside, tmp_path)
    checkpoints.prune(tmp_path, 2)
    assert sorted(p.name for p in tmp_path.glob("checkpoint-*")) == [
        "checkpoint-10",
        "checkpoint-2",
    ]


def test_records_are_cut_back_and_bear_a_torn_line(tmp_path: Path) -> None:
    records = Records(tmp_path / "log.jsonl")
    assert records.read() == []
    for step in (2, 4, 6):
        records.add({"step": step, "said": "größer"})
    with records.path.open("a") as file:
        file.write('{"step": 8, "lo')
    assert [line["step"] for line in records.read()] == [2, 4, 6]
    records.cut(4)
    records.add({"step": 5})
    assert [line["step"] for line in records.read()] == [2, 4, 5]
    write_json(tmp_path / "scores.json", {"cIoU": 0.5})
    assert json.loads((tmp_path / "scores.json").read_text()) == {"cIoU": 0.5}
    assert {p.name for p in tmp_path.iterdir()} == {"log.jsonl", "scores.json"}
