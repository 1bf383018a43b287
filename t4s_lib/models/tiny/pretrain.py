"""Pretraining of the tiny base: first see, then find what is meant, then write.

Three stages of some minutes each. ``see`` trains the tower to name each cell,
``find`` adds questions and asks which cells they mean, ``write`` adds answers.
"""

from __future__ import annotations

import itertools
import json
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist
from transformers import Gemma3ForConditionalGeneration

from t4s_lib.models.tiny.architecture import build_model, build_processor
from t4s_lib.models.tiny.grounding import Grounded
from t4s_lib.models.tiny.lessons import LONG, SHORT, Lessons
from t4s_lib.models.tiny.muon import Muon
from t4s_lib.models.tiny.sights import Sights
from t4s_lib.models.tiny.vocabulary import build_tokenizer

WEIGHT = {"classes": 0.5, "where": 2.0, "reach": 0.5, "text": 1.0, "clock": 0.15}
"""How much each loss counts."""


@dataclass(frozen=True)
class Schedule:
    """How long, how fast, with which seed.

    Attributes:
        see: Minutes of the first stage.
        find: Minutes of the second.
        write: Minutes of the third.
        rate: Muon's rate, which falls to zero in the third stage.
        seed: Chooses weights, scenes and questions.
    """

    see: float = 14.0
    find: float = 21.0
    write: float = 55.0
    rate: float = 0.006
    seed: int = 0

    @classmethod
    def of(cls, minutes: float, seed: int = 0, goes_on: bool = False) -> Schedule:
        """The default's proportions for another number of minutes.

        Args:
            minutes: In all.
            seed: Chooses weights, scenes and questions.
            goes_on: Whether it begins with a base that can see and find: then there
                are some minutes of ``see`` and ``find``, for the new heads and what
                is new to see, and all else is ``write``.
        """
        if goes_on:
            see, find = min(12.0, 0.2 * minutes), min(5.0, 0.1 * minutes)
            return cls(see, find, minutes - see - find, seed=seed)
        usual = cls()
        share = minutes / usual.minutes
        parts = usual.see * share, usual.find * share, usual.write * share
        return cls(*parts, seed=seed)

    @property
    def minutes(self) -> float:
        """Minutes in all."""
        return self.see + self.find + self.write

    def stage(self, minute: float) -> str:
        """Which stage a minute belongs to."""
        if minute < self.see:
            return "see"
        return "find" if minute < self.see + self.find else "write"

    def rate_at(self, minute: float) -> float:
        """Muon's rate at a minute: a warm-up, level, then down to zero."""
        left = (self.minutes - minute) / max(self.write, 1e-9)
        return self.rate * min(1.0, left, minute / 0.5 + 0.02)


class _Rates:
    """Muon for the matrices of the blocks, AdamW for everything else."""

    def __init__(self, grounded: Grounded, rate: float) -> None:
        inner: list[torch.Tensor] = []
        outer: list[torch.Tensor] = []
        for name, weight in grounded.named_parameters():
            block = weight.ndim == 2 and (".layers." in name or "projector" in name)
            (inner if block else outer).append(weight)
        share = dist.get_rank(), dist.get_world_size()
        self._muon = Muon(inner, rate, share=share, gather=dist.all_reduce)
        self._adam = torch.optim.AdamW(outer, 0.1 * rate, (0.9, 0.98), weight_decay=0)

    def step(self, rate: float) -> None:
        for optimizer, value in ((self._muon, rate), (self._adam, 0.1 * rate)):
            for group in optimizer.param_groups:
                group["lr"] = value
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)


_Step = Callable[[str], tuple[int, dict[str, torch.Tensor]]]


def _steps(grounded: Grounded, tokenizer: Any, seed: int | str) -> _Step:
    """A function from stage to the size and the losses of its next batch."""
    sights = iter(Sights(f"{seed}/see", images=12, fresh=4))
    many = Lessons(tokenizer, f"{seed}/find", images=8, questions=4)
    few = Lessons(tokenizer, f"{seed}/write", images=5, questions=2)
    prompts = many.batches({**SHORT, **LONG}, answers=False)
    short, long = few.batches(SHORT, True), few.batches(LONG, True)
    answers = itertools.chain.from_iterable(zip(short, long, short))  # noqa: B905

    def step(stage: str) -> tuple[int, dict[str, torch.Tensor]]:
        if stage == "see":
            pixels, classes = next(sights)
            return len(pixels), grounded.see(pixels, classes)
        batch = next(answers if stage == "write" else prompts)
        return len(batch.ids), grounded(batch, answers=stage == "write")

    return step


def pretrain(
    out: Path,
    schedule: Schedule = Schedule(),
    processes: int = 1,
    tell: Callable[[dict[str, Any]], None] = print,
    start: Path | None = None,
) -> None:
    """Train a base and save it.

    Args:
        out: New folder for the model, its processor and ``log.jsonl``.
        schedule: How long and how fast.
        processes: How many share the work, a processor core each; all hold the same
            weights, and each sees other scenes.
        tell: Called with each line of the log; can be pickled.
        start: Folder of a base to go on from; from nothing without.
    """
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        meet = f"file://{folder}/meet"
        job = (out, schedule, processes, meet, tell, start)
        torch.multiprocessing.spawn(_work, job, nprocs=processes)


def _work(
    rank: int,
    out: Path,
    schedule: Schedule,
    processes: int,
    meet: str,
    tell: Callable[[dict[str, Any]], None],
    start: Path | None,
) -> None:
    torch.set_num_threads(1)
    dist.init_process_group("gloo", meet, rank=rank, world_size=processes)
    tokenizer = build_tokenizer()
    grounded = Grounded(_model(tokenizer, schedule.seed, start))
    rates = _Rates(grounded, schedule.rate)
    step = _steps(grounded, tokenizer, f"{schedule.seed}/{rank}")
    log = _Log(out / "log.jsonl", tell, processes)
    began, saved = time.monotonic(), 0.0
    while (minute := _minute(began)) < schedule.minutes:
        stage = schedule.stage(minute)
        count, losses = step(stage)
        sum(WEIGHT[name] * losses[name] for name in WEIGHT if name in losses).backward()
        _share(grounded)
        torch.nn.utils.clip_grad_norm_(grounded.parameters(), 2.0)
        rates.step(schedule.rate_at(minute))
        if rank == 0:
            log.add(stage, minute, count, losses)
            if minute - saved > 5:
                saved = minute
                _save(grounded, tokenizer, out)
    if rank == 0:
        _save(grounded, tokenizer, out)
    dist.destroy_process_group()


def _model(tokenizer: Any, seed: int, start: Path | None) -> Any:
    torch.manual_seed(seed)
    if start is None:
        return build_model(tokenizer, seed)
    return Gemma3ForConditionalGeneration.from_pretrained(start)


def _minute(began: float) -> float:
    """Minutes since the start by the first process's clock, the same for all."""
    now = torch.tensor([(time.monotonic() - began) / 60], dtype=torch.float64)
    dist.broadcast(now, 0)
    return float(now)


def _share(grounded: Grounded) -> None:
    """Give every process the mean of the gradients."""
    found = [w.grad for w in grounded.parameters() if w.grad is not None]
    flat = torch.cat([gradient.flatten() for gradient in found])
    dist.all_reduce(flat)
    flat /= dist.get_world_size()
    parts = flat.split([gradient.numel() for gradient in found])
    for gradient, part in zip(found, parts, strict=True):
        gradient.copy_(part.view_as(gradient))


def _save(grounded: Grounded, tokenizer: Any, out: Path) -> None:
    """Write beside, then rename; the dense heads are left behind."""
    beside = out / ".partial"
    grounded.model.save_pretrained(beside)
    build_processor(tokenizer).save_pretrained(beside)
    for path in beside.iterdir():
        path.replace(out / path.name)
    beside.rmdir()


class _Log:
    """Means of the losses over every hundred steps, as lines of JSON."""

    def __init__(
        self, path: Path, tell: Callable[[dict[str, Any]], None], processes: int
    ) -> None:
        self._path, self._tell, self._processes = path, tell, processes
        self._steps = self._questions = 0
        self._sums: dict[str, float] = {}

    def add(
        self, stage: str, minute: float, count: int, losses: dict[str, torch.Tensor]
    ) -> None:
        self._steps += 1
        self._questions += count * self._processes
        for name, value in losses.items():
            self._sums[name] = self._sums.get(name, 0.0) + value.item()
            self._sums[f"n {name}"] = self._sums.get(f"n {name}", 0) + 1
        if self._steps % 100:
            return
        sums, self._sums = self._sums, {}
        record: dict[str, Any] = {
            "stage": stage,
            "minute": round(minute, 2),
            "step": self._steps,
            "questions": self._questions,
        }
        if sums.get("union"):
            record["iou"] = round(sums["overlap"] / sums["union"], 4)
        for name in sums:
            if not name.startswith("n ") and name not in ("overlap", "union"):
                record[name] = round(sums[name] / sums[f"n {name}"], 4)
        with self._path.open("a") as file:
            file.write(json.dumps(record) + "\n")
        self._tell(record)
