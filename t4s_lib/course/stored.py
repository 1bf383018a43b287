"""The site from the notebooks as they are stored: seconds, nothing is executed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from t4s_lib.course.freshness import Notebook, is_fresh, read
from t4s_lib.course.progress_store import passed
from t4s_lib.course.results import CourseResult
from t4s_lib.course.run import find_lessons, glossary, not_run
from t4s_lib.course.scan import scan_source
from t4s_lib.course.site import Shown, build_site


def stored_course(
    source: Path, out: Path, only: Sequence[str] | None = None
) -> CourseResult:
    """Make the site from what the notebooks hold; no record is written.

    Args:
        source: Folder of the notebooks.
        out: Folder of the pages; made if need be.
        only: Numbers of the lessons to look through; all if None. Every lesson
            that holds outputs has its page in any case.

    Returns:
        What was shown; a lesson whose outputs are older than its source is a fault.

    Raises:
        ValueError: For an unknown lesson, or a folder without lessons.
    """
    chosen = {path.name for path in find_lessons(source, only)}
    shown = [_stored(path) for path in find_lessons(source)]
    profiles = {_stamp(s.notebook).get("profile") for s in shown} - {None}
    profile = ", ".join(sorted(map(str, profiles)))
    built = build_site(out, shown, profile, passed(), glossary(source), is_stored=True)
    results = tuple(result for result in built if result.name in chosen)
    return CourseResult(profile, results, out / "index.html")


def _stored(lesson: Path) -> Shown:
    result = not_run(lesson)
    try:
        nb = read(lesson)
    except (ValueError, OSError) as error:
        return Shown(replace(result, faults=(f"{lesson.name}: {error}",)), lesson)
    faults = [str(finding) for finding in scan_source(nb, lesson.name)]
    if not is_fresh(nb):
        what = "its outputs are older than its source; t4s course --refresh mends it"
        faults.append(f"{lesson.name}: {what}")
    minutes = _stamp(nb).get("minutes")
    return Shown(replace(result, minutes=minutes, faults=tuple(faults)), lesson, nb)


def _stamp(nb: Notebook | None) -> dict[str, Any]:
    stamped: dict[str, Any] = {} if nb is None else nb.metadata.get("t4s", {})
    return stamped
