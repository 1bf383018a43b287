"""Lessons that are killed while they are executed, and while pages are built."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path
from typing import Any

from benchmarks.kill_tasks import Task


class Course(Task):
    """``t4s course``: lessons executed, pages built."""

    name, share = "course", 6

    def prepare(self, given: Path) -> None:
        """Import, and write two lessons."""
        import papermill  # noqa: F401

        from t4s_lib.course import run  # noqa: F401

        given.mkdir()
        _write_lesson(given / "00-one.ipynb", "print(6 * 7)")
        _write_lesson(given / "01-two.ipynb", "print('two')")
        self.given = given

    def run(self, out: Path) -> None:
        """Execute everything."""
        from t4s_lib.course.run import Progress, run_course

        run_course(self.given, out, "ci", progress=Progress(io.StringIO()))

    def ending(self, out: Path) -> dict[str, Any]:
        """The files, what the lessons say, and what the record says of them."""
        record = json.loads((out / "course.json").read_text())
        told = [(e["name"], e["page"], e["faults"]) for e in record["lessons"]]
        names = sorted(str(p.relative_to(out)) for p in out.rglob("*") if p.is_file())
        seen = [n for n in names if not Path(n).name.startswith(".")]
        said = {p.name: _outputs(p) for p in (out / "executed").glob("*.ipynb")}
        return {"record": told, "names": seen, **said}


class Refresh(Course):
    """``t4s course --refresh``: lessons executed and stored where they were."""

    name, share = "refresh", 4

    def begin(self, out: Path) -> None:
        """Copy the lessons, which are overwritten."""
        shutil.copytree(self.given, out)

    def run(self, out: Path) -> None:
        """Execute and store."""
        from t4s_lib.course.run import Progress, refresh

        refresh(out, "ci", progress=Progress(io.StringIO()))

    def ending(self, out: Path) -> dict[str, Any]:
        """What the lessons say."""
        return {path.name: _outputs(path) for path in out.glob("*.ipynb")}


def _write_lesson(path: Path, code: str) -> None:
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

    from t4s_lib.course.freshness import write

    heading = new_markdown_cell(f"# {path.name[:2]} · A lesson\n\nOne. Two.", id="a")
    tags = {"tags": ["parameters"]}
    profile = new_code_cell('PROFILE = "ci"', id="b", metadata=tags)
    cells = [heading, profile, new_code_cell(code, id="c")]
    write(new_notebook(cells=cells), path)


def _outputs(path: Path) -> list[str]:
    cells = json.loads(path.read_text())["cells"]
    outputs = [o for c in cells for o in c.get("outputs", ())]
    return ["".join(o.get("text", ())) for o in outputs]
