"""Refiner bench: what it draws, what it says, and that both follow the controls."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
from matplotlib import _pylab_helpers

pytest.importorskip("scipy")

from t4s_lib import DescriptorGrid, iou, mask_to_grid
from t4s_lib.course.refine_studies import Case
from t4s_lib.course.widgets import build_refiner_bench
from t4s_lib.course.widgets.comparison import PARTS
from t4s_lib.course.widgets.refiner_bench import render_refiner_bench
from t4s_lib.course.widgets.refiner_bench_state import (
    KNOBS,
    REFINERS,
    SOFT,
    WRITTEN,
    BenchView,
    describe_refiner_bench,
)
from t4s_lib.refine.edge import EdgeAware
from t4s_lib.sources import Sample, scenes

SAMPLES = [s for s in scenes(8, "heldout", size=64) if not s.is_no_target][:3]


def answer(sample: Sample) -> Case:
    """What a model might write: a column of cells too many, and unsure of it."""
    cells = mask_to_grid(sample.mask, 16).foreground
    more = cells | np.roll(cells, 1, axis=1)
    soft = np.where(cells, 0.9, np.where(more, 0.55, 0.05))
    return Case(sample, DescriptorGrid(more, ("others", sample.expression)), soft)


ANSWERS = [answer(sample) for sample in SAMPLES]


def control(box: Any, description: str) -> Any:
    rows = (*box.children[0].children, *box.children[1].children)
    return next(c for c in rows if c.description == description)


@pytest.mark.parametrize("size", [8, 32])
@pytest.mark.parametrize("name", REFINERS)
def test_four_panels_and_no_pyplot(size: int, name: str) -> None:
    view = BenchView(SAMPLES[0], size, name)
    figure = render_refiner_bench(view)
    panels = [image for image in figure.images if image.get_size()[0] > 50]
    assert len(panels) == 4
    said = [text.get_text() for text in figure.texts]
    assert f"against the truth: IoU {view.score:.3f}" in said
    assert not _pylab_helpers.Gcf.figs


def test_the_knobs_start_at_the_refiners_defaults() -> None:
    for name, (least, most, _, value) in KNOBS.items():
        assert getattr(EdgeAware(), name) == value
        assert least <= value <= most
    view = BenchView(SAMPLES[0])
    drawn = EdgeAware().refine(view.grid, SAMPLES[0].image) > 0
    np.testing.assert_array_equal(view.mask, drawn)


def test_parts_add_up_and_the_sentence_says_so() -> None:
    view = BenchView(SAMPLES[0], 16, "edge")
    hit, missed, extra = (int(view.parts[part].sum()) for part in PARTS)
    assert hit + missed == view.sample.mask.sum()
    assert view.score == pytest.approx(iou(view.sample.mask, view.mask))
    said = describe_refiner_bench(view)
    assert f"{hit:,} pixels hit, {missed:,} missed, {extra:,} extra" in said
    gain = view.score - view.plain_score
    assert f"{gain:+.3f} against blocks: it helps" in said


def test_a_refiner_that_hurts_is_said_to() -> None:
    view = BenchView(SAMPLES[0], 16, "edge", knobs={"enough": 0.9})
    assert view.score < view.plain_score
    assert "it hurts" in describe_refiner_bench(view)


def test_a_models_cells_are_drawn_with_and_without_doubt() -> None:
    hard, soft = (
        BenchView(SAMPLES[0], 40, "bilinear", ANSWERS[0], cells)
        for cells in (WRITTEN, SOFT)
    )
    assert hard.grid.shape == (16, 16), "a model's cells have a size of their own"
    assert soft.mask.sum() < hard.mask.sum()
    assert "16 by 16 cells (the model's, soft)" in describe_refiner_bench(soft)


def test_nothing_is_drawn_where_no_cell_says_target() -> None:
    blank = DescriptorGrid(np.zeros((16, 16), int), ("others",))
    case = Case(SAMPLES[0], blank, np.zeros((16, 16)))
    view = BenchView(SAMPLES[0], written=case, cells=SOFT)
    render_refiner_bench(view)
    assert "nothing is drawn" in describe_refiner_bench(view)


def test_each_control_changes_picture_and_readout() -> None:
    box = build_refiner_bench(SAMPLES, ANSWERS)
    _, _, figure, words, _ = box.children
    seen = {(figure.value, words.value)}
    for name, value in (
        ("Grid size", 9),
        ("Enough", 0.8),
        ("Hold", 0.0),
        ("Cells", SOFT),
        ("Refiner", "bilinear"),
        ("Expression", 2),
    ):
        control(box, name).value = value
        seen.add((figure.value, words.value))
    assert len(seen) == 7
    assert "refiner bilinear" in words.value


def test_controls_that_change_nothing_are_off() -> None:
    box = build_refiner_bench(SAMPLES, ANSWERS)
    assert not control(box, "Hold").disabled
    control(box, "Refiner").value = "nearest"
    assert control(box, "Hold").disabled
    control(box, "Cells").value = WRITTEN
    assert control(box, "Grid size").disabled


def test_reset_restores_the_first_view() -> None:
    box = build_refiner_bench(SAMPLES)
    first = box.children[2].value
    for name, value in (("Grid size", 9), ("Tolerance", 4.0), ("Expression", 1)):
        control(box, name).value = value
    assert box.children[2].value != first
    control(box, "Reset").click()
    assert box.children[2].value == first


def test_every_control_has_a_label_and_the_picture_its_words() -> None:
    box = build_refiner_bench(SAMPLES)
    rows = (*box.children[0].children, *box.children[1].children)
    assert all(child.description for child in rows)
    assert 'alt="16 by 16 cells (true cells), refiner edge.' in box.children[2].value


def test_a_turn_of_a_knob_takes_a_tenth_of_a_second() -> None:
    box = build_refiner_bench(list(scenes(1, "heldout", size=256)))
    control(box, "Grid size").value = 32
    took = []
    for value in (0.3, 0.4, 0.5, 0.6, 0.7):
        start = time.process_time()
        control(box, "Enough").value = value
        took.append(time.process_time() - start)
    print(f"{1000 * min(took):.0f} ms")
    assert min(took) < 0.2


@pytest.mark.parametrize(
    ("samples", "written", "words"),
    [([], [], "samples is empty"), (SAMPLES, ANSWERS[:1], "1 answers and 3 samples")],
)
def test_what_cannot_be_shown_is_refused(
    samples: list[Sample], written: list[Case], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        build_refiner_bench(samples, written)
