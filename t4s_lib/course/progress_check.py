"""``check`` as lessons have it: the verdict, kept, and in strict mode enforced."""

from __future__ import annotations

import os
from typing import Any

from t4s_lib.course import checks
from t4s_lib.course.checks import CheckResult
from t4s_lib.course.progress_store import keep

STRICT = "T4S_STRICT"
"""Set to 1, a check raises unless it passes: for CI, and for teachers who grade."""


class NotPassed(Exception):
    """In strict mode: an answer did not pass its check."""


def check(id: str, answer: Any) -> CheckResult:
    """Check an answer to an exercise, and keep that it was tried or passed.

    Args:
        id: Lesson and number, e.g. ``"2.3"``.
        answer: Your function, or your value.

    Returns:
        The verdict, which shows itself as the last line of a cell.

    Raises:
        ValueError: If there is no exercise of that number.
        NotPassed: Only where ``T4S_STRICT`` is 1, for any other verdict.

    Examples:
        >>> check("0.1", ...)
        0.1: not attempted yet
        Fill in the cell above, run it, then run this one.
    """
    result = checks.check(id, answer)
    _keep(result)
    if os.environ.get(STRICT) == "1" and result.verdict != "passed":
        raise NotPassed(repr(result))
    return result


def _keep(result: CheckResult) -> None:
    """Keep a verdict; that it cannot be written is said by ``progress``, not here."""
    if result.verdict == "not attempted yet":
        return
    try:
        keep(result.id, "passed" if result.verdict == "passed" else "tried")
    except OSError:
        return
