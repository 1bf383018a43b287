"""Two processes train one model: the same on both, and the same as one process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("trl")

from t4s_lib.models.toys import toy
from t4s_lib.training.recipe import Recipe, override, to_yaml
from t4s_lib.training.records import Records
from t4s_lib.training.trainer import train

PROGRAM = Path(__file__).parent / "two_ranks.py"


def test_two_processes_end_with_equal_weights_and_one_processs_losses(
    small: Recipe, tmp_path: Path
) -> None:
    # `accelerate launch --cpu` would start one process and say nothing; torchrun
    # starts as many as it is told, which the world size below proves.
    recipe = override(small, ["name=small", "lora.dropout=0"])
    path, out = tmp_path / "small.yaml", tmp_path / "two"
    path.write_text(to_yaml(recipe))
    run = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    command = [*run, "--nproc_per_node", "2", str(PROGRAM), str(path), str(out)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "ACCELERATE_USE_CPU": "true"}
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=900
    )
    assert done.returncode == 0, done.stderr[-3000:]
    ranks = [json.loads((out / f"rank{k}.json").read_text()) for k in (0, 1)]
    assert [rank["world"] for rank in ranks] == [2, 2]
    assert ranks[0]["weights"] == ranks[1]["weights"]

    log = Records(out / "log.jsonl").read()
    assert [line["step"] for line in log] == [0, 2, 4, 6, 8]  # once, not twice
    one = train(recipe, tmp_path / "one", backbone=toy("llava"), callbacks=[])
    expected = [line["loss"] for line in one.log[1:]]
    assert [line["loss"] for line in log[1:]] == pytest.approx(expected, abs=1e-4)
    assert log[0]["scores"] == one.log[0]["scores"]
