"""One compact line that says how far a training is and when it will be done."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from t4s_lib.training.moments import Moment


def remaining(moment: Moment) -> float | None:
    """Seconds still to go; None before the first step."""
    if moment.minutes is not None:
        return max(60 * moment.minutes - moment.seconds, 0.0)
    if moment.steps is None or not moment.steps_here:
        return None
    pace = moment.seconds_here / moment.steps_here
    return (moment.steps - moment.step) * pace


def progress_line(moment: Moment) -> str:
    """What to show of a moment, in at most 80 characters or so.

    Examples:
        >>> from t4s_lib.training.moments import Moment
        >>> print(progress_line(Moment(step=20, steps=100, samples=320, seconds=60,
        ...     loss=0.5, steps_here=20, seconds_here=60)))
        step 20 of 100 · 320 samples · loss 0.500 · 1:00, 4:00 to go
    """
    of = f" of {moment.steps}" if moment.steps is not None else ""
    parts = [f"step {moment.step}{of}", f"{moment.samples} samples"]
    if moment.loss is not None:
        parts.append(f"loss {moment.loss:.3f}")
    norm = (moment.scores or {}).get("norm")
    if norm is not None:
        parts.append(f"{norm:.0%} of the ceiling")
    left = remaining(moment)
    to_go = f", {clock(left)} to go" if left is not None else ""
    parts.append(f"{clock(moment.seconds)}{to_go}")
    return " · ".join(parts)


def clock(seconds: float) -> str:
    """Seconds as ``m:ss`` or ``h:mm:ss``.

    Examples:
        >>> clock(75), clock(3 * 3600 + 61)
        ('1:15', '3:01:01')
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


class ProgressLine:
    """A callback that rewrites one line, or writes a few where none can be rewritten.

    Args:
        stream: Where to; stderr for None.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._rewrites = _can_rewrite(self._stream)
        self._width = 0

    def __call__(self, moment: Moment) -> None:
        """Show a moment."""
        line = progress_line(moment)
        if self._rewrites:
            self._stream.write("\r" + line.ljust(self._width))
            self._width = len(line)
        elif moment.scores is not None or moment.is_last:
            self._stream.write(line + "\n")
        if moment.is_last and self._rewrites:
            self._stream.write("\n")
        self._stream.flush()


def _can_rewrite(stream: TextIO) -> bool:
    """Whether a carriage return does what it says: terminals and notebooks."""
    return stream.isatty() or type(stream).__module__.startswith("ipykernel")
