"""Codec bench: what it draws, what it says, and that both follow the controls."""

from typing import Any

import numpy as np
import pytest
from matplotlib import _pylab_helpers
from PIL import Image

from t4s_lib import Codec, codec, codec_names, codecs, register
from t4s_lib.course.widgets import build_codec_bench
from t4s_lib.course.widgets.codec_bench import render_codec_bench
from t4s_lib.course.widgets.codec_bench_page import LINES, text_page
from t4s_lib.course.widgets.codec_bench_state import CodecView, describe_codec_bench
from t4s_lib.sources import Sample, scenes

SAMPLES = scenes(6, "heldout", size=64)
SEEN = next(k for k, sample in enumerate(SAMPLES) if not sample.is_no_target)


def words(text: str) -> int:
    """Counts words: quick, and the same everywhere."""
    return len(text.split())


def blank(expression: str = "the <dot>") -> Sample:
    mask = np.zeros((48, 64), dtype=bool)
    return Sample(Image.new("RGB", (64, 48)), expression, mask, ["x"], "dot#0")


def view(name: str = "row-rle", size: int = 16, line: int = 1) -> CodecView:
    return CodecView(SAMPLES[SEEN], name, size, line, words)


def bench(**how: Any) -> Any:
    return build_codec_bench(SAMPLES, count=words, **how)


def control(box: Any, description: str) -> Any:
    return next(c for c in box.children[1].children if c.description == description)


@pytest.mark.parametrize("name", codec_names())
@pytest.mark.parametrize("size", [8, 32])
def test_three_panels_and_a_key_for_every_codec(name: str, size: int) -> None:
    state = view(name, size, line=3)
    figure = render_codec_bench(state)
    assert len(figure.images) == 4
    titles = [text.get_text() for text in figure.texts]
    assert f"{state.tokens:,} tokens: {name}" in titles
    assert any(title.startswith(f"line {state.at + 1} of ") for title in titles)
    assert not _pylab_helpers.Gcf.figs


def test_the_sentence_adds_up() -> None:
    state = view("spans", line=3)
    text = codec("spans").encode(state.grid)
    said = describe_codec_bench(state)
    assert f"{int(state.grid.foreground.sum())} cells" in said
    assert f"{words(text)} tokens" in said
    line = state.lines[2]
    assert f"Line 3, {line.tokens} token" in said
    rows = np.flatnonzero(line.cells.any(axis=1))
    assert f"row {rows[0]}" in said or f"rows {rows[0]} to {rows[-1]}" in said


def test_the_cells_of_the_line_are_marked() -> None:
    state = view("spans", line=2)
    lines: list[Any] = render_codec_bench(state).findobj(
        lambda artist: getattr(artist, "get_marker", str)() == "o"
    )
    marked = sum(len(line.get_xdata()) for line in lines)
    assert marked == state.lines[1].cells.sum() > 0


def test_a_line_beyond_the_last_is_the_last() -> None:
    state = view("image-rle", line=9)
    assert state.at == 0
    assert "Line 1, " in describe_codec_bench(state)


def test_a_long_text_is_shown_around_its_line() -> None:
    early, late = (text_page(view("row-rle", 32, line), 300) for line in (1, 32))
    assert early.shape == late.shape == (300, 300, 3)
    assert (early != late).any()
    assert len(view("row-rle", 32).lines) > LINES


def test_no_target_and_odd_letters_can_be_shown() -> None:
    for expression in ("the <dot>", "犬", "a" * 200, "$x$"):
        state = CodecView(blank(expression), "spans", count=words)
        render_codec_bench(state)
        assert "draws no cell" in describe_codec_bench(state)


def test_each_control_changes_picture_and_readout() -> None:
    box = bench()
    _, _, figure, readout, text, _ = box.children
    seen = {(figure.value, readout.value)}
    for name, value in (
        ("Codec", "row-rle"),
        ("Grid size", 24),
        ("Line", 9),
        ("Expression", SEEN + 1),
    ):
        control(box, name).value = value
        seen.add((figure.value, readout.value))
    assert len(seen) == 5
    assert "row-rle on 24 by 24" in readout.value
    assert "others *24" in text.value


def test_the_line_stays_within_the_text_and_reset_restores() -> None:
    box = bench(codec="spans")
    first = box.children[2].value
    control(box, "Codec").value = "full"
    control(box, "Line").value = 16
    control(box, "Codec").value = "image-rle"
    assert control(box, "Line").value == control(box, "Line").max == 1
    control(box, "Reset").click()
    assert box.children[2].value == first


def test_text_and_alternative_text_are_escaped() -> None:
    box = build_codec_bench([blank()], count=words)
    _, _, figure, readout, _, _ = box.children
    assert "&lt;dot&gt;" in readout.value
    assert 'alt="spans on 16 by 16' in figure.value
    assert "<dot>" not in figure.value + readout.value


def test_every_control_has_a_label() -> None:
    assert all(child.description for child in bench().children[1].children)


def test_a_codec_of_the_learners_can_be_chosen_and_may_raise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Mine(Codec):
        name = "mine"

        def encode(self, grid: Any) -> str:
            return "others\n"

        def read(self, tagged: Any, shape: Any, table: Any) -> Any:
            raise KeyError("<b>")

    monkeypatch.setattr(codecs, "_CODECS", dict(codecs._CODECS))
    register(Mine)
    box = bench()
    control(box, "Codec").value = "mine"
    _, _, figure, readout, text, _ = box.children
    assert "mine raised KeyError" in readout.value
    assert "<b>" not in readout.value
    assert (figure.value, text.value) == ("", "")
    control(box, "Codec").value = "spans"
    assert figure.value


def test_without_samples_or_with_an_unknown_codec_there_is_no_bench() -> None:
    with pytest.raises(ValueError, match="samples is empty"):
        build_codec_bench([])
    with pytest.raises(ValueError, match="codec is 'none', expected one of full"):
        build_codec_bench(SAMPLES, codec="none")
