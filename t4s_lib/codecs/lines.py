"""Which line of a text stands for which row, also where breaks are lost or odd.

The aim is that a fault in one row moves no other. So a line that is empty or holds
no run stands where a row should, as long as the number of lines is right.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from t4s_lib.codecs.labels import BLANKS
from t4s_lib.codecs.report import Fault
from t4s_lib.codecs.runs import Run, find_runs
from t4s_lib.codecs.tags import Tagged

_MARK = re.compile(r"[*|0-9]")
_ODD_ROW_END = re.compile(r"(\*[ \t]*[0-9]+)[ \t]*(?:;|\\n)[ \t]*\n?[ \t]*")


class Line(NamedTuple):
    """One line that stands for a row.

    Attributes:
        text: As it was written; None where it was part of a longer line.
        runs: The runs found in it.
    """

    text: str | None
    runs: list[Run]


def row_lines(tagged: Tagged, rows: int) -> tuple[list[str], list[Fault]]:
    """The lines that stand for rows, and faults for what was dropped or replaced."""
    faults: list[Fault] = []
    body = tagged.body.replace("\r\n", "\n")
    if len(_without_blank(body, rows)[0]) != rows:
        body, odd = _ODD_ROW_END.subn(r"\1\n ", body)
        faults += [Fault("row_separator", found=f"{odd} times")] * (odd > 0)
    lines, blank = _without_blank(body, rows)
    faults += blank
    if not tagged.is_tagged:
        lines, outside = _without_prose(lines, rows)
        faults += outside
    return lines, faults


def split_joined(
    lines: Sequence[Line], shape: tuple[int, int]
) -> tuple[list[Line], list[Fault]]:
    """Cut lines that hold several whole rows, where rows are missing."""
    missing = shape[0] - len(lines)
    out: list[Line] = []
    faults: list[Fault] = []
    for line in lines:
        parts = _cut(line.runs, shape[1]) if missing > 0 else [line.runs]
        if 1 < len(parts) <= missing + 1:
            missing -= len(parts) - 1
            faults.append(Fault("no_row_breaks", len(out), shape[1] - 1))
            out += [Line(None, part) for part in parts]
        else:
            out.append(line)
    return out, faults


def _cut(runs: list[Run], width: int) -> list[list[Run]]:
    """Runs cut wherever they fill a row; whole if they do not fill rows exactly."""
    parts: list[list[Run]] = [[]]
    filled = 0
    for run in runs:
        if filled == width:
            parts.append([])
            filled = 0
        parts[-1].append(run)
        filled += run.cells or 0
        if filled > width:
            return [runs]
    return parts if filled == width else [runs]


def _without_blank(body: str, rows: int) -> tuple[list[str], list[Fault]]:
    """The lines without empty ones, unless with these there is one a row."""
    lines = body.rstrip(" \t").removesuffix("\n").split("\n")
    inner = "\n".join(lines).strip(BLANKS).split("\n")
    for whole in (lines, inner, lines[1:] if not lines[0].strip(BLANKS) else lines):
        if len(whole) == rows:
            return whole, []
    blank = [k for k, line in enumerate(inner) if not line.strip(BLANKS)]
    faults = [Fault("white_space", None, None, "an empty line")] * (len(blank) > 0)
    return [line for line in inner if line.strip(BLANKS)], faults


def _without_prose(lines: list[str], rows: int) -> tuple[list[str], list[Fault]]:
    """Where there are no tags: drop the lines around the mask that are no rows.

    A line without a run is a broken row rather than prose if it has a mark of one
    (star, pipe or digit), or is a label that other rows use, or is empty, and there
    are not too many lines.
    """
    labels = {run.raw for line in lines for run in find_runs(line) if run.cells}

    def is_prose(line: str, is_surplus: bool) -> bool:
        if any(run.cells for run in find_runs(line)):
            return False
        plain = line.strip(BLANKS)
        is_row = not plain or plain in labels or _MARK.search(plain)
        return is_surplus or not is_row

    first, last = 0, len(lines)
    while first < last and is_prose(lines[first], last - first > rows):
        first += 1
    while first < last and is_prose(lines[last - 1], last - first > rows):
        last -= 1
    if first == last:
        return lines, []
    outside = [line.strip(BLANKS) for line in lines[:first] + lines[last:]]
    return lines[first:last], [Fault("prose", found=line) for line in outside]
