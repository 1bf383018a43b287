"""Grammar rules as values, and the two ways that engines want them written.

Lark   row2: "dog" " *2" | ...         llguidance; vLLM's backend of that name
EBNF   row2 ::= "dog" " *2" | ...      xgrammar; vLLM's default
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SYNTAXES = ("lark", "ebnf")
"""How a grammar can be written."""


@dataclass(frozen=True)
class Ref:
    """The name of another rule, without underscores.

    Capitals name a terminal, which refers to terminals alone. Lark's engines cut a
    text into terminals, each as long as it can be: what cannot be told apart by its
    next character has to be one terminal.
    """

    name: str


@dataclass(frozen=True)
class Chars:
    """One character, of those given or of all others.

    Attributes:
        among: The characters.
        are_others: Whether it is one of the others.
    """

    among: str
    are_others: bool = False


@dataclass(frozen=True)
class Many:
    """A part several times.

    Attributes:
        part: What is repeated.
        least: How often at least.
        most: How often at most.
    """

    part: Chars | Ref
    least: int
    most: int


Part = str | Ref | Chars | Many
Parts = list[list[Part]]
"""Alternatives, each a series of parts."""

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
    equals, names = (": ", {}) if lark else (" ::= ", {"start": "root"})
    return "\n".join(
        names.get(name, name)
        + equals
        + " | ".join(
            " ".join(_part(part, lark) for part in parts) or '""'
            for parts in alternatives
        )
        for name, alternatives in rules.items()
    )


def _part(part: Part, lark: bool) -> str:
    if isinstance(part, Ref):
        return part.name
    if isinstance(part, str):
        return json.dumps(part, ensure_ascii=False)
    if isinstance(part, Many):
        return f"{_part(part.part, lark)}{{{part.least},{part.most}}}"
    inside = "".join(map(_in_class, part.among))
    one = f"[{'^' * part.are_others}{inside}]"
    return f"/{one}/" if lark else one


def _in_class(character: str) -> str:
    if character in "\\]^-/":
        return f"\\x{ord(character):02X}"
    return json.dumps(character, ensure_ascii=False)[1:-1]
