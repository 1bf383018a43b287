"""Names with blanks and signs, folders that are none, disks that are full."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from t4s_lib.cli import main
from t4s_lib.whole_files import write_whole, written_beside

STRANGE = ["with blanks", "größe", "图 🐕", "-rf", "a'b\"c", "%20", "x" * 200]
SMALL = 4096
"""Bytes that a file may have where the disk is nearly full."""


@pytest.fixture
def horse(tmp_path: Path) -> Path:
    Image.fromarray(np.eye(64, dtype=bool)).save(tmp_path / "horse.png")
    return tmp_path / "horse.png"


@pytest.mark.parametrize("name", STRANGE)
def test_names_with_blanks_and_signs(
    tmp_path: Path, horse: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / name
    folder.mkdir()
    mask, text, out = (folder / f"{name}{e}" for e in (".png", ".txt", ".npy"))
    mask.write_bytes(horse.read_bytes())
    assert main(["encode", str(mask), "--label", name]) == 0
    text.write_text(capsys.readouterr().out, encoding="utf-8")
    assert main(["decode", str(text), "--size", "64x64", "-o", str(out)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["status"], told["out"]) == ("exact", str(out))
    assert np.load(out).shape == (64, 64)


def test_an_evaluation_in_a_folder_with_a_strange_name(tmp_path: Path) -> None:
    out = tmp_path / STRANGE[2] / STRANGE[0]
    chosen = ["--model", "oracle", "--benchmark", "scenes:synthetic:heldout"]
    assert main(["evaluate", *chosen, "--limit", "3", "--out", str(out)]) == 0
    assert json.loads((out / "scores.json").read_text())["n"] == 3


def commands(out: Path, text: Path) -> dict[str, list[str]]:
    """What writes, and where to."""
    scenes = "scenes:synthetic:heldout"
    lessons = Path(__file__).parents[1] / "notebooks" / "fixtures"
    oracle = ["evaluate", "--model", "oracle", "--benchmark", scenes]
    pages = ["course", "--stored", "--source", str(lessons)]
    compare = ["codecs", "compare", "--benchmark", scenes, "--limit", "2"]
    compare += ["--grid", "4"]
    return {
        "decode": ["decode", str(text), "--size", "9x9", "-o", str(out / "m.png")],
        "evaluate": [*oracle, "--limit", "2", "--out", str(out / "run")],
        "train": ["train", "--recipe", "tiny-ci", "--out", str(out / "run")],
        "course": [*pages, "--out", str(out / "pages")],
        "codecs": [*compare, "--tokenizer", "tiny", "--out", str(out / "c.json")],
    }


WRITING = list(commands(Path(), Path()))


def refused(
    chosen: list[str], capfd: pytest.CaptureFixture[str], *codes: int
) -> list[str]:
    """What a command says before it gives up."""
    assert main(chosen) in codes
    said = capfd.readouterr().err.splitlines()
    assert said[-1].startswith("t4s: ")
    assert "Traceback" not in said
    return said


@pytest.mark.parametrize("name", WRITING)
def test_a_file_in_the_place_of_a_folder_is_one_line(
    tmp_path: Path, name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    text = tmp_path / "text.txt"
    text.write_text("others *16\n" * 16)
    (said,) = refused(commands(text, text)[name], capfd, 2)
    assert str(text) in said
    assert text.read_text() == "others *16\n" * 16


def read_only_folder() -> Path:
    """A folder in which even root may not write."""
    for line in Path("/proc/mounts").read_text().splitlines():
        _, place, kind, options, *_ = line.split()
        folder = Path(place)
        is_ours = kind not in ("proc",) and folder.is_dir()
        if "ro" in options.split(",") and is_ours:
            return folder
    pytest.skip("nothing is mounted read-only here")


@pytest.mark.parametrize("name", WRITING)
def test_a_read_only_folder_is_one_line(
    tmp_path: Path, name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    text = tmp_path / "text.txt"
    text.write_text("others *16\n" * 16)
    folder = read_only_folder()
    said = refused(commands(folder, text)[name], capfd, 1, 2)
    assert str(folder) in said[-1]  # how far it is may stand before it


def narrow() -> None:
    """Let this process write no file longer than ``SMALL``, as a full disk would."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL, SMALL))


def run_narrow(*chosen: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "t4s_lib", *chosen],
        capture_output=True,
        text=True,
        preexec_fn=narrow,
        env={**os.environ, "MPLCONFIGDIR": "/nowhere"},
        check=False,
    )


@pytest.mark.parametrize("ending", ["png", "npy", "bmp", "tif"])
def test_on_a_full_disk_a_mask_stays_as_it_was(tmp_path: Path, ending: str) -> None:
    text, out = tmp_path / "text.txt", tmp_path / f"mask.{ending}"
    rng = np.random.default_rng(0)
    rows = (rng.permutation(["dog *1", "cat *1"] * 64) for _ in range(128))
    text.write_text("\n ".join("| ".join(row) for row in rows) + "\n")
    out.write_bytes(b"the old mask")
    size = ["--grid", "128", "--size", "1280x1280", "--label", "dog"]
    done = run_narrow("decode", str(text), *size, "-o", str(out))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"t4s: {out}: File too large\n"
    assert out.read_bytes() == b"the old mask"
    assert sorted(p.name for p in tmp_path.iterdir()) == [out.name, "text.txt"]


def test_on_a_full_disk_an_evaluation_stops_and_goes_on_later(tmp_path: Path) -> None:
    out = tmp_path / "run"
    chosen = ["evaluate", "--model", "oracle", "--limit", "30", "--out", str(out)]
    chosen += ["--benchmark", "scenes:synthetic:heldout"]
    done = run_narrow(*chosen)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].endswith("File too large")
    assert "Traceback" not in done.stderr
    assert not (out / "scores.json").exists()
    whole = tmp_path / "whole"
    assert main(chosen) == 0
    assert main([*chosen[:-4], "--out", str(whole), *chosen[-2:]]) == 0
    for name in ("predictions.jsonl", "scores.json"):
        assert (out / name).read_bytes() == (whole / name).read_bytes()


def fails(path: Path) -> None:
    with written_beside(path) as beside:
        beside.write_text("half")
        raise OSError(28, "No space left on device")


def test_what_fails_on_the_way_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    with pytest.raises(OSError, match="No space left") as caught:
        fails(path)
    assert caught.value.filename == str(path)
    assert list(tmp_path.iterdir()) == []
    write_whole(path, "ü\n")
    assert path.read_bytes() == "ü\n".encode()
    with pytest.raises(OSError, match="No space left"):
        fails(path)
    assert path.read_bytes() == "ü\n".encode()


Raise = Callable[..., object]


@pytest.mark.parametrize("number", [28, 30, 27])
def test_a_full_disk_is_one_line_whatever_writes(
    number: int,
    horse: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def full(*_: object) -> object:
        raise OSError(number, os.strerror(number), "some/file")

    monkeypatch.setattr("t4s_lib.cli_masks.read_mask", full)
    assert main(["encode", str(horse), "--label", "x"]) == 1
    assert capsys.readouterr().err == f"t4s: some/file: {os.strerror(number)}\n"
