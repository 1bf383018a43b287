"""What a run of the course leaves behind: one entry a lesson, and ``course.json``."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from t4s_lib.course.freshness import lib_version
from t4s_lib.whole_files import write_whole

RECORD = "course.json"


@dataclass(frozen=True)
class LessonResult:
    """How one lesson went.

    Attributes:
        name: File name of the notebook.
        number: Its two digits.
        title: Its title, without the number.
        summary: Its summary, as inline Markdown.
        minutes: Measured wall-clock minutes; None if it was not run.
        page: File name of its page; None if there is none.
        faults: What failed, one message each; none if the lesson is in order.
    """

    name: str
    number: str
    title: str
    summary: str
    minutes: float | None = None
    page: str | None = None
    faults: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing failed."""
        return not self.faults


@dataclass(frozen=True)
class CourseResult:
    """How a run of the course went.

    Attributes:
        profile: The profile it was run in.
        lessons: The lessons that were run, in order.
        index: The page to start from; None where no pages were asked for.
    """

    profile: str
    lessons: tuple[LessonResult, ...]
    index: Path | None = None

    @property
    def ok(self) -> bool:
        """Whether every lesson that was run is in order."""
        return not self.faults

    @property
    def faults(self) -> tuple[str, ...]:
        """Everything that failed, in the order of the lessons."""
        return tuple(fault for lesson in self.lessons for fault in lesson.faults)

    @property
    def minutes(self) -> float:
        """Measured minutes of all lessons together."""
        return sum(lesson.minutes or 0 for lesson in self.lessons)


def write_record(
    out: Path, profile: str, lessons: Iterable[LessonResult]
) -> dict[str, Any]:
    """Write ``course.json``: profile, version, and every lesson with its minutes."""
    record = {
        "profile": profile,
        "lib_version": lib_version(),
        "lessons": [asdict(lesson) for lesson in lessons],
    }
    replace_text(out / RECORD, json.dumps(record, indent=1, ensure_ascii=False) + "\n")
    return record


def read_record(out: Path, profile: str) -> dict[str, LessonResult]:
    """The lessons of an earlier run in the same profile, by name.

    Returns:
        Only those whose page is still there; none if there is no readable record.
    """
    try:
        record = json.loads((out / RECORD).read_text(encoding="utf-8"))
        entries = record["lessons"] if record["profile"] == profile else []
        earlier = [LessonResult(**{**e, "faults": tuple(e["faults"])}) for e in entries]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return {e.name: e for e in earlier if e.page and (out / e.page).is_file()}


def replace_text(path: Path, text: str) -> None:
    """Write a text beside ``path``, then rename it: never half a file."""
    write_whole(path, text)
