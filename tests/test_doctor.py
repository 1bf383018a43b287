"""The doctor: what it finds, what it calls needed, and the command it gives."""

import json
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

from t4s_lib import doctor as module
from t4s_lib.doctor import Diagnosis, Line, doctor
from t4s_lib.requirements import GROUPS, Requirement, requirements, verdict

PYPROJECT = Path(__file__).parent.parent / "pyproject.toml"


@pytest.mark.parametrize(
    ("version", "wanted", "expected"),
    [
        ("2.0", ">=2.0,<3", "ok"),
        ("2", ">=2.0,<3", "ok"),
        ("1.26.4", ">=2.0,<3", "old"),
        ("3.0.0", "<3,>=2.0", "new"),
        ("2.13.0+cpu", "==2.13.0", "ok"),
        ("2.12.1", "==2.13.0", "old"),
        ("2.14", "==2.13.0", "new"),
        ("8.10", ">=8.9", "ok"),
        ("5.0.0rc1", ">=5,<6", "ok"),
        ("1.0", "", "ok"),
    ],
)
def test_a_version_is_in_its_range_or_not(
    version: str, wanted: str, expected: str
) -> None:
    assert verdict(version, wanted) == expected


def test_every_dependency_of_pyproject_is_looked_at_in_its_group() -> None:
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    declared = {"core": project["dependencies"], **project["optional-dependencies"]}
    found = {(entry.group, entry.name) for entry in requirements()}
    for group in GROUPS:
        names = {entry.replace("[", ">").split(">")[0] for entry in declared[group]}
        names = {name.split("=")[0].split("<")[0] for name in names} - {"t4s-lib"}
        assert {(group, name) for name in names} <= found


def only(monkeypatch: pytest.MonkeyPatch, *found: Requirement) -> str:
    monkeypatch.setattr(module, "requirements", lambda: list(found))
    return str(doctor())


def test_this_environment_can_run_the_course() -> None:
    diagnosis = doctor()
    assert diagnosis.ok, str(diagnosis)
    assert str(diagnosis).endswith("The course can run.")


def test_a_missing_package_says_who_needs_it_and_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = only(monkeypatch, Requirement("no-such-thing", ">=1", "course"))
    lines = text.splitlines()
    (at,) = [i for i, line in enumerate(lines) if "no-such-thing" in line]
    assert lines[at].startswith("[missing] no-such-thing >=1: needed for lessons")
    assert lines[at + 1].strip().startswith(f"{sys.executable} -m pip install ")
    assert '[course]"' in lines[at + 1]
    assert "cannot run yet" in lines[-1]


def test_an_old_and_a_new_package_are_called_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "[old]     numpy" in only(monkeypatch, Requirement("numpy", ">=99", "core"))
    assert "[new]     numpy" in only(monkeypatch, Requirement("numpy", "<1", "core"))


def test_what_runs_models_is_needed_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = only(monkeypatch, Requirement("no-such-thing", ">=1", "model"))
    assert "[missing] no-such-thing" in text
    assert '[model]"' in text
    assert "cannot run yet" in text.splitlines()[-1]


def test_a_library_that_is_not_installed_is_said_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def absent() -> list[Requirement]:
        raise metadata.PackageNotFoundError("t4s-lib")

    monkeypatch.setattr(module, "requirements", absent)
    assert "[missing] t4s-lib is not installed" in str(doctor())


def kernel(monkeypatch: pytest.MonkeyPatch, folder: Path, text: str | None) -> Line:
    path = folder / "kernel.json"
    if text is not None:
        path.write_text(text)
    monkeypatch.setattr(module, "_kernel_spec", lambda: path if text else None)
    (line,) = [line for line in doctor().lines if "kernel python3" in line.what]
    return line


@pytest.mark.parametrize(
    ("program", "state"),
    [("python", "ok"), (sys.executable, "ok"), ("/elsewhere/bin/python", "missing")],
)
def test_the_kernel_must_be_this_python(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, program: str, state: str
) -> None:
    line = kernel(monkeypatch, tmp_path, json.dumps({"argv": [program]}))
    assert (line.state, line.is_needed) == (state, True)
    assert ("ipykernel install --sys-prefix" in line.fix) is (state == "missing")


@pytest.mark.parametrize("text", [None, "{", '{"argv": []}', "[]"])
def test_a_kernel_that_is_absent_or_unreadable_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str | None
) -> None:
    assert kernel(monkeypatch, tmp_path, text).state == "missing"


def real_data(monkeypatch: pytest.MonkeyPatch, folder: str) -> Line:
    monkeypatch.setenv("T4S_DATA", folder)
    (line,) = [line for line in doctor().lines if line.what.startswith("real data")]
    return line


def test_real_data_is_looked_for_and_not_needed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert real_data(monkeypatch, str(tmp_path)).state == "ok"
    absent = real_data(monkeypatch, str(tmp_path / "none"))
    assert (absent.state, absent.is_needed) == ("missing", False)
    assert "T4S_DATA is not set" in real_data(monkeypatch, "").what


def test_torch_is_not_imported_unless_asked() -> None:
    before = "torch" in sys.modules
    doctor()
    assert ("torch" in sys.modules) is before


def test_only_what_is_needed_decides() -> None:
    assert Diagnosis((Line("ok", "a"), Line("missing", "b", "", False))).ok
    assert not Diagnosis((Line("ok", "a"), Line("old", "b"))).ok
