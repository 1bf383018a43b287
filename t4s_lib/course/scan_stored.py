"""Finds what is wrong with outputs that are committed beside their source.

A notebook saved by hand may hold outputs of an older source, of cells that were run
in another order, or of another profile. It looks right in each of these cases.
"""

from __future__ import annotations

from collections.abc import Iterator

from t4s_lib.course.freshness import Notebook, is_fresh
from t4s_lib.course.scan import Finding

PROFILE = "laptop"
"""What committed lessons are executed in."""

MEND = "`t4s course --refresh` mends it"


def scan_stored(nb: Notebook, lesson: str) -> list[Finding]:
    """Everything that is wrong with stored outputs; see ``scan_source`` for the rest.

    Args:
        nb: The notebook, as it is committed.
        lesson: Its file name, for the findings.

    Returns:
        Findings; empty where all is well.
    """
    found = [entry for check in (_stale, _order, _profile) for entry in check(nb)]
    return [Finding(lesson, cell, what) for cell, what in found]


def _stale(nb: Notebook) -> Iterator[tuple[int | None, str]]:
    if not is_fresh(nb):
        yield None, f"its outputs are older than its source; {MEND}"


def _order(nb: Notebook) -> Iterator[tuple[int | None, str]]:
    expected = 0
    for number, cell in enumerate(nb.cells, 1):
        if cell.cell_type != "code" or not cell.source.strip():
            continue
        expected += 1
        if cell.execution_count != expected:
            found = (
                "not run"
                if cell.execution_count is None
                else (f"the {_th(cell.execution_count)} that was run")
            )
            what = f"{found}, expected the {_th(expected)}; {MEND}"
            yield number, what
            return


def _profile(nb: Notebook) -> Iterator[tuple[int | None, str]]:
    profile = nb.metadata.get("t4s", {}).get("profile")
    if profile != PROFILE:
        yield None, f"executed in profile {profile}, expected {PROFILE}; {MEND}"


def _th(number: int) -> str:
    """A number as a place.

    Examples:
        >>> [_th(n) for n in (1, 2, 3, 4, 11, 22)]
        ['1st', '2nd', '3rd', '4th', '11th', '22nd']
    """
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if number % 100 in (11, 12, 13) else ending}"
