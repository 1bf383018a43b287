"""A training that is killed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks.kill_tasks import Task

RECIPE = """\
title: As small as trains
source: a task that is killed
model: {model}
data: [{{benchmark: "scenes:synthetic:train"}}]
lora: {{r: 4, alpha: 8, dropout: 0.1, targets: language}}
lr: 5e-3
schedule: linear
batch: 4
per_device_batch: 4
steps: 8
grid: 4
precision: fp32
eval: {{benchmark: "scenes:synthetic:val", n: 4, every_steps: 4}}
log_every: 2
save_every: 2
"""


class Training(Task):
    """``t4s train`` with LoRA on a toy."""

    name, share = "train", 10

    def prepare(self, given: Path) -> None:
        """Import, and make a toy model and its recipe."""
        import torch

        from t4s_lib.models.toys import toy
        from t4s_lib.training.session import Session  # noqa: F401

        torch.set_num_threads(1)
        backbone = toy("llava")
        backbone.model.save_pretrained(given / "toy")
        backbone.processor.save_pretrained(given / "toy")
        self.recipe = given / "small.yaml"
        self.recipe.write_text(RECIPE.format(model=given / "toy"))

    def run(self, out: Path) -> None:
        """Train, or go on."""
        from t4s_lib.training.trainer import train

        train(self.recipe, out, resume=True, callbacks=[])

    def ending(self, out: Path) -> dict[str, Any]:
        """Weights, scores, and the log without its times."""
        names = ("adapter_model.safetensors", "t4s.json")
        told = {name: (out / "adapter" / name).read_bytes() for name in names}
        log = (out / "log.jsonl").read_text().splitlines()
        lines = [{**json.loads(line), "seconds": 0} for line in log]
        return {**told, "log": lines, "scores": (out / "scores.json").read_bytes()}

    def wrong(self, out: Path) -> list[str]:
        """A latest checkpoint, or an adapter, that is not whole."""
        from t4s_lib.models.checkpoints import FORMAT_FILE, check_adapter
        from t4s_lib.training.checkpoints import fault

        steps = sorted((out / "checkpoints").glob("checkpoint-*"), key=_step)
        found = [wrong for folder in steps[-1:] if (wrong := fault(folder))]
        if (out / "adapter").exists():
            check_adapter(out / "adapter")
            has_format = (out / "adapter" / FORMAT_FILE).is_file()
            found += ["the adapter does not say what it writes"] * (not has_format)
        return found


def _step(folder: Path) -> int:
    return int(folder.name.rpartition("-")[2])
