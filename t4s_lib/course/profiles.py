"""How much a lesson computes: ``ci``, ``laptop`` or ``gpu``.

A lesson has one papermill parameter, ``PROFILE``, and turns it into numbers here,
so that no lesson carries sizes and time limits of its own.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Profile:
    """The sizes a lesson computes with, and the time it may take.

    Attributes:
        name: What ``load`` was asked for.
        masks: How many masks a statistic is computed on.
        grids: Grid sides to sweep over, small to large.
        picture: Side of a synthetic scene, in pixels.
        cell_timeout_s: Seconds after which a single cell counts as stuck.
        lesson_budget_min: Minutes after which a lesson counts as stuck.
    """

    name: str
    masks: int
    grids: tuple[int, ...]
    picture: int
    cell_timeout_s: int
    lesson_budget_min: float


_PROFILES = {
    profile.name: profile
    for profile in (
        Profile("ci", 24, (8, 16, 32), 128, 60, 5),
        Profile("laptop", 200, (4, 8, 12, 16, 24, 32, 48, 64), 256, 180, 20),
        Profile("gpu", 1000, (4, 8, 12, 16, 24, 32, 48, 64, 96), 512, 600, 60),
    )
}

NAMES = tuple(_PROFILES)
"""The known profiles, small to large."""


def load(name: str) -> Profile:
    """Look a profile up by name.

    Raises:
        ValueError: If there is no such profile.

    Examples:
        >>> load("ci").grids
        (8, 16, 32)
    """
    if name not in _PROFILES:
        raise ValueError(f"profile is {name!r}, expected one of {', '.join(NAMES)}")
    return _PROFILES[name]
