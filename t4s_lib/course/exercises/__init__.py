"""The exercises of all lessons, one file a lesson, found by number."""

from __future__ import annotations

from t4s_lib.course.exercises import (
    lesson00,
    lesson01,
    lesson02,
    lesson03,
    lesson04,
    lesson05,
    lesson06,
    lesson07,
)
from t4s_lib.course.exercises.model import Exercise

EXERCISES: dict[str, Exercise] = {
    task.id: task
    for lesson in (
        lesson00,
        lesson01,
        lesson02,
        lesson03,
        lesson04,
        lesson05,
        lesson06,
        lesson07,
    )
    for task in lesson.EXERCISES
}
"""Every exercise by number, in the order of the course."""


def exercise(id: str) -> Exercise:
    """The exercise of this number.

    Raises:
        ValueError: If there is none, with the numbers that there are.

    Examples:
        >>> exercise("2.1").title
        'The runs of a row'
        >>> exercise("9.9")
        Traceback (most recent call last):
        ValueError: exercise is '9.9', expected one of 0.1, ...
    """
    if id not in EXERCISES:
        raise ValueError(f"exercise is {id!r}, expected one of {', '.join(EXERCISES)}")
    return EXERCISES[id]
