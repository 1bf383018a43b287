"""Finds what papermill hides, and what a lesson's source must not hold.

An exception inside a widget's callback output leaves papermill's exit code at 0:
the traceback sits in the widget's state and nowhere else. ``scan_executed`` looks
there, and at every error, stray stderr and undescribed picture. ``scan_source``
checks a notebook as it is stored, in milliseconds, without running it.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from t4s_lib.course.freshness import INJECTED, Notebook, source_cells, tags

ALLOWED_STDERR = (
    # Matplotlib's first start on a machine, when it looks for fonts.
    re.compile(r"Matplotlib is building the font cache; this may take a moment\.$"),
)
"""Lines on stderr that say nothing about the lesson; every other one is found."""

MAX_OUTPUT_BYTES = 1_000_000
"""The most that a lesson's outputs may weigh, so that GitHub draws it."""

WIDGET_STATE = "application/vnd.jupyter.widget-state+json"

_MODEL = re.compile(r"IPY_MODEL_(\w+)")
_FENCED = re.compile(r"^(```|~~~).*?^\1[^\n]*$", re.DOTALL | re.MULTILINE)
_CODE_SPAN = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
_HEADING = re.compile(r"^(#{1,6})[ \t]+\S", re.MULTILINE)
_IMAGE = re.compile(r"!\[([^\]]*)\][(\[]")
_HTML_IMAGE = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
_HTML_ALT = re.compile(r"""\balt\s*=\s*(?:"\s*[^"\s]|'\s*[^'\s])""", re.IGNORECASE)


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with a lesson.

    Attributes:
        lesson: File name of the notebook.
        cell: Number of the cell, from 1, as in the source; None for the whole.
        what: What was found, in one line.
    """

    lesson: str
    cell: int | None
    what: str

    def __str__(self) -> str:
        where = f", cell {self.cell}" if self.cell else ""
        return f"{self.lesson}{where}: {self.what}"


_Found = Iterator[tuple[int | None, str]]


def scan_executed(nb: Notebook, lesson: str) -> list[Finding]:
    """Everything that went wrong during an execution that came to its end.

    Args:
        nb: The executed notebook, with its widget state.
        lesson: Its file name, for the findings.

    Returns:
        Findings; empty where all is well.
    """
    found = [*_in_cells(nb), *_in_widgets(nb)]
    return [Finding(lesson, cell, what) for cell, what in found]


def scan_source(nb: Notebook, lesson: str) -> list[Finding]:
    """Everything that must not stand in a notebook as it is stored.

    Args:
        nb: The notebook, executed or not.
        lesson: Its file name, for the findings.

    Returns:
        Findings; empty where all is well.
    """
    checks = (_parameters, _identity, _headings, _images, _size, _raising)
    found = [entry for check in checks for entry in check(nb)]
    return [Finding(lesson, cell, what) for cell, what in found]


def without_code(markdown: str) -> str:
    """Markdown without its code blocks and code spans."""
    return _CODE_SPAN.sub("", _FENCED.sub("", markdown))


def _in_cells(nb: Notebook) -> _Found:
    number = 0
    for cell in nb.cells:
        number += any(cell is own for own in source_cells(nb))
        for output in cell.get("outputs", []):
            yield from ((number, what) for what in _in_output(output))


def _in_output(output: Any) -> Iterator[str]:
    kind, data = output["output_type"], output.get("data", {})
    if kind == "error":
        yield f"{output.get('ename')}: {_first(output.get('evalue', ''))}"
    if kind == "stream" and output["name"] == "stderr":
        yield from (f"on stderr: {line}" for line in _unexpected(output["text"])[:1])
    if any(key.startswith("image/") for key in data) and "text/html" not in data:
        yield "a picture without alternative text; use show(fig, alt=…)"
    if _undescribed(_text(data.get("text/html", ""))):
        yield "an <img> without alternative text"


def _in_widgets(nb: Notebook) -> _Found:
    models = nb.metadata.get("widgets", {}).get(WIDGET_STATE, {}).get("state", {})
    shown = _shown_in(nb, models)
    for name, model in models.items():
        for output in model.get("state", {}).get("outputs", ()):
            for what in _in_output(output):
                yield shown.get(name), f"inside a widget: {what}"


def _shown_in(nb: Notebook, models: dict[str, Any]) -> dict[str, int]:
    """The cell that shows each widget model, by itself or in a box."""
    shown: dict[str, int] = {}
    for number, cell in enumerate(source_cells(nb), 1):
        text = json.dumps(cell.get("outputs", []))
        pending = re.findall(r'"model_id": "(\w+)"', text)
        while pending:
            name = pending.pop()
            if name in models and name not in shown:
                shown[name] = number
                pending += _MODEL.findall(json.dumps(models[name]))
    return shown


def _unexpected(text: Any) -> list[str]:
    lines = [line.strip() for line in _text(text).splitlines()]
    allowed = ALLOWED_STDERR
    return [line for line in lines if line and not any(p.match(line) for p in allowed)]


def _parameters(nb: Notebook) -> _Found:
    tagged = [
        (number, cell)
        for number, cell in enumerate(nb.cells, 1)
        if "parameters" in tags(cell)
    ]
    if len(tagged) != 1:
        yield None, f"{len(tagged)} cells tagged 'parameters', expected 1"
    for number, cell in tagged:
        if "PROFILE" not in _assigned(cell.source):
            yield number, "the 'parameters' cell does not set PROFILE"
    for number, cell in tagged[:1] and enumerate(nb.cells, 1):
        is_own = {"parameters", INJECTED} & set(tags(cell))
        is_code = cell.cell_type == "code" and not is_own
        if is_code and "PROFILE" in _assigned(cell.source):
            yield number, "sets PROFILE again, whatever it was set to"


def _assigned(source: str) -> set[str]:
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return set()
    names: set[str] = set()
    for statement in body:
        if isinstance(statement, ast.Assign | ast.AnnAssign):
            nodes = [n for n in ast.walk(statement) if isinstance(n, ast.Name)]
            names |= {node.id for node in nodes if isinstance(node.ctx, ast.Store)}
    return names


def _identity(nb: Notebook) -> _Found:
    ids = [cell.get("id") for cell in nb.cells]
    for number, name in enumerate(ids, 1):
        if not name:
            yield number, "the cell has no id; store the notebook as nbformat 4.5"
        elif name in ids[: number - 1]:
            yield number, f"the cell's id {name!r} is taken by an earlier cell"
    if "widgets" in nb.metadata:
        yield None, "metadata.widgets is stored; GitHub will not draw the notebook"


def _headings(nb: Notebook) -> _Found:
    found = [
        (number, len(marks))
        for number, text in _markdown(nb)
        for marks in _HEADING.findall(text)
    ]
    titles = sum(level == 1 for _, level in found)
    if titles != 1:
        yield None, f"{titles} headings of level 1, expected 1"
    last = 0
    for number, level in found:
        if level > last + 1:
            yield number, f"a heading of level {level} follows one of level {last}"
        last = level


def _images(nb: Notebook) -> _Found:
    for number, text in _markdown(nb):
        bare = any(not alt.strip() for alt in _IMAGE.findall(text))
        if bare or _undescribed(text):
            yield number, "an image without alternative text"


def _size(nb: Notebook) -> _Found:
    outputs = [cell.get("outputs", []) for cell in nb.cells]
    size = len(json.dumps(outputs).encode())
    if size > MAX_OUTPUT_BYTES:
        limit = MAX_OUTPUT_BYTES
        yield None, f"outputs weigh {size:,} bytes, expected at most {limit:,}"


def _raising(nb: Notebook) -> _Found:
    for number, cell in enumerate(nb.cells, 1):
        if "raises-exception" in tags(cell):
            yield number, "tagged 'raises-exception', which papermill fails on"


def _markdown(nb: Notebook) -> Iterator[tuple[int, str]]:
    for number, cell in enumerate(nb.cells, 1):
        if cell.cell_type == "markdown":
            yield number, without_code(cell.source)


def _undescribed(html: str) -> bool:
    return any(not _HTML_ALT.search(tag) for tag in _HTML_IMAGE.findall(html))


def _text(lines: Any) -> str:
    return lines if isinstance(lines, str) else "".join(lines)


def _first(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[0] if lines else ""
