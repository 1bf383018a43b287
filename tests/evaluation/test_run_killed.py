"""Killed anywhere and started again, a run ends as if nothing had happened."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from .runs import N, command, kept, records, run


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("whole") / "run"
    run(out)
    return out


def lines_in(out: Path) -> int:
    return sum(path.read_bytes().count(b"\n") for path in out.glob("*.jsonl"))


@pytest.mark.parametrize(("processes", "after"), [(1, 1), (1, 23), (2, 11)])
def test_a_killed_run_goes_on(
    whole: Path, tmp_path: Path, processes: int, after: int
) -> None:
    out = tmp_path / "run"
    started = command(out, "--processes", str(processes))
    quiet = subprocess.DEVNULL
    with subprocess.Popen(started, stdout=quiet, stderr=quiet) as child:
        deadline = time.monotonic() + 120
        while lines_in(out) < after and child.poll() is None:
            assert time.monotonic() < deadline
            time.sleep(0.002)
        os.kill(child.pid, signal.SIGKILL)
    run(out, processes=processes)
    assert kept(out) == kept(whole)


def test_other_processes_end_with_the_first(tmp_path: Path) -> None:
    out = tmp_path / "run"
    quiet = subprocess.DEVNULL
    started = command(out, "--processes", "2", n=1000)
    with subprocess.Popen(started, stdout=quiet, stderr=quiet) as child:
        deadline = time.monotonic() + 120
        while not list(out.glob("*part1*")):
            assert time.monotonic() < deadline
            assert child.poll() is None
            time.sleep(0.01)
        os.kill(child.pid, signal.SIGKILL)
    part = out / "predictions.part1.jsonl"
    time.sleep(1.0)
    size = part.stat().st_size
    time.sleep(1.0)
    assert part.stat().st_size == size


@pytest.mark.parametrize("seed", range(12))
def test_files_cut_at_any_byte_are_made_whole(
    whole: Path, tmp_path: Path, seed: int
) -> None:
    """What kills between any two bytes, and while parts are merged, can leave."""
    rng = random.Random(seed)
    out = tmp_path / "run"
    out.mkdir()
    (out / "run.json").write_bytes((whole / "run.json").read_bytes())
    lines = (whole / "predictions.jsonl").read_bytes().splitlines(keepends=True)
    for rank in range(3):
        name = f"predictions.part{rank}.jsonl" if rank else "predictions.jsonl"
        chosen = [line for line in lines if rng.random() < 0.4]
        data = b"".join(chosen)
        (out / name).write_bytes(data[: rng.randrange(len(data) + 1)])
    (out / ".predictions.jsonl.partial").write_bytes(lines[0][:40])
    run(out, processes=1 + seed % 2)
    assert kept(out) == kept(whole)
    assert [record["position"] for record in records(out)] == list(range(N))


def test_a_broken_line_in_the_middle_is_made_anew(whole: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    out.mkdir()
    (out / "run.json").write_bytes((whole / "run.json").read_bytes())
    lines = (whole / "predictions.jsonl").read_bytes().splitlines(keepends=True)
    lines[7] = b"\0" * 80 + b"\n"
    lines[9] = b"[1, 2]\n"
    (out / "predictions.jsonl").write_bytes(b"".join(lines))
    run(out)
    assert kept(out) == kept(whole)
