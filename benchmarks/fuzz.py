"""Read broken texts with every codec, and see that each promise is kept.

    python -m benchmarks.fuzz --n 1000000 --seed 0 --processes 2

Prints how far it is, what became of the texts, and the most memory that was used.
A text that breaks a promise is kept under ``tests/trust/corpus`` and read again by
the tests for ever. Nothing is raised, no memory is taken, and no time is lost:

    memory   each process may take ``ROOM_MIB`` more than it began with
    time     a text may take ``SECONDS`` of a processor
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from benchmarks.fuzz_promises import Broken, every_way, other_ways, read
from benchmarks.fuzz_texts import Case, Maker

CORPUS = Path("tests/trust/corpus")
ROOM_MIB = 512
SECONDS = 2.0


class Late(Exception):
    """A text that took too long."""


@dataclass
class Tally:
    """What became of some texts.

    Attributes:
        n: How many there were.
        outcomes: How often each came about.
        broken: Cases that broke a promise, with the reason.
        slowest: Seconds of a processor that the slowest text took.
        rise_mib: Most memory taken beyond what the process began with.
    """

    n: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    broken: list[tuple[Case, str]] = field(default_factory=list)
    slowest: float = 0.0
    rise_mib: float = 0.0

    def add(self, other: Tally) -> None:
        """Take in what another process found."""
        self.n += other.n
        self.outcomes += other.outcomes
        self.broken += other.broken
        self.slowest = max(self.slowest, other.slowest)
        self.rise_mib = max(self.rise_mib, other.rise_mib)

    def __str__(self) -> str:
        ends = ", ".join(f"{k} {v:,}" for k, v in sorted(self.outcomes.items()))
        return (
            f"{self.n:,} texts: {ends}; {len(self.broken)} broke a promise; slowest "
            f"{self.slowest * 1000:.0f} ms; memory rose by {self.rise_mib:.0f} MiB"
        )


def attempt(case: Case, number: int | None = None) -> tuple[str, str | None]:
    """What became of a case, and why it broke a promise if it did.

    Args:
        case: What is read.
        number: Its number, which says by which doors; by all if None.
    """
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        outcome = read(case)
        every_way(case) if number is None else other_ways(case, number)
    except Broken as error:
        return "broken", str(error)
    except Exception as error:  # noqa: BLE001  anything that is raised is a finding
        return "raised", f"{type(error).__name__}: {str(error)[:200]}"
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return outcome, None


def fuzz(seed: int, numbers: range, every: int = 20_000) -> Iterator[Tally]:
    """Read the cases of some numbers; a tally now and then."""
    maker, tally = Maker(seed), Tally()
    began = _used_mib()
    for number in numbers:
        case = maker.case(number)
        start = time.process_time()
        outcome, wrong = attempt(case, number)
        tally.slowest = max(tally.slowest, time.process_time() - start)
        tally.n += 1
        tally.outcomes[outcome] += 1
        if wrong is not None:
            tally.broken.append((case, wrong))
        if tally.n == every:
            tally.rise_mib = _used_mib() - began
            yield tally
            tally = Tally()
    tally.rise_mib = _used_mib() - began
    yield tally


def keep(case: Case, wrong: str, folder: Path = CORPUS) -> Path:
    """Keep a case as a file whose name follows from it."""
    told = json.dumps({**case.as_dict(), "found": wrong}, indent=1) + "\n"
    name = hashlib.sha256(json.dumps(case.as_dict()).encode()).hexdigest()[:12]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{case.codec}-{name}.json"
    path.write_text(told, encoding="ascii")
    return path


@contextmanager
def bounded() -> Iterator[None]:
    """Little more memory than there is now, and an end for texts without one."""
    limits = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    room = pages * resource.getpagesize() + ROOM_MIB * 2**20
    before = signal.signal(signal.SIGVTALRM, _ring)
    resource.setrlimit(resource.RLIMIT_AS, (room, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, limits)
        signal.signal(signal.SIGVTALRM, before)


def _ring(number: int, frame: FrameType | None) -> NoReturn:
    raise Late(f"more than {SECONDS:g} s of a processor")


def _used_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _worker(seed: int, numbers: range, told: Any) -> None:
    with bounded():
        for tally in fuzz(seed, numbers):
            told.put(tally)
    told.put(None)


def main() -> int:
    """Run, print, keep what was found; 1 if anything was."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--n", type=int, default=1_000_000, help="How many texts.")
    parser.add_argument("--first", type=int, default=0, help="The first one's number.")
    parser.add_argument("--seed", type=int, default=0, help="Other texts.")
    parser.add_argument("--processes", type=int, default=1, help="A core each.")
    asked = parser.parse_args()
    context, total, start = get_context("fork"), Tally(), time.monotonic()
    told = context.Queue()
    numbers = range(asked.first, asked.n)
    parts = [numbers[k :: asked.processes] for k in range(asked.processes)]
    jobs = [(asked.seed, part) for part in parts]
    working = [context.Process(target=_worker, args=(*job, told)) for job in jobs]
    for process in working:
        process.start()
    left = len(working)
    while left:
        tally = told.get()
        if tally is None:
            left -= 1
            continue
        total.add(tally)
        for case, wrong in tally.broken:
            print(f"{keep(case, wrong)}: {wrong}", file=sys.stderr)
        print(f"{time.monotonic() - start:7.0f} s  {total}", flush=True)
    return 1 if total.broken else 0


if __name__ == "__main__":
    sys.exit(main())
