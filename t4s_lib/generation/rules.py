"""Grammar rules as values, and the two ways that engines want them written.

Lark   row2: LABEL " *2" | ...         llguidance; vLLM's backend of that name
EBNF   row2 ::= "dog" " *2" | ...      xgrammar, llama.cpp; vLLM's default
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SYNTAXES = ("lark", "ebnf")
"""How a grammar can be written."""


@dataclass(frozen=True)
class Ref:
    """The name of another rule: small letters, digits, underscores."""

    name: str


@dataclass(frozen=True)
class Words:
    """Any words without some characters, then fixed text.

    Attributes:
        without: Characters that the words do not have.
        most: Most characters.
        then: What follows them.
        is_trimmed: Whether the words neither begin nor end with a blank.
    """

    without: str
    most: int
    then: str = ""
    is_trimmed: bool = False


Part = str | Ref | Words
Rules = Mapping[str, Sequence[Sequence[Part]]]
"""Alternatives by the rule's name, each a series of parts; ``start`` is the first."""


def written(rules: Rules, syntax: str = "lark") -> str:
    r"""Rules as a grammar's text.

    Args:
        rules: What may be written.
        syntax: One of ``SYNTAXES``.

    Raises:
        ValueError: For an unknown syntax.

    Examples:
        >>> print(written({"start": [["a", Ref("b")]], "b": [["\n"], ["c"]]}))
        start: "a" b
        b: "\n" | "c"
        >>> print(written({"start": [["dog"]]}, "ebnf"))
        root ::= "dog"
    """
    if syntax not in SYNTAXES:
        raise ValueError(f"syntax is {syntax!r}, expected one of {', '.join(SYNTAXES)}")
    lark = syntax == "lark"
    part, equals = (_lark, ": ") if lark else (_ebnf, " ::= ")
    names = {} if lark else {"start": "root"}
    return "\n".join(
        names.get(name, name)
        + equals
        + " | ".join(" ".join(map(part, parts)) or '""' for parts in alternatives)
        for name, alternatives in rules.items()
    )


def _lark(part: Part) -> str:
    if isinstance(part, Ref):
        return part.name
    if isinstance(part, str):
        return json.dumps(part, ensure_ascii=False)
    return f"/{_pattern(part)}{_escaped(part.then)}/"


def _ebnf(part: Part) -> str:
    if isinstance(part, Ref):
        return part.name
    if isinstance(part, str):
        return json.dumps(part, ensure_ascii=False)
    return " ".join(filter(None, [_pattern(part), part.then and _ebnf(part.then)]))


def _pattern(words: Words) -> str:
    any_ = f"[^{_in_class(words.without)}]"
    if not words.is_trimmed:
        return f"{any_}{{1,{words.most}}}"
    edge = f"[^{_in_class(words.without)} \\t]"
    return f"{edge}({any_}{{0,{words.most - 2}}}{edge})?"


def _in_class(characters: str) -> str:
    return "".join(
        f"\\{c}" if c in "\\]^-/" else json.dumps(c)[1:-1] for c in characters
    )


def _escaped(text: str) -> str:
    return "".join(f"\\{c}" if c in r"\.*+?()[]{}|^$/" else c for c in text)
