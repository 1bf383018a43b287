"""A lesson with every exercise solved: what a learner has at the end.

``solve`` puts the right answers, the library's own, in place of the stubs of a copy;
``solved_course`` executes such copies in strict mode, in which a check that does not
pass stops the lesson. CI runs the untouched course and the solved one.
"""

from __future__ import annotations

import ast
import copy
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from t4s_lib.course.exercises import EXERCISES
from t4s_lib.course.freshness import Notebook, read, write
from t4s_lib.course.profiles import load
from t4s_lib.course.progress_check import STRICT
from t4s_lib.course.results import CourseResult, LessonResult
from t4s_lib.course.run import Progress, attempt, find_lessons, not_run

IMPORT = "from t4s_lib.course.exercises import exercise"


def solve(nb: Notebook, number: str | None = None) -> Notebook:
    """A copy of a lesson in which every stub is the right answer.

    Where a cell has ``check("2.1", row_runs)``, the definition of ``row_runs`` in
    that cell gives way to ``row_runs = exercise("2.1").answer``. Anything but a name
    that is handed to a check, such as a wrong answer on show, gives way as well.

    Args:
        nb: The lesson.
        number: Its number; every exercise of that lesson must be there.

    Raises:
        ValueError: If an exercise is checked that is not known, or one of the
            lesson's is not checked.
    """
    solved = copy.deepcopy(nb)
    found: set[str] = set()
    for cell in solved.cells:
        if cell.cell_type == "code" and "check(" in cell.source:
            cell.source, ids = solve_cell(cell.source)
            found |= ids
    asked = [id for id in EXERCISES if number and id.split(".")[0] == str(int(number))]
    for id in asked:
        if id not in found:
            raise ValueError(f"exercise {id} is not there, expected check({id!r}, …)")
    return solved


def solve_cell(source: str) -> tuple[str, set[str]]:
    r"""A cell's source with right answers, and the exercises that it checks.

    Examples:
        >>> print(solve_cell('cells = ...\n\ncheck("0.1", cells)')[0])
        from t4s_lib.course.exercises import exercise
        cells = exercise("0.1").answer
        <BLANKLINE>
        check("0.1", cells)
        >>> solve_cell("1 + 1")
        ('1 + 1', set())
    """
    body = ast.parse(source).body
    calls = [call for node in body for call in _checks(node)]
    edits = [edit for call in calls for edit in _edits(call, body, source)]
    for (start, end), text in sorted(edits, reverse=True):
        source = source[:start] + text + source[end:]
    ids = {_id(call) for call in calls}
    return (f"{IMPORT}\n{source}" if ids else source), ids


def solved_course(
    source: Path,
    out: Path,
    profile: str = "ci",
    only: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> CourseResult:
    """Execute every lesson, solved, in strict mode.

    Args:
        source: Folder of the notebooks, which stay as they are.
        out: Where the executed copies go, into the folder ``solved``.
        profile: ``ci``, ``laptop`` or ``gpu``.
        only: Numbers of the lessons to run; all if None.
        progress: Told how it goes; on stderr if None.

    Returns:
        What was run; ``result.faults`` lists everything that failed. No pages.

    Raises:
        ValueError: For an unknown profile or lesson, or a folder without lessons.
    """
    load(profile)
    told = progress or Progress()
    chosen = find_lessons(source, only)
    with _strict():
        ran = [_run(path, out / "solved" / path.name, profile, told) for path in chosen]
    return CourseResult(profile, tuple(ran))


def _run(lesson: Path, target: Path, profile: str, told: Progress) -> LessonResult:
    with tempfile.TemporaryDirectory() as folder:
        copied = Path(folder, lesson.name)
        try:
            write(solve(read(lesson), lesson.name[:2]), copied)
        except (ValueError, OSError, SyntaxError) as error:
            result = replace(not_run(lesson), faults=(f"{lesson.name}: {error}",))
            told.done(result)
            return result
        return attempt(copied, target, profile, told)[0]


@contextmanager
def _strict() -> Iterator[None]:
    before = os.environ.get(STRICT)
    os.environ[STRICT] = "1"
    try:
        yield
    finally:
        os.environ.pop(STRICT)
        if before is not None:
            os.environ[STRICT] = before


def _checks(node: ast.stmt) -> list[ast.Call]:
    calls = [found for found in ast.walk(node) if isinstance(found, ast.Call)]
    return [
        call for call in calls if _name(call.func) == "check" and len(call.args) == 2
    ]


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _id(call: ast.Call) -> str:
    node = call.args[0]
    id = node.value if isinstance(node, ast.Constant) else None
    if not isinstance(id, str) or id not in EXERCISES:
        raise ValueError(f"check is given {ast.unparse(node)}, expected an exercise")
    return id


_Edit = tuple[tuple[int, int], str]


def _edits(call: ast.Call, body: Sequence[ast.stmt], source: str) -> Iterator[_Edit]:
    """What to put in place of what, so that a check is handed the right answer."""
    answer, given = f'exercise("{_id(call)}").answer', call.args[1]
    defined = [node for node in body if _defines(node, _name(given))]
    if not defined:
        yield _span(given, source), answer
        return
    last = _span(defined[-1], source)
    yield last, f"{_name(given)} = {answer}"


def _defines(node: ast.stmt, name: str) -> bool:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return node.name == name
    if isinstance(node, ast.Assign):
        return any(_name(target) == name for target in node.targets)
    return isinstance(node, ast.AnnAssign) and _name(node.target) == name


def _span(node: ast.expr | ast.stmt, source: str) -> tuple[int, int]:
    """Where a node stands, in characters; its decorators belong to it."""
    first = min([node, *getattr(node, "decorator_list", [])], key=lambda n: n.lineno)
    start = _offset(source, first.lineno, first.col_offset)
    start -= first is not node  # the at sign
    return start, _offset(source, node.end_lineno or 0, node.end_col_offset or 0)


def _offset(source: str, line: int, column: int) -> int:
    """Characters before a place that is given by line and column in UTF-8 bytes."""
    lines = source.splitlines(keepends=True)
    inside = lines[line - 1].encode()[:column].decode()
    return sum(map(len, lines[: line - 1])) + len(inside)
