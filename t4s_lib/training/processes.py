"""The processes of one training, one or many; each runs the same program."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")


@contextmanager
def leaving_together() -> Iterator[None]:
    """Around all that a program does: its processes part before they end.

    One that ends while it is still connected to the others now and then aborts, and
    torchrun then takes a training that is done for one that failed.
    """
    from torch import distributed

    try:
        yield
        if distributed.is_initialized():
            distributed.barrier()
    finally:
        if distributed.is_initialized():
            distributed.destroy_process_group()


class Processes:
    """This process among the others that ``torchrun`` started with it, if any."""

    def __init__(self) -> None:
        import torch
        from accelerate import PartialState

        self._state = PartialState(cpu=not torch.cuda.is_available())
        self.rank = int(self._state.process_index)
        self.world = int(self._state.num_processes)

    @property
    def is_main(self) -> bool:
        """Whether this is the one that writes."""
        return self.rank == 0

    def wait(self) -> None:
        """Wait until all have come to this point."""
        self._state.wait_for_everyone()

    def first(self, number: float) -> float:
        """The first process's number, on every process."""
        return float(self._broadcast([number])[0])

    def gather(self, items: list[Any]) -> list[Any]:
        """The items of all processes, on every process."""
        from accelerate.utils import gather_object

        return list(gather_object(items)) if self.world > 1 else items

    def together(self, act: Callable[[], T]) -> T:
        """Let the first process act; its answer, or its error, is everyone's.

        Raises:
            ValueError: On every process, if the first one's act raised it.
        """
        said: list[Any] = [None, None]
        self.wait()
        if self.is_main:
            try:
                said[0] = act()
            except ValueError as error:
                said[1] = str(error)
        answer, wrong = self._broadcast(said)
        if wrong is not None:
            raise ValueError(wrong)
        found: T = answer
        return found

    def _broadcast(self, items: list[Any]) -> list[Any]:
        from accelerate.utils import broadcast_object_list

        return list(broadcast_object_list(items)) if self.world > 1 else items
