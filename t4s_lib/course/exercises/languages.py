r"""The small languages of lesson 04: all the texts that a rule allows, one by one."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from t4s_lib.course.exercises.model import is_blank
from t4s_lib.course.exercises.writing import cut, row_rule

Rule = Callable[[int, str, str], list[str]]

_REST = re.compile(r"<(.+) (-?\d+)>\Z")


def texts_of(rule: Rule, left: int, label: str, other: str) -> list[str]:
    """All texts that a rule allows, sorted.

    Raises:
        TypeError: If the rule gives anything but a list of texts.
        ValueError: If what is left does not become less, or is less than a cell.

    Examples:
        >>> texts_of(row_rule, 2, "dog", "others")
        ['dog *1| others *1', 'dog *2']
    """
    found = []
    for words in _alternatives(rule, left, label, other):
        rest = _REST.search(words)
        if rest is None:
            found.append(words)
            continue
        fewer = int(rest[2])
        if not 0 < fewer < left:
            raise ValueError(f"{words!r} is allowed where {left} cells are left")
        after = other if rest[1] == label else label
        head = words[: rest.start()]
        found += [head + tail for tail in texts_of(rule, fewer, rest[1], after)]
    return sorted(found)


def language(rule: Rule, left: int, label: str, other: str) -> Any:
    """All texts of a rule, or in words why it has none; how 4.1 is tried."""
    if is_blank(rule(left, label, other)):
        return None
    try:
        return texts_of(rule, left, label, other)
    except ValueError as error:
        return f"{error}"


def _alternatives(rule: Rule, left: int, label: str, other: str) -> list[str]:
    given = rule(left, label, other)
    if not isinstance(given, list | tuple) or any(type(x) is not str for x in given):
        raise TypeError(f"the rule gives {given!r}, expected a list of texts")
    return list(given)


def rows_of(width: int, one: str, two: str) -> list[str]:
    r"""All rows of a width in two labels, each with its line break.

    Examples:
        >>> rows_of(1, "others", "dog")
        ['others *1\n', 'dog *1\n']
    """
    both = ((one, two), (two, one))
    return [f"{text}\n" for pair in both for text in texts_of(row_rule, width, *pair)]


TEXTS = rows_of(2, "others", "dog")
"""The language of exercise 4.2: every row of two cells."""

VOCABULARY = (
    *("others", "oth", "ers", "dog", "do", "g"),
    *(" *1", " *2", " *3", " *", "*", "1", "2", "| ", "|", " ", "\n"),
)
"""The tokens of exercise 4.2; as in real vocabularies, words can be spelt in parts."""

ROWS = [cut(text) for text in rows_of(3, "others", "the star")]
"""The language of exercise 4.3, as tokens: every row of three cells."""
