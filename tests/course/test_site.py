"""The site of the real lessons as they are stored: links, HTML, words, colours."""

import json
import os
import re
import shutil
import subprocess
from html import escape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from tinyhtml5.parser import HTMLParser as Html5

from t4s_lib.course.figures import contrast
from t4s_lib.course.freshness import read, write
from t4s_lib.course.results import CourseResult, LessonResult
from t4s_lib.course.run import find_lessons
from t4s_lib.course.site import Shown, broken_links, build_site
from t4s_lib.course.stored import stored_course
from t4s_lib.html_page import THEME, html_page

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "notebooks"
ALLOWED = {"https://cdn.jsdelivr.net/npm/mathjax@3/es5/tex-mml-chtml.js"}


class Seen(HTMLParser):
    """What a page loads by itself, and its pictures."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.loads, self.alts = list[str](), list[str]()
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        self.loads += [given["src"]] if "src" in given else []
        self.loads += [given["href"]] if tag == "link" else []
        self.alts += [given.get("alt", "")] if tag == "img" else []


class Site:
    """The site, and what was said of it."""

    def __init__(self, out: Path, result: CourseResult) -> None:
        self.out, self.result = out, result
        self.pages = sorted(out.glob("*.html"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    out = tmp_path_factory.mktemp("site")
    kept, before = out.parent / "passed.json", os.environ.get("T4S_PROGRESS")
    entry = {"state": "passed", "at": "2026-05-01T10:00"}
    kept.write_text(json.dumps({"version": 1, "exercises": {"2.1": entry}}))
    os.environ["T4S_PROGRESS"] = str(kept)
    try:
        return Site(out, stored_course(SOURCE, out))
    finally:
        os.environ.pop("T4S_PROGRESS")
        if before is not None:
            os.environ["T4S_PROGRESS"] = before


def test_every_lesson_has_a_page_and_there_is_one_to_start_from(site: Site) -> None:
    lessons = [f"{path.stem}.html" for path in find_lessons(SOURCE)]
    names = [page.name for page in site.pages]
    assert names == [*lessons, "glossary.html", "index.html"]
    assert [result.page for result in site.result.lessons] == lessons


def test_no_link_leads_nowhere(site: Site) -> None:
    assert broken_links(site.out) == []


def test_the_html_is_valid(site: Site) -> None:
    for page in site.pages:
        parser = Html5()
        parser.parse(page.read_text(encoding="utf-8"))
        assert parser.errors == [], page.name


def test_the_html_checker_finds_nothing(site: Site) -> None:
    """The Nu Html Checker, W3C's own; ``npm install --prefix build/vnu vnu-jar``."""
    jar = ROOT / "build/vnu/node_modules/vnu-jar/build/dist/vnu.jar"
    if not jar.is_file() or shutil.which("java") is None:
        pytest.skip("the Nu Html Checker (npm: vnu-jar) or java is not installed")
    files = [*site.pages, site.out / "assets" / "style.css"]
    options = ["--errors-only", "--also-check-css"]
    run = ["java", "-jar", str(jar), *options, *map(str, files)]
    found = subprocess.run(run, capture_output=True, text=True)
    assert found.stderr == ""
    assert found.returncode == 0


def test_every_figure_has_words_of_its_own(site: Site) -> None:
    for page in site.pages:
        for alt in Seen(page).alts:
            assert len(alt.split()) >= 3, f"{page.name}: {alt!r}"


def test_a_page_loads_nothing_from_outside(site: Site) -> None:
    for page in site.pages:
        local = [url for url in Seen(page).loads if not url.startswith("data:")]
        assert set(local) - ALLOWED == {"assets/style.css", "assets/site.js"}
        has_formulas = "$" in re.sub(
            r"<pre.*?</pre>|<code.*?</code>", "", page.read_text()
        )
        assert has_formulas or not ALLOWED & set(local)


def test_what_the_search_reads_leads_to_parts_that_are_there(site: Site) -> None:
    text = (site.out / "assets" / "search-texts.js").read_text(encoding="utf-8")
    entries = json.loads(text.removeprefix("window.t4sTexts = ").rstrip(";\n"))
    assert {entry["page"] for entry in entries} == {
        page.name for page in site.pages if page.name != "index.html"
    }
    for entry in entries:
        page = (site.out / entry["page"]).read_text(encoding="utf-8")
        assert not entry["anchor"] or f'id="{escape(entry["anchor"])}"' in page


def test_what_the_reader_passed_is_on_the_page_to_start_from(site: Site) -> None:
    index = (site.out / "index.html").read_text(encoding="utf-8")
    assert index.count("1 of 5 passed") == 1
    assert "You have passed 1 of" in index


def test_text_reads_well_in_both_themes() -> None:
    for theme in (0, 1):
        for ground in ("paper", "card", "cell"):
            for ink in ("ink", "soft", "link", "good", "warn"):
                ratio = contrast(THEME[ink][theme], THEME[ground][theme])
                assert ratio >= 4.5, (ink, ground, theme, ratio)


def test_the_style_asks_for_no_colour_of_its_own(site: Site) -> None:
    style = (site.out / "assets" / "style.css").read_text(encoding="utf-8")
    _, _, ours = style.partition("}")
    assert re.findall(r"#[0-9a-f]{3,8}\b(?![^{}]*\{)", ours) in ([], ["#0006"])


def test_every_frame_is_the_same_one() -> None:
    """Only one file writes the head of a page."""
    heads = [
        path.relative_to(ROOT).as_posix()
        for path in sorted((ROOT / "t4s_lib").rglob("*.py"))
        if "<!DOCTYPE" in path.read_text(encoding="utf-8")
    ]
    assert heads == ["t4s_lib/html_page.py"]


def test_a_frame_keeps_markup_out_of_its_title() -> None:
    assert "<title>a &lt;b&gt;</title>" in html_page("a <b>", "")


BROKEN = """<a href="b.html">1</a> <a href="#x">2</a> <a id="y" href="a.html#y">3</a>
<img alt="dot" src="dot.png"> <a href="https://example.org">4</a>"""


def test_links_that_lead_nowhere_are_found(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(html_page("A", BROKEN))
    assert broken_links(tmp_path) == [
        "a.html: b.html, there is no such file",
        "a.html: #x, a.html has no such part",
        "a.html: dot.png, there is no such file",
    ]


def small(folder: Path, name: str, text: str) -> Shown:
    cells = [new_markdown_cell(text), new_code_cell('check("2.1", f)')]
    nb = new_notebook(cells=cells)
    write(nb, folder / name)
    result = LessonResult(name, name[:2], "T", "S.")
    return Shown(result, folder / name, nb)


def test_a_lesson_without_a_notebook_loses_its_page_and_no_link_leads_there(
    tmp_path: Path,
) -> None:
    one = small(tmp_path, "00-a.ipynb", "# A\n\n[Next](01-b.ipynb)")
    two = small(tmp_path, "01-b.ipynb", "# B\n\nCosts `$x$` 5 $ each.")
    build_site(tmp_path / "out", [one, two], "ci", {"2.1"})
    assert (tmp_path / "out" / "01-b.html").is_file()
    failed = Shown(two.result, two.source)
    first, second = build_site(tmp_path / "out", [one, failed], "ci")
    assert (first.page, second.page) == ("00-a.html", None)
    assert not (tmp_path / "out" / "01-b.html").exists()
    assert broken_links(tmp_path / "out") == []


def test_formulas_are_set_only_where_there_are_any(tmp_path: Path) -> None:
    plain = small(tmp_path, "00-a.ipynb", "# A\n\nCosts `$x$` 5 $ each.")
    formula = small(tmp_path, "01-b.ipynb", "# B\n\nHere is $a^2$.")
    build_site(tmp_path / "out", [plain, formula], "ci")
    pages = [tmp_path / "out" / name for name in ("00-a.html", "01-b.html")]
    assert ["MathJax" in page.read_text() for page in pages] == [False, True]


def test_a_stale_notebook_is_shown_and_said_to_be_stale(tmp_path: Path) -> None:
    path = sorted(SOURCE.glob("02-*.ipynb"))[0]
    nb = read(path)
    nb.cells[0].source += "\n\nOne more line."
    (tmp_path / "notebooks").mkdir()
    write(nb, tmp_path / "notebooks" / path.name)
    result = stored_course(tmp_path / "notebooks", tmp_path / "out")
    assert len(result.faults) == 1
    assert "its outputs are older than its source" in result.faults[0]
    assert "One more line." in (tmp_path / "out" / f"{path.stem}.html").read_text()
