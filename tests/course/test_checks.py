"""Every exercise: right passes, wrong ones fail with their own hint, blank waits."""

import inspect

import numpy as np
import pytest

from t4s_lib import codec, grid_to_mask, iou, mask_to_grid
from t4s_lib.course import check, hint, solution
from t4s_lib.course.exercises import EXERCISES, answers
from t4s_lib.course.exercises.model import Exercise, Mistake
from t4s_lib.descriptor import DescriptorGrid

tasks = pytest.mark.parametrize("task", EXERCISES.values(), ids=list(EXERCISES))
mistakes = pytest.mark.parametrize(
    ("task", "mistake"),
    [
        pytest.param(task, mistake, id=f"{task.id}-{mistake.name}".replace(" ", "-"))
        for task in EXERCISES.values()
        for mistake in task.mistakes
    ],
)


@tasks
def test_the_right_answer_passes(task: Exercise) -> None:
    assert check(task.id, task.answer).verdict == "passed"


@mistakes
def test_a_wrong_answer_gets_its_own_hint(task: Exercise, mistake: Mistake) -> None:
    result = check(task.id, mistake.answer)
    assert result.verdict == "not yet"
    assert result.hint == mistake.hint
    assert "target" in repr(result)
    assert "yours" in repr(result)
    assert "<img alt=" in result.body or "<pre>" in result.body


@tasks
def test_there_are_three_wrong_answers_with_hints_of_their_own(task: Exercise) -> None:
    hints = [mistake.hint for mistake in task.mistakes]
    assert len(set(hints)) == len(hints) >= 3


@tasks
def test_an_untouched_stub_is_not_attempted(task: Exercise) -> None:
    blank = (lambda *_: ...) if callable(task.answer) else ...
    assert check(task.id, blank).verdict == "not attempted yet"
    assert check(task.id, None).verdict == "not attempted yet"


@tasks
def test_an_answer_that_raises_is_shown_not_raised(task: Exercise) -> None:
    def broken(*_: object) -> object:
        raise KeyError("kite")

    result = check(task.id, broken)
    assert result.verdict == "not yet"
    assert "KeyError" in repr(result)
    assert "KeyError" in result._repr_html_()


@pytest.mark.parametrize(
    "odd",
    [0, "", "x", [], [[]], {}, object(), np.zeros((2, 3, 4)), float("nan"), [None]],
)
@tasks
def test_odd_answers_never_raise(task: Exercise, odd: object) -> None:
    for answer in (odd, lambda *_: odd):
        result = check(task.id, answer)
        assert result.verdict == "not yet"
        assert result.hint
        result._repr_html_()


@tasks
def test_hints_go_round_and_the_solution_shows_source(task: Exercise) -> None:
    first = [hint(task.id).data for _ in task.hints]
    assert hint(task.id).data == first[0]
    assert solution(task.id).data.strip()


def test_an_answer_of_another_kind_is_told_so() -> None:
    assert check("0.1", "12").hint == "The answer is a number; yours is a text."
    assert check("0.2", "tee *5").hint == (
        "The answer is a list or an array; yours is a text."
    )


def test_an_answer_of_another_shape_is_told_so() -> None:
    assert check("1.1", lambda m, r, c: m[:r]).hint == (
        "The answer has the shape (4, 4); yours has (4, 12)."
    )
    ragged = check("1.1", lambda m, r, c: [[True], [True, False]])
    assert "rows of different lengths" in ragged.hint


def test_solutions_show_the_librarys_own_source() -> None:
    from t4s_lib import grid

    assert inspect.getsource(grid.iou) in solution("1.4").data


def test_a_check_does_not_let_an_answer_change_its_cases() -> None:
    def vandal(mask: np.ndarray, rows: int, cols: int) -> np.ndarray:
        mask[:] = True
        return mask[:rows, :cols]

    check("1.1", vandal)
    assert check("1.1", EXERCISES["1.1"].answer).verdict == "passed"


def test_an_answer_that_empties_its_lists_changes_no_case() -> None:
    def greedy(runs: list[tuple[str, int]], width: int) -> list[str]:
        cells: list[str] = []
        while runs:
            label, count = runs.pop(0)
            cells += [label] * count
        return (cells + (cells[-1:] or ["others"]) * width)[:width]

    assert check("2.5", greedy).verdict == "passed"
    assert check("2.5", lambda r, w: ["others"] * w).verdict == "not yet"


def test_the_exercises_answers_are_what_the_library_does() -> None:
    rng = np.random.default_rng(0)
    for _ in range(20):
        mask = rng.random((24, 36)) > 0.6
        for rule, mine in (
            ("nearest", answers.sample_cells),
            ("majority", answers.majority_cells),
        ):
            theirs = mask_to_grid(mask, (6, 4), rule=rule).foreground
            np.testing.assert_array_equal(mine(mask, 6, 4), theirs)
        cells = rng.random((4, 6)) > 0.5
        grid = DescriptorGrid(cells, ("others", "dog"))
        drawn = answers.draw_back(cells, 13, 17)
        np.testing.assert_array_equal(drawn, grid_to_mask(grid, (13, 17)))
        assert answers.iou(mask, ~mask) == iou(mask, ~mask)
        text = codec("row-rle").encode(grid)
        assert answers.grid_text(grid.cells()) == text
        rows = [answers.read_row(line) for line in text.strip().split("\n ")]
        assert [answers.repair_row(row, 6) for row in rows] == grid.cells()


def test_an_unknown_exercise_lists_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"'7\.7', expected one of 0\.1"):
        check("7.7", 1)
