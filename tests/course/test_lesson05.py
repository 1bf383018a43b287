"""Lesson 05's answers and studies against the library, and against slow loops."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("scipy")

from t4s_lib import DescriptorGrid, iou, mask_to_grid
from t4s_lib.course import refine_plots, refine_studies, refine_trials
from t4s_lib.course.checks import check, solution
from t4s_lib.course.exercises import lesson05_answers as answers
from t4s_lib.course.refine_edges import boundary_iou, edge_band
from t4s_lib.refine import refiner, shares
from t4s_lib.refine.sam_prompts import draw_points, to_logits
from t4s_lib.sampling import blend
from t4s_lib.sources import Sample, scenes

SAMPLES = list(scenes(6, "heldout", size=64))


@pytest.fixture(scope="module")
def true() -> list[refine_studies.Case]:
    return refine_studies.true_cases(SAMPLES)


def test_a_row_is_blended_as_the_library_does() -> None:
    draw = np.random.default_rng(0)
    for cells, pixels in ((1, 5), (4, 4), (6, 64), (16, 9)):
        row = draw.random(cells)
        found = answers.blend_row(row.tolist(), pixels)
        np.testing.assert_allclose(found, blend(row, pixels), atol=1e-12)


def test_pixels_are_labelled_as_the_bilinear_refiner_does() -> None:
    draw = np.random.default_rng(1)
    grid = DescriptorGrid(draw.integers(0, 3, (5, 7)), ("others", "dog", "cat", "cow"))
    soft = draw.random((4, 5, 7))
    share = np.stack([blend(blend(part, 30).T, 40).T for part in shares(grid, soft)])
    has = [True, *(bool((grid.ids == k).any()) for k in (1, 2, 3))]
    found = refiner("bilinear").refine(grid, Image.new("RGB", (40, 30)), soft)
    np.testing.assert_array_equal(answers.label_pixels(share, has), found)


def test_logits_are_those_that_sam_is_told() -> None:
    share = np.array([[0, 0.2, 0.5], [0.9999, 1, 0.7]])
    np.testing.assert_allclose(answers.share_logits(share), to_logits(share), atol=1e-5)
    assert answers.share_logits(1) == pytest.approx(np.log(999))


def test_points_obey_the_same_rules_as_the_librarys() -> None:
    mask = np.zeros((9, 12), bool)
    mask[2:4, 5:8] = True
    for make in (
        answers.seeded_points(mask, 10, 3),
        draw_points(mask, 10, np.random.default_rng(3)),
    ):
        points, labels = make
        assert labels.tolist() == [1] * 6 + [0] * 10
        assert mask[points[:, 1], points[:, 0]].tolist() == [True] * 6 + [False] * 10


def test_an_edge_is_what_a_slow_loop_finds() -> None:
    mask = np.random.default_rng(2).random((9, 11)) > 0.2
    padded = np.pad(mask, 3)
    expected = np.zeros_like(mask)
    for y, x in np.argwhere(mask):
        around = [
            padded[y + 3 + i, x + 3 + j]
            for i in range(-2, 3)
            for j in range(-2, 3)
            if abs(i) + abs(j) <= 2
        ]
        expected[y, x] = not all(around)
    np.testing.assert_array_equal(edge_band(mask, 2), expected)


def test_a_large_shape_hides_a_bad_edge_in_its_iou_only() -> None:
    down, right = np.indices((220, 220))
    away = np.hypot(down - 110, right - 110)
    true, large = away <= 100, away <= 104
    assert iou(true, large) == pytest.approx(0.92, abs=0.01)
    assert boundary_iou(true, large, 4) < 0.1


def seeded_by_choice(mask: Any, count: int, seed: int) -> Any:
    """Another right way: fewer lines, other points."""
    return draw_points(mask, count, np.random.default_rng(seed))


@pytest.mark.parametrize(
    ("id", "answer"),
    [
        pytest.param("5.1", lambda c, n: list(answers.blend_row(c, n)), id="list"),
        pytest.param("5.1", lambda c, n: blend(np.array(c), n), id="library"),
        pytest.param("5.4", to_logits, id="float32"),
        pytest.param("5.5", seeded_by_choice, id="other-points"),
        pytest.param("5.6", lambda b, a: list(answers.change(b, a)), id="as-a-list"),
    ],
)
def test_every_right_way_passes(id: str, answer: Any) -> None:
    assert check(id, answer).verdict == "passed"


def test_solutions_show_source() -> None:
    for id in ("5.1", "5.2", "5.3", "5.4", "5.5", "5.6"):
        assert "def " in solution(id).data


def test_a_true_grid_loses_only_where_the_edge_cuts(
    true: list[refine_studies.Case],
) -> None:
    for case in true:
        wrong = case.drawn(refiner("nearest")) != case.sample.mask
        cells = mask_to_grid(wrong, 16, rule="coverage").foreground
        touched, whole = (
            mask_to_grid(m, 16, rule="coverage").foreground
            for m in (case.sample.mask, ~case.sample.mask)
        )
        assert not (cells & ~(touched & whole)).any()
        assert 0 < refine_studies.cut_share(case) <= 1


def test_ways_are_scored_and_compared(true: list[refine_studies.Case]) -> None:
    plain, edge = (refine_studies.draw_all(true, name) for name in ("nearest", "edge"))
    pairs = zip(true, plain.masks, strict=True)
    assert plain.ious == [iou(case.sample.mask, mask) for case, mask in pairs]
    gain = edge.mean - plain.mean
    assert edge.ahead_of(plain).startswith(f"{gain:+.3f} (")
    assert 0 < plain.mean_boundary < edge.mean_boundary < 1


def test_ceilings_rise_with_the_grid() -> None:
    found = refine_studies.ceilings(SAMPLES, (8, 16), ("nearest", "edge"))
    assert found["nearest"][0] < found["nearest"][1] < found["edge"][1]


def test_shapes_are_told_apart(true: list[refine_studies.Case]) -> None:
    drawn = {"nearest": refine_studies.draw_all(true, "nearest")}
    rows = refine_studies.by_shape(drawn)
    assert rows
    assert [values[0] for values in rows.values()] == sorted(
        values[0] for values in rows.values()
    )


def test_a_scene_of_classes_is_the_same_as_map_and_as_cells() -> None:
    many = scenes(2, "val", size=64, kinds=["everything"])[1]
    truth, grid = refine_studies.class_grid(many)
    assert len(grid.labels) > 2
    assert set(np.unique(truth)) == set(range(len(grid.labels)))
    for k, name in enumerate(grid.labels[1:], start=1):
        np.testing.assert_array_equal(truth == k, many.extra["masks"][name])


def test_a_shadow_hurts_and_a_clear_edge_helps() -> None:
    found = refine_trials.scores([refine_trials.shadowed(x) for x in (0, 80)])
    assert found["edge"][0] < found["bilinear"][0] < found["edge"][1]


def test_a_line_that_has_no_cells_cannot_be_mended() -> None:
    found = refine_trials.scores([refine_trials.line(x) for x in (3, 12)])
    assert found["edge"][0] < 0.3
    assert found["edge"][1] > found["nearest"][1] + 0.2


def test_figures_are_drawn(true: list[refine_studies.Case]) -> None:
    case = true[0]
    masks = {"nearest": case.drawn(refiner("nearest"))}
    ious = refine_studies.draw_all(true, "nearest").ious
    cut = [refine_studies.cut_share(each) for each in true]
    many = scenes(1, "val", size=64, kinds=["everything"])[0]
    truth, grid = refine_studies.class_grid(many)
    pair = [refine_trials.line(x) for x in (3, 12)]
    scores = {"edge": [0.2, 0.9]}
    for fig, axes in (
        (refine_plots.cut_cells({16: cut}, {16: ious}), 1),
        (refine_plots.blended_row([0, 1], blend(np.array([0, 1]), 8), "a row"), 1),
        (refine_plots.side_by_side(case, masks), 3),
        (refine_plots.edge_steps(case), 4),
        (refine_plots.classes(many, truth, grid, truth), 4),
        (refine_plots.before_and_after([0.2, 0.9], [0.6, 0.8], ("a", "b")), 2),
        (refine_plots.trials(pair, [3, 12], scores, "x", "t", refiner("edge")), 3),
    ):
        assert len(fig.axes) == axes
        fig.canvas.draw()


def test_what_sam_is_told_lies_where_the_picture_does() -> None:
    pytest.importorskip("torch")
    from t4s_lib.course.refine_toy import told

    wide = Sample(
        Image.new("RGB", (160, 80), "white"),
        "a box",
        np.pad(np.ones((30, 60), bool), ((20, 30), (40, 60))),
        ["a box"],
        "box#0",
    )
    found = told(wide)
    assert found.picture[:512].min() == 255
    assert found.picture[512:].max() == 0
    assert found.points[:, 1].max() < 512
    assert not found.aligned[128:].any()
    assert found.aligned.max() == pytest.approx(np.log(999), abs=1e-4)
    on = found.points[found.labels == 1].astype(int) // 4
    assert (found.aligned[on[:, 1], on[:, 0]] > 0).all()
    assert (found.stretched[128:] > 0).any()
    assert len(refine_plots.sam_prompts(found).axes) == 5


def test_the_toy_follows_the_recipe_and_knows_nothing(
    true: list[refine_studies.Case],
) -> None:
    pytest.importorskip("transformers")
    from t4s_lib.course.refine_toy import toy_sam

    one, again = (true[0].drawn(toy_sam()) for _ in range(2))
    np.testing.assert_array_equal(one, again)
    assert iou(one, true[0].sample.mask) < 0.5
    blank = DescriptorGrid(np.zeros((16, 16), int), ("others", "kite"))
    assert not toy_sam().refine(blank, SAMPLES[0].image).any()
