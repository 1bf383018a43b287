"""Which exercises a reader has passed, kept from kernel to kernel in a small file.

The file lies in the user's data folder, not beside the notebooks: it outlives a
clone that is deleted, works for notebooks that were copied elsewhere, and cannot be
committed by accident. ``T4S_PROGRESS`` names another file, or is ``off``.

    {"version": 1, "exercises": {"2.1": {"state": "passed", "at": "2026-05-01T10:00"}}}

Outside a notebook, in a script or a test, nothing is kept unless ``T4S_PROGRESS``
names a file: a test of a check is nobody's progress.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from t4s_lib.course.results import replace_text

State = Literal["passed", "tried"]

VARIABLE = "T4S_PROGRESS"
OFF = "off"

_VERSION = 1
_session: dict[str, Entry] = {}


@dataclass(frozen=True)
class Entry:
    """What is known of one exercise.

    Attributes:
        state: ``"passed"``, or ``"tried"`` where no answer has passed yet.
        at: Local time of that, as ``YYYY-MM-DDTHH:MM``.
    """

    state: State
    at: str


def place() -> Path | None:
    """The file; None where nothing is kept."""
    told = os.environ.get(VARIABLE, "").strip()
    if told.lower() == OFF:
        return None
    if told:
        return Path(told).expanduser()
    return default_place() if _in_notebook() else None


def default_place() -> Path:
    """The file in the user's data folder, which differs by system."""
    from platformdirs import user_data_path

    return Path(user_data_path("t4s", appauthor=False)) / "progress.json"


def entries() -> dict[str, Entry]:
    """Everything that is known, by exercise: from the file, and from this kernel.

    Raises:
        ValueError: If there is a file and it is not one of ours.
        OSError: If it cannot be read.
    """
    path = place()
    kept = _read(path) if path is not None and path.is_file() else {}
    return _joined(kept, _session)


def passed() -> set[str]:
    """The exercises that the reader has passed, for pages made outside a notebook.

    A file that cannot be read counts as none: no page fails for it.
    """
    told = place() or (None if VARIABLE in os.environ else default_place())
    try:
        kept = _read(told) if told is not None and told.is_file() else {}
    except (ValueError, OSError):
        return set()
    return {id for id, entry in kept.items() if entry.state == "passed"}


def keep(id: str, state: State) -> None:
    """Note an exercise; what was passed once stays passed.

    The file is read again before it is written, beside its place and then renamed:
    two kernels at work lose nothing, and there is never half a file. One that is
    not ours is set aside as ``progress.json.unreadable``.

    Raises:
        OSError: If it cannot be written; the kernel still remembers.
    """
    path = place()
    if path is None:
        return
    now = time.strftime("%Y-%m-%dT%H:%M")
    _session.update(_joined(_session, {id: Entry(state, now)}))
    path.parent.mkdir(parents=True, exist_ok=True)
    _write(path, _joined(_read_or_set_aside(path), _session))


def forget() -> None:
    """Forget what this kernel remembers; the file stays."""
    _session.clear()


def _joined(old: Mapping[str, Entry], new: Mapping[str, Entry]) -> dict[str, Entry]:
    joined = dict(old)
    for id, entry in new.items():
        if id not in joined or joined[id].state != "passed":
            joined[id] = entry
    return joined


def _read(path: Path) -> dict[str, Entry]:
    expected = f"expected a JSON file of version {_VERSION} by t4s"
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if told["version"] != _VERSION:
            raise ValueError(f"its version is {told['version']!r}")
        return {str(k): _entry(value) for k, value in told["exercises"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path} cannot be read: {error}; {expected}") from error


def _entry(value: Mapping[str, str]) -> Entry:
    if value["state"] not in ("passed", "tried"):
        raise ValueError(f"a state is {value['state']!r}")
    return Entry("passed" if value["state"] == "passed" else "tried", str(value["at"]))


def _read_or_set_aside(path: Path) -> dict[str, Entry]:
    try:
        return _read(path) if path.is_file() else {}
    except ValueError:
        path.replace(path.with_name(f"{path.name}.unreadable"))
        return {}


def _write(path: Path, known: Mapping[str, Entry]) -> None:
    exercises = {id: vars(known[id]) for id in sorted(known, key=_order)}
    whole = {"version": _VERSION, "exercises": exercises}
    replace_text(path, json.dumps(whole, indent=1) + "\n")


def _order(id: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isdigit() else 0 for part in id.split("."))


def _in_notebook() -> bool:
    """Whether this is the kernel of a notebook."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return hasattr(shell, "kernel")
