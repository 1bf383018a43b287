"""The whole course run: pages, record, failures, and notebooks stored in place."""

import io
import json
import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from t4s_lib.course.freshness import is_fresh, read
from t4s_lib.course.results import CourseResult, LessonResult, read_record
from t4s_lib.course.run import Progress, find_lessons, refresh, run_course
from t4s_lib.course.scan import scan_source

HIDDEN = """import ipywidgets as w
w.VBox([s := w.IntSlider(), w.interactive_output(lambda k: 1 / k, {'k': s})])"""
EDITS = """import pathlib
path = pathlib.Path('03-edited.ipynb')
path.write_text(path.read_text().replace('One. Two.', 'Three.'))"""


def write_lesson(folder: Path, name: str, *sources: str) -> Path:
    cells = [
        new_markdown_cell(f"# {name[:2]} · The {name[3:-6]}\n\nOne. Two."),
        new_code_cell('PROFILE = "laptop"', metadata={"tags": ["parameters"]}),
        *map(new_code_cell, sources),
    ]
    nbformat.write(new_notebook(cells=cells), folder / name)
    return folder / name


def lessons(folder: Path) -> Path:
    folder.mkdir()
    write_lesson(folder, "00-sound.ipynb", "print('sound', PROFILE)")
    write_lesson(folder, "01-hidden.ipynb", HIDDEN)
    write_lesson(folder, "02-broken.ipynb", "1 / 0")
    (folder / "notes.ipynb").write_text("not a lesson")
    (folder / "03-edited.ipynb").write_text("no notebook")
    return folder


class Run:
    """One run of a small course."""

    def __init__(self, folder: Path) -> None:
        self.source, self.out = lessons(folder / "notebooks"), folder / "a" / "b"
        self.said = io.StringIO()
        self.result = run_course(
            self.source, self.out, "ci", progress=Progress(self.said)
        )
        self.record = json.loads((self.out / "course.json").read_text())


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return Run(tmp_path_factory.mktemp("course"))


def test_a_failed_lesson_does_not_stop_the_others(run: Run) -> None:
    oks = [lesson.ok for lesson in run.result.lessons]
    assert oks == [True, False, False, False]
    assert not run.result.ok


def test_everything_that_failed_is_listed(run: Run) -> None:
    hidden, broken, edited = run.result.faults
    assert hidden.startswith("01-hidden.ipynb, cell 3: inside a widget: ZeroDivision")
    assert broken.startswith("02-broken.ipynb, cell 3 of 3: ZeroDivisionError")
    assert edited.startswith("03-edited.ipynb: ")
    assert "is not a notebook" in edited


def test_each_lesson_that_came_to_its_end_has_a_page(run: Run) -> None:
    pages = sorted(path.name for path in run.out.glob("*.html"))
    assert pages == ["00-sound.html", "01-hidden.html", "index.html"]
    assert "sound ci" in (run.out / "00-sound.html").read_text(encoding="utf-8")
    assert (run.out / "executed" / "02-broken.failed.ipynb").is_file()
    assert run.result.index == run.out / "index.html"


def test_the_record_holds_the_measured_minutes(run: Run) -> None:
    assert run.record["profile"] == "ci"
    first = run.record["lessons"][0]
    assert first["name"] == "00-sound.ipynb"
    assert first["title"] == "The sound"
    assert 0 < first["minutes"] < 1


def test_progress_is_one_plain_line_a_lesson(run: Run) -> None:
    lines = run.said.getvalue().splitlines()
    words = [line.split()[:2] for line in lines]
    assert words[0] == ["ok", "00-sound.ipynb"]
    assert [word for word, _ in words] == ["ok", "FAILED", "FAILED", "FAILED"]
    assert "\x1b" not in run.said.getvalue()


def test_a_part_run_again_keeps_the_rest(run: Run, tmp_path: Path) -> None:
    kept = {**run.record["lessons"][0], "faults": [], "page": "00-sound.html"}
    record = {"profile": "ci", "lib_version": "0", "lessons": [kept]}
    (tmp_path / "course.json").write_text(json.dumps(record))
    (tmp_path / "00-sound.html").write_text("an old page")
    (tmp_path / "executed").mkdir()
    executed = Path("executed", "00-sound.ipynb")
    shutil.copy(run.out / executed, tmp_path / executed)
    result = run_course(run.source, tmp_path, "ci", ["3"], Progress(io.StringIO()))
    assert [lesson.number for lesson in result.lessons] == ["03"]
    again = json.loads((tmp_path / "course.json").read_text())["lessons"]
    assert [lesson["minutes"] is None for lesson in again] == [False, True, True, True]
    assert "sound ci" in (tmp_path / "00-sound.html").read_text(encoding="utf-8")
    index = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert 'href="00-sound.html"' in index


def test_an_earlier_run_in_another_profile_is_not_kept(run: Run) -> None:
    assert set(read_record(run.out, "ci")) == {"00-sound.ipynb", "01-hidden.ipynb"}
    assert read_record(run.out, "laptop") == {}


@pytest.mark.parametrize("text", ["", "[]", '{"profile": "ci", "lessons": [{}]}'])
def test_a_record_that_cannot_be_read_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "course.json").write_text(text)
    assert read_record(tmp_path, "ci") == {}


@pytest.fixture(scope="module")
def refreshed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, CourseResult]:
    folder = lessons(tmp_path_factory.mktemp("refresh") / "notebooks")
    write_lesson(folder, "03-edited.ipynb", EDITS)
    return folder, refresh(folder, "ci", progress=Progress(io.StringIO()))


def test_a_sound_lesson_is_stored_clean_stamped_and_executed(
    refreshed: tuple[Path, CourseResult],
) -> None:
    nb = read(refreshed[0] / "00-sound.ipynb")
    assert is_fresh(nb)
    assert nb.metadata.t4s["profile"] == "ci"
    assert nb.cells[-1].outputs[0].text == "sound ci\n"
    assert len(nb.cells) == 3
    assert scan_source(nb, "00-sound.ipynb") == []


def test_a_lesson_with_a_fault_stays_as_it_was(
    refreshed: tuple[Path, CourseResult],
) -> None:
    folder, result = refreshed
    assert [lesson.ok for lesson in result.lessons] == [True, False, False, False]
    for name in ("01-hidden.ipynb", "02-broken.ipynb"):
        nb = read(folder / name)
        assert nb.cells[-1].outputs == []
        assert "t4s" not in nb.metadata


def test_a_lesson_edited_while_it_ran_stays_as_it_is(
    refreshed: tuple[Path, CourseResult],
) -> None:
    folder, result = refreshed
    assert "edited while it ran" in result.faults[-1]
    assert "Three." in read(folder / "03-edited.ipynb").cells[0].source


def test_nothing_is_left_lying_about(refreshed: tuple[Path, CourseResult]) -> None:
    assert len(list(refreshed[0].iterdir())) == 5


def test_lessons_are_found_in_order(run: Run) -> None:
    names = [path.name[:2] for path in find_lessons(run.source)]
    assert names == ["00", "01", "02", "03"]
    assert [p.name[:2] for p in find_lessons(run.source, ["2", "00"])] == ["00", "02"]


@pytest.mark.parametrize("only", [["9"], ["x"], ["02", "10"]])
def test_an_unknown_lesson_is_bad_input(run: Run, only: list[str]) -> None:
    with pytest.raises(ValueError, match="expected one of 00, 01, 02, 03"):
        find_lessons(run.source, only)


def test_a_folder_without_lessons_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="holds no lesson"):
        find_lessons(tmp_path)
    with pytest.raises(ValueError, match="expected a folder"):
        find_lessons(tmp_path / "none")


def test_an_unknown_profile_is_bad_input_before_anything_is_made(
    tmp_path: Path,
) -> None:
    write_lesson(tmp_path, "00-a.ipynb")
    with pytest.raises(ValueError, match="expected one of"):
        run_course(tmp_path, tmp_path / "out", "cloud")
    assert not (tmp_path / "out").exists()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal_the_line_is_live() -> None:
    terminal: Any = Terminal()
    progress = Progress(terminal)
    progress.cell("00-a.ipynb", 3, 9)
    progress.done(LessonResult("00-a.ipynb", "00", "A", "B", 0.5))
    live, last = terminal.getvalue().split("\r\x1b[2K")[1:]
    assert live.split() == ["…", "00-a.ipynb", "cell", "3/9"]
    assert last == "  ok     00-a.ipynb  30 s\n"
