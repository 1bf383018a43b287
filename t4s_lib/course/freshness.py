"""Executed notebooks fit for the repository: clean, stamped, provably current.

A committed lesson carries its outputs, so it is readable as it stands, and a hash
of the source cells that made them, so that a stale output fails a test in
milliseconds without running anything.
"""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import nbformat

from t4s_lib.whole_files import write_whole

Notebook = Any
"""An ``nbformat.NotebookNode``, version 4."""

INJECTED = "injected-parameters"
"""Tag of the cell that papermill adds; no part of the source."""

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"

WIDGET_TEXT = "A widget stands here: run this cell in JupyterLab to use it."

_KERNEL = {
    "name": "python3",
    "display_name": "Python 3 (ipykernel)",
    "language": "python",
}
_NOTEBOOK_KEYS = {"t4s", "title"}
_CELL_KEYS = {"tags", "jupyter", "name", "editable", "deletable", "cellView"}


def read(path: Path) -> Notebook:
    """Read a notebook.

    Raises:
        ValueError: If the file holds no notebook.
        OSError: If it cannot be read.
    """
    try:
        return nbformat.read(path, as_version=4)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        reason = str(error).splitlines()[0][:80]
        raise ValueError(f"{path} is not a notebook: {reason}") from error
    except nbformat.ValidationError as error:
        raise ValueError(f"{path} is not a valid notebook: {error.message}") from error


def write(nb: Notebook, path: Path) -> None:
    """Write a notebook beside ``path``, then rename it: never half a file."""
    text = str(nbformat.writes(nb)).rstrip("\n") + "\n"
    write_whole(path, text)


def source_cells(nb: Notebook) -> Iterator[Any]:
    """The cells a person wrote, without the one papermill adds."""
    return (cell for cell in nb.cells if INJECTED not in tags(cell))


def tags(cell: Any) -> list[str]:
    """A cell's tags."""
    found: list[str] = cell.metadata.get("tags", [])
    return found


def source_hash(nb: Notebook) -> str:
    """SHA-256 over the types and sources of the cells; outputs do not count."""
    pairs = [(cell.cell_type, cell.source) for cell in source_cells(nb)]
    text = json.dumps(pairs, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def is_fresh(nb: Notebook) -> bool:
    """Whether the outputs were made by the source cells that stand here now."""
    stamped = nb.metadata.get("t4s", {})
    return bool(stamped.get("source_sha") == source_hash(nb))


def stamp(nb: Notebook, profile: str, minutes: float) -> Notebook:
    """Record in a copy what was executed, how, and how long it took.

    Args:
        nb: An executed notebook.
        profile: The profile it was executed in.
        minutes: Measured wall-clock minutes.

    Returns:
        A copy with ``metadata.t4s``.
    """
    stamped = copy.deepcopy(nb)
    stamped.metadata["t4s"] = {
        "source_sha": source_hash(nb),
        "profile": profile,
        "lib_version": lib_version(),
        "minutes": round(minutes, 2),
    }
    return stamped


def still_fresh(edited: Notebook, before: Notebook) -> Notebook:
    """Renew a stamp after an edit that no output depends on.

    Args:
        edited: The notebook after the edit; its stamp is changed in place.
        before: The notebook before it.

    Returns:
        ``edited``, which is fresh exactly where ``before`` was.
    """
    if is_fresh(before):
        edited.metadata.t4s["source_sha"] = source_hash(edited)
    return edited


def lib_version() -> str:
    """The installed version of this library."""
    try:
        return version("t4s-lib")
    except PackageNotFoundError:
        return "unknown"


def clean(nb: Notebook) -> Notebook:
    """Strip from a copy all that differs between two executions.

    Gone are widget state (GitHub refuses to draw a notebook that has it), timings,
    papermill's traces and its extra cell, and the kernel's patch version. Pieces
    of one stream are joined, execution counts run from 1, and a widget, which
    would come up broken without its state, becomes one line of text.

    Returns:
        A copy in nbformat 4.5; cleaning it again changes nothing.
    """
    tidy = nbformat.v4.upgrade(copy.deepcopy(nb))
    kept = {key: tidy.metadata[key] for key in _NOTEBOOK_KEYS & set(tidy.metadata)}
    meta = {**kept, "kernelspec": _KERNEL, "language_info": {"name": "python"}}
    tidy.metadata = nbformat.from_dict(meta)
    tidy.nbformat, tidy.nbformat_minor = 4, 5
    tidy.cells = list(source_cells(tidy))
    count = 0
    for cell in tidy.cells:
        _clean_metadata(cell)
        if cell.cell_type == "code":
            count += bool(cell.outputs or cell.execution_count)
            _clean_code(cell, count)
    return tidy


def _clean_metadata(cell: Any) -> None:
    for key in set(cell.metadata) - _CELL_KEYS:
        del cell.metadata[key]
    if not cell.metadata.get("tags", True):
        del cell.metadata["tags"]


def _clean_code(cell: Any, count: int) -> None:
    ran = bool(cell.outputs or cell.execution_count)
    cell.execution_count = count if ran else None
    cell.outputs = list(_joined(cell.outputs))
    for output in cell.outputs:
        if output.output_type == "execute_result":
            output.execution_count = cell.execution_count
        if WIDGET_VIEW in output.get("data", {}):
            output.data = nbformat.from_dict({"text/plain": WIDGET_TEXT})
            output.metadata = nbformat.from_dict({})


def _joined(outputs: list[Any]) -> Iterator[Any]:
    last = None
    for output in outputs:
        stream = output.output_type == "stream"
        if stream and last is not None and last.get("name") == output.name:
            last["text"] += output.text
            continue
        last = output if stream else None
        yield output
