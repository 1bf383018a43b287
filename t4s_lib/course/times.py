"""The time of a lesson, in the line under its title: estimated, and measured.

    **Time:** about 25 minutes to read and do (200 words a minute, half a minute a cell,
    and what the exercises say). Computing takes about 20 s in the `laptop` profile and
    15 s in `ci` (measured on 2 cores).

The first is for a reader and only estimated; the others were measured, by the run that
stored the lesson and by the last run of the course. No output depends on the line, so
writing it leaves a fresh lesson fresh.
"""

from __future__ import annotations

import copy
import os
import re
from collections.abc import Mapping

from t4s_lib.course.freshness import Notebook, source_cells, still_fresh

WORDS_A_MINUTE, MINUTES_A_CELL = 200, 0.5

_LINE = re.compile(r"^\*\*Time:\*\* .*$", re.MULTILINE)
_MEASURED = re.compile(r"([\d.]+ (?:s|min)) in (?:the )?`(\w+)`")
_STATED = re.compile(r"\*\*Exercise [\d.]+\*\* .*?(\d+) minutes?\.")
_HOW = (
    f"{WORDS_A_MINUTE} words a minute, half a minute a cell, and what the exercises say"
)


def with_times(nb: Notebook, minutes: Mapping[str, float]) -> Notebook:
    """A copy of a lesson with these times in its header, fresh where it was.

    Args:
        nb: The lesson. Without such a line it stays as it is.
        minutes: Measured minutes, by profile; what the line says of others is kept.
    """
    made = copy.deepcopy(nb)
    said = {name: words for words, name in _MEASURED.findall(_line(nb))}
    said |= {name: spoken(taken) for name, taken in minutes.items()}
    if has_line(nb):
        line = time_line(reading_minutes(nb), said)
        made.cells[0].source = _LINE.sub(lambda _: line, made.cells[0].source)
    return still_fresh(made, nb)


def time_line(reading: int, said: Mapping[str, str]) -> str:
    """The line itself.

    Args:
        reading: Minutes to read and do.
        said: Measured times in words, by profile.

    Examples:
        >>> print(time_line(25, {"laptop": "20 s", "ci": "15 s"}))
        **Time:** about 25 minutes ... Computing takes about 20 s in the `laptop`
        profile and 15 s in `ci` (measured on ... core...).
    """
    line = f"**Time:** about {reading} minutes to read and do ({_HOW})."
    order = [name for name in ("laptop", "ci", "gpu") if name in said]
    if not order:
        return line
    first, *others = order
    parts = [f"{said[first]} in the `{first}` profile"]
    parts += [f"{said[name]} in `{name}`" for name in others]
    cores = f"measured on {_cores()} core{'s' * (_cores() != 1)}"
    return f"{line} Computing takes about {' and '.join(parts)} ({cores})."


def reading_minutes(nb: Notebook) -> int:
    """Minutes to read and do a lesson, to the next five: an estimate, see ``_HOW``."""
    cells = list(source_cells(nb))
    told = [cell.source for cell in cells if cell.cell_type == "markdown"]
    texts = [_LINE.sub("", text) for text in told]
    words = sum(len(re.findall(r"\w[\w'-]*", text)) for text in texts)
    stated = sum(int(n) for text in texts for n in _STATED.findall(text))
    code = len(cells) - len(texts)
    minutes = words / WORDS_A_MINUTE + code * MINUTES_A_CELL + stated
    return max(5, 5 * round(minutes / 5))


def measured(nb: Notebook) -> dict[str, float]:
    """What the run that stored a lesson took, by its profile."""
    stamped = nb.metadata.get("t4s", {})
    if "minutes" not in stamped:
        return {}
    return {str(stamped["profile"]): float(stamped["minutes"])}


def spoken(minutes: float) -> str:
    """Measured minutes, as exactly as they come out the same again.

    Examples:
        >>> [spoken(m) for m in (0.02, 0.31, 1.38, 1.6, 7.66, 12.4)]
        ['5 s', '20 s', '85 s', '1.5 min', '7.5 min', '12 min']
    """
    if minutes < 1.5:
        return f"{max(5, 5 * round(12 * minutes))} s"
    rounded = round(2 * minutes) / 2 if minutes < 10 else round(minutes)
    return f"{rounded:g} min"


def has_line(nb: Notebook) -> bool:
    """Whether the lesson has such a line under its title."""
    return bool(_line(nb))


def _line(nb: Notebook) -> str:
    found = _LINE.search(nb.cells[0].source) if nb.cells else None
    return found[0] if found else ""


def _cores() -> int:
    return os.cpu_count() or 1
