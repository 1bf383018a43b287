"""What an exercise is: a right answer, cases to try it on, known wrong answers."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Literal

import numpy as np

View = Literal["cells", "text", "value"]
Answer = Callable[..., Any]


@dataclass(frozen=True)
class Mistake:
    """A plausible wrong answer, and the hint that sets it right.

    Attributes:
        name: What it does, in a few words; names its test.
        answer: The wrong answer: a function, or a value.
        hint: One or two sentences that point at the mistake, not at the solution.
    """

    name: str
    answer: Any
    hint: str


@dataclass(frozen=True)
class Exercise:
    """One exercise of a lesson.

    Attributes:
        id: Lesson and number, e.g. ``"2.3"``.
        title: What the learner makes.
        answer: The right answer: a function, or a value.
        cases: Arguments to try the learner's function on, simplest first.
        mistakes: Known wrong answers.
        hints: General hints, gentlest first.
        solution: What to show as the solution: functions of the library, or text.
        view: How a failing case is drawn.
        note: What to say where it is passed.
        trial: Tries an answer on a case, as ``trial(answer, *case)``; by default the
            answer is called with the case.
    """

    id: str
    title: str
    answer: Any
    mistakes: Sequence[Mistake]
    hints: Sequence[str]
    solution: Sequence[Any]
    cases: Sequence[tuple[Any, ...]] = ((),)
    view: View = "text"
    note: str = field(default="")
    trial: Answer | None = None

    def outcomes(self, answer: Any) -> list[Any]:
        """What an answer gives for each case; an exception counts as an outcome."""
        return [outcome(answer, case, self.trial) for case in self.cases]


@dataclass(frozen=True)
class Late:
    """A function or class that is imported when first used; it may need torch.

    Attributes:
        module: The module it stands in.
        name: Its name there.

    Examples:
        >>> Late("math", "sqrt")(9)
        3.0
    """

    module: str
    name: str

    def load(self) -> Any:
        """The function or class itself."""
        return getattr(import_module(self.module), self.name)

    def __call__(self, *given: Any) -> Any:
        """Load it and call it."""
        return self.load()(*given)


@dataclass(frozen=True)
class Raised:
    """An exception that an answer raised."""

    error: Exception

    def __str__(self) -> str:
        return f"{type(self.error).__name__}: {self.error}"


def outcome(answer: Any, case: tuple[Any, ...], trial: Answer | None = None) -> Any:
    """What an answer gives for one case: a function's result, or the value itself."""
    if not callable(answer):
        return answer
    try:
        given = copy.deepcopy(case)
        return answer(*given) if trial is None else trial(answer, *given)
    except Exception as error:  # noqa: BLE001 - learners' code raises anything; shown
        return Raised(error)


def is_blank(value: Any) -> bool:
    """Whether a stub was left as it was: it gives None or ``...``.

    Examples:
        >>> is_blank(...), is_blank(0)
        (True, False)
    """
    return value is None or value is ...


def same(one: Any, two: Any) -> bool:
    """Whether two outcomes agree: numbers within 1e-6, arrays with their shape.

    Examples:
        >>> same([1, 2], np.array([1, 2])), same([("a", 1)], [["a", 1]])
        (True, True)
        >>> same("3", 3), same(True, np.True_)
        (False, True)
    """
    if isinstance(one, Raised) or isinstance(two, Raised):
        return False
    if isinstance(one, str) or isinstance(two, str):
        return isinstance(one, str) and isinstance(two, str) and one == two
    if _holds_words(one) or _holds_words(two):
        return _same_lists(one, two)
    return _same_numbers(one, two)


def _holds_words(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return any(isinstance(item, str) or _holds_words(item) for item in value)
    return isinstance(value, np.ndarray) and value.dtype.kind in "UO"


def _same_lists(one: Any, two: Any) -> bool:
    if not all(isinstance(value, list | tuple | np.ndarray) for value in (one, two)):
        return False
    pairs = zip(one, two, strict=False)
    return len(one) == len(two) and all(same(a, b) for a, b in pairs)


def _same_numbers(one: Any, two: Any) -> bool:
    try:
        a, b = np.asarray(one, dtype=float), np.asarray(two, dtype=float)
    except (TypeError, ValueError):
        return False
    return a.shape == b.shape and bool(np.allclose(a, b, atol=1e-6, equal_nan=True))
