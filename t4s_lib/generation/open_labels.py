"""A label that is not known beforehand, spelled as the codecs would spell it.

What would break the format is written with ``%`` and two digits (``codecs/labels``),
and nothing else is. Left out are the rare spellings in which it takes more than the
next character to tell: ``%A%``, and ``<`` before a letter or a mark. That also keeps
engines which read special tokens as text from writing ``<image>``.
"""

from __future__ import annotations

from t4s_lib.descriptor import OTHERS
from t4s_lib.generation.rules import Chars, Many, Part, Parts, Ref

LABEL = Ref("LABEL")
"""The terminal of a label."""

LONGEST = 240
"""Characters of the longest label, an escaped one counted as one."""

AFTER_LEFT = " =0123456789"
"""What may stand behind ``<`` in words."""

_MARKS = "|*\n\r"
_HEX = "0123456789ABCDEFabcdef"
_DIGIT = Chars(_HEX)
_SIGNS: Part = Many(Chars("%"), 1, 9)
_LEFTS: Part = Many(Chars("<"), 1, 9)


def label_rules() -> dict[str, Parts]:
    """The terminal ``LABEL`` and those that it is made of."""
    first, middle, last = Ref("FIRST"), Ref("MIDDLE"), Ref("LAST")
    edges: Parts = [["%20"], ["%09"]]
    return {
        "LABEL": [
            [last],
            [first, Many(middle, 0, LONGEST - 2), last],
            [f"%{ord(OTHERS[0]):02X}{OTHERS[1:]}"],
        ],
        "FIRST": [[Ref("INNER")], *edges],
        "MIDDLE": [[Ref("INNER")], [Chars(" \t")]],
        "LAST": [
            *_plain(" \t"),
            *_escaped(),
            *edges,
            [_SIGNS],
            [_SIGNS, _DIGIT],
            [_LEFTS],
        ],
        "INNER": [*_plain(""), *_escaped()],
    }


def _plain(blanks: str) -> Parts:
    """A character as it is, or a sign that begins no escape and what follows it."""
    after = _MARKS + "<%" + blanks
    return [
        [Chars(_MARKS + "<% \t", are_others=True)],
        [_LEFTS, Chars(AFTER_LEFT.strip() if blanks else AFTER_LEFT)],
        [_SIGNS, Chars(after + _HEX, are_others=True)],
        [_SIGNS, _DIGIT, Chars(after + _HEX, are_others=True)],
    ]


def _escaped() -> Parts:
    """A mark, or a percent sign that would be read as an escape, or a tag."""
    tag: list[Part] = [Chars("sS"), Chars("eE"), Chars("gG"), ">"]
    marks: Parts = [[_SIGNS, f"{ord(mark):02X}"] for mark in _MARKS]
    return [
        *marks,
        [_SIGNS, "25", _DIGIT, _DIGIT],
        [_SIGNS, "3C", *tag],
        [_SIGNS, "3C/", *tag],
    ]
