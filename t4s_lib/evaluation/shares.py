"""One run by several machines that have only a folder in common.

    t4s evaluate ... --out SHARED --share 1/4      on one machine
    t4s evaluate ... --out SHARED --share 2/4      on another, at any time
    t4s evaluate ... --out SHARED                  once, at the end: the scores

Nobody talks to anybody: each share appends to a file of its own, and the last call
brings the lines together, answers what is missing, and scores. The batches are those
of a run by one process, so the scores are the same to the byte.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from t4s_lib.evaluation.journal import cut_torn, read_lines
from t4s_lib.evaluation.judging import Judge
from t4s_lib.evaluation.lock import locked
from t4s_lib.evaluation.plan import PLAN_FILE, Plan, check_out
from t4s_lib.evaluation.progress import Look
from t4s_lib.evaluation.work import Desk, Job, work
from t4s_lib.evaluation.writers import writer_of
from t4s_lib.sources.errors import DataError
from t4s_lib.training.records import write_json

_FORM = re.compile(r"(\d+)/(\d+)")


class Share(NamedTuple):
    """One of several equal parts of a run.

    Attributes:
        number: Which, from 1.
        total: How many there are.

    Examples:
        >>> Share.of("2/4")
        Share(number=2, total=4)
    """

    number: int
    total: int

    @classmethod
    def of(cls, text: str) -> Share:
        """Read ``K/N``.

        Raises:
            DataError: If it is not of this form, or K is not from 1 to N.
        """
        match = _FORM.fullmatch(text)
        number, total = (int(match[1]), int(match[2])) if match else (0, 0)
        if not 1 <= number <= total:
            raise DataError(f"--share is {text!r}, expected K/N with K from 1 to N")
        return cls(number, total)

    @property
    def name(self) -> str:
        """As it stands in file names."""
        return f"{self.number}of{self.total}"


def evaluate_share(
    plan: Plan,
    out: str | Path,
    share: Share,
    *,
    data: str | Path | None = None,
    limit: int | None = None,
    look: Look | None = None,
) -> int:
    """Answer one share of a run's samples, or go on with it.

    Args:
        plan: What is run; the same for every share.
        out: The folder of the run, which all machines see.
        share: Which part.
        data: The folder with the real data sets, on this machine.
        limit: Evaluate the first so many samples only; the same for every share.
        look: Told how far it is.

    Returns:
        How many lines the share has now, those of bad samples included.

    Raises:
        ValueError: As ``run.evaluate``; also if the scores are being made.
    """
    if limit is not None and limit < 1:
        raise DataError(f"--limit is {limit}, expected 1 or more")
    job = Job(plan.pinned(), Path(out), Path(data) if data else None, limit)
    check_out(job.out, job.plan)
    desk = Desk(job.samples(), Judge(job.plan), writer_of(job.plan))
    job = replace(job, plan=replace(job.plan, weights=desk.writer.weights))
    with locked(job.out, shared=True):
        _claim(job, share)
        part = job.out / f"predictions.part-{share.name}.jsonl"
        cut_torn(part)
        work(job, desk, share.number - 1, share.total, look, part)
        return sum(1 for _ in read_lines(part))


def _claim(job: Job, share: Share) -> None:
    """Say what the run is, or see that it is this one.

    Others may be at it in the same moment, so the file is written under a name of
    this share's own first; whose comes last does not matter, unless it says another
    run: then the check after it does not pass.
    """
    if not (job.out / PLAN_FILE).is_file():
        beside = job.out / f".{share.name}.{PLAN_FILE}"
        write_json(beside, job.plan.as_dict())
        beside.replace(job.out / PLAN_FILE)
    check_out(job.out, job.plan)
