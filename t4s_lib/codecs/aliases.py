r"""A label is named once and called by a letter from then on: ``white horse=a *3``.

    others *2| white horse=a *3| others *1| a *2

Letters are given in the order in which labels come up: a, b, ..., z, aa, ab. The
background is never renamed, and every target is, so a word is a letter, ``others``,
or has ``=`` and its letter at its end, whatever the label holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from t4s_lib.codecs.exact import RUN, STAR
from t4s_lib.codecs.labels import LabelTable
from t4s_lib.descriptor import OTHERS

IS = "="

_LETTERS = re.compile("[a-z]{1,3}")


def alias(k: int) -> str:
    """The name of the label that comes up as number ``k``, from 0.

    Examples:
        >>> alias(0), alias(25), alias(26)
        ('a', 'z', 'aa')
    """
    before, letter = divmod(k, 26)
    return (alias(before - 1) if before else "") + chr(ord("a") + letter)


def name_first(rows: Iterable[str], names: Sequence[tuple[str, str]]) -> list[str]:
    """Write the label where its letter stands for the first time.

    Args:
        rows: Rows of runs, with letters for labels.
        names: Letter and label, in the order in which they come up.

    Examples:
        >>> name_first(["a *1| others *1", "a *2"], [("a", "dog")])
        ['dog=a *1| others *1', 'a *2']
    """
    out, left = [], list(names)
    for row in rows:
        runs = row.split(RUN) if left else [row]
        for at, run in enumerate(runs):
            if left and run.startswith(left[0][0] + STAR):
                _, label = left.pop(0)
                runs[at] = f"{label}{IS}{run}"
        out.append(RUN.join(runs))
    return out


class AliasTable(LabelTable):
    """Reads letters for labels, and learns them where labels are named.

    Args:
        table: Knows the labels; what is read is added to it.
    """

    def __init__(self, table: LabelTable) -> None:
        self.names, self.is_open = table.names, table.is_open
        self._labels = table
        self._called: dict[str, tuple[int, str | None]] = {OTHERS: (0, None)}

    def exact(self, raw: str) -> int | None:
        """The number of a letter, or of a label as it is being named."""
        number, kind = self.tolerant(raw)
        return number if kind is None else None

    def tolerant(self, raw: str) -> tuple[int, str | None]:
        """The number a word is taken for, and the kind of fault if there is one."""
        if raw in self._called:
            return self._called[raw]
        label, mark, letter = raw.rpartition(IS)
        if mark and _LETTERS.fullmatch(letter):
            return self._name(label, letter)
        number, kind = self._labels.tolerant(raw)
        return number, kind or "no_alias"

    def _name(self, label: str, letter: str) -> tuple[int, str | None]:
        number, kind = self._labels.tolerant(label)
        known = self._called.get(letter, (number, None))[0]
        is_next = letter in self._called or letter == alias(len(self._called) - 1)
        unknown = kind if kind == "unknown_label" else None
        self._called[letter] = number, unknown
        is_odd = known != number or not is_next or number == 0
        return number, kind or ("alias_spelling" if is_odd else None)
