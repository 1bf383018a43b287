"""Killed with -9 and resumed: the same training as one that nothing disturbed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("trl")

import torch

from t4s_lib.training import checkpoints
from t4s_lib.training.recipe import load_recipe, override, to_yaml
from t4s_lib.training.records import Records
from t4s_lib.training.trainer import train

Weights = Callable[[Path], dict[str, Any]]


def start(recipe: Path, out: Path, *more: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "t4s_lib", "train", "--recipe", str(recipe)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "ACCELERATE_USE_CPU": "true"}
    return subprocess.Popen(
        [*command, "--out", str(out), *more],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def kill_at(step: int, process: subprocess.Popen[bytes], out: Path) -> None:
    """SIGKILL as soon as the log says that a step was done."""
    log = Records(out / "log.jsonl")
    while not (log.read() and log.read()[-1]["step"] >= step):
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL


def without_time(out: Path) -> list[dict[str, Any]]:
    lines = Records(out / "log.jsonl").read() + Records(out / "film.jsonl").read()
    return [{k: v for k, v in line.items() if k != "seconds"} for line in lines]


def test_killed_and_resumed_ends_as_the_unbroken_run(
    recipe_file: Path, tmp_path: Path, adapter_weights: Weights
) -> None:
    recipe = override(load_recipe(recipe_file), ["steps=24", "save_every=4"])
    recipe = override(recipe, ["name=small", "eval.every_steps=8"])
    path = tmp_path / "small.yaml"
    path.write_text(to_yaml(recipe))
    out = tmp_path / "killed"
    kill_at(10, start(path, out), out)
    whole = checkpoints.latest(out / "checkpoints")
    assert whole.folder is not None
    assert 4 <= whole.step < 24
    break_off(out / "checkpoints", whole.step)

    resumed = start(path, out, "--resume")
    said, heard = resumed.communicate()
    assert resumed.returncode == 0, heard
    assert f"checkpoint-{whole.step} is cut off".encode() in heard
    assert f"checkpoint-{whole.step}.cut-off-1".encode() in heard

    unbroken = train(path, tmp_path / "unbroken", callbacks=[])
    one, two = adapter_weights(unbroken.adapter), adapter_weights(out / "adapter")
    assert all(torch.equal(one[key], two[key]) for key in one)
    assert without_time(out) == without_time(unbroken.folder)
    assert json.loads(said)["scores"] == unbroken.scores
    assert (out / "checkpoints" / f"checkpoint-{whole.step}.cut-off-1").is_dir()


def break_off(folder: Path, step: int) -> None:
    """Cut a file of the latest checkpoint short, as a full disk would."""
    weights = folder / f"checkpoint-{step}" / "adapter_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])


def test_killed_before_its_first_checkpoint_it_starts_over(
    recipe_file: Path, tmp_path: Path
) -> None:
    recipe = override(load_recipe(recipe_file), ["eval=null"])
    out = tmp_path / "out"
    whole = train(recipe, out, callbacks=[])
    (out / "done.json").unlink()
    for step in (4, 8):
        (out / "checkpoints" / f"checkpoint-{step}" / checkpoints.LIST).unlink()
    again = train(recipe, out, resume=True, callbacks=[])
    assert [line["loss"] for line in again.log] == [line["loss"] for line in whole.log]


def test_killed_after_the_last_step_only_the_end_is_done_again(
    recipe_file: Path, tmp_path: Path, adapter_weights: Weights
) -> None:
    whole = train(recipe_file, tmp_path / "out", callbacks=[])
    weights = adapter_weights(whole.adapter)
    (tmp_path / "out" / "done.json").unlink()
    again = train(recipe_file, tmp_path / "out", resume=True, callbacks=[])
    assert (again.steps, again.scores, again.log) == (8, whole.scores, whole.log)
    found = adapter_weights(again.adapter)
    assert all(torch.equal(found[key], weights[key]) for key in weights)
