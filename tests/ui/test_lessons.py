"""Every lesson in JupyterLab: all cells run, and each widget follows the keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook

from t4s_lib.course import profiles, widgets
from tests.ui.keyboard import SHOWN, rested, state, use

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from tests.ui.conftest import Opener
    from tests.ui.window import NotebookPage

pytestmark = [pytest.mark.ui, pytest.mark.xdist_group("ui")]

CI = profiles.load("ci")
LESSONS = sorted((Path(__file__).parents[2] / "notebooks").glob("[0-9]*.ipynb"))
BUILDERS = [name for name in widgets.__all__ if name.startswith("build_")]


class Lesson(NamedTuple):
    """A lesson that was opened and run.

    Attributes:
        name: Its file's name, without the ending.
        notebook: The window it stands in.
        widgets: By number of their code cells, the functions that build a widget.
    """

    name: str
    notebook: NotebookPage
    widgets: dict[int, str]

    def widget(self, k: int) -> Locator:
        """What a cell shows that can be used."""
        return self.notebook.cell(k).locator(SHOWN).first


@pytest.fixture(scope="module", params=LESSONS, ids=[path.stem for path in LESSONS])
def lesson(request: pytest.FixtureRequest, show_notebook: Opener) -> Iterator[Lesson]:
    path: Path = request.param
    with show_notebook(in_profile(path, CI.name), path.stem) as notebook:
        notebook.run_all(CI.lesson_budget_min)
        yield Lesson(path.stem, notebook, dict(built(notebook.sources)))


def test_all_cells_run_in_order_without_an_error(lesson: Lesson) -> None:
    assert lesson.notebook.complaints() == []
    # The first number may stay out where a slow JupyterLab is still settling.
    numbers = [int(number) for number in lesson.notebook.numbers()[1:]]
    assert numbers == list(range(2, len(lesson.notebook.sources) + 1))


def test_every_widget_follows_the_keyboard(lesson: Lesson) -> None:
    page = lesson.notebook.page
    for k, name in lesson.widgets.items():
        lesson.widget(k).wait_for()
        used = use(lesson.widget(k), page)
        assert used.unreached == [], f"{name}: Tab does not come to these"
        assert used.silent == [], f"{name}: these change nothing"
        assert len({state.said for state in used.states}) > 1, name
        assert len({state.drawn for state in used.states}) > 1, name
    assert lesson.notebook.complaints() == []


def test_a_mask_is_painted_by_mouse(lesson: Lesson) -> None:
    painters = [k for k, name in lesson.widgets.items() if "mask_painter" in name]
    if not painters:
        pytest.skip("no mask painter in this lesson")
    page, root = lesson.notebook.page, lesson.widget(painters[0])
    root.get_by_role("button", name="Brush").click()
    board, before = root.locator(".t4s-board"), rested(root, page)
    board.scroll_into_view_if_needed()
    box: Any = board.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 0.8 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 0.9 * box["height"])
    page.mouse.up()
    page.wait_for_function(
        "([root, said]) => root.querySelector('p[role=status]').innerText !== said",
        arg=[root.element_handle(), before.said.split("|")[-1]],
    )
    assert state(root).drawn != before.drawn
    assert state(root).said != before.said


def test_a_picture_of_it_is_kept(lesson: Lesson) -> None:
    page = lesson.notebook.page
    images = page.locator(".jp-OutputArea-output img")
    images.first.wait_for()
    for k in range(images.count()):
        assert images.nth(k).get_attribute("alt"), "a picture without words"
    shown = next(iter(lesson.widgets), first_with_image(lesson.notebook))
    lesson.notebook.view(shown, f"lesson-{lesson.name}")


def first_with_image(notebook: NotebookPage) -> int:
    """The first code cell that shows a picture."""
    cells = range(len(notebook.sources))
    return next(k for k in cells if notebook.cell(k).locator("img").count())


def in_profile(path: Path, profile: str) -> Any:
    """A copy without outputs, with papermill's cell that sets the profile."""
    made = parameterize_notebook(load_notebook_node(str(path)), {"PROFILE": profile})
    for cell in made.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return made


def built(sources: list[str]) -> Iterator[tuple[int, str]]:
    """The code cells that end by building a widget, and what builds it."""
    for k, source in enumerate(sources):
        made = re.findall(r"^(build_\w+)\(", source, re.MULTILINE)
        if made:
            assert made[-1] in BUILDERS, f"{made[-1]} is not in widgets.__all__"
            yield k, made[-1]
