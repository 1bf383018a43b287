"""Executed lessons as web pages; ``index_page`` makes the one to start from.

Every page can be read without a network: style and pictures stand in the file. A
widget shows its last state where its manager can be loaded, and nothing where it
cannot; below it, in both cases, stands how to use it.
"""

from __future__ import annotations

import base64
import copy
import mimetypes
import os
import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

import nbformat

from t4s_lib.course.freshness import INJECTED, WIDGET_VIEW, Notebook, tags
from t4s_lib.course.index_page import inline
from t4s_lib.course.page_parts import LESSON, WIDGET_NOTE
from t4s_lib.course.results import replace_text
from t4s_lib.course.scan import WIDGET_STATE, without_code

REQUIRE = "https://cdn.jsdelivr.net/npm/requirejs@2.3.6/require.js"
MANAGER = (
    "https://cdn.jsdelivr.net/npm/@jupyter-widgets/html-manager@1.0.15/dist/"
    "embed-amd.js"
)

_LESSON_LINK = re.compile(r"(\]\((?:\./)?\d\d-[\w-]+)\.ipynb(?=[#)])")
_FILE_LINK = re.compile(r"(!?\[[^\]]*\]\()(?![a-z]+:|#|/)([^)#\s]+)")
_NUMBER = re.compile(r"^(?:lesson\s+)?\d\d?\s*[^\w\s]?\s+", re.IGNORECASE)
_FORMULA = re.compile(r"\$[^\s$][^$\n]*\$|\$\$|\\\(|\\\[")
_NOT_PROSE = re.compile(r"[#!<>|]|\[!\[|[-*+] |\d+\. |```|~~~")


def describe(nb: Notebook) -> tuple[str, str]:
    r"""Title and summary of a lesson.

    The title is the first heading of level 1, without a leading number. The
    summary is the first paragraph behind it that is prose: not a heading, badge,
    list, quotation, table or HTML.

    Returns:
        Both as inline Markdown on one line; empty where there is none.

    Examples:
        >>> from nbformat.v4 import new_markdown_cell, new_notebook
        >>> cell = new_markdown_cell("# 02 · Runs\n\nOne run.\nTwo runs.")
        >>> describe(new_notebook(cells=[cell]))
        ('Runs', 'One run. Two runs.')
    """
    cells = [cell.source for cell in nb.cells if cell.cell_type == "markdown"]
    blocks = [block.strip() for block in re.split(r"\n\s*\n", "\n\n".join(cells))]
    for position, block in enumerate(blocks):
        if block.startswith("# "):
            title, _, rest = block[2:].partition("\n")
            below = [rest.strip(), *blocks[position + 1 :]]
            prose = next((b for b in below if b and not _NOT_PROSE.match(b)), "")
            return _NUMBER.sub("", title.strip()), " ".join(prose.split())
    return "", ""


def write_page(
    nb: Notebook, lesson: Path, target: Path, others: Mapping[str, str]
) -> None:
    """Write an executed lesson as a page.

    Args:
        nb: The executed notebook.
        lesson: Its source; links and pictures are looked up from its folder.
        target: The page.
        others: File names and titles of all lessons in order, for the way on.

    Raises:
        OSError: If the page cannot be written.
    """
    from jinja2 import DictLoader
    from nbconvert import HTMLExporter

    exporter = HTMLExporter(
        extra_loaders=[DictLoader({"t4s.html.j2": LESSON})],
        template_file="t4s.html.j2",
    )
    shown = prepare(nb, lesson, target.parent)
    extras = _extras(shown, exporter, _nav(lesson.name, others))
    paths = {"path": str(lesson.parent.resolve()), "name": lesson.stem}
    resources = {"metadata": paths, "t4s": extras}
    page, _ = exporter.from_notebook_node(shown, resources=resources)
    replace_text(target, page)


def prepare(nb: Notebook, lesson: Path, out: Path) -> Notebook:
    """A copy of an executed notebook as a page shows it.

    The injected cell is gone, links lead to pages, and each widget is followed by
    the way to use it, which replaces it where its state is not stored.
    """
    shown = copy.deepcopy(nb)
    shown.cells = [cell for cell in shown.cells if INJECTED not in tags(cell)]
    shown.metadata["title"] = describe(nb)[0] or lesson.stem
    models = _models(shown)
    for cell in shown.cells:
        if cell.cell_type == "markdown":
            cell.source = _links(cell.source, lesson.parent, out)
        if cell.cell_type == "code":
            outputs = cell.outputs
            cell.outputs = [o for old in outputs for o in _noted(old, models, lesson)]
    return shown


def _extras(nb: Notebook, exporter: Any, nav: str) -> dict[str, Any]:
    words = [c.source for c in nb.cells if c.cell_type == "markdown"]
    loader = exporter.environment.loader
    dark, _, _ = loader.get_source(exporter.environment, "static/theme-dark.css")
    return {
        "nav": nav,
        "dark": dark,
        "formulas": any(_FORMULA.search(without_code(text)) for text in words),
        "widgets": bool(_models(nb)),
        "require": REQUIRE,
        "manager": MANAGER,
    }


def _nav(name: str, others: Mapping[str, str]) -> str:
    names = list(others)
    links = ['<a href="index.html">All lessons</a>']
    for after in names[names.index(name) + 1 :][:1] if name in others else ():
        page, title = escape(Path(after).stem), inline(others[after])
        links.append(f'<a href="{page}.html">Next: {title or page}</a>')
    return f'<nav class="t4s-nav" aria-label="Lessons">{"".join(links)}</nav>'


def _models(nb: Notebook) -> dict[str, Any]:
    stored = nb.metadata.get("widgets", {}).get(WIDGET_STATE, {})
    models: dict[str, Any] = stored.get("state", {})
    return models


def _noted(output: Any, models: dict[str, Any], lesson: Path) -> list[Any]:
    view = output.get("data", {}).get(WIDGET_VIEW)
    if view is None:
        return [output]
    html = WIDGET_NOTE.format(name=escape(lesson.name))
    note = nbformat.v4.new_output("display_data", {"text/html": html})
    return [output, note] if view.get("model_id") in models else [note]


def _links(source: str, folder: Path, out: Path) -> str:
    """Lead links to lessons to their pages, to files from the page; store images.

    Images are stored in the page here and not by nbconvert, whose way closes a
    ``<details>`` before what it holds.
    """

    def moved(match: re.Match[str]) -> str:
        target = folder / match[2]
        if not target.exists():
            return match[0]
        if match[0].startswith("!"):
            kind = mimetypes.guess_type(target)[0] or "image/png"
            data = base64.b64encode(target.read_bytes()).decode()
            return f"{match[1]}data:{kind};base64,{data}"
        return match[1] + Path(os.path.relpath(target, out)).as_posix()

    return _FILE_LINK.sub(moved, _LESSON_LINK.sub(r"\1.html", source))
