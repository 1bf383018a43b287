"""Codecs tried out: what is sound passes, what is not is found and shown."""

from typing import Any

import numpy as np
import pytest

from t4s_lib import Codec, DescriptorGrid, codec, codec_names, codecs, register
from t4s_lib.codecs.base import Reading
from t4s_lib.course.beyond_codecs import RoundTrip, round_trip, trial_grids
from t4s_lib.course.beyond_lines import idle_share, line_by_line
from t4s_lib.grid import mask_to_grid
from t4s_lib.sources import scenes

SAMPLES = scenes(6, "val", size=64)
GRIDS = trial_grids(SAMPLES)
BUILT_IN = codec_names()


class Like(Codec):
    """As ``spans``, but for what a test breaks."""

    name = "like-spans"

    def encode(self, grid: DescriptorGrid) -> str:
        return codec("spans").encode(grid)

    def read(self, tagged: Any, shape: tuple[int, int], table: Any) -> Reading:
        return codec("spans").read(tagged, shape, table)


class Forgetful(Like):
    def encode(self, grid: DescriptorGrid) -> str:
        return codec("spans").encode(DescriptorGrid(grid.ids > 0, grid.labels[:2]))


class Raising(Like):
    def read(self, tagged: Any, shape: tuple[int, int], table: Any) -> Reading:
        if "9" in tagged.body:
            raise KeyError("<nine>")
        return super().read(tagged, shape, table)


class Silent(Like):
    def encode(self, grid: DescriptorGrid) -> str:
        raise RuntimeError("no words")


class Misshapen(Like):
    def read(self, tagged: Any, shape: tuple[int, int], table: Any) -> Reading:
        return Reading(np.zeros((shape[0] + 1, shape[1]), np.int32))


class Talkative(Like):
    def encode(self, grid: DescriptorGrid) -> str:
        return f"Here it is:\n{super().encode(grid)}"


@pytest.fixture(autouse=True)
def own_codecs(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test registers is gone after it."""
    monkeypatch.setattr(codecs, "_CODECS", dict(codecs._CODECS))


def tried(kind: type[Codec]) -> RoundTrip:
    register(kind)
    return round_trip("like-spans", GRIDS)


@pytest.mark.parametrize("name", BUILT_IN)
def test_the_librarys_codecs_are_sound(name: str) -> None:
    found = round_trip(name, GRIDS)
    assert found.ok, found
    assert f"all {len(GRIDS)} grids came back" in repr(found)
    assert "✓" in found._repr_html_()


def test_trials_are_odd_ones_first_and_then_the_samples() -> None:
    assert [grid.shape for grid in GRIDS[:2]] == [(1, 1), (1, 1)]
    assert [grid.shape for grid in GRIDS[-6:]] == [(16, 16)] * 6
    labels = [label for grid in GRIDS for label in grid.labels[1:]]
    assert any("|" in label for label in labels)
    assert "others" in labels, "a target that is called as the background is"


def test_a_grid_that_is_lost_is_drawn_beside_what_came_back() -> None:
    found = tried(Forgetful)
    assert not found.ok
    assert found.grid is not None
    assert found.back is not None
    assert len(found.grid.labels) == 3, "the first grid of two targets"
    assert "did not come back as it was" in repr(found)
    assert "<img alt=" in found._repr_html_()


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (Raising, "raised KeyError"),
        (Silent, "writing a grid raised RuntimeError: no words"),
        (Misshapen, "read a grid of shape (2, 1)"),
        (Talkative, "came back, but its own text is"),
    ],
)
def test_what_raises_or_is_mended_is_said(kind: type[Codec], said: str) -> None:
    found = tried(kind)
    assert said in repr(found)
    markup = found._repr_html_()
    assert "✗" in markup
    assert "<nine>" not in markup


def test_an_unknown_codec_lists_the_known_ones() -> None:
    with pytest.raises(ValueError, match="codec is 'none', expected one of full"):
        round_trip("none", GRIDS)


@pytest.mark.parametrize("name", BUILT_IN)
@pytest.mark.parametrize("side", [8, 16])
def test_lines_share_out_tokens_and_cells(name: str, side: int) -> None:
    for sample in SAMPLES:
        grid = mask_to_grid(sample.mask, side, sample.expression)
        lines = line_by_line(name, grid, len)
        text = codec(name).encode(grid)
        assert "".join("".join(line.text for line in lines).split()) == "".join(
            text.split()
        )
        assert sum(line.tokens for line in lines) == len(text)
        drawn = np.sum([line.cells for line in lines], axis=0)
        np.testing.assert_array_equal(drawn, grid.foreground.astype(int))


def test_rows_that_share_a_line_are_told_apart() -> None:
    grid = DescriptorGrid([[0, 1], [0, 0]], ("others", "dog"))
    told = [line.text for line in line_by_line("gaps", grid, len)]
    assert told == ["dog| *1 *1,", "-"]


def test_a_line_draws_its_rows() -> None:
    grid = DescriptorGrid([[0, 1], [0, 1], [0, 0], [1, 1]], ("others", "dog"))
    lines = line_by_line("row-repeat", grid, len)
    rows = [np.flatnonzero(line.cells.any(axis=1)).tolist() for line in lines]
    assert rows == [[0, 1], [], [3]]
    idle = len(" others *2\n") / len(codec("row-repeat").encode(grid))
    assert idle_share(lines) == pytest.approx(idle)
    assert idle_share([]) == 0
