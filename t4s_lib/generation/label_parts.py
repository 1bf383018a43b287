"""Rules for texts that go label by label: which labels a part of the text may have.

Each label comes once. ``labelp23`` begins the section of label 2 or of label 3, and
says what part of the text its section stands in: ``p3`` or ``p2``, in which the other
one may still come.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

from t4s_lib.generation.open_labels import LABEL, label_rules
from t4s_lib.generation.rules import Part, Parts, Ref

MOST_SETS = 4
"""Up to so many labels, each may come once; of more, none is crossed off."""

MOST_OPEN = 8
"""How many labels a text may have where they are not known beforehand."""


class Opening(NamedTuple):
    """One way in which a section may begin.

    Attributes:
        head: What it begins with, its label and the mark behind it.
        part: The part of the text that it is in.
    """

    head: list[Part]
    part: str


def label_parts(labels: Sequence[str] | None, mark: str) -> dict[str, list[Opening]]:
    """By rule, how a section may begin; the text's first section by the first rule.

    Args:
        labels: As they are written, ``others`` first; None for any.
        mark: What stands behind a label.
    """
    targets = range(1, len(labels or [""] * (MOST_OPEN + 1)))
    heads: list[list[Part]] = [[f"{label}{mark}"] for label in (labels or [])[1:]]
    if labels is None or len(targets) > MOST_SETS:
        heads = heads or [[Ref("HEAD")]]
        return {
            f"labelp{n}": [Opening(head, f"p{n - 1}") for head in heads]
            for n in range(len(targets), 0, -1)
        }
    return {
        f"label{_name(left)}": [
            Opening(heads[gone - 1], _name([k for k in left if k != gone]))
            for gone in left
        ]
        for n in range(len(targets), 0, -1)
        for left in combinations(targets, n)
    }


def ends(parts: dict[str, list[Opening]]) -> dict[str, Parts]:
    """By part of the text, what may stand behind a section that is in it."""
    names = {opening.part for openings in parts.values() for opening in openings}
    return {
        part: [["\n"], ["\n ", Ref(f"label{part}")]]
        if f"label{part}" in parts
        else [["\n"]]
        for part in sorted(names)
    }


def head_rules(labels: Sequence[str] | None, mark: str) -> dict[str, Parts]:
    """The rules of a label that is not known beforehand; none where all are."""
    return {"HEAD": [[LABEL, mark]], **label_rules()} if labels is None else {}


def _name(left: Sequence[int]) -> str:
    return "p" + "".join(map(str, left))
