"""``check``, ``hint`` and ``solution``: what stands under every exercise.

``check("2.3", mine)`` never raises in a lesson. It answers *passed*, *not attempted
yet*, or *not yet* with the first failing case drawn (target, yours, difference) and
one hint, chosen by the known wrong answer that yours behaves like.
"""

from __future__ import annotations

import html
import inspect
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Number
from typing import Any, Literal

import numpy as np
from IPython.display import Markdown

from t4s_lib.course.exercises import exercise
from t4s_lib.course.exercises.model import Exercise, Late, Raised, is_blank, same
from t4s_lib.course.failing import case_html, case_text

Verdict = Literal["passed", "not attempted yet", "not yet"]

_given: Counter[str] = Counter()


@dataclass(frozen=True)
class CheckResult:
    """What a check found; shows itself in a notebook.

    Attributes:
        id: The exercise.
        verdict: ``"passed"``, ``"not attempted yet"`` or ``"not yet"``.
        hint: What to look at next; empty where passed.
        text: The verdict and the failing case, as text.
        body: The failing case, as HTML.
    """

    id: str
    verdict: Verdict
    hint: str = ""
    text: str = ""
    body: str = ""

    def __repr__(self) -> str:
        lines = [f"{self.id}: {self.verdict}", self.text, self.hint]
        return "\n".join(line for line in lines if line)

    def _repr_html_(self) -> str:
        mark, colour = _MARKS[self.verdict]
        label = "<b>Hint.</b> " if self.verdict == "not yet" else ""
        hint = f"<p>{label}{_inline(self.hint)}</p>" if self.hint else ""
        return (
            f'<div style="border-left:4px solid {colour};padding:2px 12px">'
            f"<p><b>{mark} {self.id}: {self.verdict}</b></p>{self.body}{hint}</div>"
        )


_MARKS = {
    "passed": ("✓", "#009E73"),
    "not attempted yet": ("○", "#767676"),
    "not yet": ("✗", "#D55E00"),
}


def check(id: str, answer: Any) -> CheckResult:
    """Check an answer to an exercise.

    Args:
        id: Lesson and number, e.g. ``"2.3"``.
        answer: Your function, or your value.

    Returns:
        The verdict, which shows itself as the last line of a cell.

    Raises:
        ValueError: If there is no exercise of that number.

    Examples:
        >>> check("0.1", ...)
        0.1: not attempted yet
        Fill in the cell above, run it, then run this one.
    """
    task = exercise(id)
    right, found = task.outcomes(task.answer), task.outcomes(answer)
    if all(is_blank(value) for value in found):
        todo = "Fill in the cell above, run it, then run this one."
        return CheckResult(id, "not attempted yet", todo)
    wrong = [k for k in range(len(right)) if not same(found[k], right[k])]
    if not wrong:
        return CheckResult(id, "passed", text=task.note, body=_passed(task))
    k = wrong[0]
    drawn = (task.view, task.cases[k], right[k], found[k])
    hint = _hint_for(task, found, right, wrong)
    return CheckResult(id, "not yet", hint, case_text(*drawn), case_html(*drawn))


def hint(id: str) -> Markdown:
    """The next general hint for an exercise; after the last, the first again."""
    task = exercise(id)
    number = _given[id] % len(task.hints)
    _given[id] += 1
    return Markdown(f"**Hint {number + 1} of {len(task.hints)}.** {task.hints[number]}")


def solution(id: str) -> Markdown:
    """A solution to an exercise: the library's own source, where it has one."""
    parts = [_source(part) for part in exercise(id).solution]
    return Markdown("\n\n".join(parts))


def _passed(task: Exercise) -> str:
    return f"<p>{_inline(task.note)}</p>" if task.note else ""


def _inline(words: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(words, quote=False))


def _hint_for(
    task: Exercise, found: Sequence[Any], right: Sequence[Any], wrong: Sequence[int]
) -> str:
    """The hint of the wrong answer that agrees most often where yours is wrong."""
    agreed = {m.hint: _agreement(task, m.answer, found, right) for m in task.mistakes}
    best = max(agreed, key=lambda words: agreed[words], default="")
    if best and agreed[best] > 0:
        return best
    raised = next((found[k] for k in wrong if isinstance(found[k], Raised)), None)
    if raised is not None:
        return f"It raised {raised}. Try it on the case above by hand."
    return _form_hint(task, right[wrong[0]], found[wrong[0]]) or task.hints[0]


def _form_hint(task: Exercise, right: Any, found: Any) -> str:
    """What to say where the answer's kind or shape is wrong, whatever its values."""
    if _kind(right) != _kind(found):
        return f"The answer is {_kind(right)}; yours is {_kind(found)}."
    if task.view == "cells":
        asked, given = np.asarray(right).shape, _shape(found)
        if asked != given:
            return f"The answer has the shape {asked}; yours has {given}."
    return ""


def _shape(value: Any) -> Any:
    try:
        return np.asarray(value).shape
    except ValueError:
        return "rows of different lengths"


def _kind(value: Any) -> str:
    if isinstance(value, str):
        return "a text"
    if isinstance(value, list | tuple | np.ndarray):
        return "a list or an array"
    return "a number" if isinstance(value, Number | np.generic) else "something else"


def _agreement(
    task: Exercise, mistake: Any, found: Sequence[Any], right: Sequence[Any]
) -> float:
    """On how many cases two answers are wrong alike, less those where they differ."""
    theirs = task.outcomes(mistake)
    alike = [same(a, b) for a, b in zip(theirs, found, strict=True)]
    telling = [not same(a, b) for a, b in zip(theirs, right, strict=True)]
    agreed = sum(a and t for a, t in zip(alike, telling, strict=True))
    return agreed - 0.01 * alike.count(False)


def _source(part: Any) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, Late):
        part = part.load()
    where = f"`{part.__module__}.{part.__qualname__}`"
    return f"{where}\n```python\n{inspect.getsource(part)}```"
