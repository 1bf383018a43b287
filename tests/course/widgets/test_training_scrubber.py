"""Training scrubber: what it draws and says, and that it follows its controls."""

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from matplotlib import _pylab_helpers

from t4s_lib import codec, mask_to_grid
from t4s_lib.course.widgets.training_scrubber import (
    Recorded,
    Scrubbed,
    answer_html,
    build_training_scrubber,
    describe_training_scrubber,
    render_training_scrubber,
)
from t4s_lib.sources import Sample, scenes
from t4s_lib.training.film import Prediction, predict
from t4s_lib.training.moments import Moment

SAMPLES = [s for s in scenes(12, "val", size=128) if not s.is_no_target][:4]
STEPS = (0, 60, 120, 180)


def answer(sample: Sample, step: int) -> str:
    """A box at first, then an empty mask, then one that is off by a row, then it."""
    grid = mask_to_grid(sample.mask, 16, sample.expression)
    cells = grid.foreground
    rows = {60: np.zeros_like(cells), 120: np.roll(cells, 1, axis=0), 180: cells}
    if step not in rows:
        return "3, 4, 9, 11"
    text = codec("row-rle").encode(mask_to_grid(rows[step], 16, sample.expression))
    return f"<seg>{text}</seg>"


def moment(step: int, norm: float | None = None) -> Moment:
    def said(sample: Sample) -> Prediction:
        text = answer(sample, step)
        return predict(sample, "Where?", text, (step, step / 2), 16, "row-rle")

    return Moment(
        step=step,
        samples=16 * step,
        seconds=step / 2,
        loss=None if step == 0 else 50 / step,
        scores=None if norm is None else {"norm": norm},
        predictions=[] if norm is None else [said(s) for s in SAMPLES],
    )


MOMENTS = [moment(0, 0.0), moment(30), moment(60, 0.0), moment(90), moment(120, 0.6)]
MOMENTS += [moment(150), moment(180, 1.0)]
TRAINING = Recorded(SAMPLES, MOMENTS, blind=0.3)


def every(box: Any) -> list[Any]:
    children = getattr(box, "children", ())
    return [box, *(w for child in children for w in every(child))]


def control(box: Any, description: str) -> Any:
    found = (w for w in every(box) if getattr(w, "description", "") == description)
    return next(found)


def shown(box: Any) -> tuple[str, str, str]:
    """Readout, picture and answer."""
    _, words, figure, _, said, _ = box.children
    return words.value, figure.value, said.value


@pytest.mark.parametrize("at", range(4))
@pytest.mark.parametrize("n", [1, 4])
def test_every_look_is_drawn_beside_the_curves(at: int, n: int) -> None:
    state = Scrubbed(Recorded(SAMPLES[:n], MOMENTS), at)
    figure = render_training_scrubber(state)
    assert len(figure.images) == 4 + 1
    titles = " ".join(text.get_text() for text in figure.texts)
    assert titles.count("no mask" if at == 0 else "IoU") == n
    assert not _pylab_helpers.Gcf.figs


def test_only_moments_with_answers_can_be_chosen() -> None:
    assert [look.step for look in TRAINING.looks] == list(STEPS)


def test_the_masks_grow_to_the_truth() -> None:
    cells = []
    for at in range(4):
        state = Scrubbed(TRAINING, at)
        cells.append([int(state.mask(p).sum()) for _, p in state.answers])
    true = [int(mask_to_grid(s.mask, 16).foreground.sum()) for s in SAMPLES]
    assert cells[0] == cells[1] == [0] * 4
    assert cells[3] == true


def test_the_line_moves_and_the_ring_sits_on_the_curve() -> None:
    spots = TRAINING.track.spots
    lines = [left.x for left, _ in spots]
    assert lines == sorted(lines)
    assert len(set(lines)) == 4
    rings = [right.y for _, right in spots]
    assert None not in rings
    assert rings[3] < rings[2] < rings[1]  # type: ignore[operator]
    assert spots[0][0].y is None  # no loss before the first step
    pictures = [TRAINING.track.at(k) for k in range(4)]
    for k, (left, right) in enumerate(spots):
        for spot in (left, right):
            column = pictures[k][:, round(spot.x)]
            assert (column.sum(axis=1) == 0).sum() > 80
            if spot.y is not None:
                ring = pictures[k][round(spot.y), round(spot.x) - 3]
                assert tuple(ring) == (230, 159, 0)


def test_the_sentence_says_step_time_loss_share_and_each_fit() -> None:
    said = describe_training_scrubber(Scrubbed(TRAINING, 3))
    assert said.startswith(
        "Step 180 of 180, after 1.5 of 1.5 minutes: loss of a token 0.278, "
        "100% of the grid ceiling."
    )
    for sample in SAMPLES:
        assert f"“{sample.expression}” IoU" in said
    first = describe_training_scrubber(Scrubbed(TRAINING, 0))
    assert "no loss yet, 0% of the grid ceiling" in first
    assert first.count("no mask") == 4


def test_the_answer_is_escaped_and_cut() -> None:
    long = Prediction(9, 1, SAMPLES[0].source, "x", "<q>", "<seg>a\n" * 40, "failed", 0)
    told = Moment(9, 9, 9.0, loss=1.0, predictions=[long])
    markup = answer_html(Scrubbed(Recorded(SAMPLES, [told]), 0))
    assert "&lt;seg&gt;a" in markup
    assert "&lt;q&gt;" in markup
    assert "… 22 more lines" in markup
    assert markup.count("&lt;seg&gt;") == 18


def test_slider_and_buttons_change_picture_readout_and_answer() -> None:
    box = build_training_scrubber(SAMPLES, MOMENTS, blind=0.3)
    slider = control(box, "Look back to")
    assert slider.index == 3
    seen = {shown(box)}
    for name, at in (("Back", 2), ("Back", 1), ("Back", 0), ("Back", 0), ("Next", 1)):
        control(box, name).click()
        assert slider.index == at
        seen.add(shown(box))
    assert len(seen) == 4
    assert "Step 60 of 180" in shown(box)[0]


def test_playing_moves_the_slider_and_the_menu_the_answer() -> None:
    box = build_training_scrubber(SAMPLES, MOMENTS)
    control(box, "Play").value = 0
    assert control(box, "Look back to").index == 0
    assert "3, 4, 9, 11" in shown(box)[2]
    control(box, "Play").value = 3
    before = shown(box)[2]
    control(box, "Read the answer for").value = 1
    assert before != shown(box)[2]
    assert SAMPLES[1].expression in shown(box)[2]


def test_the_alternative_text_is_the_readout() -> None:
    words, picture, _ = shown(build_training_scrubber(SAMPLES, MOMENTS))
    said = describe_training_scrubber(Scrubbed(TRAINING, 3))
    assert said in words
    assert f'alt="{said}"' in picture
    assert 'role="status"' in words


def test_every_control_has_a_label() -> None:
    box = build_training_scrubber(SAMPLES, MOMENTS)
    named = [w.description for w in every(box) if hasattr(w, "description")]
    controls = [name for name in named if name]
    assert controls == ["Look back to", "Play", "Back", "Next", "Read the answer for"]


@pytest.mark.parametrize("moments", [[], [moment(30)]])
def test_nothing_to_look_back_to_is_one_line(moments: list[Moment]) -> None:
    with pytest.raises(ValueError, match="moments hold no answers") as caught:
        build_training_scrubber(SAMPLES, moments)
    assert "\n" not in str(caught.value)


def test_it_needs_no_torch() -> None:
    code = (
        "import sys; from t4s_lib.course.widgets import build_training_scrubber;"
        "print(sorted({'torch', 'transformers'} & set(sys.modules)))"
    )
    run = [sys.executable, "-c", code]
    found = subprocess.run(run, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
