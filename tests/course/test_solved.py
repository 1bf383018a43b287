"""A course with every exercise solved: how it is made, and that it passes."""

import io
import os
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from t4s_lib.cli import main
from t4s_lib.course.exercises import EXERCISES
from t4s_lib.course.freshness import read, write
from t4s_lib.course.run import Progress, find_lessons, run_course
from t4s_lib.course.solved import solve, solve_cell, solved_course

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
LESSONS = find_lessons(NOTEBOOKS)
HEAD = "from t4s_lib.course.exercises import exercise\n"


@pytest.mark.parametrize(
    ("stub", "solved"),
    [
        ('a = ...\n\ncheck("0.1", a)', 'a = exercise("0.1").answer\n\ncheck("0.1", a)'),
        ('check("0.1", 4)', 'check("0.1", exercise("0.1").answer)'),
        (
            'import x\n\n@cache\ndef f(row):\n    "é ä"\n    ...\n\ncheck("2.1", f)',
            'import x\n\nf = exercise("2.1").answer\n\ncheck("2.1", f)',
        ),
        (
            'class A(B):\n    ...\n\n"é"; print(check("3.2", A))',
            'A = exercise("3.2").answer\n\n"é"; print(check("3.2", A))',
        ),
        (
            'n: str = ...  # "A"\ncheck("0.4", n)',
            'n = exercise("0.4").answer  # "A"\ncheck("0.4", n)',
        ),
        ('check("2.1", made_above)', 'check("2.1", exercise("2.1").answer)'),
    ],
)
def test_a_stub_gives_way_to_the_right_answer(stub: str, solved: str) -> None:
    made, ids = solve_cell(stub)
    assert made == HEAD + solved
    assert len(ids) == 1


def test_a_check_of_nothing_known_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"check is given '9\.9', expected an"):
        solve_cell('check("9.9", f)')


@pytest.mark.parametrize("path", LESSONS, ids=[p.stem for p in LESSONS])
def test_every_exercise_of_a_lesson_is_found_in_it(path: Path) -> None:
    nb = read(path)
    solved = solve(nb, path.name[:2])
    number = str(int(path.name[:2]))
    for id in (id for id in EXERCISES if id.split(".")[0] == number):
        assert f'exercise("{id}").answer' in str([c.source for c in solved.cells])
    assert nb == read(path), "the lesson itself stays as it is"


def small(folder: Path, name: str, *cells: str) -> Path:
    folder.mkdir(exist_ok=True)
    start = "from t4s_lib.course import check"
    made = [
        new_markdown_cell(f"# {name[:2]} · T\n\nS. S."),
        new_code_cell('PROFILE = "laptop"', metadata={"tags": ["parameters"]}),
        *map(new_code_cell, (start, *cells)),
    ]
    write(new_notebook(cells=made), folder / name)
    return folder / name


def test_a_lesson_that_lacks_an_exercise_is_an_error(tmp_path: Path) -> None:
    path = small(tmp_path, "02-few.ipynb", 'check("2.1", f)')
    with pytest.raises(ValueError, match=r"exercise 2\.2 is not there"):
        solve(read(path), "02")
    assert "2.1" in str(solve(read(path)).cells)


DEFINED = 'def f(row):\n    ...\n\n\ncheck("2.1", f)'
USED = "print(f(['a', 'a', 'b']))"
WRONG = 'import t4s_lib.course\nt4s_lib.course.check("2.1", lambda row: 1)'


def test_a_solved_course_passes_and_later_cells_use_the_answers(
    tmp_path: Path,
) -> None:
    source = tmp_path / "notebooks"
    small(source, "90-solved.ipynb", DEFINED, USED)
    small(source, "91-wrong.ipynb", WRONG)
    said = Progress(io.StringIO())
    result = solved_course(source, tmp_path / "out", progress=said)
    assert [lesson.ok for lesson in result.lessons] == [True, False]
    assert "NotPassed: 2.1: not yet" in result.faults[0]
    assert result.index is None
    cells = read(tmp_path / "out" / "solved" / "90-solved.ipynb").cells
    assert "2.1: passed" in str(cells)
    assert "[('a', 2), ('b', 1)]" in str(cells)
    assert "T4S_STRICT" not in os.environ


def test_an_untouched_course_runs_without_strictness_and_keeps_no_progress(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("T4S_PROGRESS", str(tmp_path / "mine.json"))
    source = tmp_path / "notebooks"
    passes = f'{HEAD}check("2.1", exercise("2.1").answer)'
    small(source, "90-a.ipynb", DEFINED, passes)
    result = run_course(
        source, tmp_path / "out", "ci", progress=Progress(io.StringIO())
    )
    assert result.faults == ()
    page = (tmp_path / "out" / "90-a.html").read_text(encoding="utf-8")
    assert "2.1: not attempted yet" in page
    assert "2.1: passed" in page
    assert not (tmp_path / "mine.json").exists()


def test_the_command_goes_one_way_at_a_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["course", "--stored", "--solved"]) == 2
    assert "got --stored and --solved, expected one of them" in capsys.readouterr().err
    small(tmp_path / "notebooks", "90-solved.ipynb", USED.replace("f(", "sorted("))
    folders = ["--source", str(tmp_path / "notebooks"), "--out", str(tmp_path / "out")]
    assert main(["course", "--stored", *folders]) == 1
    said = capsys.readouterr()
    assert "outputs are older than its source" in said.err
    assert said.out.strip() == str(tmp_path / "out" / "index.html")


@pytest.mark.notebook
def test_a_real_lesson_solved_passes_every_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("T4S_DATA", raising=False)
    said = Progress(io.StringIO())
    result = solved_course(NOTEBOOKS, tmp_path, only=["02"], progress=said)
    assert result.faults == ()
    name = next(path.name for path in LESSONS if path.name.startswith("02"))
    shown = str(
        [cell.get("outputs") for cell in read(tmp_path / "solved" / name).cells]
    )
    asked = [id for id in EXERCISES if id.startswith("2.")]
    assert all(f"{id}: passed" in shown for id in asked)
    assert ": not yet" not in shown
    assert "not attempted" not in shown
