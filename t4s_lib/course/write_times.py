"""``t4s course --times``: the header of each lesson says how long it took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from t4s_lib.course import profiles
from t4s_lib.course.freshness import read, write
from t4s_lib.course.results import RECORD, CourseResult, read_record
from t4s_lib.course.run import Progress, find_lessons, not_run
from t4s_lib.course.times import has_line, measured, with_times


def write_times(
    source: Path,
    out: Path,
    only: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> CourseResult:
    """Write into each lesson's header how long it takes; nothing is executed.

    Args:
        source: Folder of the notebooks.
        out: Folder of the last run of the course, with its ``course.json``.
        only: Numbers of the lessons to write; all if None.
        progress: Told how it goes; on stderr if None.

    Returns:
        One entry a lesson; one without such a line is a fault.

    Raises:
        ValueError: If there was no run, for an unknown lesson, or a folder without.
    """
    if not (out / RECORD).is_file():
        raise ValueError(
            f"{out} holds no {RECORD}, expected one; run: t4s course --profile ci"
        )
    told, done = progress or Progress(), []
    for lesson in find_lessons(source, only):
        result, nb = not_run(lesson), read(lesson)
        known = measured(nb) | _last_run(out, lesson.name)
        if has_line(nb):
            write(with_times(nb, known), lesson)
        else:
            fault = f"{lesson.name}: no line **Time:** under the title"
            result = replace(result, faults=(fault,))
        told.done(replace(result, minutes=known.get("laptop")))
        done.append(result)
    return CourseResult("", tuple(done))


def _last_run(out: Path, name: str) -> dict[str, float]:
    """What a lesson took in the last run of the course, by its profile."""
    found: dict[str, float] = {}
    for profile in profiles.NAMES:
        result = read_record(out, profile).get(name)
        if result is not None and result.minutes is not None and result.ok:
            found[profile] = result.minutes
    return found
