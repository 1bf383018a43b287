"""The command ``t4s data check``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from t4s_lib import cli_data
from t4s_lib.sources.published_counts import PUBLISHED, Published

from .sources import written

NAMES = ["--benchmark", "voc:20:val", "--benchmark", "context:59:val"]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> tuple[typer.Typer, CliRunner]:
    two = Published(2, None, 2, "read", "a test")
    monkeypatch.setitem(PUBLISHED, "voc:20:val", two)
    app = typer.Typer()
    app.callback()(lambda: None)
    cli_data.register(app)
    return app, CliRunner()


def test_it_says_what_is_complete_and_what_is_absent(
    tmp_path: Path, run: tuple[typer.Typer, CliRunner]
) -> None:
    app, runner = run
    written.voc(tmp_path)
    done = runner.invoke(app, ["data", "check", str(tmp_path), *NAMES])
    assert done.exit_code == 0
    lines = done.output.splitlines()
    assert lines == [
        "complete    voc:20:val              2 samples, 2 images",
        f"absent      context:59:val          not found in {tmp_path}: "
        "expected SegmentationClassContext in VOCdevkit/VOC2010, VOC2010, "
        "semantic_seg/PC59, voc/VOCdevkit/VOC2010, itself",
        "1 of 2 benchmarks are complete",
    ]


def test_other_counts_and_missing_files_are_told(
    tmp_path: Path, run: tuple[typer.Typer, CliRunner]
) -> None:
    app, runner = run
    (written.voc(tmp_path, ["a"]) / "JPEGImages/a.jpg").unlink()
    done = runner.invoke(app, ["data", "check", str(tmp_path), *NAMES[:2]])
    assert done.output.splitlines() == [
        "incomplete  voc:20:val              1 of 2 samples, 1 of 2 images",
        "            1 file is missing: a.jpg",
        "0 of 1 benchmarks are complete",
    ]


def test_as_json_it_is_a_record_a_line(
    tmp_path: Path, run: tuple[typer.Typer, CliRunner]
) -> None:
    app, runner = run
    written.voc(tmp_path, ["a"])
    done = runner.invoke(app, ["data", "check", str(tmp_path), *NAMES, "--json"])
    voc, context = [json.loads(line) for line in done.output.splitlines()]
    assert voc["benchmark"] == "voc:20:val"
    assert voc["state"] == "incomplete"
    assert voc["tally"] == {"samples": 1, "refs": 0, "images": 1, "lost": []}
    assert voc["published"]["samples"] == 2
    assert context["state"] == "absent"


def test_bad_input_is_a_value_error_of_one_line(
    tmp_path: Path, run: tuple[typer.Typer, CliRunner]
) -> None:
    app, runner = run
    for arguments, said in (
        ([str(tmp_path / "none")], "does not exist"),
        ([str(tmp_path), "--benchmark", "vok:20:val"], "nearest are voc:20:val"),
    ):
        done = runner.invoke(app, ["data", "check", *arguments])
        assert isinstance(done.exception, ValueError)
        assert said in str(done.exception)
        assert "\n" not in str(done.exception)
