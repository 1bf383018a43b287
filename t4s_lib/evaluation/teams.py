"""The processes of a run: this one alone, several on this machine, or torchrun's."""

from __future__ import annotations

import os
from collections.abc import Callable
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from signal import SIG_IGN, SIGINT, signal
from threading import Thread
from typing import TypeVar

from t4s_lib.evaluation.errors import EvaluationError
from t4s_lib.evaluation.judging import Judge
from t4s_lib.evaluation.work import Desk, Job, work
from t4s_lib.evaluation.writers import writer_of
from t4s_lib.sources.errors import DataError

T = TypeVar("T")


class Team:
    """This process alone."""

    rank = 0
    world = 1

    def together(self, act: Callable[[], T]) -> T:
        """Let the first process act, and the others wait; all get its answer."""
        return act()

    def begin(self, job: Job) -> None:
        """Start the other processes."""

    def end(self, failed: bool = False) -> None:
        """Wait for the other processes; if this one failed, stop them."""


class Spawned(Team):
    """This process and others that it starts; they end when it ends.

    Args:
        world: How many, this one included.
    """

    def __init__(self, world: int) -> None:
        self.world = world
        self._others: list[BaseProcess] = []

    def begin(self, job: Job) -> None:
        """Start the other processes."""
        context = get_context("spawn")
        for rank in range(1, self.world):
            args = (job, rank, self.world)
            other = context.Process(target=_spawned, args=args, daemon=True)
            other.start()
            self._others.append(other)

    def end(self, failed: bool = False) -> None:
        """Wait for the other processes; if this one failed, stop them.

        Raises:
            EvaluationError: If one of them did not come to its end.
        """
        for other in self._others:
            if failed:
                other.terminate()
            other.join()
        codes = [other.exitcode for other in self._others]
        if not failed and any(codes):
            rank, code = next((k, c) for k, c in enumerate(codes, start=1) if c)
            raise EvaluationError(
                f"process {rank} of {self.world} ended with code {code}; what was "
                "predicted is kept: the same command goes on"
            )


class Launched(Team):
    """The processes that ``torchrun`` or ``accelerate launch`` started."""

    def __init__(self) -> None:
        from t4s_lib.training.processes import Processes

        self._processes = Processes()
        self.rank, self.world = self._processes.rank, self._processes.world

    def together(self, act: Callable[[], T]) -> T:
        """Let the first process act, and the others wait; all get its answer."""
        return self._processes.together(act)

    def end(self, failed: bool = False) -> None:
        """Wait for the other processes; torchrun stops them where one fails."""
        if not failed:
            self._processes.wait()


def team_of(processes: int) -> Team:
    """The team of a command: as the environment says, else as was asked.

    Args:
        processes: How many processes on this machine.

    Raises:
        DataError: If it is below 1, or more than 1 under torchrun.
    """
    launched = int(os.environ.get("WORLD_SIZE", "1"))
    if processes < 1:
        raise DataError(f"--processes is {processes}, expected 1 or more")
    if launched > 1 and processes > 1:
        found = f"--processes is {processes} under torchrun with {launched}"
        raise DataError(f"{found}: expected one of the two")
    if launched > 1:
        return Launched()
    return Spawned(processes) if processes > 1 else Team()


def _spawned(job: Job, rank: int, world: int) -> None:
    """What another process does."""
    signal(SIGINT, SIG_IGN)  # the first process stops the others
    Thread(target=_end_with_parent, daemon=True).start()
    work(job, Desk(job.samples(), Judge(job.plan), writer_of(job.plan)), rank, world)


def _end_with_parent() -> None:
    """End this process when the one that started it has ended, however it did."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
