"""One lesson as HTML, and what the pages say of lessons."""

import re
from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from t4s_lib.codecs import codec
from t4s_lib.course.freshness import clean
from t4s_lib.course.results import LessonResult
from t4s_lib.course.scan import WIDGET_STATE
from t4s_lib.course.site import describe, inline
from t4s_lib.course.site.index_page import Row, index_main
from t4s_lib.course.site.lesson_page import lesson_body, prepare, ways
from t4s_lib.course.site.texts import parts

VIEW = "application/vnd.jupyter.widget-view+json"
FIGURE = '<img alt="The IoU rises." src="data:image/png;base64,AAAA">'
PAGES = ("01-lesson.ipynb", "02-rle.ipynb")


def notebook() -> Any:
    text = (
        "# 01 · Semantic descriptors\n\nTurn `a|b` back. Say what is lost.\n\n"
        "<details><summary>Answer</summary>\n\nSixteen *rows*.\n\n</details>\n\n"
        "[Next](02-rle.ipynb), [part](./02-rle.ipynb#x), [data](../data.md), "
        "[later](09-later.ipynb) [away](https://example.org/a.md) ![dot](dot.png)"
    )
    figure = new_output("display_data", {"text/html": FIGURE})
    data = {VIEW: {"model_id": "1f", "version_major": 2}, "text/plain": "VBox(x)"}
    widget = new_output("display_data", data)
    result = new_output("execute_result", {"text/plain": "a result"})
    printed = new_output("stream", name="stdout", text="a < b \x1b[31mred\x1b[0m")
    folded = {"tags": ["colab"]}
    cells = [
        new_markdown_cell(text),
        new_code_cell("import google", metadata=folded),
        new_code_cell("P = 'ci'", metadata={"tags": ["injected-parameters"]}),
        new_code_cell("f()", outputs=[figure, widget]),
        new_code_cell("g()", outputs=[printed, result]),
    ]
    nb = new_notebook(cells=cells)
    nb.metadata.widgets = {WIDGET_STATE: {"state": {"1f": {}}}}
    return nb


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    path = folder / "notebooks" / "01-lesson.ipynb"
    path.parent.mkdir()
    (folder / "data.md").write_text("data")
    (path.parent / "dot.png").write_bytes(b"\x89PNG")
    return path


@pytest.fixture(scope="module")
def body(lesson: Path) -> str:
    out = lesson.parent.parent / "build" / "course"
    return lesson_body(notebook(), lesson, out, PAGES)


def test_pictures_keep_their_text_and_those_in_files_are_stored(body: str) -> None:
    assert re.findall(r'<img[^>]*alt="([^"]*)"', body) == ["dot", "The IoU rises."]
    assert "data:image/png;base64,iVBORw==" in body


def test_links_lead_to_pages_and_to_the_same_files(body: str) -> None:
    links = re.findall(r'href="([^"#][^"]*)"', body)
    expected = ["02-rle.html", "02-rle.html#x", "../../data.md"]
    assert links == [*expected, "09-later.ipynb", "https://example.org/a.md"]


def test_a_folded_answer_stays_folded(body: str) -> None:
    folded = re.search(r"<details>.*?</details>", body, re.DOTALL)
    assert folded is not None
    assert "Sixteen <em>rows</em>." in folded[0]


def test_everything_a_cell_says_is_shown(body: str) -> None:
    assert "a &lt; b" in body
    assert "a result" in body
    assert body.index("a &lt; b") < body.index("a result")


def test_a_widget_is_replaced_by_the_way_to_use_it(body: str) -> None:
    assert body.count("This is a widget.") == 1
    assert "<code>01-lesson.ipynb</code>" in body
    assert "VBox" not in body
    assert "<script" not in body


def test_a_stored_widget_is_replaced_as_well(lesson: Path) -> None:
    shown = prepare(clean(notebook()), lesson, lesson.parent)
    texts = [str(output) for cell in shown.cells for output in cell.get("outputs", [])]
    assert sum("in JupyterLab and run it there" in text for text in texts) == 1


def test_cells_that_are_not_the_lessons_are_not_shown(body: str) -> None:
    assert "&#39;ci&#39;" not in body
    assert "google" not in body


def test_an_id_stands_once_and_every_heading_links_to_itself(lesson: Path) -> None:
    cells = [new_markdown_cell("## See\n\nA."), new_markdown_cell("## See\n\nB.")]
    body = lesson_body(new_notebook(cells=cells), lesson, lesson.parent, ())
    assert re.findall(r'<h2 id="([^"]*)"', body) == ["See", "See-2"]
    assert body.count('aria-label="Link to this part"') == 2
    assert "¶" not in body


def test_the_way_back_and_on_is_given() -> None:
    titles = {"00-a.ipynb": "A", "01-b.ipynb": "B", "02-rle.ipynb": "Row `RLE`"}
    links = re.findall(r'href="([^"]*)"', ways("01-b.ipynb", titles))
    assert links == ["00-a.html", "index.html", "02-rle.html"]
    assert "Next: Row <code>RLE</code>" in ways("01-b.ipynb", titles)
    first = re.findall(r'href="([^"]*)"', ways("00-a.ipynb", titles))
    assert first == ["index.html", "01-b.html"]


def test_the_texts_of_a_page_are_cut_at_its_headings(body: str) -> None:
    first, *rest = parts(body, "01-lesson.html", "Semantic descriptors")
    assert rest == []
    assert first.heading == "01 · Semantic descriptors"
    assert "Sixteen rows" in first.text
    assert "The IoU rises." in first.text
    assert "base64" not in first.text


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


def rows(passed: int = 0) -> list[Row]:
    fault = "02-rle.ipynb, cell 3 of 9: ValueError: <x>"
    failed = LessonResult("02-rle.ipynb", "02", "RLE", "Two.", 2.25, None, (fault,))
    done = LessonResult("01-a.ipynb", "01", "A & B", "Do `a`.", 0.5, "01-a.html")
    return [
        Row(done, 3, passed),
        Row(failed, 2),
        Row(LessonResult("03-c.ipynb", "03", "C", "Three."), 1),
    ]


def facts(main: str) -> list[list[str]]:
    blocks = re.findall(r'<div class="facts">(.*?)</div>', main)
    return [re.findall(r"<span[^>]*>([^<]*)</span>", block) for block in blocks]


def test_the_index_lists_every_lesson_with_its_time() -> None:
    main = index_main(rows(), "ci")
    assert re.findall(r'href="([^"]*)"', main) == ["01-a.html"]
    assert "A &amp; B</a>Do <code>a</code>." in main
    assert facts(main) == [
        ["3 exercises", "30 s"],
        ["2 exercises", "2.2 min"],
        ["1 exercise", "not run"],
    ]
    assert "<progress" not in main


def test_the_index_says_how_far_the_reader_is() -> None:
    main = index_main(rows(passed=2), "ci")
    assert "You have passed 2 of 6 exercises." in main
    assert 'value="2" max="6"' in main
    assert facts(main)[0] == ["2 of 3 passed", "30 s"]
    assert facts(index_main(rows(passed=3), "ci"))[0][0] == "✓ 3 of 3 passed"


def test_the_index_says_what_failed_without_breaking() -> None:
    told = '<span class="fault">02-rle.ipynb, cell 3 of 9: ValueError: &lt;x'
    assert told in index_main(rows(), "ci")


def test_the_text_on_the_index_is_the_grid_on_the_index() -> None:
    main = index_main(rows(), "ci")
    text = re.search(r"<pre[^>]*>(.*?)</pre>", main, re.DOTALL)
    drawn = [kind == "on" for kind in re.findall(r'<rect class="(on|off)"', main)]
    assert text is not None
    grid, report = codec("row-rle").decode(text[1], size=(7, 8))
    assert grid.foreground.flatten().tolist() == drawn
    assert report.status != "failed"
