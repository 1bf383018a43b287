"""One evaluation from a model's name to scores and a report; it can be cut anywhere.

    run.json            what the run is
    predictions.jsonl   a line a sample, appended as they are made
    scores.json         fractions from 0 to 1
    report.html         for people
    timing.json         how long each call of the program took

The same command goes on where a killed one stopped, and only then: another model,
benchmark or setting is refused.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from t4s_lib.evaluation.errors import EvaluationError
from t4s_lib.evaluation.items import number_of_classes
from t4s_lib.evaluation.journal import Record, merge
from t4s_lib.evaluation.judging import Judge
from t4s_lib.evaluation.lock import locked
from t4s_lib.evaluation.plan import PLAN_FILE, Plan, check_out
from t4s_lib.evaluation.progress import Look
from t4s_lib.evaluation.report import write_report
from t4s_lib.evaluation.results import SCORES, bad_records, run_scores
from t4s_lib.evaluation.teams import Team, team_of
from t4s_lib.evaluation.work import Desk, Job, work
from t4s_lib.evaluation.writers import writer_of
from t4s_lib.sources.base import Sample
from t4s_lib.sources.errors import DataError
from t4s_lib.training.records import write_json

REPORT, TIMING = "report.html", "timing.json"
MOST_BAD = 0.01
"""The share of bad samples that a run may have."""


@dataclass(frozen=True)
class Outcome:
    """How a run ended.

    Attributes:
        out: Its folder.
        scores: What ``scores.json`` holds.
        total: Samples, bad ones included.
        skipped: Bad samples.
    """

    out: Path
    scores: Mapping[str, Any]
    total: int
    skipped: int

    @property
    def ok(self) -> bool:
        """Whether so few samples were bad that the scores stand."""
        return self.skipped <= MOST_BAD * self.total

    @property
    def complaint(self) -> str:
        """What is wrong where it is not ok, in one line."""
        found = f"{self.skipped} of {self.total} samples are bad"
        return f"{found}, expected at most {MOST_BAD:.0%}; see {self.out / REPORT}"


def evaluate(
    plan: Plan,
    out: str | Path,
    *,
    data: str | Path | None = None,
    limit: int | None = None,
    processes: int = 1,
    look: Look | None = None,
) -> Outcome | None:
    """Evaluate a model on a benchmark, or go on with it.

    Args:
        plan: What is run.
        out: The folder of the run: new, or one of the same plan.
        data: The folder with the real data sets.
        limit: Evaluate the first so many samples only; a later call may have more.
        processes: How many on this machine; under torchrun 1.
        look: Told how far the run is.

    Returns:
        How it ended; None on all processes of torchrun but the first.

    Raises:
        ValueError: For bad input: an unknown benchmark, model or refiner, data that
            is not there, a folder of another run. One line.
        EvaluationError: If another process of the run did not come to its end, or
            no sample could be evaluated.
    """
    if limit is not None and limit < 1:
        raise DataError(f"--limit is {limit}, expected 1 or more")
    team = team_of(processes)
    job = Job(plan.pinned(), Path(out), Path(data) if data else None, limit)
    check_out(job.out, job.plan)
    samples = job.samples()
    desk = Desk(samples, Judge(job.plan), writer_of(job.plan))
    job = replace(job, plan=replace(job.plan, weights=desk.writer.weights))
    if team.rank == 0:
        check_out(job.out, job.plan)
        with locked(job.out):
            return _lead(team, job, desk, look)
    done = team.together(_nothing)
    if len(done) < len(samples):
        work(job, desk, team.rank, team.world)
        team.end()
    return None


def _lead(team: Team, job: Job, desk: Desk, look: Look | None) -> Outcome:
    """What the first process does."""
    start = time.monotonic()
    done = team.together(partial(_claim, job, desk.samples))
    left = len(desk.samples) - len(done)
    if left:
        _share_out(team, job, desk, look)
        _note_time(job, team.world, left, start)
    return _finish(job, desk.samples)


def _nothing() -> set[int]:
    return set()


def _claim(job: Job, samples: Sequence[Sample]) -> set[int]:
    """Make the folder this run's; the positions that are done.

    Raises:
        DataError: If the lines that are there are of other samples.
    """
    if not (job.out / PLAN_FILE).is_file():
        write_json(job.out / PLAN_FILE, job.plan.as_dict())
    check = partial(_check_line, samples=samples, out=job.out)
    return merge(job.out, retry=True, check=check)


def _check_line(record: Record, samples: Sequence[Sample], out: Path) -> None:
    position, found = record["position"], record["source"]
    if position >= len(samples):
        raise DataError(
            f"predictions in {out} are of more than {len(samples)} samples; expected "
            "a --limit that is not lower than before"
        )
    if "error" not in record and found != samples[position].source:
        raise DataError(
            f"predictions in {out} are of other data: sample {position} is {found} "
            f"there, {samples[position].source} here; give another --out"
        )


def _share_out(team: Team, job: Job, desk: Desk, look: Look | None) -> None:
    team.begin(job)
    try:
        work(job, desk, team.rank, team.world, look)
    except BaseException:
        team.end(failed=True)
        raise
    team.end()


def _finish(job: Job, samples: Sequence[Sample]) -> Outcome:
    """Merge, score, report."""
    missing = len(samples) - len(merge(job.out))
    if missing:
        raise EvaluationError(
            f"{missing} of {len(samples)} samples have no line in {job.out}; the same "
            "command goes on"
        )
    _check_any_good(job, len(samples))
    found = run_scores(job.out, job.plan, number_of_classes(samples[0]))
    write_json(job.out / SCORES, found)
    outcome = Outcome(job.out, found, len(samples), found["skipped"])
    write_report(job, samples, found, job.out / REPORT)
    return outcome


def _check_any_good(job: Job, n: int) -> None:
    bad = list(bad_records(job.out))
    if len(bad) == n:
        raise EvaluationError(f"all {n} samples are bad; the first: {bad[0]['error']}")


def _note_time(job: Job, world: int, samples: int, start: float) -> None:
    """Add how long this call took; other calls may have begun the run."""
    path = job.out / TIMING
    calls = json.loads(path.read_text("utf-8")) if path.is_file() else []
    seconds = round(time.monotonic() - start, 2)
    calls.append({"processes": world, "samples": samples, "seconds": seconds})
    write_json(path, calls)
