"""Runs the course: every lesson executed, looked through, and made a page.

From ``notebooks/NN-*.ipynb``, ``run_course`` makes ``index.html``, ``NN-*.html``,
``executed/NN-*.ipynb`` and ``course.json`` in a folder of their own; ``refresh``
executes the notebooks and stores them where they were.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from t4s_lib.course.execute import LessonError, run_lesson
from t4s_lib.course.freshness import (
    Notebook,
    clean,
    is_fresh,
    read,
    source_hash,
    stamp,
    write,
)
from t4s_lib.course.profiles import load
from t4s_lib.course.progress_store import passed
from t4s_lib.course.results import (
    CourseResult,
    LessonResult,
    read_record,
    write_record,
)
from t4s_lib.course.scan import scan_executed, scan_source
from t4s_lib.course.site import Shown, build_site, describe
from t4s_lib.course.times import with_times

_LESSON = re.compile(r"(\d\d)-[\w-]+\.ipynb")


class Progress:
    """One line a lesson: live with its cell on a terminal, plain elsewhere.

    Args:
        stream: Where it goes; stderr if None.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = sys.stderr if stream is None else stream
        self.is_live = self.stream.isatty()

    def cell(self, lesson: str, number: int, cells: int) -> None:
        """Say that a cell starts."""
        if self.is_live:
            self._write(f"\r\x1b[2K  …     {lesson}  cell {number}/{cells}")

    def done(self, result: LessonResult) -> None:
        """Say how a lesson went."""
        word = "ok" if result.ok else "FAILED"
        start = "\r\x1b[2K" if self.is_live else ""
        seconds = (result.minutes or 0) * 60
        self._write(f"{start}  {word:6} {result.name}  {seconds:.0f} s\n")

    def _write(self, text: str) -> None:
        self.stream.write(text)
        self.stream.flush()


def run_course(
    source: Path,
    out: Path,
    profile: str,
    only: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> CourseResult:
    """Execute the lessons and make a page of each, and one to start from.

    A lesson that fails does not stop the others. Lessons left out by ``only``
    keep the page and the minutes of an earlier run in the same profile.

    Args:
        source: Folder of the notebooks.
        out: Folder of the pages; made if need be.
        profile: ``ci``, ``laptop`` or ``gpu``.
        only: Numbers of the lessons to run, such as ``["02"]``; all if None.
        progress: Told how it goes; on stderr if None.

    Returns:
        What was run; ``result.faults`` lists everything that failed.

    Raises:
        ValueError: For an unknown profile or lesson, or a folder without lessons.
    """
    load(profile)
    lessons, chosen = find_lessons(source), find_lessons(source, only)
    told = progress or Progress()
    ran = [_shown(path, out, profile, told) for path in chosen]
    shown = {path.name: _unrun(path) for path in lessons}
    shown |= {s.source.name: s for s in _earlier(lessons, out, profile)}
    shown |= {s.source.name: s for s in ran}
    built = build_site(out, list(shown.values()), profile, passed(), glossary(source))
    write_record(out, profile, built)
    names = {path.name for path in chosen}
    results = tuple(result for result in built if result.name in names)
    return CourseResult(profile, results, out / "index.html")


def glossary(source: Path) -> Path:
    """The glossary beside the folder of the notebooks; it may not be there."""
    return source.resolve().parent / "docs" / "glossary.md"


def _shown(lesson: Path, out: Path, profile: str, told: Progress) -> Shown:
    result, notebook = attempt(lesson, out / "executed" / lesson.name, profile, told)
    return Shown(result, lesson, notebook)


def _earlier(lessons: Sequence[Path], out: Path, profile: str) -> Iterator[Shown]:
    """The lessons of an earlier run in the same profile, as they were executed."""
    kept = read_record(out, profile)
    for path in lessons:
        executed = out / "executed" / path.name
        if path.name in kept and executed.is_file():
            yield Shown(kept[path.name], path, read(executed))


def _unrun(lesson: Path) -> Shown:
    """A lesson that was not run: what its project stores, where that is executed."""
    result, notebook = not_run(lesson), None
    with suppress(ValueError, OSError):  # the run itself reports it
        stored = read(lesson)
        notebook = stored if is_fresh(stored) else None
    return Shown(result, lesson, notebook)


def refresh(
    source: Path,
    profile: str = "laptop",
    only: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> CourseResult:
    """Execute the lessons and store them, cleaned and stamped, where they were.

    A lesson that fails, or in which something is found, stays as it was; so does
    one that was edited while it ran.

    Args:
        source: Folder of the notebooks.
        profile: The profile to execute in.
        only: Numbers of the lessons to run; all if None.
        progress: Told how it goes; on stderr if None.

    Returns:
        What was run; ``result.faults`` lists everything that failed.

    Raises:
        ValueError: For an unknown profile or lesson, or a folder without lessons.
    """
    load(profile)
    ran = []
    for lesson in find_lessons(source, only):
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder, lesson.name)
            result, notebook = attempt(lesson, target, profile, progress or Progress())
        if notebook is not None and result.ok:
            result = _store(notebook, lesson, result, profile)
        ran.append(result)
    return CourseResult(profile, tuple(ran))


def find_lessons(source: Path, only: Sequence[str] | None = None) -> list[Path]:
    """The notebooks ``NN-*.ipynb`` of a folder, in order.

    Raises:
        ValueError: If there is no such folder, none in it, or not one asked for.
    """
    if not source.is_dir():
        raise ValueError(f"source is {source}, expected a folder that exists")
    found = sorted(p for p in source.iterdir() if _LESSON.fullmatch(p.name))
    if not found:
        raise ValueError(f"{source} holds no lesson, expected files NN-*.ipynb")
    numbers = [path.name[:2] for path in found]
    for number in only or ():
        if number.zfill(2) not in numbers:
            known = ", ".join(numbers)
            raise ValueError(f"lesson is {number!r}, expected one of {known}")
    wanted = numbers if only is None else {number.zfill(2) for number in only}
    return [path for path in found if path.name[:2] in wanted]


def attempt(
    lesson: Path, target: Path, profile: str, progress: Progress
) -> tuple[LessonResult, Notebook | None]:
    """Execute and look through one lesson; its notebook only if it came to its end."""
    result, notebook = not_run(lesson), None
    try:
        faults = [str(f) for f in _scan_source(lesson)]
        notebook, minutes = run_lesson(
            lesson,
            target,
            profile,
            lambda number, cells: progress.cell(lesson.name, number, cells),
        )
        faults += [str(f) for f in scan_executed(notebook, lesson.name)]
        result = replace(result, minutes=round(minutes, 3), faults=tuple(faults))
    except LessonError as error:
        minutes, message = round(error.minutes, 3), str(error)
        result = replace(result, minutes=minutes, faults=(*faults, message))
    except (ValueError, OSError) as error:
        result = replace(result, faults=(f"{lesson.name}: {error}",))
    progress.done(result)
    return result, notebook


def _scan_source(lesson: Path) -> list[object]:
    return list(scan_source(read(lesson), lesson.name))


def not_run(lesson: Path) -> LessonResult:
    """What is known of a lesson before it is run."""
    title = summary = ""
    with suppress(ValueError, OSError):  # the run itself reports it
        title, summary = describe(read(lesson))
    return LessonResult(lesson.name, lesson.name[:2], title, summary)


def _store(
    notebook: Notebook, lesson: Path, result: LessonResult, profile: str
) -> LessonResult:
    if source_hash(read(lesson)) != source_hash(notebook):
        fault = f"{lesson.name}: edited while it ran, so left as it is"
        return replace(result, faults=(*result.faults, fault))
    minutes = result.minutes or 0
    timed = with_times(notebook, {profile: minutes})
    write(clean(stamp(timed, profile, minutes)), lesson)
    return result
