"""``t4s train`` as a person meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("trl")

from t4s_lib.cli import main

Capture = pytest.CaptureFixture[str]


@pytest.mark.parametrize("apart", [[], ["--processes", "1"]], ids=["here", "apart"])
def test_it_trains_by_a_file_with_changes(
    apart: list[str], recipe_file: Path, tmp_path: Path, capfd: Capture
) -> None:
    out = tmp_path / "out"
    changes = ["--set", "steps=2", "--set", "lora.r=2", "--set", "eval.n=2"]
    args = ["train", "--recipe", str(recipe_file), *changes, "--out", str(out)]
    args += apart
    assert main(args) == 0
    said, shown = capfd.readouterr()
    told = json.loads(said)
    assert (told["steps"], told["adapter"]) == (2, str(out / "adapter"))
    assert told["scores"]["n"] == 2
    assert "step 2 of 2 · 8 samples · loss" in shown
    assert main(args) == 2
    assert (
        "holds adapter; expected an empty folder, or --resume" in capfd.readouterr()[1]
    )


def test_a_dry_run_writes_nothing(recipe_file: Path, capfd: Capture) -> None:
    assert main(["train", "--recipe", str(recipe_file), "--dry-run"]) == 0
    assert "steps" in capfd.readouterr()[0]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--recipe", "tniy", "--out", "x"], "recipe is 'tniy', expected a file or"),
        (["--recipe", "tiny"], "--out is missing, expected a new folder"),
        (["--recipe", "tiny", "--set", "lr", "--out", "x"], "change is 'lr', expected"),
        (
            ["--recipe", "tiny", "--set", "model=no/such", "--out", "x"],
            "no/such",
        ),
    ],
)
def test_bad_input_is_one_line(
    args: list[str],
    said: str,
    capfd: Capture,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["train", *args]) == 2
    (line,) = capfd.readouterr()[1].splitlines()
    assert line.startswith("t4s: ")
    assert said in line
    assert not list(tmp_path.iterdir())


def test_help_teaches(capfd: Capture) -> None:
    assert main(["train", "--help"]) == 0
    said = capfd.readouterr()[0]
    for word in ("--recipe", "--set", "--resume", "--dry-run", "torchrun", "Example:"):
        assert word in said
