"""Runs one lesson: papermill in this process, this interpreter as the kernel.

Papermill alone does not do for a course. Its cell timeout and its dead kernel are
not the error it documents, it names no cell when they happen, it takes whatever
kernel calls itself ``python3`` on the machine, and a lesson as a whole has no
limit. ``run_lesson`` closes these gaps and speaks in one kind of error.
"""

from __future__ import annotations

import logging
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NamedTuple

from t4s_lib.course.freshness import INJECTED, Notebook, read, tags
from t4s_lib.course.kernel import kernel_manager, last_words
from t4s_lib.course.profiles import Profile, load

OnCell = Callable[[int, int], None]
"""Told the number of the cell that starts, from 1, and how many there are."""

TRAINING = "training"
"""Tag of a cell that trains a model, and so may take longer than others."""

_SHOWN_LINES = 4
_LEAST_TIMEOUT_S = 0.1


class Executed(NamedTuple):
    """A lesson that ran to its end.

    Attributes:
        notebook: The executed notebook, widget state and timings included.
        minutes: Wall-clock minutes, kernel start included.
    """

    notebook: Notebook
    minutes: float


class LessonError(Exception):
    """A lesson that did not run to its end; the message says all there is.

    Attributes:
        lesson: File name of the notebook.
        cell: Number of the cell, from 1, as in the source; 0 before the first.
        reason: What went wrong, in one line.
        minutes: Wall-clock minutes until then.
    """

    def __init__(
        self,
        lesson: str,
        cell: int,
        cells: int,
        source: str,
        reason: str,
        minutes: float = 0,
    ) -> None:
        self.lesson, self.cell = lesson, cell
        self.reason, self.minutes = reason, minutes
        where = f"{lesson}, cell {cell} of {cells}" if cell else lesson
        super().__init__("\n".join([f"{where}: {reason}", *_excerpt(source)]))


def run_lesson(
    source: Path,
    target: Path,
    profile: str | Profile,
    on_cell: OnCell | None = None,
) -> Executed:
    """Execute a lesson's notebook.

    Args:
        source: The notebook; its folder is the working directory.
        target: Where the executed notebook goes, once it is complete. One that
            failed on the way is left beside it as ``NAME.failed.ipynb``.
        profile: Sets the parameter ``PROFILE`` and the time limits.
        on_cell: Told about every cell as it starts.

    Returns:
        The executed notebook and the minutes it took.

    Raises:
        LessonError: If a cell fails or takes too long, the lesson takes too
            long, or the kernel dies.
        ValueError: For an unknown profile, or a file that is no notebook.
    """
    settings = load(profile) if isinstance(profile, str) else profile
    watch = _Watch(source.name, len(read(source).cells), settings, on_cell)
    source, target = source.resolve(), target.resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    with _beside(target) as beside:
        notebook = _papermill(source, beside, watch)
    return Executed(notebook, watch.minutes)


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A file that becomes ``target`` in the end, or is set aside after an error."""
    failed = target.with_name(f"{target.stem}.failed.ipynb")
    beside = target.with_name(f".{target.stem}.part.ipynb")
    try:
        yield beside
        beside.replace(target)
        failed.unlink(missing_ok=True)
    except LessonError:
        target.unlink(missing_ok=True)  # it was of an earlier run
        failed.unlink(missing_ok=True)
        if beside.exists():
            beside.replace(failed)
        raise
    finally:
        beside.unlink(missing_ok=True)


@dataclass
class _Watch:
    """Where an execution stands, and how much time is left."""

    lesson: str
    cells: int
    profile: Profile
    on_cell: OnCell | None = None
    number: int = 0
    source: str = ""
    limit_s: float = 0.0

    def __post_init__(self) -> None:
        self.started = time.monotonic()

    @property
    def minutes(self) -> float:
        return (time.monotonic() - self.started) / 60

    @property
    def left_s(self) -> float:
        return (self.profile.lesson_budget_min - self.minutes) * 60

    def start(self, cell: Any, cell_index: int) -> None:
        if INJECTED in tags(cell):
            return
        self.number, self.source = self.number + 1, cell.source
        if self.on_cell is not None:
            self.on_cell(self.number, self.cells)

    def timeout(self, cell: Any) -> float:
        trains = TRAINING in tags(cell)
        limits = self.profile.cell_timeout_s, self.profile.training_timeout_s
        self.limit_s = limits[trains]
        return min(max(self.left_s, _LEAST_TIMEOUT_S), self.limit_s)

    def error(self, reason: str) -> LessonError:
        at = (self.lesson, self.number, self.cells, self.source)
        return LessonError(*at, reason, self.minutes)

    def late(self) -> LessonError:
        name = self.profile.name
        if self.left_s <= 0:
            minutes = self.profile.lesson_budget_min
            return self.error(f"the lesson's {minutes:g} min are over (profile {name})")
        return self.error(
            f"the cell took more than {self.limit_s:g} s (profile {name})"
        )


def _papermill(source: Path, target: Path, watch: _Watch) -> Notebook:
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillException, PapermillExecutionError

    logging.getLogger("papermill").addHandler(logging.NullHandler())
    with tempfile.TemporaryFile() as words:
        try:
            notebook = papermill.execute_notebook(
                source, target, **_arguments(source, watch, words)
            )
        except PapermillExecutionError as error:
            raise watch.error(f"{error.ename}: {_first(error.evalue)}") from error
        except CellTimeoutError as error:
            raise watch.late() from error
        except DeadKernelError as error:
            raise watch.error(f"the kernel died{last_words(words)}") from error
        except (PapermillException, RuntimeError) as error:
            raise watch.error(f"{_first(error)}{last_words(words)}") from error
    return notebook


def _arguments(source: Path, watch: _Watch, words: IO[bytes]) -> dict[str, Any]:
    return {
        "parameters": {"PROFILE": watch.profile.name},
        "kernel_name": "python3",
        "language": "python",
        "cwd": source.parent,
        "progress_bar": False,
        "timeout_func": watch.timeout,
        "on_cell_start": watch.start,
        "kernel_manager_class": kernel_manager(words),
        "shutdown_kernel": "immediate",
        "coalesce_streams": True,
    }


def _first(text: object) -> str:
    lines = str(text).strip().splitlines()
    return lines[0] if lines else ""


def _excerpt(source: str) -> Iterator[str]:
    lines = source.strip().splitlines()
    yield from (f"    {line}" for line in lines[:_SHOWN_LINES])
    if len(lines) > _SHOWN_LINES:
        yield f"    … {len(lines) - _SHOWN_LINES} more lines"
