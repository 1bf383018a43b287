"""Models: batches are the same however a run came about, and answers are counted."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from t4s_lib.evaluation import run as run_module
from t4s_lib.evaluation.items import Item
from t4s_lib.evaluation.journal import merge
from t4s_lib.evaluation.judging import Judge
from t4s_lib.evaluation.oracle import oracle_answer
from t4s_lib.evaluation.run import evaluate
from t4s_lib.evaluation.waterfall import waterfall
from t4s_lib.evaluation.work import Desk, Job, work
from t4s_lib.evaluation.writers import Written
from t4s_lib.sources.coco_masks import segmentation_mask

from .runs import N, kept, plan, records, run


@dataclass
class Mumbler:
    """Every third answer is no mask, and all say which batch they were in."""

    looks: bool = True
    weights: str = "mumble"
    batches: list[list[int]] = field(default_factory=list)

    def __call__(self, items: Sequence[Item]) -> list[Written]:
        places = [item.position for item in items]
        self.batches.append(places)
        return [Written(f"{places}\n{self._said(item)}", 7) for item in items]

    def _said(self, item: Item) -> str:
        return "I see nothing." if item.position % 3 == 0 else oracle_answer(item)


@pytest.fixture
def mumbler(monkeypatch: pytest.MonkeyPatch) -> Mumbler:
    made = Mumbler()
    monkeypatch.setattr(run_module, "writer_of", lambda plan: made)
    return made


def test_batches_do_not_depend_on_where_a_run_stopped(
    mumbler: Mumbler, tmp_path: Path
) -> None:
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    run(whole)
    cut.mkdir()
    (cut / "run.json").write_bytes((whole / "run.json").read_bytes())
    lines = (whole / "predictions.jsonl").read_bytes().splitlines(keepends=True)
    (cut / "predictions.jsonl").write_bytes(b"".join(lines[:13]))
    mumbler.batches.clear()
    run(cut)
    assert mumbler.batches[0] == [10, 11, 12, 13, 14]
    assert kept(cut) == kept(whole)


def test_shares_do_not_overlap(mumbler: Mumbler, tmp_path: Path) -> None:
    one, three = tmp_path / "one", tmp_path / "three"
    run(one)
    three.mkdir()
    job = Job(plan(), three, limit=N)
    samples = job.samples()
    for rank in range(3):
        work(job, Desk(samples, Judge(job.plan), mumbler), rank, 3)
    sizes = [len(p.read_bytes().splitlines()) for p in sorted(three.glob("*.jsonl"))]
    assert sizes == [20, 20, 20]
    assert merge(three) == set(range(N))
    assert kept(one)["predictions.jsonl"] == (three / "predictions.jsonl").read_bytes()


def test_unreadable_answers_are_parse_failures(
    mumbler: Mumbler, tmp_path: Path
) -> None:
    found = run(tmp_path).scores
    assert found["parse_failed"] == pytest.approx(1 / 3)
    steps = {step.name: step for step in waterfall(found)}
    assert steps["parse"].change < -0.1
    assert steps["model"].change == 0, "all that can be read is right"
    assert {record["forwards"] for record in records(tmp_path)} == {7}


def test_other_weights_are_another_run(mumbler: Mumbler, tmp_path: Path) -> None:
    run(tmp_path)
    mumbler.weights = "trained on"
    with pytest.raises(ValueError, match="weights is 'mumble', not 'trained on'"):
        run(tmp_path)


def test_soft_answers_keep_their_masks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def soft(items: Sequence[Item]) -> list[Written]:
        chances = [np.where(item.true_grid.foreground, 0.9, 0.2) for item in items]
        pairs = zip(items, chances, strict=True)
        return [Written(oracle_answer(item), 1, each) for item, each in pairs]

    soft.looks, soft.weights = False, ""  # type: ignore[attr-defined]
    monkeypatch.setattr(run_module, "writer_of", lambda plan: soft)
    found = run(tmp_path, limit=20)
    assert found.scores["bilinear"]["cIoU"] > found.scores["cIoU"]
    for record in records(tmp_path):
        mask = record["masks"]["bilinear"]
        assert mask["size"] == [64, 64]


def test_a_refiner_that_looks_keeps_its_masks(tmp_path: Path) -> None:
    pytest.importorskip("scipy")
    chosen = plan(refiners=["edge"])
    found = evaluate(chosen, tmp_path / "run", limit=10)
    assert found is not None
    assert found.scores["edge"]["cIoU"] > found.scores["cIoU"]
    assert found.scores["edge"]["grid_ceiling"] is None
    for record in records(tmp_path / "run"):
        counts = record["counts"]["edge"]
        drawn = segmentation_mask(record["masks"]["edge"], 64, 64)
        assert int(drawn.sum()) == counts["tp"] + counts["fp"]


def test_torchrun_shares_the_work(tmp_path: Path) -> None:
    pytest.importorskip("accelerate")
    whole, out = tmp_path / "whole", tmp_path / "run"
    evaluate(plan(), whole, limit=20)
    launch = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    launch += ["--nproc_per_node", "2", "-m", "t4s_lib", "evaluate"]
    launch += ["--model", "oracle", "--benchmark", plan().benchmark, "--limit", "20"]
    launch += ["--batch", "5", "--out", str(out)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""}
    done = subprocess.run(launch, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.count('"scores"') == 1
    assert kept(out) == kept(whole)
