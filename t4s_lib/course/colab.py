"""The folded first cell of a lesson: it sets Colab up, and does nothing elsewhere.

    python -m t4s_lib.course.colab notebooks/*.ipynb

puts it into lessons, or renews it there. The project is installed from the clone that
the lesson was opened from, never from a package index by its bare name.
"""

from __future__ import annotations

import copy
import sys
from collections.abc import Sequence
from pathlib import Path

import nbformat

from t4s_lib.course.freshness import Notebook, read, still_fresh, tags, write

COLAB = "colab"
"""Tag of the cell; pages leave it out."""

CELL = """\
# @title Set-up on Colab; anywhere else this cell does nothing
import sys

if "google.colab" in sys.modules:
    import pathlib, subprocess
    from google.colab import output
    clones = [path.parent for path in pathlib.Path("/content").glob("*/pyproject.toml")]
    if not clones:
        raise RuntimeError("no clone in /content; run: !git clone ADDRESS, then this")
    pip = [sys.executable, "-m", "pip", "install", "-q", f"{clones[0]}[course,model]"]
    subprocess.run(pip, check=True)
    output.enable_custom_widget_manager()"""
"""Its source."""


def with_colab_cell(nb: Notebook) -> Notebook:
    """A copy of a lesson with the cell behind its title, renewed where it is there.

    It does nothing where lessons are executed, so outputs that belonged to the source
    before still do.
    """
    made = copy.deepcopy(nb)
    cells = [cell for cell in made.cells if COLAB not in tags(cell)]
    folded = {"tags": [COLAB], "jupyter": {"source_hidden": True}, "cellView": "form"}
    cell = nbformat.v4.new_code_cell(CELL, id=COLAB, metadata=folded)
    made.cells = [*cells[:1], cell, *cells[1:]]
    return still_fresh(made, nb)


def main(paths: Sequence[str]) -> None:
    """Put the cell into the notebooks of these paths.

    Raises:
        ValueError: If one is no notebook.
        OSError: If one cannot be read or written.
    """
    for path in map(Path, paths):
        write(with_colab_cell(read(path)), path)


if __name__ == "__main__":
    main(sys.argv[1:])
