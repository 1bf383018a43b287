"""Machines that have only a folder in common end with one process's scores."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from t4s_lib.evaluation.journal import cut_torn
from t4s_lib.evaluation.lock import locked
from t4s_lib.evaluation.shares import Share, evaluate_share
from t4s_lib.sources.errors import DataError

from .runs import N, command, kept, plan, records, run


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("whole") / "run"
    run(out)
    return out


def test_two_nodes_started_apart_give_the_same_bytes(
    whole: Path, tmp_path: Path
) -> None:
    # As the tasks of a SLURM array: two programs at the same time, which know
    # nothing of each other but the folder; then one more that makes the scores.
    out = tmp_path / "run"
    nodes = [
        subprocess.Popen(
            command(out, "--share", f"{number}/2"), stdout=subprocess.PIPE, text=True
        )
        for number in (1, 2)
    ]
    said = [node.communicate(timeout=300)[0] for node in nodes]
    assert [node.returncode for node in nodes] == [0, 0]
    assert [json.loads(text)["lines"] for text in said] == [N // 2, N // 2]
    assert not (out / "predictions.jsonl").exists()
    assert not (out / "scores.json").exists()
    done = subprocess.run(command(out), capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert kept(out) == kept(whole)
    assert not list(out.glob("*part*"))


def test_what_no_share_answered_is_answered_at_the_end(
    whole: Path, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    assert evaluate_share(plan(), out, Share(3, 4), limit=N) == N // 4
    run(out)
    assert kept(out) == kept(whole)


def test_a_killed_share_goes_on(whole: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    part = out / "predictions.part-1of2.jsonl"
    quiet = subprocess.DEVNULL
    started = command(out, "--share", "1/2")
    with subprocess.Popen(started, stdout=quiet, stderr=quiet) as child:
        deadline = time.monotonic() + 120
        while not part.is_file() or part.read_bytes().count(b"\n") < 7:
            assert time.monotonic() < deadline
            time.sleep(0.002)
        os.kill(child.pid, signal.SIGKILL)
    with part.open("ab") as file:
        file.write(b'{"position": 1, "torn')
    assert evaluate_share(plan(), out, Share(1, 2), limit=N) == N // 2
    lines = part.read_text(encoding="utf-8").splitlines()
    places = [json.loads(line)["position"] for line in lines]
    assert len(places) == len(set(places)) == N // 2
    evaluate_share(plan(), out, Share(2, 2), limit=N)
    run(out)
    assert kept(out) == kept(whole)
    assert len(records(out)) == N


def test_another_run_is_refused(tmp_path: Path) -> None:
    out = tmp_path / "run"
    evaluate_share(plan(), out, Share(1, 2), limit=10)
    with pytest.raises(DataError, match=r"of another run: grid is \[16, 16\]"):
        evaluate_share(plan(grid=8), out, Share(2, 2), limit=10)


def test_scores_are_not_made_while_a_share_is_at_work(tmp_path: Path) -> None:
    out = tmp_path / "run"
    with locked(out, shared=True), pytest.raises(DataError, match="is running"):
        run(out)
    with locked(out), pytest.raises(DataError, match="is running"):
        evaluate_share(plan(), out, Share(1, 2), limit=10)
    with locked(out, shared=True):
        assert evaluate_share(plan(), out, Share(1, 2), limit=10) == 5


@pytest.mark.parametrize("text", ["0/2", "3/2", "2", "1/0", "a/b", "1/2/3", "-1/2"])
def test_a_share_that_is_none(text: str) -> None:
    with pytest.raises(DataError, match="expected K/N with K from 1 to N"):
        Share.of(text)


def test_a_share_takes_one_process(tmp_path: Path) -> None:
    asked = command(tmp_path / "run", "--share", "1/2", "--processes", "2")
    done = subprocess.run(asked, capture_output=True, text=True, timeout=120)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "expected one process" in done.stderr


def test_only_a_torn_line_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    cut_torn(path)
    assert not path.exists()
    path.write_bytes(b'{"position": 0}\nnot JSON\n{"posi')
    cut_torn(path)
    assert path.read_bytes() == b'{"position": 0}\nnot JSON\n'
