r"""Equal neighbouring rows written once, with how often: ``others *16 x5``.

    others *16 x5\n dog *3| others *13\n       five rows of background, then the dog

A row ends with a count, so ``x5`` behind it can be no label.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from t4s_lib.codecs.report import Fault

TIMES = " x"

_TIMES = re.compile(r"(?<=[0-9-])([ \t]*+[xX][ \t]*+)([0-9]*+)[ \t\r]*\Z")
_ODD_END = re.compile(
    r"(\*[ \t]*[0-9]+[ \t]*[xX][ \t]*[0-9]+)[ \t]*(?:;|\\n)[ \t]*\n?[ \t]*"
)


class Unfolded(NamedTuple):
    """A text with every row written out.

    Attributes:
        body: The text.
        starts: Which rows were written; the others stood for in a count.
        faults: Counts that are not as we write them.
    """

    body: str
    starts: list[int]
    faults: list[Fault]


def fold(rows: Sequence[str]) -> list[str]:
    """Write equal neighbours once.

    Examples:
        >>> fold(["a *2", "b *2", "b *2"])
        ['a *2', 'b *2 x2']
    """
    counted = ((row, len(list(same))) for row, same in groupby(rows))
    return [row + f"{TIMES}{n}" * (n > 1) for row, n in counted]


def cut_times(line: str) -> tuple[str, int, str | None]:
    """A line without its count, the count, and the kind of fault if there is one.

    Examples:
        >>> cut_times("dog *16 x3"), cut_times("dog *16X 03")
        (('dog *16', 3, None), ('dog *16', 3, 'fold_spelling'))
    """
    found = _TIMES.search(line)
    if found is None:
        return line, 1, None
    times = int(found[2][:9] or 1)
    is_ours = found[0].rstrip("\r") == f"{TIMES}{times}" and times > 1
    return line[: found.start()], max(1, times), None if is_ours else "fold_spelling"


def unfold(body: str, rows: int) -> Unfolded:
    r"""Write every row out, a little more than fit the grid at most.

    Examples:
        >>> unfold("a *2 x2\n b *2\n", 3)
        Unfolded(body='a *2\n a *2\n b *2\n', starts=[0, 2], faults=[])
    """
    body, odd = _ODD_END.subn(r"\1\n ", body)
    faults = [Fault("row_separator", found=f"{odd} times")] * (odd > 0)
    out: list[str] = []
    starts: list[int] = []
    for line in body.split("\n"):
        row, times, kind = cut_times(line)
        at = len(out)
        if kind:
            faults.append(Fault(kind, min(at, rows - 1), 0, line.strip()))
        starts += [at] * (at < rows and row.strip() != "")
        more = min(times - 1, max(0, rows - at))
        out += [row, *[" " + row.strip(" \t")] * more]
    return Unfolded("\n".join(out), starts, faults)


def not_folded(ids: NDArray[np.int32], starts: Sequence[int]) -> list[Fault]:
    """A fault for each row that was written though it equals the one above."""
    inner = (at for at in starts if 0 < at < len(ids))
    return [
        Fault("not_folded", at, 0)
        for at in inner
        if np.array_equal(*ids[at - 1 : at + 1])
    ]
