"""One lesson run for real: what it sees, and every way it can stop."""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from t4s_lib.course.execute import LessonError, run_lesson
from t4s_lib.course.profiles import Profile, load

CI = load("ci")


def lesson(
    folder: Path, *sources: str, kernel: str = "python3", tag: str | None = None
) -> Path:
    tagged = {"tags": ["parameters"]}
    cells = [
        new_markdown_cell("# 01 · Lesson\n\nOne. Two."),
        new_code_cell('PROFILE = "laptop"', metadata=tagged),
        *map(new_code_cell, sources),
    ]
    if tag:
        cells[-1].metadata["tags"] = [tag]
    nb = new_notebook(cells=cells)
    nb.metadata.kernelspec = {"name": kernel, "display_name": kernel}
    path = folder / "01-lesson.ipynb"
    nbformat.write(nb, path)
    return path


def failure(
    folder: Path, *sources: str, profile: Profile = CI, tag: str | None = None
) -> LessonError:
    source, target = lesson(folder, *sources, tag=tag), folder / "out/01-lesson.ipynb"
    with pytest.raises(LessonError) as caught:
        run_lesson(source, target, profile)
    return caught.value


class Run:
    """A lesson that went well, on a machine with a false kernel ``python3``."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.started = folder, list[tuple[int, int]]()
        script = (
            "import json, os, sys\n"
            "print(json.dumps([sys.executable, os.getcwd(), PROFILE,"
            " os.environ['HF_HUB_OFFLINE'], os.environ.get('PYTHONWARNINGS')]))"
        )
        self.source = lesson(folder, script, kernel="no-such-kernel")
        self.before = self.source.read_bytes()
        self.target = folder / "out" / "01-lesson.ipynb"
        self.executed, self.minutes = run_lesson(
            self.source, self.target, CI, lambda k, n: self.started.append((k, n))
        )
        self.seen = json.loads(self.executed.cells[-1].outputs[0].text)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("run")
    false = folder / "jupyter" / "kernels" / "python3"
    false.mkdir(parents=True)
    spec: dict[str, Any] = {
        "argv": ["false"],
        "display_name": "x",
        "language": "python",
    }
    (false / "kernel.json").write_text(json.dumps(spec))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_PATH", str(folder / "jupyter"))
        patch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
        patch.delenv("PYTHONWARNINGS", raising=False)
        return Run(folder)


def test_the_kernel_is_this_interpreter_whatever_is_called_python3(run: Run) -> None:
    assert run.seen[0] == sys.executable


def test_the_lesson_runs_in_its_own_folder(run: Run) -> None:
    assert Path(run.seen[1]).samefile(run.folder)
    assert not Path.cwd().samefile(run.folder)


def test_the_profile_is_the_parameter(run: Run) -> None:
    assert run.seen[2] == "ci"


def test_the_hub_is_offline_and_warnings_are_untouched(run: Run) -> None:
    assert run.seen[3:] == ["1", None]


def test_every_cell_is_announced_once_without_the_injected_one(run: Run) -> None:
    assert run.started == [(1, 3), (2, 3), (3, 3)]


def test_the_executed_notebook_stands_where_it_was_asked_for(run: Run) -> None:
    assert [path.name for path in run.target.parent.iterdir()] == ["01-lesson.ipynb"]
    assert (
        nbformat.read(run.target, 4).cells[-1].outputs == run.executed.cells[-1].outputs
    )


def test_the_source_is_untouched_and_the_time_is_measured(run: Run) -> None:
    assert run.source.read_bytes() == run.before
    assert 0 < run.minutes < 1


def test_an_error_names_lesson_cell_reason_and_source(tmp_path: Path) -> None:
    error = failure(tmp_path, "x = 1", "# divide\n1 / 0\n3\n4\n5\n6")
    first, *rest = str(error).splitlines()
    assert first == "01-lesson.ipynb, cell 4 of 4: ZeroDivisionError: division by zero"
    assert rest == ["    # divide", "    1 / 0", "    3", "    4", "    … 2 more lines"]
    assert (error.cell, error.minutes > 0) == (4, True)


def test_what_was_executed_of_a_failed_lesson_is_kept_aside(tmp_path: Path) -> None:
    stale = tmp_path / "out" / "01-lesson.ipynb"
    stale.parent.mkdir()
    stale.write_text("stale")
    failure(tmp_path, "1 / 0")
    assert [p.name for p in stale.parent.iterdir()] == ["01-lesson.failed.ipynb"]


def test_a_stuck_cell_is_stopped(tmp_path: Path) -> None:
    short = replace(CI, cell_timeout_s=2)
    error = failure(tmp_path, "import time; time.sleep(60)", profile=short)
    assert error.reason == "the cell took more than 2 s (profile ci)"
    assert "cell 3 of 3" in str(error)


def test_a_cell_that_trains_may_take_longer_but_not_forever(tmp_path: Path) -> None:
    short = replace(CI, cell_timeout_s=1, training_timeout_s=4)
    nap, night = "import time; time.sleep(2)", "import time; time.sleep(60)"
    run_lesson(lesson(tmp_path, nap, tag="training"), tmp_path / "out.ipynb", short)
    error = failure(tmp_path, night, profile=short, tag="training")
    assert error.reason == "the cell took more than 4 s (profile ci)"


def test_a_lesson_that_outlasts_its_budget_is_stopped(tmp_path: Path) -> None:
    short = replace(CI, lesson_budget_min=0.04)
    naps = ["import time; time.sleep(1)"] * 9
    error = failure(tmp_path, *naps, profile=short)
    assert error.reason == "the lesson's 0.04 min are over (profile ci)"
    assert error.cell < 12


def test_a_dead_kernel_is_one_clear_message(tmp_path: Path) -> None:
    error = failure(tmp_path, "import os; os._exit(9)")
    assert error.reason.startswith("the kernel died")
    assert "cell 3 of 3" in str(error)
    assert "import os; os._exit(9)" in str(error)


def test_a_file_that_is_no_notebook_is_bad_input(tmp_path: Path) -> None:
    path = tmp_path / "01-lesson.ipynb"
    path.write_text("{}")
    with pytest.raises(ValueError, match="is not a"):
        run_lesson(path, tmp_path / "out.ipynb", "ci")


def test_an_unknown_profile_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="expected one of"):
        run_lesson(lesson(tmp_path), tmp_path / "out.ipynb", "cloud")
