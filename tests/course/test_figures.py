"""Figures: described, distinguishable, small; studies: checked by hand."""

import io

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from matplotlib import pyplot as plt
from PIL import Image

from t4s_lib import DescriptorGrid, ParseReport, Prediction, codec, mask_to_grid
from t4s_lib.course import draw, figures, plots, studies
from t4s_lib.course.found_data import real_data
from t4s_lib.course.tokens import NAMES, token_counter
from t4s_lib.sources import scenes

SAMPLES = scenes(6, split="val", size=64)
GRID = mask_to_grid(SAMPLES[1].mask, 16, SAMPLES[1].expression)
FOUND = Prediction(
    text=codec("row-rle").encode(GRID),
    grid=GRID,
    report=ParseReport("exact"),
    mask=SAMPLES[1].mask,
    seconds=0.1,
    forwards=90,
)


@pytest.mark.parametrize("colour", [*figures.PALETTE, figures.PAPER])
def test_letters_read_well_on_every_colour(colour: str) -> None:
    assert figures.contrast(figures.ink(colour), colour) >= 4.5


def test_a_figure_needs_words() -> None:
    fig, _ = figures.new_figure(2, 2)
    with pytest.raises(ValueError, match="alt is empty"):
        figures.img(fig, "  ")


def test_a_figure_is_shown_with_its_words_and_stays_with_nobody() -> None:
    InteractiveShell.instance()
    fig, _ = figures.new_figure(2, 2)
    with capture_output() as shown:
        figures.show(fig, 'a "dog" & a <cat>')
    (data,) = [output.data for output in shown.outputs]
    assert 'alt="a &quot;dog&quot; &amp; a &lt;cat&gt;"' in data["text/html"]
    assert data["text/plain"] == 'a "dog" & a <cat>'
    assert plt.get_fignums() == []


def test_tables_align_numbers_and_escape_words() -> None:
    with capture_output() as shown:
        figures.table([("a<b", 1234, 0.5)], ["name", "n", "share"], "what it says")
    data = shown.outputs[0].data
    assert "<caption" in data["text/html"]
    assert "a&lt;b" in data["text/html"]
    assert "1,234" in data["text/plain"]
    assert "0.500" in data["text/plain"]


@pytest.mark.parametrize(
    "fig",
    [
        pytest.param(lambda: plots.pipeline(SAMPLES[0]), id="pipeline"),
        pytest.param(
            lambda: plots.asked_and_found(SAMPLES[0], ~SAMPLES[0].mask, "x"), id="asked"
        ),
        pytest.param(
            lambda: plots.segmented(SAMPLES[1].image, SAMPLES[1].expression, FOUND),
            id="segmented",
        ),
        pytest.param(
            lambda: plots.curves([8, 16], {"a": [0.1, 0.2]}, "IoU", "t"), id="curves"
        ),
        pytest.param(
            lambda: plots.rules_side_by_side(SAMPLES[0], 8, ["nearest", "majority"]),
            id="rules",
        ),
        pytest.param(lambda: plots.sizes_side_by_side(SAMPLES[0], [4, 8]), id="sizes"),
        pytest.param(
            lambda: plots.cells_and_text(mask_to_grid(SAMPLES[0].mask, 8), "t"),
            id="cells-and-text",
        ),
        pytest.param(
            lambda: plots.damage_map(
                studies.damage(mask_to_grid(SAMPLES[0].mask, 8), studies.slip)
            ),
            id="damage",
        ),
        pytest.param(
            lambda: plots.reading_duel(mask_to_grid(SAMPLES[0].mask, 8), "target *8\n"),
            id="duel",
        ),
    ],
)
def test_every_plot_is_a_small_png(fig) -> None:  # type: ignore[no-untyped-def]
    data = figures.png(fig())
    assert Image.open(io.BytesIO(data)).width > 200
    assert len(data) < 100_000


def test_letters_do_not_repeat() -> None:
    letters = draw.initials(["others", "dog", "duck", "den", "9 lives"])
    assert len(set(letters)) == len(letters)


def test_one_slip_in_a_row_costs_a_row_reader_at_most_that_row() -> None:
    grid = mask_to_grid(SAMPLES[0].mask, 16, SAMPLES[0].expression)
    found = studies.damage(grid, studies.slip)
    inside = [
        w for w, c in zip(found.repair, found.text, strict=True) if c not in "\n "
    ]
    assert max(inside) <= 16
    assert sum(found.repair) < sum(found.parity)
    assert len(found.text) == len(found.repair) == len(found.parity)


def test_mean_tokens_counts_what_encode_writes() -> None:
    mean = studies.mean_tokens(SAMPLES, ["full", "row-rle"], len, 4)
    texts = [
        codec("full").encode(mask_to_grid(s.mask, 4, s.expression)) for s in SAMPLES
    ]
    assert mean["full"] == np.mean([len(text) for text in texts])


def test_oracle_scores_and_lost_targets_are_means_over_targets() -> None:
    scores = studies.oracle_scores(SAMPLES, [8, 64], [("nearest", "nearest")])
    (values,) = scores.values()
    assert 0 < values[0] < values[1] == 1.0
    assert studies.lost_targets(SAMPLES, [1, 64])[1] == 0.0


@pytest.mark.parametrize("name", NAMES)
def test_production_tokenizers_count_r_rle_shorter(name: str) -> None:
    count = token_counter(name)
    grid = DescriptorGrid(np.zeros((16, 16), int), ("others",))
    full, rle = (count(codec(c).encode(grid)) for c in ("full", "row-rle"))
    assert rle < 0.3 * full
    assert count("") == 0


def test_an_unknown_tokenizer_lists_the_known_ones() -> None:
    with pytest.raises(ValueError, match="tekken 131k"):
        token_counter("llava")


def test_missing_real_data_is_said_and_not_raised(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.delenv("T4S_DATA", raising=False)
    assert not real_data()
    assert "T4S_DATA is not set" in real_data().note
    monkeypatch.setenv("T4S_DATA", str(tmp_path))
    assert not real_data()
    assert str(tmp_path) in real_data().note


def test_r_rle_saves_what_the_paper_says_on_real_masks() -> None:
    real = real_data()
    if not real:
        pytest.skip(real.note)
    assert len(real.samples) == 127
    for name in NAMES:
        mean = studies.mean_tokens(
            real.samples, ["full", "row-rle"], token_counter(name)
        )
        assert 1 - mean["row-rle"] / mean["full"] >= 0.74
