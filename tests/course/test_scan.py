"""What papermill hides is found; what a source must not hold is found."""

from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from t4s_lib.course.execute import run_lesson
from t4s_lib.course.scan import MAX_OUTPUT_BYTES, scan_executed, scan_source

PARAMETERS = {"tags": ["parameters"]}
HIDDEN = """import ipywidgets as w
s = w.IntSlider()
box = w.VBox([s, w.interactive_output(lambda k: 1 / k, {'k': s})])"""
CAPTURED = """out = w.Output()
with out:
    raise KeyError('lost')"""


def notebook(*cells: Any) -> Any:
    first = [
        new_markdown_cell("# 01 · Lesson\n\nOne. Two."),
        new_code_cell('PROFILE: str = "laptop"', metadata=PARAMETERS),
    ]
    return new_notebook(cells=[*first, *cells])


def source(*cells: Any) -> list[str]:
    return [str(finding) for finding in scan_source(notebook(*cells), "01.ipynb")]


def executed(*outputs: Any) -> list[str]:
    nb = notebook(new_code_cell("1", outputs=list(outputs)))
    return [str(finding) for finding in scan_executed(nb, "01.ipynb")]


@pytest.fixture(scope="module")
def hidden(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Findings in a lesson that papermill executes without an error."""
    folder = tmp_path_factory.mktemp("hidden")
    cells = [HIDDEN, "box", CAPTURED, "out", "import sys; print('x', file=sys.stderr)"]
    path = folder / "01-lesson.ipynb"
    nbformat.write(notebook(*map(new_code_cell, cells)), path)
    run = run_lesson(path, folder / "out.ipynb", "ci")
    return sorted(str(f) for f in scan_executed(run.notebook, path.name))


def test_an_error_in_interactive_output_is_found_in_the_cell_that_shows_it(
    hidden: list[str],
) -> None:
    expected = "cell 4: inside a widget: ZeroDivisionError: division by zero"
    assert f"01-lesson.ipynb, {expected}" in hidden


def test_an_error_captured_by_an_output_widget_is_found(hidden: list[str]) -> None:
    assert "01-lesson.ipynb, cell 6: inside a widget: KeyError: 'lost'" in hidden


def test_stderr_is_found_and_nothing_else(hidden: list[str]) -> None:
    assert "01-lesson.ipynb, cell 7: on stderr: x" in hidden
    assert len(hidden) == 3


def test_an_error_output_is_found() -> None:
    output = new_output("error", ename="ValueError", evalue="no\nwhy", traceback=[])
    assert executed(output) == ["01.ipynb, cell 3: ValueError: no"]


def test_the_injected_cell_is_not_counted() -> None:
    output = new_output("stream", name="stderr", text="oops")
    injected = new_code_cell("", metadata={"tags": ["injected-parameters"]})
    nb = notebook(injected, new_code_cell("1", outputs=[output]))
    assert [f.cell for f in scan_executed(nb, "01.ipynb")] == [3]


def test_stdout_and_the_allowed_lines_are_not_found() -> None:
    font = "Matplotlib is building the font cache; this may take a moment.\n"
    assert executed(new_output("stream", text="fine")) == []
    assert executed(new_output("stream", name="stderr", text=font)) == []
    found = executed(new_output("stream", name="stderr", text=font + "then this"))
    assert found == ["01.ipynb, cell 3: on stderr: then this"]


@pytest.mark.parametrize(
    ("data", "is_found"),
    [
        ({"image/png": "x"}, True),
        ({"image/png": "x", "text/html": '<img alt="Up" src="x">'}, False),
        ({"text/html": "<img src='x'>"}, True),
        ({"text/html": "<img alt='' src='x'>"}, True),
        ({"text/html": "<IMG src='x' alt='it rises'>"}, False),
        ({"text/plain": "<img>"}, False),
    ],
)
def test_a_picture_needs_alternative_text(data: dict[str, str], is_found: bool) -> None:
    assert bool(executed(new_output("display_data", data))) is is_found


def test_a_sound_source_has_no_findings() -> None:
    text = "## Two\n\n### Three\n\n![a run](x.png)\n\n## Two again"
    assert source(new_markdown_cell(text), new_code_cell("1")) == []


def test_a_cell_may_read_the_profile() -> None:
    assert source(new_code_cell("profile = load(PROFILE)")) == []


def test_headings_and_images_inside_code_do_not_count() -> None:
    text = "```python\n# one\n##### five\n```\n\nWrite `![](x.png)` or `# x`."
    assert source(new_markdown_cell(text)) == []


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        (new_markdown_cell("# Second"), "2 headings of level 1"),
        (new_markdown_cell("### Skips"), "cell 3: a heading of level 3"),
        (new_markdown_cell("![ ](x.png)"), "cell 3: an image without"),
        (new_markdown_cell("<img src='x.png'>"), "cell 3: an image without"),
        (new_code_cell("PROFILE = 1", metadata=PARAMETERS), "2 cells tagged"),
        (new_code_cell("1", metadata={"tags": ["raises-exception"]}), "cell 3: tagged"),
        (new_code_cell("PROFILE: str = 'laptop'"), "cell 3: sets PROFILE again"),
        (
            new_code_cell("", outputs=[new_output("stream", text="x" * 10**6)]),
            f"expected at most {MAX_OUTPUT_BYTES:,}",
        ),
    ],
)
def test_a_fault_in_the_source_is_found(cell: Any, what: str) -> None:
    (found,) = source(cell)
    assert what in found


def test_a_parameters_cell_is_needed_and_sets_the_profile() -> None:
    nb = notebook()
    nb.cells[1].source = "STEPS = 1"
    (finding,) = scan_source(nb, "01.ipynb")
    assert (finding.cell, finding.what) == (
        2,
        "the 'parameters' cell does not set PROFILE",
    )
    del nb.cells[1]
    assert "0 cells tagged" in str(scan_source(nb, "01.ipynb")[0])


def test_cells_need_ids_of_their_own() -> None:
    nb = notebook(new_code_cell("1"))
    nb.cells[2].id = nb.cells[1].id
    del nb.cells[0]["id"]
    assert [f.cell for f in scan_source(nb, "01.ipynb")] == [1, 3]


def test_stored_widget_state_is_found() -> None:
    nb = notebook()
    nb.metadata.widgets = {}
    (finding,) = scan_source(nb, "01.ipynb")
    assert "metadata.widgets" in finding.what
