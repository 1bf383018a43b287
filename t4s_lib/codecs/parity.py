"""The authors' way of reading, kept because the course shows the difference.

All rows go into one flat list of labels. A list that is too short is padded with
its last label, one that is too long is cut, so one bad row shifts every row below
it. Labels are numbered in order of appearance with ``others`` as 0; where the text
never says ``others``, its first label becomes the background. Anything unexpected
empties the whole mask.

Source: the authors' ``utils.py`` and ``infer_refer_seg.py`` (described, not copied).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from t4s_lib.codecs.report import Fault, ParseReport, Status
from t4s_lib.codecs.tags import CLOSE, OPEN
from t4s_lib.descriptor import OTHERS, DescriptorGrid

Runs = list[tuple[str, int]]

_DIGITS = 18  # longer counts are beyond any grid; they are read as if this long


class Unexpected(Exception):
    """What makes the authors' decoder give up on the whole mask."""


def flat_run(run: str) -> tuple[str, int]:
    """Split ``label *count`` as the authors do: two parts, the second a number.

    Raises:
        Unexpected: If it is anything else.

    Examples:
        >>> flat_run("dog *3")
        ('dog', 3)
    """
    parts = run.split(" *")
    if len(parts) != 2:
        raise Unexpected(run)
    digits = parts[1].strip()
    try:
        return parts[0], int(digits[:_DIGITS])
    except ValueError:
        raise Unexpected(run) from None


def flat_grid(
    text: str, read: Callable[[str], Runs], shape: tuple[int, int]
) -> tuple[DescriptorGrid, ParseReport]:
    """Lay a flat reading out as a grid, the authors' way.

    Args:
        text: A whole answer; a text without tags counts as what stands in them.
        read: Gives the labels and counts of what stands between the tags, or raises
            ``Unexpected``.
        shape: Rows and columns.

    Returns:
        The grid and a report of what was done silently.
    """
    try:
        runs = [(label, count) for label, count in read(_body(text)) if count > 0]
        if not runs:
            raise Unexpected("")
    except Unexpected as found:
        empty = DescriptorGrid(np.zeros(shape, np.int32), (OTHERS,))
        return empty, ParseReport("failed", (Fault("gave_up", found=str(found)),))
    numbers, labels, faults = _number(runs)
    if OPEN in text and CLOSE not in text:
        faults.append(Fault("missing_close_tag"))
    ids, length = _fill(runs, numbers, shape[0] * shape[1])
    if length is not None:
        row, column = divmod(length, shape[1])
        faults.append(Fault("flat_length", row, column))
    status: Status = "repaired" if faults else "exact"
    grid = DescriptorGrid(ids.reshape(shape), labels)
    return grid, ParseReport(status, tuple(faults))


def _body(text: str) -> str:
    """From the first open tag to the next closing one; to the end without it."""
    before, tag, behind = text.partition(OPEN)
    if tag:
        return behind.partition(CLOSE)[0]
    if CLOSE in before:
        raise Unexpected(CLOSE)
    return before


def _number(runs: Runs) -> tuple[dict[str, int], tuple[str, ...], list[Fault]]:
    order = list(dict.fromkeys(label for label, _ in runs))
    faults = []
    if OTHERS in order:
        order.remove(OTHERS)
        order.insert(0, OTHERS)
    else:
        faults.append(Fault("first_label_lost", 0, 0, order[0]))
    numbers = {label: k for k, label in enumerate(order)}
    return numbers, (OTHERS, *_named(order[1:])), faults


def _named(labels: list[str]) -> list[str]:
    """Labels, none of them empty: a run without one is given a name of its own."""
    name = "(no label)"
    while name in labels:
        name += "'"
    return [label or name for label in labels]


def _fill(
    runs: Runs, numbers: dict[str, int], cells: int
) -> tuple[np.ndarray[tuple[int], np.dtype[np.int32]], int | None]:
    """The flat ids, and the length before padding or cutting where it was off."""
    ids = np.empty(cells, np.int32)
    at = 0
    for label, count in runs:
        stop = min(cells, at + count)
        ids[at:stop] = numbers[label]
        if at + count > cells:
            return ids, cells
        at = stop
    ids[at:] = numbers[runs[-1][0]]
    return ids, at if at < cells else None
