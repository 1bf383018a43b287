"""Labels as they stand in the text: escaped where they would break the format.

Labels are data. One that holds a mark of the format (``|``, ``*``, a newline, a
tag), that begins or ends with a blank, or that *is* the word ``others``, is
written with ``%`` and two hexadecimal digits, as in web addresses; every other
label is left as it is, byte for byte, so that the released checkpoints and their
data stay readable. A ``%`` is itself escaped only where it would be misread.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from t4s_lib.descriptor import OTHERS

BLANKS = " \t\r\n"
"""The white space that separates; other Unicode blanks are part of a label."""

_ESCAPE = re.compile("%([0-9A-F]{2})")
_TAG_START = re.compile("<(?=/?seg>)", re.IGNORECASE)
_MARKS = re.compile(
    r"%(?=[0-9A-F]{2}) | [|*\r\n] | ^[ \t] | [ \t]\Z | <(?=/?seg>)",
    re.VERBOSE | re.IGNORECASE,
)


def escape_marks(label: str) -> str:
    """Escape what the format would misread, wherever it stands in the label.

    Examples:
        >>> escape_marks("half|full * 100%"), escape_marks("100%25")
        ('half%7Cfull %2A 100%', '100%2525')
    """
    return _MARKS.sub(lambda mark: f"%{ord(mark[0]):02X}", label)


def escape_tags(words: str) -> str:
    """Escape the tags alone, where words stand beside a mask.

    Examples:
        >>> escape_tags("the <seg> sign")
        'the %3Cseg> sign'
    """
    return _TAG_START.sub("%3C", words)


@lru_cache(maxsize=4096)
def escape(label: str) -> str:
    """How a target's label is written.

    Examples:
        >>> escape("dog laying down"), escape("others"), escape(" a|b")
        ('dog laying down', '%6Fthers', '%20a%7Cb')
    """
    if label == OTHERS:
        return f"%{ord(OTHERS[0]):02X}{OTHERS[1:]}"
    return escape_marks(label)


@lru_cache(maxsize=4096)
def unescape(raw: str) -> str:
    """The label that is written as ``raw``; the inverse of ``escape``.

    Examples:
        >>> unescape("%6Fthers"), unescape("100% wool")
        ('others', '100% wool')
    """
    return _ESCAPE.sub(lambda code: chr(int(code[1], 16)), raw)


@lru_cache(maxsize=4096)
def is_canonical(raw: str) -> bool:
    """Whether ``escape`` would write exactly this for some label.

    Examples:
        >>> is_canonical("dog"), is_canonical("a*b"), is_canonical("%64og")
        (True, False, False)
    """
    return raw != "" and escape(unescape(raw)) == raw


class LabelTable:
    """Turns written labels into numbers while a text is read.

    Args:
        labels: The labels that may occur, with or without ``others`` in front;
            None where any label may.

    Attributes:
        names: The table so far, ``others`` first; grows only where any label may.
    """

    def __init__(self, labels: Sequence[str] | str | None = None) -> None:
        some = () if labels is None else labels
        given = [some] if isinstance(some, str) else list(some)
        if not all(isinstance(label, str) and label for label in given):
            raise ValueError(f"labels are {given}, expected words that are not empty")
        self.names = [OTHERS, *(given[1:] if given[:1] == [OTHERS] else given)]
        self._may_name_others = OTHERS in given
        self.is_open = labels is None
        self._written = {escape(name): k for k, name in enumerate(self.names) if k}
        self._written[OTHERS] = 0

    def exact(self, raw: str) -> int | None:
        """The number of a label in its one right spelling, else None."""
        number = self._written.get(raw)
        if number is None and self._may_be_added(raw):
            number = self._add(raw, unescape(raw))
        return number

    def tolerant(self, raw: str) -> tuple[int, str | None]:
        """The number a label is taken for, and the kind of fault if there is one."""
        number = self.exact(raw)
        if number is not None:
            return number, None
        if not raw:
            return 0, "unknown_label"
        if self.is_open:
            return self._literal(raw), "label_escape"
        return self._resembling(unescape(raw))

    def _may_be_added(self, raw: str) -> bool:
        """Any label in an open table; a target called others where it was asked for."""
        if self.is_open:
            return is_canonical(raw)
        return self._may_name_others and raw == escape(OTHERS)

    def _add(self, raw: str, name: str) -> int:
        self.names.append(name)
        self._written[raw] = len(self.names) - 1
        return self._written[raw]

    def _literal(self, raw: str) -> int:
        if raw in self.names[1:]:
            return self.names.index(raw, 1)
        return self._add(escape(raw), raw)

    def _resembling(self, name: str) -> tuple[int, str]:
        def letters(word: str) -> str:
            return " ".join(word.casefold().split())

        for k, known in enumerate(self.names):
            if letters(known) == letters(name):
                return k, "label_spelling"
        return 0, "unknown_label"
