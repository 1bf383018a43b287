"""Token player: what it draws and says, and that it follows its controls."""

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from matplotlib import _pylab_helpers
from PIL import Image

from t4s_lib import codec, mask_to_grid
from t4s_lib.course.exercises.writing import cut
from t4s_lib.course.traces import DRAFT, GRAMMAR, MODEL, Piece, Trace
from t4s_lib.course.widgets.token_player import (
    Played,
    build_token_player,
    describe_token_player,
    render_token_player,
    text_html,
)
from t4s_lib.sources import scenes

SAMPLE = scenes(1, "heldout", size=64)[0]


def played(mode: str, size: int = 16) -> Trace:
    """An answer in which counts are the model's, and words the grammar's or drafts."""
    label = SAMPLE.expression
    body = cut(codec("row-rle").encode(mask_to_grid(SAMPLE.mask, size, label)))
    words = ["Sure", ":", "\n", "<seg>", *body, "</seg>"]

    def who(word: str) -> str:
        if mode == "plain" or word.startswith(" *"):
            return MODEL
        return DRAFT if word[-1].isalpha() else GRAMMAR

    chosen = tuple(Piece(word, who(word)) for word in words)
    steps = [0]
    for piece in chosen:
        steps[-1] += 1
        steps += [0] * (piece.who == MODEL)
    return Trace(mode, chosen, label, (size, size), tuple(filter(None, steps)))


PLAIN, ROWS = played("plain"), played("rows")
TOKENS = len(ROWS.pieces)


def control(box: Any, description: str) -> Any:
    return next(c for c in box.children[0].children if c.description == description)


@pytest.mark.parametrize("at", [0, 1, 30, TOKENS])
@pytest.mark.parametrize("image", [None, SAMPLE.image, Image.new("RGB", (90, 40))])
def test_every_moment_is_drawn_and_said(at: int, image: Image.Image | None) -> None:
    state = Played(ROWS, at, image)
    figure = render_token_player(state)
    assert len(figure.images) == (1 if image is None else 2)
    titles = [text.get_text() for text in figure.texts]
    assert f"{int(state.known.sum())} of 256 cells written" in titles
    assert describe_token_player(state).startswith("Mode rows")
    assert not _pylab_helpers.Gcf.figs


def test_the_mask_grows_to_the_whole() -> None:
    known = [int(Played(ROWS, at).known.sum()) for at in range(TOKENS + 1)]
    assert known == sorted(known)
    assert (known[0], known[-1]) == (0, 256)
    truth = mask_to_grid(SAMPLE.mask, 16).foreground
    np.testing.assert_array_equal(Played(ROWS, TOKENS).target, truth)


def test_each_written_cell_carries_one_sign() -> None:
    state = Played(ROWS, 40)
    signs = sum(state.chosen_by(w).astype(int) for w in (MODEL, GRAMMAR, DRAFT))
    np.testing.assert_array_equal(signs, state.known.astype(int))
    lines: Any = render_token_player(state).findobj(
        lambda artist: getattr(artist, "get_marker", str)() in ("o", "s", "^")
    )
    assert sum(len(line.get_xdata()) for line in lines) == state.known.sum()


def test_a_large_grid_is_drawn_without_signs() -> None:
    trace = played("rows", 64)
    render_token_player(Played(trace, len(trace.pieces), SAMPLE.image))


def test_the_sentence_counts_tokens_passes_and_choosers() -> None:
    at = ROWS.passes.index(3) + 1
    said = describe_token_player(Played(ROWS, at))
    assert f"token {at} of {TOKENS}, pass 3 of {ROWS.passes[-1]}" in said
    assert f"model {ROWS.count(MODEL, at)}, grammar {ROWS.count(GRAMMAR, at)}" in said
    assert describe_token_player(Played(ROWS, 0)) == (
        "Mode rows: nothing is written yet."
    )


def test_the_text_has_a_legend_and_signs() -> None:
    markup = text_html(Played(ROWS, 12))
    for sign in ("● model", "■ grammar", "▲ draft", "&lt;seg&gt;"):
        assert sign in markup
    assert "dashed" in markup


def test_slider_and_buttons_move_and_change_what_is_shown() -> None:
    box = build_token_player([PLAIN, ROWS], SAMPLE.image)
    slider = control(box, "Written so far")
    figure, text = box.children[2].children
    seen = {(figure.value, text.value, box.children[1].value)}
    for name, at in (("Next", 1), ("End", TOKENS), ("Back", TOKENS - 1), ("Start", 0)):
        control(box, name).click()
        assert slider.value == at
        seen.add((figure.value, text.value, box.children[1].value))
    assert len(seen) == 4
    control(box, "Back").click()
    assert slider.value == 0


def test_playing_moves_the_slider() -> None:
    box = build_token_player([ROWS])
    control(box, "Play").value = 7
    assert control(box, "Written so far").value == 7
    assert f"token 7 of {TOKENS}" in box.children[1].value


def test_mode_and_step_keep_the_place() -> None:
    box = build_token_player([PLAIN, ROWS])
    slider, unit = control(box, "Written so far"), control(box, "Step")
    slider.value = 30
    unit.value = "pass"
    assert slider.max == control(box, "Play").max == ROWS.passes[-1]
    assert slider.value == ROWS.passes[29]
    control(box, "Mode").value = 0
    assert "Mode plain" in box.children[1].value
    assert slider.max == TOKENS
    unit.value = "token"
    assert 30 <= slider.value < 40
    control(box, "End").click()
    control(box, "Mode").value = 1
    unit.value = "pass"
    assert f"token {TOKENS} of {TOKENS}" in box.children[1].value


def test_a_step_of_a_pass_brings_several_tokens() -> None:
    box = build_token_player([ROWS])
    control(box, "Step").value = "pass"
    control(box, "Next").click()
    first = ROWS.passes.count(1)
    assert f"token {first} of {TOKENS}, pass 1 of" in box.children[1].value


def test_the_alternative_text_is_the_readout() -> None:
    box = build_token_player([ROWS], SAMPLE.image)
    control(box, "Next").click()
    assert "token 1 of" in box.children[2].children[0].value
    assert 'role="status"' in box.children[1].value


def test_every_control_has_a_label() -> None:
    assert all(c.description for c in build_token_player([ROWS]).children[0].children)


@pytest.mark.parametrize("traces", [[], [Trace("rows", (), "dog")]])
def test_nothing_to_play_is_one_line(traces: list[Trace]) -> None:
    with pytest.raises(ValueError, match="traces hold no tokens") as caught:
        build_token_player(traces)
    assert "\n" not in str(caught.value)


def test_it_needs_no_torch() -> None:
    code = (
        "import sys; from t4s_lib.course.widgets import build_token_player;"
        "from t4s_lib.course import generation_plots;"
        "print(sorted({'torch', 'transformers', 'xgrammar'} & set(sys.modules)))"
    )
    run = [sys.executable, "-c", code]
    found = subprocess.run(run, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
