"""Pages that can be read without a network, and the one to start from."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from t4s_lib.codecs import codec
from t4s_lib.course.index_page import inline, write_index
from t4s_lib.course.pages import describe, prepare, write_page
from t4s_lib.course.results import LessonResult
from t4s_lib.course.scan import WIDGET_STATE

VIEW = "application/vnd.jupyter.widget-view+json"
FIGURE = '<img alt="The IoU rises." src="data:image/png;base64,AAAA">'
VOID = {"meta", "link", "br", "hr", "img", "input", "rect", "path", "wbr", "col"}


class Structure(HTMLParser):
    """Checks nesting and unique ids, and gathers what a page asks for."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open, self.ids = list[str](), list[str]()
        self.loads, self.links, self.alts = list[str](), list[str](), list[str]()
        self.feed(page)
        assert self.open == []
        assert len(set(self.ids)) == len(self.ids)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        self.ids += [given["id"]] if "id" in given else []
        self.links += [given["href"]] if tag == "a" else []
        self.alts += [given.get("alt", "")] if tag == "img" else []
        self.loads += [given["src"]] if "src" in given else []
        self.loads += [given["href"]] if tag == "link" else []
        self.open += [tag] if tag not in VOID else []

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


def outside(page: str) -> list[str]:
    """Addresses that a page loads by itself."""
    return [url for url in Structure(page).loads if not url.startswith("data:")]


def notebook(with_state: bool = True) -> Any:
    text = (
        "# 01 · Semantic descriptors\n\nTurn `a|b` back. Say what is lost.\n\n"
        "<details><summary>Answer</summary>\n\nSixteen *rows*.\n\n</details>\n\n"
        "[Next](02-rle.ipynb), [part](./02-rle.ipynb#x), [data](../data.md), "
        "[away](https://example.org/a.md) ![dot](dot.png)"
    )
    figure = new_output("display_data", {"text/html": FIGURE})
    data = {VIEW: {"model_id": "1f", "version_major": 2}, "text/plain": "VBox(x)"}
    widget = new_output("display_data", data)
    cells = [
        new_markdown_cell(text),
        new_code_cell("P = 'ci'", metadata={"tags": ["injected-parameters"]}),
        new_code_cell("f()", outputs=[figure, widget]),
    ]
    nb = new_notebook(cells=cells)
    model = {"model_name": "IntSliderModel", "state": {}}
    if with_state:
        nb.metadata.widgets = {WIDGET_STATE: {"state": {"1f": model}}}
    return nb


class Site:
    """A folder with lessons and the page of one of them."""

    def __init__(self, folder: Path) -> None:
        self.lesson = folder / "notebooks" / "01-lesson.ipynb"
        self.lesson.parent.mkdir()
        (folder / "data.md").write_text("data")
        (self.lesson.parent / "dot.png").write_bytes(b"\x89PNG")
        target = folder / "build" / "course" / "01-lesson.html"
        target.parent.mkdir(parents=True)
        titles = {"01-lesson.ipynb": "Lesson", "02-rle.ipynb": "Row-wise `RLE`"}
        write_page(notebook(), self.lesson, target, titles)
        self.target, self.page = target, target.read_text(encoding="utf-8")
        self.structure = Structure(self.page)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return Site(tmp_path_factory.mktemp("site"))


def test_a_page_loads_nothing_by_itself(site: Site) -> None:
    assert outside(site.page) == []


def test_pictures_keep_their_text_and_those_in_files_are_stored(site: Site) -> None:
    assert site.structure.alts == ["dot", "The IoU rises."]
    assert "data:image/png;base64,iVBORw==" in site.page


def test_links_lead_to_pages_and_to_the_same_files(site: Site) -> None:
    expected = ["02-rle.html", "./02-rle.html#x", "../../data.md"]
    assert set(expected) <= set(site.structure.links)
    assert (site.target.parent / "../../data.md").is_file()
    assert "https://example.org/a.md" in site.structure.links


def test_a_folded_answer_stays_folded(site: Site) -> None:
    folded = re.search(r"<details>.*?</details>", site.page, re.DOTALL)
    assert folded is not None
    assert "Sixteen <em>rows</em>." in folded[0]


def test_the_way_back_and_on_is_given(site: Site) -> None:
    assert site.structure.links.count("index.html") == 2
    assert "Next: Row-wise <code>RLE</code>" in site.page


def test_the_title_is_the_lessons(site: Site) -> None:
    assert "<title>Semantic descriptors</title>" in site.page


def test_a_widget_has_its_state_and_the_way_to_use_it(site: Site) -> None:
    assert "IntSliderModel" in site.page
    assert site.page.count("This is a widget.") == 1
    assert "<code>01-lesson.ipynb</code>" in site.page
    assert "VBox" not in site.page


def test_the_injected_cell_is_not_shown(site: Site) -> None:
    assert all("P = 'ci'" not in cell.source for cell in shown(site, True).cells)


def shown(site: Site, with_state: bool) -> Any:
    return prepare(notebook(with_state), site.lesson, site.target.parent)


def test_a_widget_without_state_is_replaced_by_the_way_to_use_it(site: Site) -> None:
    outputs = shown(site, False).cells[-1].outputs
    assert [sorted(output.data) for output in outputs] == [["text/html"]] * 2
    assert "in JupyterLab" in outputs[1].data["text/html"]


def test_a_page_without_widgets_or_formulas_asks_for_neither(tmp_path: Path) -> None:
    nb = new_notebook(cells=[new_markdown_cell("# T\n\nCosts `$x$` 5 $ each.")])
    write_page(nb, tmp_path / "01-t.ipynb", tmp_path / "01-t.html", {})
    page = (tmp_path / "01-t.html").read_text(encoding="utf-8")
    assert "html-manager" not in page
    assert "mathjax" not in page.lower()
    nb.cells[0].source += " $a^2$"
    write_page(nb, tmp_path / "01-t.ipynb", tmp_path / "01-t.html", {})
    assert "mathjax" in (tmp_path / "01-t.html").read_text(encoding="utf-8").lower()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# 02 · Row-wise RLE\n\nOne.\nTwo.\n\nThree.", ("Row-wise RLE", "One. Two.")),
        ("# Lesson 3: Tune\nOne.", ("Tune", "One.")),
        ("# 02. Runs\n\n[![Colab](x)](y)\n\n## H\n\n- a\n\nP.", ("Runs", "P.")),
        ("# 16 by 16\n\n**Bold** start.", ("by 16", "**Bold** start.")),
        ("Badge\n\n# Title", ("Title", "")),
        ("## Second only\n\nText.", ("", "")),
    ],
)
def test_title_and_summary_are_found(text: str, expected: tuple[str, str]) -> None:
    assert describe(new_notebook(cells=[new_markdown_cell(text)])) == expected


def test_the_summary_may_stand_in_the_next_cell() -> None:
    cells = [new_markdown_cell("# T"), new_code_cell("1"), new_markdown_cell("S. S.")]
    assert describe(new_notebook(cells=cells)) == ("T", "S. S.")


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("a < b & c", "a &lt; b &amp; c"),
        ("`x *1| y *2`", "<code>x *1| y *2</code>"),
        ("**b** and *e*", "<strong>b</strong> and <em>e</em>"),
        ("[text](https://a.b) 2 * 3", "text 2 * 3"),
    ],
)
def test_inline_markdown(markdown: str, html: str) -> None:
    assert inline(markdown) == html


def results() -> list[LessonResult]:
    fault = "02-rle.ipynb, cell 3 of 9: ValueError: <x>"
    return [
        LessonResult("01-a.ipynb", "01", "A & B", "Do `a`.", 0.5, "01-a.html"),
        LessonResult("02-rle.ipynb", "02", "RLE", "Two.", 2.25, None, (fault,)),
        LessonResult("03-c.ipynb", "03", "C", "Three."),
    ]


@pytest.fixture
def index(tmp_path: Path) -> str:
    write_index(tmp_path / "index.html", results(), "ci")
    return (tmp_path / "index.html").read_text(encoding="utf-8")


def test_the_index_lists_every_lesson_with_its_time(index: str) -> None:
    assert Structure(index).links == ["01-a.html"]
    assert "A &amp; B</a> Do <code>a</code>." in index
    times = re.findall(r"<td>([^<]*)</td></tr>", index)
    assert times == ["30 s", "2.2 min", "not run"]


def test_the_index_says_what_failed_without_breaking(index: str) -> None:
    assert '<span class="fault">02-rle.ipynb, cell 3 of 9: ValueError: &lt;x' in index


def test_the_index_loads_nothing_and_fits_a_phone_and_the_dark(index: str) -> None:
    assert outside(index) == []
    assert 'name="viewport"' in index
    assert "prefers-color-scheme: dark" in index
    assert index.startswith("<!DOCTYPE html>")


def test_the_index_is_the_same_each_time(index: str, tmp_path: Path) -> None:
    write_index(tmp_path / "again.html", results(), "ci")
    assert (tmp_path / "again.html").read_text(encoding="utf-8") == index


def test_the_text_on_the_index_is_the_grid_on_the_index(index: str) -> None:
    text = re.search(r"<pre>(.*?)</pre>", index, re.DOTALL)
    drawn = [kind == "on" for kind in re.findall(r'<rect class="(on|off)"', index)]
    assert text is not None
    grid, report = codec("row-rle").decode(text[1], size=(7, 8))
    assert grid.foreground.flatten().tolist() == drawn
    assert report.status != "failed"
