"""What one process does: its share of the batches, a line a sample.

Batches are cut by position, so what is in one depends neither on how many processes
there are nor on where a killed run stopped: an answer may depend, by rounding, on
what is written beside it. Of a batch that is half done all samples are answered
again, and the missing lines written.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from t4s_lib.evaluation.items import Item
from t4s_lib.evaluation.journal import (
    Journal,
    Record,
    part_of,
    read_lines,
    read_records,
)
from t4s_lib.evaluation.judging import Judge, bad_line
from t4s_lib.evaluation.plan import Plan
from t4s_lib.evaluation.progress import Look, Progress
from t4s_lib.evaluation.writers import Writer, Written
from t4s_lib.sources.base import Sample
from t4s_lib.sources.opening import open_benchmark


@dataclass(frozen=True)
class Job:
    """What all processes of a run have to know.

    Attributes:
        plan: The run.
        out: Its folder.
        data: The folder with the real data sets.
        limit: How many samples are evaluated; all for None.
    """

    plan: Plan
    out: Path
    data: Path | None = None
    limit: int | None = None

    def samples(self) -> Sequence[Sample]:
        """The samples, made on demand.

        Raises:
            DataError: If the benchmark is unknown or not there.
        """
        return open_benchmark(self.plan.benchmark, self.data, n=self.limit)


class Desk(NamedTuple):
    """What a process works with.

    Attributes:
        samples: The samples, made on demand.
        judge: Reads, draws and counts.
        writer: Answers.
    """

    samples: Sequence[Sample]
    judge: Judge
    writer: Writer

    @property
    def looks(self) -> bool:
        """Whether pictures are needed."""
        return self.writer.looks or self.judge.looks


def work(
    job: Job,
    desk: Desk,
    rank: int = 0,
    world: int = 1,
    look: Look | None = None,
    part: Path | None = None,
) -> None:
    """Evaluate one process's share, and write its lines.

    Args:
        job: The run.
        desk: What to work with.
        rank: Which process this is, from 0.
        world: How many there are.
        look: Told of each batch.
        part: Where the lines go, and some may be; ``part_of`` for None.
    """
    done = {record["position"] for record in read_records(job.out)}
    if part is not None:
        done |= {record["position"] for record in read_lines(part)}
    share = list(_share(len(desk.samples), job.plan.batch, rank, world))
    total = sum(map(len, share))
    here = bad = 0
    before = sum(position in done for batch in share for position in batch)
    start = time.monotonic()
    with Journal(part or part_of(job.out, rank)) as journal:
        for batch in share:
            if done.issuperset(batch):
                continue
            for record in lines(batch, job.plan, desk):
                if record["position"] not in done:
                    journal.add(record)
                    here += 1
                    bad += "error" in record
            if look is not None:
                seconds = time.monotonic() - start
                n = len(desk.samples)
                look(Progress(before + here, total, here, seconds, bad, world, n))


def lines(positions: Iterable[int], plan: Plan, desk: Desk) -> Iterator[Record]:
    """The lines of one batch, in order.

    A sample that cannot be read gets a line with its ``error``.
    """
    places = list(positions)
    found: dict[int, Record | Item] = {k: _item(k, plan, desk) for k in places}
    items = [item for item in found.values() if isinstance(item, Item)]
    written = desk.writer(items) if items else []
    for item, answer in zip(items, written, strict=True):
        found[item.position] = _judged(item, answer, desk)
    yield from (record for record in found.values() if isinstance(record, dict))


def _item(position: int, plan: Plan, desk: Desk) -> Item | Record:
    """A sample that can be read, or the line that says why it cannot."""
    source = f"{plan.benchmark}, position {position}"
    try:
        sample = desk.samples[position]
        source = sample.source
        item = Item(position, sample, plan)
        item.check(desk.looks)
    except (ValueError, OSError) as error:
        return bad_line(position, source, error)
    return item


def _judged(item: Item, answer: Written, desk: Desk) -> Record:
    try:
        return desk.judge(item, answer)
    except ValueError as error:  # a box that is none, a mask of another size
        return bad_line(item.position, item.sample.source, error)


def _share(n: int, batch: int, rank: int, world: int) -> Iterator[range]:
    """Every ``world``-th batch, from the ``rank``-th on."""
    for start in range(rank * batch, n, world * batch):
        yield range(start, min(start + batch, n))
