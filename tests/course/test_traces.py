"""Traces of answers: cells so far, passes, who chose what; and how that is shown."""

import io
from collections.abc import Callable

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from matplotlib.figure import Figure
from PIL import Image

from t4s_lib import DescriptorGrid, codec
from t4s_lib.course import choosers, figures, generation_plots, traces
from t4s_lib.course.exercises.writing import cut
from t4s_lib.course.traces import CHOOSERS, DRAFT, GRAMMAR, MODEL, Piece, Trace
from t4s_lib.prompts import fold
from t4s_lib.sources import scenes

RNG = np.random.default_rng(0)
SAMPLE = scenes(1, "val")[0]
LABELS = ["dog", "the red circle", 'a "b|c" *5', "others"]


def pieces(text: str) -> list[str]:
    before, _, body = fold(text, "dog", seed=0).partition("<seg>")
    return [*cut(before), "<seg>", *cut(body.removesuffix("</seg>")), "</seg>"]


def trace(grid: DescriptorGrid, who: Callable[[str], str] = lambda _: MODEL) -> Trace:
    words = pieces(codec("row-rle").encode(grid))
    label = (*grid.labels, "dog")[1]
    return Trace("rows", tuple(Piece(w, who(w)) for w in words), label, grid.shape)


def anyone(word: str) -> str:
    return {"|": GRAMMAR, "\n": GRAMMAR, " ": MODEL}.get(word[0], DRAFT)


@pytest.mark.parametrize("label", LABELS)
def test_the_last_cells_are_the_codecs(label: str) -> None:
    grid = DescriptorGrid(RNG.integers(0, 2, (5, 7)), ("others", label))
    text = codec("row-rle").encode(grid)
    cells = traces.cells_of(f"Here\n<seg>{text}</seg>", label, (5, 7))
    np.testing.assert_array_equal(cells, grid.foreground)


def test_cells_only_ever_grow_and_each_has_its_token() -> None:
    grid = DescriptorGrid(RNG.integers(0, 2, (4, 6)), ("others", "dog"))
    seen = trace(grid)
    assert (seen.written_at >= 0).all()
    at = seen.written_at.ravel()
    assert (np.diff(at) >= 0).all()
    assert all(seen.pieces[k].text.startswith(" *") for k in at)
    np.testing.assert_array_equal(seen.cells, grid.foreground)


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        pytest.param("", 0, id="nothing"),
        pytest.param("others *2", 0, id="no-tag"),
        pytest.param("<seg>", 0, id="tag-alone"),
        pytest.param("<seg>others *", 0, id="no-count-yet"),
        pytest.param("<seg>others *1", 1, id="count-half-written"),
        pytest.param("<seg>others *99", 3, id="row-too-long"),
        pytest.param("<seg>others *1\n dog *2", 3, id="row-too-short"),
        pytest.param("<seg>" + "dog *3\n " * 9, 6, id="rows-too-many"),
        pytest.param("<seg>dog dog dog | * *x", 0, id="nonsense"),
    ],
)
def test_unfinished_and_broken_texts_are_read(text: str, cells: int) -> None:
    assert (traces.cells_of(text, "dog", (2, 3)) >= 0).sum() == cells


def test_passes_bring_several_tokens() -> None:
    who = [MODEL, GRAMMAR, DRAFT, MODEL, MODEL, GRAMMAR]
    words = tuple(Piece("a", w) for w in who)
    seen = Trace("x", words, "dog", steps=(1, 3, 1, 2))
    assert seen.passes == (1, 2, 2, 2, 3, 4)
    assert (seen.forwards, Trace("x", words, "dog").forwards) == (4, 6)
    assert Trace("x", words, "dog").passes == (1, 2, 3, 4, 5, 6)
    assert [seen.count(w) for w in CHOOSERS] == [3, 2, 1]
    assert seen.count(MODEL, 3) == 1


def test_rows_hold_all_tokens_of_the_mask() -> None:
    grid = DescriptorGrid(np.eye(3, dtype=int), ("others", "dog"))
    rows = traces.rows_of(trace(grid))
    text = "".join(piece.text for row in rows for piece in row)
    assert text == codec("row-rle").encode(grid)
    assert len(rows) == 3
    assert all(row[-1].text.startswith("\n") for row in rows)


def test_shares_of_a_row_add_up() -> None:
    grid = DescriptorGrid(np.eye(4, dtype=int), ("others", "dog"))
    shares = traces.shares_by_row([trace(grid, anyone), trace(grid)])
    assert list(shares) == list(CHOOSERS)
    np.testing.assert_allclose(np.sum(list(shares.values()), axis=0), 1)
    assert shares[GRAMMAR][0] > 0


def test_a_trace_without_mask_has_no_rows() -> None:
    seen = Trace("plain", (Piece("Sure", MODEL),), "dog", (2, 2))
    assert traces.rows_of(seen) == [[]]
    assert (seen.written_at == -1).all()
    assert traces.shares_by_row([seen])[MODEL] == [0, 0]


class Words:
    """A tokenizer of three words."""

    all_special_ids = (2,)

    def decode(self, ids: list[int]) -> str:
        return ("others", " *5", "<eos>")[ids[0]]


def test_end_tokens_are_no_pieces() -> None:
    found = traces.pieces_of([0, 1, 2], [DRAFT, MODEL, GRAMMAR], Words())
    assert found == (Piece("others", DRAFT), Piece(" *5", MODEL))


def test_each_chooser_has_a_sign_a_colour_and_a_border_of_its_own() -> None:
    looks = list(choosers.LOOKS.values())
    for part in ("colour", "hatch", "marker", "sign", "css"):
        assert len({getattr(look, part) for look in looks}) == len(CHOOSERS)
    assert set(choosers.LOOKS) == set(CHOOSERS)


@pytest.mark.parametrize("look", choosers.LOOKS.values(), ids=list(CHOOSERS))
def test_tokens_can_be_read(look: choosers.Look) -> None:
    css = dict(part.split(":") for part in look.css.split(";"))
    assert figures.contrast(css["background"], css["color"]) > 4.5


def test_tokens_are_shown_row_by_row_and_escaped() -> None:
    words = [Piece("<seg>", MODEL), Piece("others", DRAFT), Piece("\n ", GRAMMAR)]
    markup = choosers.lines_html([*words, Piece(" *5", MODEL)])
    assert markup.count("<p ") == 2
    assert "&lt;seg&gt;" in markup
    assert "others" in markup
    assert "⏎·" in markup
    assert markup.count("▲") == markup.count("■") == 1


def test_an_answer_is_shown_as_html_and_as_text() -> None:
    InteractiveShell.instance()
    with capture_output() as shown:
        choosers.show_choosers(trace(DescriptorGrid([[0, 1]], ("others", "dog"))))
    data = shown.outputs[-1].data
    assert "● model" in data["text/html"]
    assert data["text/plain"].startswith("● ")


def soft() -> Figure:
    size = (16, 16)
    grid = DescriptorGrid(RNG.integers(0, 2, size), ("others", SAMPLE.expression))
    return generation_plots.soft_beside_hard(SAMPLE, grid, RNG.random(size))


def large_soft() -> Figure:
    grid = DescriptorGrid(np.zeros((32, 32), int), ("others", "dog"))
    return generation_plots.soft_beside_hard(SAMPLE, grid, RNG.random((32, 32)))


def by_row() -> Figure:
    grid = DescriptorGrid(np.eye(16, dtype=int), ("others", "dog"))
    shares = traces.shares_by_row([trace(grid, anyone)])
    return generation_plots.choosers_by_row(shares, "one")


@pytest.mark.parametrize(
    "fig",
    [
        by_row,
        pytest.param(
            lambda: generation_plots.passes_and_seconds(
                {"plain": 120, "rows": 24.5}, {"plain": 0.4, "rows": 0.1}, "median"
            ),
            id="modes",
        ),
        soft,
        large_soft,
        pytest.param(
            lambda: generation_plots.close_calls([0, 0.5, 3, 1e3], "t"), id="close"
        ),
    ],
)
def test_every_plot_is_a_small_png(fig: Callable[[], Figure]) -> None:
    data = figures.png(fig())
    assert Image.open(io.BytesIO(data)).width > 200
    assert len(data) < 100_000


def test_probabilities_are_written_where_the_model_was_unsure() -> None:
    values = np.array([[0.0, 0.5], [0.96, 0.1]])
    grid = DescriptorGrid([[0, 1], [1, 0]], ("others", SAMPLE.expression))
    ax = generation_plots.soft_beside_hard(SAMPLE, grid, values).axes[2]
    assert [words.get_text() for words in ax.texts] == ["5", "1"]
    assert "2 cells between" in ax.get_title(loc="left")
