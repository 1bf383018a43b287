"""The lessons: well formed, fresh, and running from top to bottom."""

import re
from pathlib import Path

import nbformat
import pytest

from t4s_lib.course.execute import run_lesson
from t4s_lib.course.exercises import EXERCISES
from t4s_lib.course.freshness import Notebook, is_fresh, read
from t4s_lib.course.scan import scan_executed, scan_source
from t4s_lib.course.scan_stored import scan_stored
from t4s_lib.course.times import measured, reading_minutes, spoken

FOLDER = Path(__file__).parents[2] / "notebooks"
LESSONS = sorted(FOLDER.glob("[0-9]*.ipynb"))
lessons = pytest.mark.parametrize("path", LESSONS, ids=[p.stem for p in LESSONS])


def sources(nb: Notebook, kind: str) -> list[str]:
    return [cell.source for cell in nb.cells if cell.cell_type == kind]


def test_there_are_lessons() -> None:
    assert [p.name[:2] for p in LESSONS][:8] == [f"{k:02}" for k in range(8)]


@lessons
class TestStatic:
    def test_is_well_formed(self, path: Path) -> None:
        nb = read(path)
        nbformat.validate(nb)
        assert scan_source(nb, path.name) == []

    def test_its_outputs_belong_to_its_source(self, path: Path) -> None:
        assert is_fresh(read(path)), f"{path.name} was edited: run `make notebooks`"

    def test_nothing_is_wrong_with_what_is_stored(self, path: Path) -> None:
        assert scan_stored(read(path), path.name) == []

    def test_its_header_says_what_was_measured(self, path: Path) -> None:
        nb = read(path)
        title, taken = nb.cells[0].source, spoken(measured(nb)["laptop"])
        mend = "run `t4s course --times`"
        assert f"about {reading_minutes(nb)} minutes to read and do" in title, mend
        assert f"takes about {taken} in the `laptop` profile" in title, mend

    def test_no_cell_is_longer_than_twelve_lines(self, path: Path) -> None:
        for source in sources(read(path), "code"):
            assert len(source.splitlines()) <= 12, source

    def test_it_has_the_rhythm(self, path: Path) -> None:
        text = "\n".join(sources(read(path), "markdown"))
        for part in ("Afterwards you can", "**Time:**", "**Predict.**", "**Do.**"):
            assert part in text
        for heading in ("## Say it back", "## Summary", "**Three ways to go further**"):
            assert heading in text

    def test_its_exercises_are_all_there_and_untouched(self, path: Path) -> None:
        nb = read(path)
        number = str(int(path.name[:2]))
        code = "\n".join(sources(nb, "code"))
        mine = [id for id in EXERCISES if id.split(".")[0] == number]
        assert len(mine) >= 5
        for id in mine:
            assert f'check("{id}"' in code
            assert f"**Exercise {id}**" in "\n".join(sources(nb, "markdown"))
        shown = str([cell.get("outputs") for cell in nb.cells])
        assert shown.count("not attempted yet") >= len(mine)

    def test_it_holds_no_path_of_a_machine(self, path: Path) -> None:
        assert not re.search(r"/(home|root|work|Users|opt)/", path.read_text())


@pytest.mark.notebook
@lessons
def test_it_runs_in_the_ci_profile(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("T4S_DATA", raising=False)
    done = run_lesson(path, tmp_path / path.name, "ci")
    assert scan_executed(done.notebook, path.name) == []


@pytest.mark.notebook
def test_a_solved_lesson_passes_its_checks(tmp_path: Path) -> None:
    """Lesson 02 with the right answers in place of its stubs."""
    nb = read(FOLDER / "02-row-wise-rle.ipynb")
    for cell in nb.cells:
        match = re.search(r'check\("(2\.\d)", \w+\)', cell.source)
        if cell.cell_type == "code" and match:
            cell.source = (
                "from t4s_lib.course.exercises import exercise\n"
                f'check("{match[1]}", exercise("{match[1]}").answer)'
            )
    solved = tmp_path / "02-solved.ipynb"
    nbformat.write(nb, solved)
    done = run_lesson(solved, tmp_path / "out.ipynb", "ci")
    text = str([cell.get("outputs") for cell in done.notebook.cells])
    assert text.count(": passed") >= 5
    assert ": not yet" not in text
