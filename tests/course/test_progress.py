"""What was passed is kept from kernel to kernel, and drawn."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from t4s_lib.course import check, progress, progress_store
from t4s_lib.course.checks import check as judge
from t4s_lib.course.exercises import EXERCISES, exercise
from t4s_lib.course.progress_check import NotPassed
from t4s_lib.course.progress_store import Entry, entries, forget, keep, passed, place


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A file of progress in a folder that is not there yet, and a new kernel."""
    path = tmp_path / "new" / "folder" / "progress.json"
    monkeypatch.setenv("T4S_PROGRESS", str(path))
    monkeypatch.delenv("T4S_STRICT", raising=False)
    forget()
    yield path
    forget()


def states() -> dict[str, str]:
    return {id: entry.state for id, entry in entries().items()}


def test_a_check_is_kept_and_a_new_kernel_finds_it(file: Path) -> None:
    check("2.1", exercise("2.1").answer)
    check("2.2", lambda runs: "wrong")
    check("2.3", ...)
    forget()
    assert states() == {"2.1": "passed", "2.2": "tried"}
    assert passed() == {"2.1"}
    assert json.loads(file.read_text())["version"] == 1


def test_what_was_passed_stays_passed(file: Path) -> None:
    right = exercise("2.1").answer
    for answer in (lambda row: 1, right, lambda row: 1, ...):
        check("2.1", answer)
    assert states() == {"2.1": "passed"}


def test_an_answer_is_judged_as_without_keeping(file: Path) -> None:
    right = exercise("2.1").answer
    assert repr(check("2.1", right)) == repr(judge("2.1", right))
    with pytest.raises(ValueError, match=r"exercise is '9\.9'"):
        check("9.9", right)


def test_two_kernels_lose_nothing(file: Path) -> None:
    keep("2.1", "passed")
    code = "from t4s_lib.course.progress_store import keep; keep('2.2', 'passed')"
    subprocess.run([sys.executable, "-c", code], check=True)
    keep("2.3", "tried")
    forget()
    assert states() == {"2.1": "passed", "2.2": "passed", "2.3": "tried"}
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"version": 2, "exercises": {}}',
        '{"version": 1, "exercises": {"1": 2}}',
    ],
)
def test_a_file_that_cannot_be_read_is_set_aside_not_lost(
    file: Path, text: str
) -> None:
    file.parent.mkdir(parents=True)
    file.write_text(text)
    assert passed() == set()
    assert "Nothing could be read" in repr(progress())
    check("2.1", exercise("2.1").answer)
    assert states() == {"2.1": "passed"}
    assert file.with_name("progress.json.unreadable").read_text() == text


def test_where_nothing_can_be_written_the_kernel_remembers(
    tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a-file").write_text("")
    monkeypatch.setenv("T4S_PROGRESS", str(tmp_path / "a-file" / "progress.json"))
    assert check("2.1", exercise("2.1").answer).verdict == "passed"
    assert states() == {"2.1": "passed"}


@pytest.mark.parametrize("value", ["off", "OFF"])
def test_it_can_be_switched_off(
    file: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("T4S_PROGRESS", value)
    check("2.1", exercise("2.1").answer)
    assert place() is None
    assert entries() == {}
    assert f"T4S_PROGRESS is '{value}'" in repr(progress())
    assert not file.exists()


def test_outside_a_notebook_nothing_is_kept_unasked(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("T4S_PROGRESS")
    assert place() is None
    assert "this is no notebook" in repr(progress())


def test_in_a_notebook_it_is_kept_in_the_users_data_folder(
    file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("T4S_PROGRESS")
    monkeypatch.setattr(progress_store, "_in_notebook", lambda: True)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    found = place()
    assert found is not None
    assert found.name == "progress.json"
    assert found.parent.name == "t4s"
    assert sys.platform != "linux" or found.is_relative_to(tmp_path)


def test_progress_draws_every_exercise_with_a_mark_and_a_word(file: Path) -> None:
    keep("2.1", "passed")
    keep("2.2", "tried")
    drawn, told = progress()._repr_html_(), repr(progress())
    assert f"1 of {len(EXERCISES)} exercises passed" in told
    assert "lesson 02  ✓ 2.1  ✗ 2.2  ○ 2.3" in told
    assert str(file) in told
    for id, task in EXERCISES.items():
        assert f" {id}</span>" in drawn
        assert task.title.replace("'", "&#x27;") in drawn
    assert drawn.count("✓ 2.") == drawn.count(": passed") == 1
    assert "✓ passed, ✗ not yet passed, ○ not tried." in drawn
    assert "<td" in drawn
    assert drawn.count("1 of 5") >= 1


def test_the_marks_need_no_colour(file: Path) -> None:
    keep("2.1", "passed")
    drawn = progress()._repr_html_()
    assert "color:" not in drawn.replace("currentColor", "")


def test_in_strict_mode_anything_but_a_pass_raises(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("T4S_STRICT", "1")
    assert check("2.1", exercise("2.1").answer).verdict == "passed"
    with pytest.raises(NotPassed, match="not attempted yet"):
        check("2.1", ...)
    with pytest.raises(NotPassed, match="not yet"):
        check("2.1", lambda row: 1)
    monkeypatch.setenv("T4S_STRICT", "0")
    assert check("2.1", ...).verdict == "not attempted yet"


def test_entries_are_written_in_the_order_of_the_course(file: Path) -> None:
    for id in ("10.1", "2.10", "2.9"):
        keep(id, "tried")
    assert list(json.loads(file.read_text())["exercises"]) == ["2.9", "2.10", "10.1"]
    assert isinstance(entries()["2.9"], Entry)
    assert os.environ["T4S_PROGRESS"] == str(file)
