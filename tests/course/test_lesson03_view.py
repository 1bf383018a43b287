"""What lesson 03 shows: tokens, curves, a training as it goes, recorded failures."""

import io
import time
from collections.abc import Sequence

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from PIL import Image

from t4s_lib.course import failing_runs, figures, learned, learning_plots, live
from t4s_lib.course.token_strip import as_html, as_text, pieces
from t4s_lib.sources import scenes
from t4s_lib.training.film import Prediction
from t4s_lib.training.moments import Moment

SAMPLES = list(scenes(4, "val"))


class Words:
    """A tokenizer of three words."""

    def decode(self, ids: Sequence[int]) -> str:
        return "".join(["<picture>", " *5", "<b>\n"][k] for k in ids)


def moment(step: int, norm: float | None, is_last: bool = False) -> Moment:
    shown = [
        Prediction(step, 60.0, s.source, s.expression, "?", "others *16", "repaired", 0)
        for s in SAMPLES[:2]
    ]
    return Moment(
        step=step,
        samples=16 * step,
        seconds=step,
        loss=1 / step if step else None,
        scores=None if norm is None else {"norm": norm},
        predictions=[] if norm is None else shown,
        minutes=2,
        is_last=is_last,
    )


def test_learned_tokens_stand_in_brackets_and_equal_ones_are_counted() -> None:
    row = pieces([0, 0, 0, 1, 2], [-100, -100, -100, 1, 2], Words())
    assert as_text(row) == "<picture> x3 [·*5] [<b>⏎]"
    assert "&lt;b&gt;⏎" in as_html(row)
    assert as_html(row).count("font-weight:600") == 2


def test_a_learned_token_is_apart_from_an_equal_one_that_is_not() -> None:
    row = pieces([1, 1], [-100, 1], Words())
    assert [piece.learned for piece in row] == [False, True]


def test_the_panel_redraws_one_output_and_says_all_in_words() -> None:
    InteractiveShell.instance()
    panel = live.TrainingPanel(SAMPLES[:2], blind=0.3)
    with capture_output() as shown:
        for seen in (moment(0, 0.0), moment(10, None), moment(60, 0.4, True)):
            panel(seen)
    assert len(panel.moments) == 3
    assert len(panel.film) == 4
    data = shown.outputs[-1].data
    assert data["text/plain"] == (
        "1.0 minutes, 60 steps; loss of a token 0.017, 0.100 at the start; "
        "40% of the grid ceiling, 0% before."
    )
    assert data["text/html"].count("<img alt=") == 2
    assert SAMPLES[0].expression in data["text/html"]
    assert len(data["text/html"]) < 200_000


def test_the_panel_rests_while_nothing_is_evaluated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn: list[int] = []
    panel = live.TrainingPanel(SAMPLES[:2])
    monkeypatch.setattr(panel, "_redraw", lambda: drawn.append(len(panel.moments)))
    monkeypatch.setattr(panel, "_drawn_at", time.monotonic())
    for step in range(1, 5):
        panel(moment(step, None))
    panel(moment(5, 0.1))
    assert drawn == [5]


def test_the_film_in_words_says_where_there_is_no_mask() -> None:
    panel = live.TrainingPanel(SAMPLES[:1])
    said = (SAMPLES[0].source, SAMPLES[0].expression, "?")
    panel.film = [
        Prediction(0, 0.0, *said, "a box", "failed", 0.0),
        Prediction(300, 60.0, *said, "others *16", "exact", 0.51),
    ]
    assert panel.story() == (
        f"Masks after 0, 300 steps. {SAMPLES[0].expression}: no mask, IoU 0.51."
    )


@pytest.mark.parametrize(
    "fig",
    [
        pytest.param(lambda: learning_plots.lora_sketch(384, 128, 32), id="wide"),
        pytest.param(lambda: learning_plots.lora_sketch(128, 384, 1), id="high"),
        pytest.param(
            lambda: learning_plots.losses([3.0, 0.1, 0.001], "t"), id="losses"
        ),
        pytest.param(lambda: learning_plots.progress([moment(0, 0.0)]), id="begun"),
        pytest.param(
            lambda: learning_plots.progress([moment(0, 0.0), moment(9, 0.5)], 0.3),
            id="going",
        ),
        pytest.param(
            lambda: learning_plots.four_curves(failing_runs.read_runs().runs), id="four"
        ),
    ],
)
def test_every_plot_is_a_small_png(fig) -> None:  # type: ignore[no-untyped-def]
    data = figures.png(fig())
    assert Image.open(io.BytesIO(data)).width > 200
    assert len(data) < 100_000


def test_one_that_reads_no_question_is_far_from_the_ceiling() -> None:
    scores = learned.question_blind(list(scenes(40, "val")))
    assert scores["parse_failed"] == 0
    assert 0.1 < (scores["norm"] or 0) < 0.5
    assert scores["no_target_accuracy"] == 0


def test_a_line_of_scores_says_what_was_not_asked() -> None:
    scores = {"cIoU": 0.5, "norm": 0.625, "parse_failed": 0.0}
    line = learned.score_row("x", {**scores, "no_target_accuracy": None})
    assert line == ("x", "50.0%", "62.5%", "none asked", "0.0%")
    assert len(line) == len(learned.SCORE_HEADER)


class TestRecordedRuns:
    """The curves must show what exercise 3.6 says of them."""

    def ends(self, letter: str) -> tuple[float, float]:
        run = failing_runs.read_runs().runs[letter]
        return run["training"][-1], run["held_out"][-1]

    def test_they_were_recorded(self) -> None:
        found = failing_runs.read_runs()
        assert list(found.runs) == list(failing_runs.WAYS)
        assert f"{failing_runs.STEPS} steps" in found.note
        assert found.words().count("held out from") == len(found.runs)

    def test_labels_one_off_fall_to_nothing_on_new_pictures_too(self) -> None:
        assert max(self.ends("A")) < 0.02 < self.ends("B")[1] / 5

    def test_a_healthy_one_falls_on_both(self) -> None:
        training, held_out = self.ends("B")
        start = failing_runs.read_runs().runs["B"]["training"][0]
        assert training < 0.3 * start
        assert held_out < 1.5 * training

    def test_learned_by_heart_parts_and_creeps_up(self) -> None:
        training, held_out = self.ends("C")
        assert held_out > 5 * training
        assert held_out > 1.03 * min(failing_runs.read_runs().runs["C"]["held_out"])

    def test_a_rate_too_high_jumps_and_stays_high(self) -> None:
        training, _ = self.ends("D")
        assert training > 4 * self.ends("B")[0]
        first = {k: r["training"][0] for k, r in failing_runs.read_runs().runs.items()}
        assert first["D"] > 2 * first["B"]
