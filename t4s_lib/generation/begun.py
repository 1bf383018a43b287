r"""A mask's text that is not finished, read: which cells it names so far.

    others *5| dog *1      5 cells are background; a dog run of 1 or 10 to 19 is begun

Every codec that writes its cells from the top left to the bottom right is read the
same way, with or without counts and row breaks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

MOST_CELLS = 1 << 20
"""What names more cells is no beginning of a mask: nothing is laid out for it."""


class Format(NamedTuple):
    """What matters of a codec here.

    Attributes:
        counts: Whether equal neighbours make one run, with its count.
        breaks: Whether runs end with their row, and rows with a line break.
    """

    counts: bool = True
    breaks: bool = True


class Begun(NamedTuple):
    """The part of a mask, or of one of its rows, that is written.

    Attributes:
        cells: Ids of the cells whose run is closed.
        labels: Ids that the run after them may have, by what is written of it.
        digits: What is written of its count.
    """

    cells: list[int]
    labels: tuple[int, ...]
    digits: str = ""


def read_begun(text: str, ids: Mapping[str, int], counts: bool = True) -> Begun | None:
    """Read runs of which the last is not finished.

    Args:
        text: Runs, and what there is of one more.
        ids: The id of each label, as it is written.
        counts: Whether the format has counts; where not, a label is one cell.

    Returns:
        What is written so far; None where a label is not among ``ids``, or a count
        is no number.

    Examples:
        >>> ids = {"others": 0, "dog": 1}
        >>> read_begun("others *2| dog *1| ot", ids)
        Begun(cells=[0, 0, 1], labels=(0,), digits='')
        >>> read_begun("others *1", ids)
        Begun(cells=[], labels=(0,), digits='1')
        >>> read_begun("others *2| cat", ids) is None
        True
    """
    *closed, last = text.split("|")
    cells = read_runs(closed, ids, counts)
    if cells is None:
        return None
    run = last.removeprefix(" ")
    word, star, digits = run.rpartition(" *")
    if counts and star and word in ids and (not digits or digits.isdecimal()):
        return Begun(cells, (ids[word],), digits)
    ending = " *" if counts else ""
    fits = tuple(k for name, k in ids.items() if (name + ending).startswith(run))
    return Begun(cells, fits) if fits else None


def read_runs(
    runs: list[str], ids: Mapping[str, int], counts: bool = True
) -> list[int] | None:
    """The cells of finished runs; None where one cannot be read.

    Examples:
        >>> read_runs(["others *2", " dog *1"], {"others": 0, "dog": 1})
        [0, 0, 1]
    """
    cells: list[int] = []
    for run in runs:
        word, digits = run.removeprefix(" "), "1"
        if counts:
            word, _, digits = word.rpartition(" *")
        if word not in ids or not digits.isdecimal() or len(digits) > 6:
            return None
        cells += [ids[word]] * int(digits)
        if len(cells) > MOST_CELLS:
            return None
    return cells
