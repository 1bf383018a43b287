"""What is killed: everything in the library that writes files."""

from __future__ import annotations

import json
import os
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

import numpy as np

os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # tasks are forks


class Task(ABC):
    """Work in a folder, which can be begun again after a kill.

    Attributes:
        name: What it is called.
        share: How many of fifty kills it gets.
    """

    name: str
    share: int

    def prepare(self, given: Path) -> None:
        """Import what is needed, and make what the task reads, in ``given``."""
        self.given = given

    def begin(self, out: Path) -> None:
        """Make the folder ready, once."""
        out.mkdir()

    @abstractmethod
    def run(self, out: Path) -> None:
        """Work; go on with what an earlier call began."""

    @abstractmethod
    def ending(self, out: Path) -> dict[str, Any]:
        """What must not depend on kills."""

    def wrong(self, out: Path) -> list[str]:
        """What must not be there after a kill, besides torn files."""
        return []


class Files(Task):
    """Every writer of a single file, an old version being replaced by a new one."""

    name, share = "files", 16

    def prepare(self, given: Path) -> None:
        """Import the writers and keep both versions' bytes."""
        from t4s_lib.course import freshness

        self._read = freshness.read
        self.kept = []
        for version in (0, 1):
            folder = given / str(version)
            folder.mkdir(parents=True)
            self._write(folder, 0)
            self._write(folder, version)
            self.kept.append(self.ending(folder))

    def begin(self, out: Path) -> None:
        """Write the old version."""
        out.mkdir()
        self._write(out, 0)

    def run(self, out: Path) -> None:
        """Write the new version."""
        self._write(out, 1)

    def ending(self, out: Path) -> dict[str, Any]:
        """Every file's bytes; of what has a time in it, the rest."""
        files = (p for p in sorted(out.iterdir()) if not p.name.startswith("."))
        found: dict[str, Any] = {p.name: p.read_bytes() for p in files}
        progress = json.loads(found.pop("progress.json"))["exercises"]
        return {**found, "progress.json": sorted(progress)}

    def wrong(self, out: Path) -> list[str]:
        """Files that are neither the old version nor the new one."""
        old, new = self.kept
        found = self.ending(out)
        mixed = [n for n in old if found.get(n) not in (old[n], new[n])]
        return [f"{name} is neither old nor new" for name in mixed]

    def _write(self, out: Path, version: int) -> None:
        import nbformat
        from PIL import Image

        from t4s_lib.cli_masks import write_mask, write_overlay
        from t4s_lib.course import freshness, progress_store
        from t4s_lib.course.results import replace_text
        from t4s_lib.training.records import Records, write_json

        rng = np.random.default_rng(version)
        mask = rng.random((600, 800)) > 0.5
        for ending in ("png", "tif", "npy"):
            write_mask(mask, out / f"mask.{ending}")
        grey = Image.new("RGB", (800, 600), (90, 90, 90))
        write_overlay(grey, mask, out / "overlay.png")
        numbers = rng.integers(0, 99, 50_000).tolist()
        write_json(out / "scores.json", numbers)
        replace_text(out / "page.html", f"<html>{numbers}</html>")
        cells = [nbformat.v4.new_code_cell(str(numbers), id="a")]
        freshness.write(nbformat.v4.new_notebook(cells=cells), out / "lesson.ipynb")
        log = out / "log.jsonl"
        if version == 0:
            log.write_text("".join(f'{{"step": {k}}}\n' for k in range(9000)))
        else:
            Records(log).cut(4000)
        os.environ["T4S_PROGRESS"] = str(out / "progress.json")
        progress_store.forget()
        for k in range(version + 1):
            progress_store.keep(f"1.{k}", "passed")


class Evaluation(Task):
    """``t4s evaluate`` with the oracle."""

    name, share = "evaluate", 14

    def prepare(self, given: Path) -> None:
        """Import."""
        from t4s_lib.evaluation.run import evaluate  # noqa: F401

    def run(self, out: Path) -> None:
        """Evaluate, or go on."""
        from t4s_lib.evaluation.plan import plan_of
        from t4s_lib.evaluation.run import evaluate

        benchmark = "scenes:synthetic:heldout"
        evaluate(plan_of(model="oracle", benchmark=benchmark, batch=5), out, limit=40)

    def ending(self, out: Path) -> dict[str, Any]:
        """Every prediction, and the scores."""
        names = ("predictions.jsonl", "scores.json")
        return {name: (out / name).read_bytes() for name in names}
