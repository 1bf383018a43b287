"""Ways in besides JupyterLab, as far as they can be tried here."""

import os
import subprocess
import sys
import types
from pathlib import Path
from typing import Any

import pytest
import yaml
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from t4s_lib.course.colab import CELL, COLAB, main, with_colab_cell
from t4s_lib.course.freshness import read, tags, write
from t4s_lib.course.scan import scan_source

ROOT = Path(__file__).parent.parent
LESSONS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))


def environment(path: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))
    return loaded


def test_binder_installs_what_conda_users_install() -> None:
    ours, theirs = (
        environment("environment.yml"),
        environment(".binder/environment.yml"),
    )
    assert theirs["dependencies"].pop() == {"pip": ["-e ..[course,model]"]}
    assert ours["dependencies"].pop() == {"pip": ["-e .[course,model]"]}
    assert theirs == ours
    assert (ROOT / ".binder" / ".." / "pyproject.toml").is_file()


def test_what_binder_runs_after_the_build_is_a_script_that_can_run() -> None:
    script = ROOT / ".binder" / "postBuild"
    assert os.access(script, os.X_OK)
    subprocess.run(["sh", "-n", str(script)], check=True)


def test_every_conda_package_but_pip_is_installed_here_in_its_range() -> None:
    from importlib.metadata import version

    from packaging.requirements import Requirement

    lines = environment("environment.yml")["dependencies"]
    wanted = [Requirement(line) for line in lines if isinstance(line, str)]
    for one in wanted:
        if one.name == "python":
            assert one.specifier.contains(".".join(map(str, sys.version_info[:3])))
        elif one.name != "pip":
            assert one.specifier.contains(version(one.name)), one


def run_cell(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Run the cell's source; returns what it would have executed."""
    ran: list[list[str]] = []
    monkeypatch.setattr(subprocess, "run", lambda command, **_: ran.append(command))
    exec(CELL, {})
    return ran


def test_the_colab_cell_does_nothing_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run_cell(monkeypatch) == []


class Colab:
    """Colab's modules, and its folder /content moved to a temporary one."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, content: Path) -> None:
        self.widgets = 0
        output = types.SimpleNamespace(enable_custom_widget_manager=self.enable)
        colab = types.ModuleType("google.colab")
        colab.output = output  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "google", types.ModuleType("google"))
        monkeypatch.setitem(sys.modules, "google.colab", colab)
        real = Path.glob
        moved = lambda path, pattern: real(content, pattern)  # noqa: E731
        monkeypatch.setattr("pathlib.Path.glob", moved)

    def enable(self) -> None:
        self.widgets += 1


def test_on_colab_it_installs_the_clone_and_switches_widgets_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    colab = Colab(monkeypatch, tmp_path)
    clone = tmp_path / "text4seg"
    clone.mkdir()
    (clone / "pyproject.toml").write_text("")
    (command,) = run_cell(monkeypatch)
    assert command[1:4] == ["-m", "pip", "install"]
    assert command[-1] == f"{clone}[course,model]"
    assert colab.widgets == 1


def test_on_colab_without_a_clone_it_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    Colab(monkeypatch, tmp_path)
    with pytest.raises(RuntimeError, match="git clone"):
        run_cell(monkeypatch)


def test_the_cell_is_put_behind_the_title_and_renewed_there(tmp_path: Path) -> None:
    parameters = new_code_cell('PROFILE = "ci"', metadata={"tags": ["parameters"]})
    nb = new_notebook(cells=[new_markdown_cell("# T\n\nS."), parameters])
    write(nb, tmp_path / "a.ipynb")
    for _ in range(2):
        main([str(tmp_path / "a.ipynb")])
    made = read(tmp_path / "a.ipynb")
    assert [tags(cell) for cell in made.cells] == [[], [COLAB], ["parameters"]]
    assert made.cells[1].metadata["jupyter"]["source_hidden"]
    assert scan_source(made, "a.ipynb") == []
    assert with_colab_cell(made) == made
    assert len(CELL.splitlines()) <= 12


@pytest.mark.parametrize("path", LESSONS, ids=[p.stem for p in LESSONS])
def test_a_lesson_that_has_the_cell_has_this_one(path: Path) -> None:
    own = [cell.source for cell in read(path).cells if COLAB in tags(cell)]
    assert own in ([], [CELL])
