"""FSDP by accelerate's configuration, two processes on gloo: what DDP ends with."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("trl")

from t4s_lib.launch import WAYS, config_file
from t4s_lib.training.recipe import Recipe, override, to_yaml

PROGRAM = Path(__file__).parent / "two_shards.py"
Weights = Callable[[Path], dict[str, Any]]


def launched(way: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Two processes, by the configuration that ships."""
    start = [sys.executable, "-m", "accelerate.commands.launch"]
    start += ["--config_file", str(config_file(way)), "--num_processes", "2"]
    start += ["--main_process_port", "0"]  # a free one
    known = {"OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""}
    done = subprocess.run(
        [*start, str(PROGRAM), *words],
        env={**os.environ, **known},
        capture_output=True,
        text=True,
        timeout=1500,
    )
    assert done.returncode == 0, _first_error(done.stderr)
    return done


def _first_error(text: str) -> str:
    place = max(0, text.find("Traceback"))
    return text[place : place + 4000]


@pytest.fixture(scope="module")
def recipe(small: Recipe, tmp_path_factory: pytest.TempPathFactory) -> Path:
    changes = ["lora.dropout=0", "steps=4", "save_every=2", "eval.n=3"]
    changes += ["per_device_batch=2", "eval.every_steps=4"]
    path = tmp_path_factory.mktemp("sharded") / "small.yaml"
    path.write_text(to_yaml(override(small, changes)))
    return path


@pytest.fixture(scope="module")
def folders(recipe: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """DDP; FSDP; and FSDP that was cut off after step 2 and resumed."""
    root = tmp_path_factory.mktemp("out")
    launched("ddp", str(recipe), str(root / "ddp"))
    launched("fsdp", str(recipe), str(root / "fsdp"), str(root / "resumed"))
    return {name: root / name for name in ("ddp", "fsdp", "resumed")}


def test_the_model_was_split_over_two_processes(folders: dict[str, Path]) -> None:
    # accelerate 1.15 trains copies of the whole model where there is no GPU, and
    # says nothing; so each process tells what it held.
    for rank in (0, 1):
        held = {
            way: json.loads((folders[way] / f"rank{rank}.json").read_text())
            for way in ("ddp", "fsdp")
        }
        assert held["ddp"]["world"] == held["fsdp"]["world"] == 2
        assert held["ddp"]["split"] == 0
        assert held["fsdp"]["split"] == held["fsdp"]["tensors"]
        share = held["fsdp"]["numbers"] / held["ddp"]["numbers"]
        assert share == pytest.approx(0.5, abs=0.02)


def test_fsdp_ends_with_the_adapter_of_ddp(
    folders: dict[str, Path], adapter_weights: Weights
) -> None:
    expected = adapter_weights(folders["ddp"] / "adapter")
    found = adapter_weights(folders["fsdp"] / "adapter")
    assert found.keys() == expected.keys()
    for name, weights in expected.items():
        assert found[name].shape == weights.shape
        assert (found[name] - weights).abs().max() < 1e-5
    moved = [w.abs().max() for name, w in expected.items() if "lora_B" in name]
    assert min(moved) > 1e-3  # zero where nothing was learned


def test_evaluation_under_sharding_writes_the_same_answers(
    folders: dict[str, Path],
) -> None:
    films = [(folders[way] / "film.jsonl").read_text() for way in ("ddp", "fsdp")]
    texts = [[json.loads(line)["text"] for line in film.splitlines()] for film in films]
    assert texts[0] == texts[1]
    assert len(texts[0]) >= 3


def test_a_sharded_training_goes_on_to_the_same_end(
    folders: dict[str, Path], adapter_weights: Weights
) -> None:
    expected = adapter_weights(folders["fsdp"] / "adapter")
    found = adapter_weights(folders["resumed"] / "adapter")
    for name, weights in expected.items():
        assert (found[name] - weights).abs().max() < 1e-6
    log = (folders["resumed"] / "log.jsonl").read_text().splitlines()
    assert [json.loads(line)["step"] for line in log] == [0, 2, 4]


@pytest.mark.parametrize("way", WAYS)
def test_accelerate_reads_every_configuration(way: str) -> None:
    from accelerate.commands.config.config_args import load_config_from_file
    from accelerate.utils import DistributedType

    found = load_config_from_file(str(config_file(way)))
    kinds = {
        "ddp": DistributedType.MULTI_GPU,
        "fsdp": DistributedType.FSDP,
        "zero2": DistributedType.DEEPSPEED,
        "zero3": DistributedType.DEEPSPEED,
    }
    assert found.distributed_type == kinds[way]
    assert (found.num_machines, found.num_processes) == (1, 8)
    if way == "fsdp":
        assert found.fsdp_config["fsdp_version"] == 2
    if way.startswith("zero"):
        assert found.deepspeed_config["zero_stage"] == int(way[-1])


@pytest.mark.parametrize("way", WAYS)
def test_accelerate_knows_every_word_of_a_configuration(way: str) -> None:
    """A misspelt key would be dropped; here it would be an unknown option."""
    import yaml
    from accelerate.commands.launch import launch_command_parser

    known = {action.dest for action in launch_command_parser()._actions}
    said = yaml.safe_load(config_file(way).read_text(encoding="utf-8"))
    inner = said.get("fsdp_config", {}) | said.get("deepspeed_config", {})
    assert not set(inner) - known


def test_an_unknown_way_is_one_line() -> None:
    start = [sys.executable, "-m", "t4s_lib.launch"]
    found = subprocess.run([*start, "fsdp"], capture_output=True, text=True)
    assert Path(found.stdout.strip()) == config_file("fsdp")
    listed = subprocess.run(start, capture_output=True, text=True)
    assert [line.split()[0] for line in listed.stdout.splitlines()] == list(WAYS)
    wrong = subprocess.run([*start, "fsdp3"], capture_output=True, text=True)
    assert wrong.returncode == 2
    assert wrong.stderr.startswith("t4s: way is 'fsdp3', expected one of ddp, ")
    assert wrong.stderr.count("\n") == 1
