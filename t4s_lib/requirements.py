"""The library's dependencies, read from its own installed metadata.

``pyproject.toml`` is the single source of versions; an installed package carries
them along, so nothing here repeats one. Needs no package but Python's own.
"""

from __future__ import annotations

import re
from importlib import metadata
from typing import NamedTuple

PACKAGE = "t4s-lib"

GROUPS = {
    "core": "the library and the command t4s",
    "data": "real masks, and edges of pictures; part of course",
    "course": "lessons, widgets and figures",
    "model": "training and running models; lessons 00 and 03",
}
"""Each group of dependencies, and what needs it."""

_REQUIREMENT = re.compile(
    r"(?P<name>[\w.-]+)\s*(?:\[[^\]]*\])?\s*(?P<range>[^;]*?)\s*"
    r"(?:;.*extra\s*==\s*['\"](?P<group>[\w-]+)['\"].*)?"
)
_BOUND = re.compile(r"(>=|<=|==|!=|~=|<|>)\s*([\d.]+)")


class Requirement(NamedTuple):
    """One dependency, as the library's metadata declares it.

    Attributes:
        name: Name of the distribution.
        range: The versions that will do, such as ``"<3,>=2.0"``.
        group: The group it belongs to.
    """

    name: str
    range: str
    group: str


def requirements() -> list[Requirement]:
    """The dependencies of the installed library, by group.

    Raises:
        PackageNotFoundError: If the library is not installed.
    """
    matches = map(_REQUIREMENT.fullmatch, metadata.requires(PACKAGE) or ())
    found = [
        Requirement(
            match["name"], match["range"].strip(" ()"), match["group"] or "core"
        )
        for match in matches
        if match
    ]
    known = [r for r in found if r.group in GROUPS and r.name != PACKAGE]
    return sorted(known, key=lambda r: (list(GROUPS).index(r.group), r.name))


def verdict(version: str, wanted: str) -> str:
    """Whether a version lies in a range: ``ok``, ``old`` or ``new``.

    Examples:
        >>> verdict("2.3.5", "<3,>=2.0"), verdict("1.26", ">=2,<3")
        ('ok', 'old')
        >>> verdict("2.13.0+cpu", "==2.13.0"), verdict("3.0", ">=2,<3")
        ('ok', 'new')
    """
    for sign, bound in _BOUND.findall(wanted):
        have, limit = _padded(version, bound)
        if have < limit and sign in (">=", ">", "==", "~="):
            return "old"
        if (have > limit and sign in ("<", "<=", "==")) or (
            have == limit and sign == "<"
        ):
            return "new"
    return "ok"


def _padded(*versions: str) -> list[tuple[int, ...]]:
    numbers = [[int(n) for n in _release(text).split(".") if n] for text in versions]
    width = max(map(len, numbers))
    return [(*n, *[0] * (width - len(n))) for n in numbers]


def _release(version: str) -> str:
    match = re.match(r"[\d.]*", version)
    return match[0] if match else ""
