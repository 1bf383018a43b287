"""Trainings that are there: which are taken, which are refused, and what they took."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from t4s_lib.experiments.arms import Arm, arms_of, processes_of
from t4s_lib.experiments.examine import tokens_seen
from t4s_lib.experiments.trainings import train_arm, training_command, training_words
from t4s_lib.training.recipe import load_recipe, override, to_yaml

BASE = override(load_recipe("tiny"), ["minutes=8", "clock=cpu"])
GIVEN = ["--recipe", "tiny", "--set", "minutes=8", "--set", "clock=cpu"]


def _arm(out: Path, *changes: str, processes: int = 1, **found: str) -> Arm:
    """An arm of spans whose folder holds a training with changes."""
    (arm,) = arms_of(BASE, ["spans"], [16], [0], out, processes)
    arm.folder.mkdir(parents=True)
    there = override(arm.recipe, changes)
    (arm.folder / "recipe.yaml").write_text(to_yaml(there), encoding="utf-8")
    for name, text in found.items():
        (arm.folder / f"{name}.json").write_text(text, encoding="utf-8")
    return arm


def test_an_arm_is_a_codec_a_grid_and_a_seed(tmp_path: Path) -> None:
    arms = arms_of(BASE, ["row-rle", "spans"], [16, 24], [0, 1], tmp_path)
    places = [str(arm.folder.relative_to(tmp_path)) for arm in arms]
    assert places[:4] == [
        "row-rle-16/seed-0",
        "spans-16/seed-0",
        "row-rle-24/seed-0",
        "spans-24/seed-0",
    ]
    assert places[4] == "row-rle-16/seed-1"
    recipe = arms[3].recipe
    assert (recipe.codec, recipe.grid, recipe.seed) == ("spans", 24, 0)
    assert (recipe.minutes, recipe.clock, recipe.lr) == (8, "cpu", BASE.lr)
    assert str(arms[3]) == "spans on 24 x 24, seed 0"


def test_a_new_arm_is_trained_as_people_train(tmp_path: Path) -> None:
    (arm,) = arms_of(BASE, ["spans"], [16], [3], tmp_path, 2)
    assert arm.state == "missing"
    command = training_command(arm, GIVEN)[1:]
    own = ["codec=spans", "grid=16", "seed=3"]
    assert command == [
        *("-m", "torch.distributed.run", "--nproc_per_node", "2", "--standalone"),
        *("-m", "t4s_lib", "train", *GIVEN),
        *(part for change in own for part in ("--set", change)),
        *("--out", str(arm.folder)),
    ]
    said = training_words(GIVEN, 1)
    assert said.startswith("python -m t4s_lib train --recipe tiny --set minutes=8")
    assert said.endswith("--set codec=... --set grid=... --set seed=... --out ...")


def test_an_arm_that_was_begun_goes_on_by_its_own_recipe(tmp_path: Path) -> None:
    arm = _arm(tmp_path, "eval.every_minutes=2", "per_device_batch=8")
    assert arm.state == "begun"
    saved = str(arm.folder / "recipe.yaml")
    assert training_command(arm, GIVEN)[1:] == [
        *("-m", "t4s_lib", "train", "--recipe", saved, "--resume"),
        *("--out", str(arm.folder)),
    ]
    arm.check()
    assert arm.differs == {"per_device_batch": 8, "eval.every_minutes": 2.0}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("minutes=6", "was trained with minutes 6.0, expected 8.0"),
        ("codec=box", "was trained with codec 'box', expected 'spans'"),
        ("seed=4", "was trained with seed 4, expected 0"),
        ("clock=wall", "was trained with clock 'wall', expected 'cpu'"),
        ("lr=1e-3", "was trained with lr 0.001, expected 0.002"),
        ("data.0.weight=0.5", "was trained with data"),
        ("lora.r=8", "was trained with lora"),
    ],
)
def test_another_training_is_refused(tmp_path: Path, change: str, says: str) -> None:
    for arm in (_arm(tmp_path / "a", change), _arm(tmp_path / "b", change, done="{}")):
        with pytest.raises(ValueError, match=says) as caught:
            train_arm(arm, GIVEN)
        assert str(arm.folder) in str(caught.value)
        assert "\n" not in str(caught.value)


def test_a_training_by_more_processes_saw_more_and_is_refused(tmp_path: Path) -> None:
    arm = _arm(tmp_path, done="{}")
    assert processes_of(arm.folder) is None
    arm.check()
    folder = arm.folder / "checkpoints" / "checkpoint-9"
    folder.mkdir(parents=True)
    for rank in (0, 1):
        (folder / f"rng_state_{rank}.pth").touch()
    assert processes_of(arm.folder) == 2
    with pytest.raises(ValueError, match="was trained by 2 processes, expected 1"):
        arm.check()
    Arm(arm.recipe, arm.out, 2).check()


def test_a_training_that_is_done_is_left_alone(tmp_path: Path) -> None:
    arm = _arm(tmp_path, done="{}")
    before = {path: path.stat().st_mtime_ns for path in arm.folder.iterdir()}
    train_arm(arm, ["--recipe", "no such recipe"])
    assert {path: path.stat().st_mtime_ns for path in arm.folder.iterdir()} == before


def _history(folder: Path, step: int, *told: int | None) -> None:
    lines: list[dict[str, Any]] = [{"step": step} for _ in told]
    for line, tokens in zip(lines, told, strict=True):
        line |= {} if tokens is None else {"num_tokens": float(tokens)}
    place = folder / "checkpoints" / f"checkpoint-{step}"
    place.mkdir(parents=True)
    state = json.dumps({"log_history": lines})
    (place / "trainer_state.json").write_text(state, encoding="utf-8")


def test_tokens_add_up_over_a_training_that_went_on(tmp_path: Path) -> None:
    assert tokens_seen(tmp_path) is None
    _history(tmp_path, 3, None)
    assert tokens_seen(tmp_path) is None
    _history(tmp_path, 7, 100, 250, 40, 90)  # cut off after 250, begun again at 0
    assert tokens_seen(tmp_path) == 340
