"""Lesson 07: answers against the library, and the codec that its cells make."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from t4s_lib import DescriptorGrid, codec, codecs
from t4s_lib.codecs import folds
from t4s_lib.codecs.box_places import around
from t4s_lib.course import check, solution
from t4s_lib.course.beyond_codecs import round_trip, trial_grids
from t4s_lib.course.exercises import shorter
from t4s_lib.course.freshness import read
from t4s_lib.evaluation.metrics import Counts, paired_difference
from t4s_lib.instances import instances_to_grid
from t4s_lib.sources import scenes

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "07-beyond-the-paper.ipynb"
RNG = np.random.default_rng(7)


def random_cells(n: int = 30) -> list[Any]:
    """Bool grids of every filling, empty and full among them."""
    shares = np.linspace(0, 1, n)
    return [RNG.random(RNG.integers(1, 9, size=2)) < share for share in shares]


class TestAnswers:
    def test_rows_are_folded_and_unfolded_as_the_library_does(self) -> None:
        for _ in range(30):
            rows = [f"dog *{n}" for n in RNG.integers(1, 4, size=12)]
            lines = shorter.fold_rows(rows)
            assert lines == folds.fold(rows)
            assert shorter.unfold_rows(lines, 12) == rows
            written = folds.unfold("\n ".join(lines), 12).body.split("\n ")
            assert written == rows

    @pytest.mark.parametrize("times", ["x0", "x1", "x3", "x1000000", "x", "x-1"])
    def test_no_count_makes_rows_vanish_or_too_many(self, times: str) -> None:
        found = shorter.unfold_rows(["a *2", f"b *2 {times}", "c *2"], 4)
        assert found[0] == "a *2"
        assert found[1].startswith("b *2")
        assert len(found) <= 4

    def test_boxes_and_spans_are_the_librarys(self) -> None:
        for cells in random_cells():
            box = around(cells.astype(int))
            mine = shorter.tight_box(cells)
            assert mine == (box and (box.top, box.left, box.rows, box.cols))
        for row in RNG.integers(0, 2, size=(30, 9)):
            text = codec("spans").encode(DescriptorGrid([row], ("others", "dog")))
            line = text.strip().split("\n ")[-1] if row.any() else "-"
            assert shorter.row_spans(row.tolist()) == line

    def test_the_interval_is_near_the_librarys(self) -> None:
        scores = RNG.beta(3, 2, size=(2, 400, 1))
        short, long = (
            [Counts(round(1e6 * v), 0, round(1e6 * (1 - v)), 10**6, image=str(k))
             for k, v in enumerate(one[:, 0])]
            for one in scores
        )  # fmt: skip
        theirs = paired_difference(short, long, "gIoU")
        mine = shorter.paired_cost(*scores)
        assert mine[0] == pytest.approx(theirs.value, abs=1e-5)
        width = theirs.high - theirs.low
        assert mine[2] - mine[1] == pytest.approx(width, rel=0.1)

    def test_more_models_of_the_same_scenes_are_no_more_scenes(self) -> None:
        scores = RNG.random((2, 20, 1))
        once = shorter.paired_cost(*scores)
        again = shorter.paired_cost(*np.repeat(scores, 3, axis=2))
        assert again == pytest.approx(once)

    def test_instances_are_numbered_as_the_library_does(self) -> None:
        for _ in range(20):
            ids = RNG.integers(0, 4, size=(5, 6))
            masks = [ids == k for k in RNG.permutation([1, 2, 3])]
            grid = instances_to_grid([m for m in masks if m.any()], "dog", (5, 6))
            assert shorter.instance_words(ids.tolist(), "dog") == grid.cells()

    @pytest.mark.parametrize(
        ("id", "answer"),
        [
            ("7.1", lambda rows: tuple(shorter.fold_rows(rows))),
            ("7.3", lambda cells: (found := shorter.tight_box(cells)) and list(found)),
            ("7.3", lambda cells: (found := shorter.tight_box(cells)) and
             tuple(np.array(found))),
            ("7.5", lambda *given: np.array(shorter.paired_cost(*given))),
            ("7.6", lambda *given: tuple(map(tuple, shorter.instance_words(*given)))),
        ],
    )  # fmt: skip
    def test_other_right_answers_pass(
        self, id: str, answer: Callable[..., Any]
    ) -> None:
        assert check(id, answer).verdict == "passed"

    def test_a_wrong_box_is_drawn(self) -> None:
        found = check("7.3", lambda cells: (1, 1, 2, 2))
        assert "differ in" in found.body
        assert "<img alt=" in found.body

    def test_a_wrong_number_is_pointed_at(self) -> None:
        found = check("7.6", lambda ids, label: [[label] * len(row) for row in ids])
        assert "^ first difference" in found.body

    @pytest.mark.parametrize(
        "answer", [(1, 2), (1, 2, 3, "4"), "1+2 3+4", (-1, 0, 9, 9)]
    )
    def test_what_is_no_box_is_shown_as_it_is(self, answer: Any) -> None:
        result = check("7.3", lambda cells: answer)
        assert result.verdict == "not yet"
        assert "raised" not in repr(result)

    @pytest.mark.parametrize(
        ("id", "module"),
        [
            ("7.1", "t4s_lib.codecs.folds"),
            ("7.2", "t4s_lib.codecs.folds"),
            ("7.3", "t4s_lib.codecs.box_places"),
            ("7.4", "t4s_lib.codecs.spans"),
            ("7.5", "t4s_lib.evaluation.metrics"),
            ("7.6", "t4s_lib.instances"),
        ],
    )
    def test_solutions_show_the_librarys_source(self, id: str, module: str) -> None:
        assert module in solution(id).data


@pytest.fixture
def own_codecs(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test registers is gone after it."""
    monkeypatch.setattr(codecs, "_CODECS", dict(codecs._CODECS))


@pytest.mark.usefixtures("own_codecs")
class TestTheLessonsCodec:
    def names(self) -> dict[str, Any]:
        """What the lesson's cells define, up to the codec that is broken."""
        cells = {cell["id"]: cell.source for cell in read(NOTEBOOK).cells}
        names: dict[str, Any] = {"grids": trial_grids(scenes(8, "val", size=64))}
        imports = "from t4s_lib import Codec, DescriptorGrid, codec, register\n"
        tried = "from t4s_lib.course.beyond_codecs import round_trip\n"
        exec(imports + tried + cells["s4-spans"], names)
        exec(cells["s4-codec"] + "\nregister(TurnedSpans)", names)
        exec(cells["s4-fails"], names)
        exec(cells["s4-mine"], names)
        return names

    def test_it_is_sound_and_never_longer_than_spans_by_more_than_a_bar(self) -> None:
        grids = trial_grids(scenes(24, "val", size=64))
        self.names()
        assert round_trip("turned-spans", grids).ok
        for grid in grids:
            mine, theirs = (codec(n).encode(grid) for n in ("turned-spans", "spans"))
            assert len(mine) <= len(theirs)

    def test_the_cell_for_the_learners_own_is_sound_as_it_stands(self) -> None:
        names = self.names()
        assert round_trip("mine", names["grids"]).ok

    def test_without_its_mark_it_fails_on_a_small_grid_and_shows_it(self) -> None:
        names = self.names()
        found = round_trip("unmarked", names["grids"])
        assert found.grid is not None
        assert found.grid.shape == (9, 3), "the stripes that the lesson speaks of"
        assert "<img alt=" in found._repr_html_()
