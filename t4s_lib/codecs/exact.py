"""The fast way through text that is exactly right: split, look up, repeat."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from t4s_lib.codecs.labels import LabelTable

STAR = " *"
RUN = "| "


def exact_runs(
    text: str, cells: int, table: LabelTable
) -> tuple[list[int], list[int]] | None:
    """Ids and counts of canonical runs that fill ``cells``; None for other text."""
    ids: list[int] = []
    counts: list[int] = []
    for run in text.split(RUN):
        raw, star, digits = run.rpartition(STAR)
        number, count = table.exact(raw), _count(digits)
        if not star or number is None or count is None or ids[-1:] == [number]:
            return None
        ids.append(number)
        counts.append(count)
    return (ids, counts) if sum(counts) == cells else None


def run_text(ids: Sequence[int], words: list[str]) -> str:
    """Write ids as runs.

    Examples:
        >>> run_text([0, 0, 1], ["others", "dog"])
        'others *2| dog *1'
    """
    parts: list[str] = []
    start, last = 0, len(ids)
    for at in range(1, last + 1):
        if at == last or ids[at] != ids[start]:
            parts.append(f"{words[ids[start]]} *{at - start}")
            start = at
    return RUN.join(parts)


@lru_cache(maxsize=4096)
def _count(digits: str) -> int | None:
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 9:
        return None
    return int(digits) if digits[0] != "0" else None
