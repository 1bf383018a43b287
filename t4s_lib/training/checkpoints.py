"""Checkpoints that are whole or not there: written beside, then renamed.

A checkpoint is complete when it has its final name and everything that its list
(``complete.json``) names, in the size it names. One that was cut off, by a crash or
by a copy that broke, is said by name and set aside; the one before it is taken.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import NamedTuple

LIST = "complete.json"
BESIDE = ".partial"
"""Where a checkpoint is written before it has its name."""

_NAME = re.compile(r"checkpoint-(\d+)")


class Found(NamedTuple):
    """The latest checkpoint that can be gone on from.

    Attributes:
        folder: Where it is; None if there is none.
        step: Steps done.
        seconds: Time spent on them.
        faults: One line for each checkpoint that was cut off.
    """

    folder: Path | None
    step: int
    seconds: float
    faults: tuple[str, ...]


def seal(folder: Path, step: int, seconds: float) -> None:
    """Write the list of a checkpoint's files, the last one to be written."""
    files = {
        str(path.relative_to(folder)): path.stat().st_size
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    said = {"step": step, "seconds": seconds, "files": files}
    (folder / LIST).write_text(json.dumps(said, indent=1), encoding="utf-8")


def fault(folder: Path) -> str | None:
    """What is wrong with a checkpoint, in one line; None if it is whole."""
    try:
        files = json.loads((folder / LIST).read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return f"{folder} is cut off: it has no readable {LIST}"
    for name, size in files.items():
        path = folder / name
        found = path.stat().st_size if path.is_file() else 0
        if found != size:
            return f"{folder} is cut off: {name} has {found} bytes, expected {size}"
    return None


def latest(root: Path) -> Found:
    """The latest whole checkpoint under ``root``; later ones are set aside.

    Those that were cut off keep their files, under a name with ``cut-off`` in it.
    """
    faults = [
        f"{path} is cut off: it was being written; left out"
        for path in sorted((root / BESIDE).glob("*"))
    ]
    for step, folder in _numbered(root)[::-1]:
        wrong = fault(folder)
        if wrong is None:
            said = json.loads((folder / LIST).read_text(encoding="utf-8"))
            return Found(folder, step, float(said["seconds"]), tuple(faults))
        faults.append(f"{wrong}; kept as {_set_aside(folder).name}")
    return Found(None, 0, 0.0, tuple(faults))


def place(beside: Path, root: Path) -> Path:
    """Give a finished checkpoint its final name.

    Raises:
        ValueError: If there is one of that name.
    """
    final = root / beside.name
    if final.exists():
        raise ValueError(f"{final} exists, expected a free name for a checkpoint")
    return beside.rename(final)


def prune(root: Path, keep: int) -> None:
    """Remove all but the latest whole checkpoints."""
    import shutil

    for _, folder in _numbered(root)[:-keep]:
        shutil.rmtree(folder)


def _numbered(root: Path) -> list[tuple[int, Path]]:
    if not root.is_dir():
        return []
    matches = ((_NAME.fullmatch(path.name), path) for path in root.iterdir())
    return sorted((int(match[1]), path) for match, path in matches if match)


def _set_aside(folder: Path) -> Path:
    k = 1
    while (aside := folder.with_name(f"{folder.name}.cut-off-{k}")).exists():
        k += 1
    return folder.rename(aside)
