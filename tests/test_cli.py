"""The command line, as a person or a script outside meets it."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from PIL import Image

from t4s_lib.cli import main
from t4s_lib.cli_masks import read_mask

HEAVY = ("torch", "matplotlib", "papermill", "nbconvert", "transformers")


class Out:
    """Exit code and output of one command line."""

    def __init__(self, capfd: pytest.CaptureFixture[str], *args: str | Path) -> None:
        self.code = main([str(arg) for arg in args])
        self.out, self.err = capfd.readouterr()


@pytest.fixture
def mask(tmp_path: Path) -> Path:
    """A mask whose edges lie on the cells of a 16 by 16 grid."""
    truth = np.zeros((480, 640), dtype=bool)
    truth[90:300, 200:480] = True
    Image.fromarray(truth).save(tmp_path / "mask.png")
    return tmp_path / "mask.png"


def test_a_mask_becomes_a_text_and_the_same_mask_again(
    capfd: pytest.CaptureFixture[str], mask: Path, tmp_path: Path
) -> None:
    text = Out(capfd, "encode", mask, "--label", "white horse")
    assert (text.code, text.err) == (0, "")
    assert text.out.startswith("others *16\n others *16\n")
    assert "others *5| white horse *7| others *4" in text.out
    (tmp_path / "mask.txt").write_text(text.out)
    back = tmp_path / "back.png"
    done = Out(capfd, "decode", tmp_path / "mask.txt", "--size", "640x480", "-o", back)
    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out) == {
        "status": "exact",
        "faults": [],
        "cells": 49,
        "grid": [16, 16],
        "out": str(back),
    }
    with Image.open(back) as image:
        assert image.size == (640, 480)
    assert (read_mask(back) == read_mask(mask)).all()
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize("codec", ["full", "image-rle", "row-rle"])
def test_every_codec_and_a_grid_that_is_not_square(
    capfd: pytest.CaptureFixture[str], mask: Path, tmp_path: Path, codec: str
) -> None:
    same = ("--grid", "16x32", "--codec", codec)
    text = Out(capfd, "encode", mask, "--label", "dog", *same)
    (tmp_path / "t.txt").write_text(text.out)
    args = ("--size", "640x480", "-o", tmp_path / "b.npy")
    done = Out(capfd, "decode", tmp_path / "t.txt", *same, *args)
    assert json.loads(done.out)["grid"] == [16, 32]
    assert (np.load(tmp_path / "b.npy") == read_mask(mask)).all()


def test_decode_reads_stdin_and_reports_what_it_mended(
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = io.TextIOWrapper(io.BytesIO(b"others *2\n dog *1\n"))
    monkeypatch.setattr(sys, "stdin", text)
    args = ("--grid", "2", "--size", "4x4", "-o", tmp_path / "m.png")
    done = json.loads(Out(capfd, "decode", *args).out)
    assert done["status"] == "repaired"
    assert done["cells"] == 2
    (fault,) = done["faults"]
    assert set(fault) == {"row", "column", "kind", "found"}
    assert (fault["row"], fault["kind"]) == (1, "row_too_short")


@pytest.mark.parametrize(
    ("label", "cells", "warns"),
    [("cat", 1, False), ("dog", 2, False), ("cow", 0, True)],
)
def test_decode_draws_one_label(
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
    label: str,
    cells: int,
    warns: bool,
) -> None:
    (tmp_path / "t.txt").write_text("cat *1| others *1\n dog *2\n")
    args = ("--grid", "2", "--size", "2x2", "-o", tmp_path / "m.png", "--label", label)
    done = Out(capfd, "decode", tmp_path / "t.txt", *args)
    assert json.loads(done.out)["cells"] == cells
    assert int(read_mask(tmp_path / "m.png").sum()) == cells
    assert (f"no label {label!r}" in done.err) is warns


def test_a_text_that_is_none_gives_an_empty_mask_and_says_failed(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "t.txt").write_text("I cannot help with that.")
    args = ("--size", "8x8", "-o", tmp_path / "m.png")
    done = Out(capfd, "decode", tmp_path / "t.txt", *args)
    assert (done.code, json.loads(done.out)["status"]) == (0, "failed")
    assert not read_mask(tmp_path / "m.png").any()


def test_a_target_without_a_cell_is_warned_about(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    speck = np.zeros((64, 64), dtype=bool)
    speck[0, 0] = True
    np.save(tmp_path / "speck.npy", speck)
    done = Out(capfd, "encode", tmp_path / "speck.npy", "--label", "bird")
    assert done.code == 0
    assert done.err.startswith("t4s: warning: 'bird' is too small")
    kept = ("--label", "bird", "--rule", "nearest+keep")
    assert Out(capfd, "encode", tmp_path / "speck.npy", *kept).err == ""


@pytest.mark.parametrize("command", ["encode", "decode", "course", "doctor"])
def test_help_teaches_with_an_example(
    capfd: pytest.CaptureFixture[str], command: str
) -> None:
    done = Out(capfd, command, "--help")
    assert done.code == 0
    assert f"Example: t4s {command}" in done.out


def test_without_a_command_the_commands_are_listed(
    capfd: pytest.CaptureFixture[str],
) -> None:
    done = Out(capfd)
    assert done.code == 0
    assert all(word in done.out for word in ("encode", "decode", "course", "doctor"))


def test_the_version_is_shown(capfd: pytest.CaptureFixture[str]) -> None:
    assert Out(capfd, "--version").out.startswith("t4s 0.")


def test_the_doctor_is_content_here(capfd: pytest.CaptureFixture[str]) -> None:
    done = Out(capfd, "doctor")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("[ok]      Python 3.")


def test_the_course_is_made_and_a_failure_gives_1(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    tagged = new_code_cell('PROFILE = "x"', metadata={"tags": ["parameters"]})
    title = new_markdown_cell("# T\n\nS.")
    for name, code in (("00-a.ipynb", "1"), ("01-b.ipynb", "1 / 0")):
        nb = new_notebook(cells=[title, tagged, new_code_cell(code)])
        nbformat.write(nb, tmp_path / name)
    args = ("--source", tmp_path, "--out", tmp_path / "out", "--profile", "ci")
    done = Out(capfd, "course", *args)
    assert (done.code, done.out) == (1, f"{tmp_path / 'out' / 'index.html'}\n")
    assert "t4s: 01-b.ipynb, cell 3 of 3: ZeroDivisionError" in done.err
    assert done.err.endswith("t4s: 1 of 2 lessons failed\n")


def outside(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """Run Python where each heavy package ends the process when imported."""
    for name in HEAVY:
        (folder / name).mkdir()
        (folder / name / "__init__.py").write_text(f"raise SystemExit('{name}!')")
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    command = [sys.executable, *args]
    return subprocess.run(command, capture_output=True, text=True, env=environment)


def test_importing_the_library_imports_nothing_heavy(tmp_path: Path) -> None:
    done = outside(tmp_path, "-c", "import t4s_lib, t4s_lib.cli, t4s_lib.doctor")
    assert (done.returncode, done.stderr) == (0, "")
    assert (
        "torch!"
        in subprocess.run(
            [sys.executable, "-c", "import torch"],
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": str(tmp_path)},
        ).stderr
    )


def test_encode_imports_nothing_heavy(tmp_path: Path, mask: Path) -> None:
    heavy = tmp_path / "heavy"
    heavy.mkdir()
    done = outside(heavy, "-m", "t4s_lib", "encode", str(mask), "--label", "dog")
    assert (done.returncode, done.stderr) == (0, "")
    assert "dog *7" in done.stdout
