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
        recipe: What lesson 03 trains with, see ``t4s_lib/recipes``.
        by_heart: Steps in which it learns one picture by heart.
        train_eval: How many held-out scenes a trained model is measured on.
        cell_timeout_s: Seconds after which a single cell counts as stuck.
        training_timeout_s: The same for a cell tagged ``training``.
        lesson_budget_min: Minutes after which a lesson counts as stuck.
    """

    name: str
    masks: int
    grids: tuple[int, ...]
    picture: int
    recipe: str
    by_heart: int
    train_eval: int
    cell_timeout_s: int
    training_timeout_s: int
    lesson_budget_min: float


_PROFILES = {
    profile.name: profile
    for profile in (
        Profile(
            name="ci",
            masks=24,
            grids=(8, 16, 32),
            picture=128,
            recipe="tiny-ci",
            by_heart=40,
            train_eval=24,
            cell_timeout_s=120,
            training_timeout_s=300,
            lesson_budget_min=8,
        ),
        Profile(
            name="laptop",
            masks=200,
            grids=(4, 8, 12, 16, 24, 32, 48, 64),
            picture=256,
            recipe="tiny",
            by_heart=60,
            train_eval=96,
            cell_timeout_s=180,
            training_timeout_s=900,
            lesson_budget_min=25,
        ),
        Profile(
            name="gpu",
            masks=1000,
            grids=(4, 8, 12, 16, 24, 32, 48, 64, 96),
            picture=512,
            recipe="tiny",
            by_heart=60,
            train_eval=400,
            cell_timeout_s=600,
            training_timeout_s=1800,
            lesson_budget_min=60,
        ),
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
