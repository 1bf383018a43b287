"""What stands around the text of every page: bar, search, theme, style."""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from t4s_lib.course.results import replace_text
from t4s_lib.course.site.texts import Part
from t4s_lib.html_page import html_page, theme_css

NAME = "Text4Seg, the course that runs"
"""What the course calls itself."""

GLOSSARY = "glossary.html"

_HEAD = """<link rel="stylesheet" href="assets/style.css">
<script src="assets/site.js"></script>"""

_BAR = """<a class="skip" href="#text">Skip to the text</a>
<header class="bar">
<a class="home" href="index.html">Text4Seg</a>
<nav aria-label="Course"><a href="index.html">Lessons</a>{glossary}</nav>
<form class="search" id="search" role="search" hidden>
<label class="quiet" for="q">Search the course</label>
<input id="q" type="search" placeholder="Search (key /)" autocomplete="off">
<div id="found" role="status" hidden></div>
</form>
<button id="theme" type="button" hidden>Dark theme</button>
</header>"""

MATHJAX = """<script>
window.MathJax = {tex: {inlineMath: [["$", "$"], ["\\\\(", "\\\\)"]]}};
</script>
<script async src="https://cdn.jsdelivr.net/npm/mathjax@3/es5/tex-mml-chtml.js"></script>"""
"""Sets formulas where there is a network; only in pages that have any."""


def site_page(title: str, main: str, has_glossary: bool, head: str = "") -> str:
    """A page of the site.

    Args:
        title: Plain text, for the browser's tab.
        main: HTML of the ``<main>`` element, the element included.
        has_glossary: Whether there is a glossary to link to.
        head: More HTML for the head.
    """
    glossary = f'<a href="{GLOSSARY}">Glossary</a>' if has_glossary else ""
    body = f"{_BAR.format(glossary=glossary)}\n{main}"
    return html_page(title, body, head="\n".join(filter(None, [_HEAD, head])))


def write_assets(out: Path, found: Iterable[Part]) -> None:
    """Write style, script and the texts to search in, into ``out/assets``."""
    folder = out / "assets"
    folder.mkdir(parents=True, exist_ok=True)
    ours = files("t4s_lib.course.site") / "assets"
    style = (ours / "style.css").read_text(encoding="utf-8")
    replace_text(folder / "style.css", f"{theme_css()}\n{style}")
    script = (ours / "site.js").read_text(encoding="utf-8")
    replace_text(folder / "site.js", script)
    entries = [part.as_entry() for part in found]
    texts = json.dumps(entries, ensure_ascii=False, indent=0)
    replace_text(folder / "search-texts.js", f"window.t4sTexts = {texts};\n")
