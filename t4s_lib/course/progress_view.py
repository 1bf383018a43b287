"""``progress()``: what of the course is done, drawn as rows of marks."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from pathlib import Path

from t4s_lib.course.exercises import EXERCISES
from t4s_lib.course.progress_store import VARIABLE, Entry, entries, place

_MARKS = {"passed": "✓", "tried": "✗", "": "○"}
_WORDS = {"passed": "passed", "tried": "not yet passed", "": "not tried"}
_LEGEND = ", ".join(f"{_MARKS[state]} {_WORDS[state]}" for state in _MARKS)
_CHIP = (
    '<span title="{title}" style="display:inline-block;min-width:3.4em;'
    "padding:1px 5px;margin:2px;border:1px {line} currentColor;border-radius:4px;"
    'text-align:center;font-weight:{weight}">{mark} {id}</span>'
)


@dataclass(frozen=True)
class Progress:
    """How far a reader is; shows itself in a notebook.

    Attributes:
        known: What is known of each exercise that was tried.
        note: Where it is kept, or why it is not.
    """

    known: Mapping[str, Entry]
    note: str = ""

    @property
    def passed(self) -> int:
        """How many exercises were passed."""
        return sum(self._state(id) == "passed" for id in EXERCISES)

    def __repr__(self) -> str:
        lines = [self._told(), *map(self._line, _lessons()), self.note]
        return "\n".join(line for line in lines if line)

    def _repr_html_(self) -> str:
        rows = "".join(map(self._row, _lessons()))
        return (
            f'<div role="group" aria-label="Progress"><p><b>{self._told()}</b></p>'
            f"<table>{rows}</table><p>{_LEGEND}. {escape(self.note)}</p></div>"
        )

    def _told(self) -> str:
        return f"{self.passed} of {len(EXERCISES)} exercises passed"

    def _state(self, id: str) -> str:
        return self.known[id].state if id in self.known else ""

    def _line(self, lesson: Sequence[str]) -> str:
        marks = "  ".join(f"{_MARKS[self._state(id)]} {id}" for id in lesson)
        return f"lesson {_number(lesson)}  {marks}"

    def _row(self, lesson: Sequence[str]) -> str:
        chips = "".join(map(self._chip, lesson))
        done = sum(self._state(id) == "passed" for id in lesson)
        left = 'style="text-align:left;padding-right:1em"'
        return (
            f'<tr><th scope="row" {left}>lesson {_number(lesson)}</th>'
            f"<td {left}>{chips}</td><td {left}>{done} of {len(lesson)}</td></tr>"
        )

    def _chip(self, id: str) -> str:
        state = self._state(id)
        words = f"{EXERCISES[id].title}: {_WORDS[state]}"
        return _CHIP.format(
            title=escape(words),
            line="solid" if state else "dashed",
            weight="bold" if state == "passed" else "normal",
            mark=_MARKS[state],
            id=escape(id),
        )


def progress() -> Progress:
    """What of the course you have done, from all notebooks and all kernels.

    Returns:
        The progress, which shows itself as the last line of a cell: ``✓`` passed,
        ``✗`` tried and not yet passed, ``○`` not tried. Never raises: what cannot
        be read or written is said in its note.
    """
    path = place()
    try:
        return Progress(entries(), _note(path))
    except (ValueError, OSError) as error:
        return Progress({}, f"Nothing could be read: {error}.")


def _note(path: Path | None) -> str:
    if path is None:
        return f"Nothing is kept here: {_why()}."
    folder = next(p for p in (path.parent, *path.parents) if p.exists())
    if not os.access(path if path.exists() else folder, os.W_OK):
        return f"Kept until this kernel ends: {path} cannot be written."
    return f"Kept in {path}."


def _why() -> str:
    if VARIABLE in os.environ:
        return f"{VARIABLE} is {os.environ[VARIABLE]!r}"
    return f"this is no notebook, and {VARIABLE} names no file"


def _lessons() -> list[list[str]]:
    return [list(ids) for _, ids in groupby(EXERCISES, key=_lesson)]


def _lesson(id: str) -> str:
    return id.partition(".")[0]


def _number(lesson: Sequence[str]) -> str:
    return _lesson(lesson[0]).zfill(2)
