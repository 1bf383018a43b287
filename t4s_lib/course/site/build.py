"""Builds the site: a page for each lesson, the glossary, and the page to start from."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from urllib.parse import quote

import nbformat

from t4s_lib.course.freshness import Notebook
from t4s_lib.course.results import LessonResult, replace_text
from t4s_lib.course.scan import without_code
from t4s_lib.course.site.frame import GLOSSARY, MATHJAX, site_page, write_assets
from t4s_lib.course.site.index_page import Row, index_main
from t4s_lib.course.site.lesson_page import lesson_body, page_name, ways
from t4s_lib.course.site.markdown import describe, plain
from t4s_lib.course.site.texts import Part, parts

_FORMULA = re.compile(r"\$[^\s$][^$\n]*\$|\$\$|\\\(|\\\[")
_CHECK = re.compile(r"\bcheck\(\s*[\"'](\d+\.\d+)[\"']")
_ARTICLE = """<main id="text" class="lesson">
<nav class="toc" aria-label="On this page"><ol>{contents}</ol></nav>
<article>
{body}
{ways}
</article>
</main>"""


@dataclass(frozen=True)
class Shown:
    """A lesson that the site shows.

    Attributes:
        result: How it went; its ``page`` is set where it has one.
        source: Its notebook in the project.
        notebook: What the page shows; None where there is nothing to show.
    """

    result: LessonResult
    source: Path
    notebook: Notebook | None = None


def build_site(
    out: Path,
    lessons: Sequence[Shown],
    profile: str,
    passed: Collection[str] = (),
    glossary: Path | None = None,
    is_stored: bool = False,
) -> list[LessonResult]:
    """Write the whole site.

    Args:
        out: Its folder; made if need be.
        lessons: Every lesson, in order; those without a notebook get no page.
        profile: What they were executed in.
        passed: The exercises that the reader has passed.
        glossary: A Markdown file; None if there is none.
        is_stored: Whether the notebooks are shown as they are stored.

    Returns:
        The results with the names of their pages.

    Raises:
        OSError: If a page cannot be written.
    """
    out.mkdir(parents=True, exist_ok=True)
    whole = [_named(lesson) for lesson in lessons]
    titles = {s.source.name: s.result.title for s in whole if s.notebook is not None}
    has_glossary = glossary is not None and glossary.is_file()
    found: list[Part] = []
    for shown in whole:
        found += _write_lesson(shown, out, titles, has_glossary)
    if glossary is not None and has_glossary:
        found += _write_glossary(glossary, out, titles)
    rows = [_row(shown, passed) for shown in whole]
    page = site_page(
        "Text4Seg, the course", index_main(rows, profile, is_stored), has_glossary
    )
    replace_text(out / "index.html", page)
    write_assets(out, found)
    return [shown.result for shown in whole]


def exercises_in(nb: Notebook | None) -> list[str]:
    """The numbers of the exercises that a notebook checks, each once, in order."""
    cells = [] if nb is None else nb.cells
    code = [cell.source for cell in cells if cell.cell_type == "code"]
    return list(dict.fromkeys(n for source in code for n in _CHECK.findall(source)))


def _named(shown: Shown) -> Shown:
    page = page_name(shown.source.name) if shown.notebook is not None else None
    return replace(shown, result=replace(shown.result, page=page))


def _row(shown: Shown, passed: Collection[str]) -> Row:
    own = exercises_in(shown.notebook)
    return Row(shown.result, len(own), sum(number in passed for number in own))


def _write_lesson(
    shown: Shown, out: Path, titles: dict[str, str], has_glossary: bool
) -> list[Part]:
    target = out / page_name(shown.source.name)
    if shown.notebook is None:
        target.unlink(missing_ok=True)
        return []
    body = lesson_body(shown.notebook, shown.source, out, titles)
    title = plain(describe(shown.notebook)[0]) or shown.source.stem
    found = parts(body, target.name, title)
    main = _ARTICLE.format(
        contents=_contents(found), body=body, ways=ways(shown.source.name, titles)
    )
    head = MATHJAX if _has_formulas(shown.notebook) else ""
    replace_text(target, site_page(title, main, has_glossary, head))
    return found


def _write_glossary(glossary: Path, out: Path, titles: dict[str, str]) -> list[Part]:
    source = glossary.read_text(encoding="utf-8")
    cell = nbformat.v4.new_markdown_cell(source, id="glossary")
    nb = nbformat.v4.new_notebook(cells=[cell])
    body = lesson_body(nb, glossary, out, titles)
    found = parts(body, GLOSSARY, "Glossary")
    main = f'<main id="text">\n{body}\n</main>'
    replace_text(out / GLOSSARY, site_page("Glossary", main, True))
    return found


def _contents(found: Sequence[Part]) -> str:
    headings = [part for part in found if part.level == 2 and part.anchor]
    return "".join(
        f'<li><a href="#{quote(part.anchor)}">{escape(part.heading)}</a></li>'
        for part in headings
    )


def _has_formulas(nb: Notebook) -> bool:
    words = [cell.source for cell in nb.cells if cell.cell_type == "markdown"]
    return any(_FORMULA.search(without_code(text)) for text in words)
