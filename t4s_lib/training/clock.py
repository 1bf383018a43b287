"""Time: how long a training has run, and a learning rate that follows the clock."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

CLOCKS: dict[str, Callable[[], float]] = {
    "wall": time.monotonic,
    "cpu": time.process_time,
}
"""What tells the time, in seconds, by the name that a recipe gives it."""


class Clock:
    """Seconds of training, the same on every process.

    Processes that each asked their own clock would stop at different steps and
    train at different rates; so the first one's counts, once a step.

    Args:
        minutes: When the training ends; None where steps end it.
        share: Makes the first process's number everyone's.
        now: Tells the time, in seconds.
    """

    def __init__(
        self,
        minutes: float | None = None,
        share: Callable[[float], float] | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.minutes = minutes
        self.seconds = 0.0
        self._share = share
        self._now = now
        self._start = now()

    def start(self, seconds: float = 0.0) -> None:
        """Begin to count, from the seconds that a checkpoint was made at."""
        self.seconds = seconds
        self._start = self._now() - seconds

    def tick(self) -> float:
        """Look at the clock."""
        seconds = self._now() - self._start
        self.seconds = seconds if self._share is None else self._share(seconds)
        return self.seconds

    @property
    def fraction(self) -> float:
        """The share of the time that is over, from 0 to 1."""
        if self.minutes is None:
            return 0.0
        return min(self.seconds / (60 * self.minutes), 1.0)

    @property
    def is_over(self) -> bool:
        """Whether the time is up."""
        return self.minutes is not None and self.fraction >= 1.0


def rate(schedule: str, fraction: float, warmup: float) -> float:
    """The learning rate at a fraction of the training, as a share of the highest.

    Args:
        schedule: ``linear``, ``cosine`` or ``constant``, after the warm-up.
        fraction: From 0 to 1.
        warmup: The share in which the rate rises.

    Raises:
        ValueError: For another schedule.

    Examples:
        >>> [rate("linear", f, 0.5) for f in (0.25, 0.5, 0.75, 1)]
        [0.5, 1.0, 0.5, 0.0]
    """
    if fraction < warmup:
        return fraction / warmup
    left = (1 - fraction) / (1 - warmup)
    if schedule == "linear":
        return left
    if schedule == "cosine":
        return 0.5 * (1 + math.cos(math.pi * (1 - left)))
    if schedule == "constant":
        return 1.0
    known = "linear, cosine, constant"
    raise ValueError(f"schedule is {schedule!r}, expected one of {known}")
