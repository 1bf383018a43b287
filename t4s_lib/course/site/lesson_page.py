"""One executed notebook as HTML: its cells, its links, its place among the lessons."""

from __future__ import annotations

import base64
import copy
import mimetypes
import os
import re
from collections import Counter
from collections.abc import Collection, Mapping
from functools import cache
from html import escape, unescape
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import nbformat

from t4s_lib.course.colab import COLAB
from t4s_lib.course.freshness import (
    INJECTED,
    WIDGET_TEXT,
    WIDGET_VIEW,
    Notebook,
    tags,
)
from t4s_lib.course.site.markdown import inline

_UNSHOWN = {INJECTED, COLAB}

WIDGET_NOTE = (
    '<p class="note">This is a widget. To use it, open <code>{name}</code> '
    "in JupyterLab and run it there.</p>"
)

_LESSON_LINK = re.compile(
    r"(?<=\]\()(?:\./|(?:\.\./)*notebooks/)?(\d\d-[\w-]+\.ipynb)(?=[#)])"
)
_FILE_LINK = re.compile(r"(!?\[[^\]]*\]\()(?![a-z]+:|#|/)([^)#\s]+)")
_HEADING = re.compile(
    r'<(h[1-6]) id="([^"]*)">(.*?)<a class="anchor-link".*?</\1>', re.S
)
_ID = re.compile(r'(<[^<>]*?\sid=")([^"]*)(")')


def lesson_body(nb: Notebook, lesson: Path, out: Path, pages: Collection[str]) -> str:
    """A lesson's cells and outputs as HTML, to stand in ``<article>``.

    Args:
        nb: The executed notebook.
        lesson: Its source; links and pictures are looked up from its folder.
        out: The folder of the page, from which files are linked.
        pages: File names of the notebooks that have a page.
    """
    body, _ = _exporter().from_notebook_node(prepare(nb, lesson, out, pages))
    return _with_anchors(_once(body)).strip()


def prepare(
    nb: Notebook, lesson: Path, out: Path, pages: Collection[str] = ()
) -> Notebook:
    """A copy of an executed notebook as a page shows it.

    The injected cell and the one for Colab are gone, links lead to pages, and in
    place of each widget stands how to use it.
    """
    shown = copy.deepcopy(nb)
    shown.cells = [cell for cell in shown.cells if not _UNSHOWN & set(tags(cell))]
    shown.metadata.pop("widgets", None)
    for cell in shown.cells:
        if cell.cell_type == "markdown":
            cell.source = _links(cell.source, lesson.parent, out, pages)
        if cell.cell_type == "code":
            cell.outputs = [_noted(output, lesson) for output in cell.outputs]
    return shown


def ways(name: str, titles: Mapping[str, str]) -> str:
    """The way back and the way on, among the lessons that have a page."""
    names = list(titles)
    at = names.index(name) if name in names else len(names)
    around = {
        "Before": names[at - 1 : at] if at else [],
        "Next": names[at + 1 : at + 2],
    }
    links = {
        word: _way(word, found[0], titles) for word, found in around.items() if found
    }
    start = '<a href="index.html">All lessons</a>'
    shown = [links.get("Before", ""), start, links.get("Next", "")]
    return f'<nav class="ways" aria-label="Lessons">{"".join(shown)}</nav>'


def page_name(notebook: str) -> str:
    """The page of a notebook's file name.

    Examples:
        >>> page_name("02-row-wise-rle.ipynb")
        '02-row-wise-rle.html'
    """
    return f"{Path(notebook).stem}.html"


@cache
def _exporter() -> Any:
    from jinja2 import DictLoader
    from nbconvert import HTMLExporter

    template = files("t4s_lib.course.site") / "assets" / "lesson.html.j2"
    loader = DictLoader({"t4s.html.j2": template.read_text(encoding="utf-8")})
    return HTMLExporter(extra_loaders=[loader], template_file="t4s.html.j2")


def _way(word: str, name: str, titles: Mapping[str, str]) -> str:
    title = inline(titles[name]) or escape(Path(name).stem)
    rel = "next" if word == "Next" else "prev"
    return f'<a rel="{rel}" href="{escape(page_name(name))}">{word}: {title}</a>'


def _noted(output: Any, lesson: Path) -> Any:
    data = output.get("data", {})
    if WIDGET_VIEW not in data and data.get("text/plain") != WIDGET_TEXT:
        return output
    html = WIDGET_NOTE.format(name=escape(lesson.name))
    return nbformat.v4.new_output("display_data", {"text/html": html})


def _with_anchors(body: str) -> str:
    """Each heading with a link to itself that says what it is."""

    def made(match: re.Match[str]) -> str:
        tag, name, text = match[1], unquote(unescape(match[2])), match[3]
        words = 'class="anchor" aria-label="Link to this part"'
        link = f'<a {words} href="#{quote(name)}">#</a>'
        return f'<{tag} id="{escape(name)}">{text}{link}</{tag}>'

    return _HEADING.sub(made, body)


def _once(body: str) -> str:
    """Number the ids that stand in a page more than once, from the second on."""
    seen: Counter[str] = Counter()

    def made(match: re.Match[str]) -> str:
        seen[match[2]] += 1
        again = f"-{seen[match[2]]}" if seen[match[2]] > 1 else ""
        return f"{match[1]}{match[2]}{again}{match[3]}"

    return _ID.sub(made, body)


def _links(source: str, folder: Path, out: Path, pages: Collection[str]) -> str:
    """Lead links to lessons to their pages, to files from the page; store images.

    Images are stored in the page here and not by nbconvert, whose way closes a
    ``<details>`` before what it holds.
    """

    def to_page(match: re.Match[str]) -> str:
        return page_name(match[1]) if match[1] in pages else match[0]

    def moved(match: re.Match[str]) -> str:
        target = folder / match[2]
        if not target.exists():
            return match[0]
        if match[0].startswith("!"):
            kind = mimetypes.guess_type(target)[0] or "image/png"
            data = base64.b64encode(target.read_bytes()).decode()
            return f"{match[1]}data:{kind};base64,{data}"
        return match[1] + Path(os.path.relpath(target, out)).as_posix()

    return _FILE_LINK.sub(moved, _LESSON_LINK.sub(to_page, source))
