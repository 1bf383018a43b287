"""One line that says how far a run is and when it will be done."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import NamedTuple, TextIO

_EVERY = 10.0  # seconds between lines where none can be rewritten


class Progress(NamedTuple):
    """How far a process is with its share.

    Attributes:
        done: Samples of the share that have a line.
        total: Samples of the share.
        here: Those that this call of the program did.
        seconds: What they took.
        bad: Those of them that were bad.
        world: How many processes have a share like this one.
        samples: Those of all shares.
    """

    done: int
    total: int
    here: int = 0
    seconds: float = 0.0
    bad: int = 0
    world: int = 1
    samples: int = 0

    @property
    def remaining(self) -> float | None:
        """Seconds still to go; None before the first sample."""
        left = self.total - self.done
        if not left:
            return 0.0
        return left * self.seconds / self.here if self.here else None


Look = Callable[[Progress], None]


def progress_line(progress: Progress) -> str:
    """What to show of a run's progress.

    Examples:
        >>> print(progress_line(Progress(30, 100, 20, 40.0, 1, world=2, samples=200)))
        60 of 200 samples · 1 bad · 1.0 a second · 0:40, 2:20 to go
    """
    total = progress.samples or progress.total
    done = min(progress.done * progress.world, total)
    if progress.done == progress.total:
        done = total
    parts = [f"{done:,} of {total:,} samples"]
    if progress.bad:
        parts.append(f"{progress.bad} bad")
    if progress.here and progress.seconds:
        pace = progress.here * progress.world / progress.seconds
        parts.append(f"{pace:.1f} a second")
    left = progress.remaining
    to_go = f", {_clock(left)} to go" if left else ""
    parts.append(_clock(progress.seconds) + to_go)
    return " · ".join(parts)


class ProgressLine:
    """Rewrites one line on a terminal; else writes one every ten seconds.

    Args:
        stream: Where to; stderr for None.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._rewrites = self._stream.isatty()
        self._told = time.monotonic()
        self._width = 0

    def __call__(self, progress: Progress) -> None:
        """Show it."""
        now, is_last = time.monotonic(), progress.done == progress.total
        if not is_last and now - self._told < (0.2 if self._rewrites else _EVERY):
            return
        self._told = now
        line = progress_line(progress)
        if self._rewrites:
            end = "\n" if is_last else ""
            self._stream.write("\r" + line.ljust(self._width) + end)
            self._width = len(line)
        else:
            self._stream.write(line + "\n")
        self._stream.flush()


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
