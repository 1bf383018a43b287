"""What goes wrong with a mask's text: the ready-made damages of "Break it"."""

from __future__ import annotations

import re

_COUNT = re.compile(r"\*(\d+)")
_ROW = "\n "
_HUGE = 10**12

LOST = 3
"""Cells that "lose 3 cells" takes from a row."""

RESET = "reset"


def damages(text: str) -> dict[str, str]:
    r"""A mask's text, damaged in the ways that models damage it.

    Args:
        text: R-RLE without a fault.

    Returns:
        Name of the damage to the damaged text; ``"reset"`` gives the text itself.

    Examples:
        >>> broken = damages("others *5| dog *3\n others *8\n")
        >>> broken["lose 3 cells in row 1"]
        'others *5| dog *3\n others *5\n'
        >>> broken["drop every 'others'"]
        'dog *3\n'
    """
    row = min(6, len(_rows(text)) - 1)
    return {
        f"lose {LOST} cells in row {row}": lose_cells(text, row, LOST),
        "drop every 'others'": drop_label(text, "others"),
        "one comma for a pipe": comma_for_pipe(text),
        "a count of 10^12": huge_count(text),
        "cut the text off": cut_off(text),
        "prose around it": with_prose(text),
        RESET: text,
    }


def lose_cells(text: str, row: int, cells: int) -> str:
    r"""Lower the largest count of a row; the row is then too short.

    Examples:
        >>> lose_cells("others *8\n dog *2| others *6\n", row=1, cells=3)
        'others *8\n dog *2| others *3\n'
    """
    rows = _rows(text)
    largest = max(_COUNT.finditer(rows[row]), key=lambda count: int(count[1]))
    fewer = max(1, int(largest[1]) - cells)
    rows[row] = _replaced(rows[row], largest, f"*{fewer}")
    return _ROW.join(rows) + "\n"


def drop_label(text: str, label: str) -> str:
    """Leave out every run of a label, and rows that had no other."""
    kept = (
        [run for run in row.split("| ") if not run.startswith(f"{label} *")]
        for row in _rows(text)
    )
    return _ROW.join("| ".join(runs) for runs in kept if runs) + "\n"


def comma_for_pipe(text: str) -> str:
    """Write a comma for the pipe nearest to the middle; a text without any is kept.

    Examples:
        >>> comma_for_pipe("others *5| dog *3")
        'others *5, dog *3'
    """
    pipes = list(re.finditer(r"\|", text))
    return _replaced(text, pipes[len(pipes) // 2], ",") if pipes else text


def huge_count(text: str) -> str:
    """Write 10^12 for the first count of the middle row."""
    rows = _rows(text)
    middle = len(rows) // 2
    rows[middle] = _COUNT.sub(f"*{_HUGE}", rows[middle], count=1)
    return _ROW.join(rows) + "\n"


def cut_off(text: str) -> str:
    r"""End the text in the middle of a run, as a token limit does.

    Examples:
        >>> cut_off("others *5| dog *3\n others *8\n")
        'others *5| dog *3\n othe'
    """
    rows = _rows(text)
    whole = len(rows) * 5 // 8
    stump = rows[whole][: max(1, rows[whole].rindex("*") - 3)]
    return _ROW.join([*rows[:whole], stump])


def with_prose(text: str) -> str:
    """Put words before and behind, as a chatty model does."""
    return f"Sure, here is the mask:\n{text}I hope this helps!\n"


def _rows(text: str) -> list[str]:
    return text.strip("\n").split(_ROW)


def _replaced(text: str, found: re.Match[str], by: str) -> str:
    return text[: found.start()] + by + text[found.end() :]
