"""Bad input: one line each; a few bad samples are noted, many fail the run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from t4s_lib.cli import main
from t4s_lib.evaluation import run as run_module
from t4s_lib.evaluation.run import evaluate

from .runs import SCENES, plan, records, refcoco
from .test_run_batches import Mumbler

REFCOCO = "refcoco:unc:val"


def call(out: Path, *more: str) -> list[str]:
    return ["evaluate", "--model", "oracle", "--out", str(out), *more]


def test_one_in_a_hundred_is_noted_and_skipped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root, out = refcoco(tmp_path / "data", 100, torn=1), tmp_path / "run"
    assert main(call(out, "--benchmark", REFCOCO, "--data", str(root))) == 0
    told = json.loads(capsys.readouterr().out)["scores"]
    assert (told["n"], told["skipped"]) == (99, 1)
    last = records(out)[-1]
    assert last["source"] == f"{REFCOCO}#99"
    assert "no polygon has three points" in last["error"]
    assert "no polygon has three points" in (out / "report.html").read_text()


def test_two_in_a_hundred_fail_after_all_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root, out = refcoco(tmp_path / "data", 100, torn=2), tmp_path / "run"
    assert main(call(out, "--benchmark", REFCOCO, "--data", str(root))) == 1
    said = capsys.readouterr()
    complaint = said.err.splitlines()[-1]
    assert complaint.startswith("t4s: 2 of 100 samples are bad, expected at most 1%")
    assert "Traceback" not in said.err
    assert json.loads((out / "scores.json").read_text())["n"] == 98


def test_bad_samples_are_tried_again(tmp_path: Path) -> None:
    root = refcoco(tmp_path / "data", 3, torn=1)
    chosen, out = plan(benchmark=REFCOCO), tmp_path / "run"
    first = evaluate(chosen, out, data=root)
    path = root / "refcoco/instances.json"
    path.write_text(path.read_text().replace("[1, 1, 2, 2]", "[1, 1, 9, 1, 9, 9]"))
    second = evaluate(chosen, out, data=root)
    assert first is not None
    assert second is not None
    assert (first.skipped, second.skipped) == (1, 0)


def test_all_bad_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = refcoco(tmp_path / "data", 3, torn=3)
    options = ("--benchmark", REFCOCO, "--data", str(root))
    assert main(call(tmp_path / "run", *options)) == 1
    assert "all 3 samples are bad; the first:" in capsys.readouterr().err


def test_pictures_that_are_missing_or_of_another_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_module, "writer_of", lambda plan: Mumbler())
    root = refcoco(tmp_path / "data", 5)
    (root / "train2014/1.jpg").unlink()
    Image.new("RGB", (16, 20)).save(root / "train2014/2.jpg")
    (root / "train2014/3.jpg").write_bytes(b"no picture")
    found = evaluate(plan(benchmark=REFCOCO), tmp_path / "run", data=root)
    assert found is not None
    assert (found.skipped, found.ok) == (3, False)
    errors = [record.get("error", "") for record in records(tmp_path / "run")]
    assert "1.jpg not found" in errors[1]
    assert "(16, 20) pixels, expected (20, 16)" in errors[2]
    assert "not a readable picture" in errors[3]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--benchmark", "refcocg:umd:val"], "nearest are refcocog:umd:val"),
        (["--benchmark", "refcocog"], "has not the form dataset:variant:split"),
        (["--benchmark", REFCOCO, "--data", "no/where"], "no/where does not exist"),
        (["--benchmark", SCENES, "--refiner", "magic"], "refiner is 'magic'"),
        (["--benchmark", SCENES, "--limit", "0"], "--limit is 0, expected 1 or more"),
        (["--benchmark", SCENES, "--processes", "0"], "--processes is 0"),
        (["--benchmark", SCENES, "--batch", "0"], "batch is 0, expected 1 or more"),
        (["--benchmark", SCENES, "--grid", "0"], "grid is '0'"),
        (["--benchmark", SCENES, "--codec", "morse"], "codec"),
        (["--benchmark", SCENES, "--rule", "dice"], "rule is 'dice'"),
        (["--benchmark", SCENES, "--model", "no/model/here"], "model is 'no/model/he"),
    ],
)
def test_bad_input_is_one_line(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    words: str,
) -> None:
    out = tmp_path / "run"
    assert main(call(out, *options)) == 2
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1
    assert not out.exists()
