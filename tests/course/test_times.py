"""The line under a lesson's title: counted words, measured minutes, still fresh."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from t4s_lib.cli import main
from t4s_lib.course.freshness import is_fresh, read, source_hash, stamp, write
from t4s_lib.course.run import Progress, refresh
from t4s_lib.course.times import measured, reading_minutes, spoken, with_times
from t4s_lib.course.write_times import write_times

TITLE = "# 01 · Runs\n\nOne. Two.\n\n**Time:** {}"
OLD = (
    "about 5 minutes to read and do. Computing takes about 9 min in the `laptop` "
    "profile, 6 of them to train, and 2 min in `ci` (measured on 2 cores)."
)
TASK = "**Do.** **Exercise 1.1** · *hard, 12 minutes.* Write it in 3 minutes."


def lesson(line: str = OLD, words: int = 0, cells: int = 1) -> Any:
    told = [TITLE.format(line), TASK, " ".join(["word"] * words)]
    code = [new_code_cell('PROFILE = "x"', metadata={"tags": ["parameters"]})]
    code += [new_code_cell(f"print({k})") for k in range(cells - 1)]
    return new_notebook(cells=[*map(new_markdown_cell, told), *code])


def line(nb: Any) -> str:
    return str(nb.cells[0].source.splitlines()[-1])


def test_reading_counts_words_cells_and_what_exercises_say() -> None:
    bare = lesson()
    assert reading_minutes(bare) == 15
    assert reading_minutes(lesson(words=2000)) == 25
    assert reading_minutes(lesson(cells=21)) == 25
    bare.cells.append(new_markdown_cell("**Exercise 1.2** · *easy, 20 minutes.* Two."))
    assert reading_minutes(bare) == 35


def test_the_line_itself_is_not_counted() -> None:
    for words in range(0, 2000, 50):
        once = with_times(lesson(words=words), {"ci": 1.0})
        assert with_times(once, {"ci": 1.0}) == once


def test_measured_times_are_renewed_and_others_kept() -> None:
    nb = with_times(lesson(), {"laptop": 7.66})
    assert "about 15 minutes to read and do (200 words a minute" in line(nb)
    assert "takes about 7.5 min in the `laptop` profile and 2 min in `ci` (" in line(nb)
    again = with_times(nb, {"ci": 0.31})
    assert "7.5 min in the `laptop` profile and 20 s in `ci` (meas" in line(again)


def test_a_lesson_without_the_line_stays_as_it_is() -> None:
    nb = new_notebook(cells=[new_markdown_cell("# T"), new_code_cell("1")])
    assert with_times(nb, {"ci": 1.0}) == nb


def test_a_line_with_nothing_measured_says_nothing_of_computing() -> None:
    nb = with_times(lesson(line="?"), {})
    assert line(nb).endswith("and what the exercises say).")


def test_a_fresh_lesson_stays_fresh_and_a_stale_one_stale() -> None:
    fresh = stamp(lesson(), "laptop", 3)
    timed = with_times(fresh, {"ci": 0.5})
    assert is_fresh(timed)
    assert source_hash(timed) != source_hash(fresh)
    assert is_fresh(fresh)
    fresh.cells[1].source += " edited"
    assert not is_fresh(with_times(fresh, {"ci": 0.5}))


@pytest.mark.parametrize("minutes", [0.01, 0.35, 1.38, 1.49, 1.5, 2.87, 9.8, 30.2])
def test_what_is_said_is_close_to_what_was_measured(minutes: float) -> None:
    number, unit = spoken(minutes).split()
    said = float(number) / (60 if unit == "s" else 1)
    assert abs(said - minutes) <= max(0.08, 0.17 * minutes)


def course(folder: Path, *, ran: bool = True) -> tuple[Path, Path]:
    """Notebooks, and the folder of a run in profile ci that took half a minute."""
    source, out = folder / "notebooks", folder / "out"
    source.mkdir()
    out.mkdir()
    write(stamp(lesson(), "laptop", 3.1), source / "01-runs.ipynb")
    if ran:
        entry = {"name": "01-runs.ipynb", "number": "01", "title": "", "summary": ""}
        entry |= {"minutes": 0.5, "page": "01-runs.html", "faults": []}  # type: ignore[dict-item]
        record = {"profile": "ci", "lib_version": "0", "lessons": [entry]}
        (out / "course.json").write_text(json.dumps(record))
        (out / "01-runs.html").write_text("a page")
    return source, out


def test_the_command_writes_what_was_measured(tmp_path: Path) -> None:
    source, out = course(tmp_path)
    told = Progress(io.StringIO())
    assert write_times(source, out, progress=told).ok
    nb = read(source / "01-runs.ipynb")
    assert is_fresh(nb)
    assert "about 3 min in the `laptop` profile and 30 s in `ci`" in line(nb)
    before = (source / "01-runs.ipynb").read_bytes()
    folders = ["--source", str(source), "--out", str(out)]
    assert main(["course", "--times", *folders]) == 0
    assert (source / "01-runs.ipynb").read_bytes() == before


def test_without_a_run_it_says_how_to_make_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, out = course(tmp_path, ran=False)
    folders = ["--source", str(source), "--out", str(out)]
    assert main(["course", "--times", *folders]) == 2
    assert "holds no course.json, expected one; run: t4s" in capsys.readouterr().err


def test_a_lesson_without_the_line_is_a_fault(tmp_path: Path) -> None:
    source, out = course(tmp_path)
    nb = read(source / "01-runs.ipynb")
    nb.cells[0].source = "# 01 · Runs\n\nOne. Two."
    write(nb, source / "01-runs.ipynb")
    told = Progress(io.StringIO())
    (fault,) = write_times(source, out, progress=told).faults
    assert fault == "01-runs.ipynb: no line **Time:** under the title"


def test_a_refresh_writes_its_own_time(tmp_path: Path) -> None:
    source, _ = course(tmp_path)
    result = refresh(source, "ci", progress=Progress(io.StringIO()))
    assert result.faults == ()
    nb = read(source / "01-runs.ipynb")
    assert is_fresh(nb)
    assert spoken(measured(nb)["ci"]) + " in `ci`" in line(nb)
    assert "9 min in the `laptop` profile" in line(nb)
