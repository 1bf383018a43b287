"""Grid explorer: what it draws, what it says, and that both follow the controls."""

from typing import Any

import numpy as np
import pytest
from matplotlib import _pylab_helpers
from PIL import Image

from t4s_lib.course.widgets import build_grid_explorer
from t4s_lib.course.widgets.grid_explorer import (
    RULES,
    GridView,
    describe_grid_explorer,
    render_grid_explorer,
)
from t4s_lib.sources import Sample, scenes

SAMPLES = scenes(8, "heldout", size=64)


def dot(height: int = 48, width: int = 64) -> Sample:
    """A target of one pixel: any coarse grid loses it."""
    mask = np.zeros((height, width), dtype=bool)
    mask[0, 0] = True
    return Sample(Image.new("RGB", (width, height)), "the <dot>", mask, ["x"], "dot#0")


def control(box: Any, description: str) -> Any:
    return next(c for c in box.children[0].children if c.description == description)


@pytest.mark.parametrize("size", [4, 16, 64])
@pytest.mark.parametrize("rule", RULES)
def test_three_panels_and_no_pyplot(size: int, rule: str) -> None:
    figure = render_grid_explorer(GridView(SAMPLES[0], size, rule, "bilinear"))
    panels = [image for image in figure.images if image.get_size()[0] > 50]
    assert len(panels) == 3
    assert f"grid {size} by {size}" in figure.texts[0].get_text()
    assert not _pylab_helpers.Gcf.figs


def test_panels_keep_the_shape_of_the_picture() -> None:
    figure = render_grid_explorer(GridView(dot()))
    height, width = figure.images[0].get_size()
    assert height / width == pytest.approx(48 / 64, abs=0.01)


def test_hit_and_missed_are_the_target_and_the_sentence_says_so() -> None:
    view = GridView(SAMPLES[0])
    hit, missed, extra = (int(view.parts[p].sum()) for p in ("hit", "missed", "extra"))
    assert hit + missed == view.sample.mask.sum()
    assert view.oracle_iou == pytest.approx(hit / (hit + missed + extra))
    said = describe_grid_explorer(view)
    assert f"{hit:,} are hit and {missed:,} missed, {extra:,} are extra" in said
    assert f"Oracle IoU {view.oracle_iou:.3f}" in said


def test_a_lost_target_is_called_lost_and_kept_by_the_rule() -> None:
    assert "The target is lost: “the <dot>” has 1 pixel," in describe_grid_explorer(
        GridView(dot())
    )
    kept = describe_grid_explorer(GridView(dot(), rule="nearest+keep"))
    assert "has 1 of 256 cells" in kept


def test_no_target_is_no_loss() -> None:
    blank = Sample(
        Image.new("RGB", (32, 32)), "a cat", np.zeros((32, 32), bool), ["a cat"], "b#0"
    )
    view = GridView(blank)
    render_grid_explorer(view)
    assert "every cell says others" in describe_grid_explorer(view)


def test_each_control_changes_picture_and_readout() -> None:
    box = build_grid_explorer(SAMPLES)
    _, figure, words, _ = box.children
    seen = {(figure.value, words.value)}
    for name, value in (
        ("Grid size", 17),
        ("Rule", "coverage"),
        ("Way back", "bilinear"),
        ("Expression", 2),
    ):
        control(box, name).value = value
        seen.add((figure.value, words.value))
    assert len(seen) == 5
    assert "Grid 17 by 17, rule coverage, back by bilinear" in words.value


def test_reset_restores_the_first_view() -> None:
    box = build_grid_explorer(SAMPLES)
    first = box.children[1].value
    control(box, "Grid size").value = 9
    control(box, "Expression").value = 1
    control(box, "Reset").click()
    assert box.children[1].value == first


def test_the_alternative_text_is_the_readout_and_is_escaped() -> None:
    box = build_grid_explorer([dot()])
    _, figure, words, _ = box.children
    assert 'alt="Grid 16 by 16' in figure.value
    assert "&lt;dot&gt;" in words.value
    assert "<dot>" not in figure.value + words.value


def test_every_control_has_a_label() -> None:
    box = build_grid_explorer(SAMPLES)
    assert all(child.description for child in box.children[0].children)


def test_without_samples_there_is_nothing_to_explore() -> None:
    with pytest.raises(ValueError, match="samples is empty"):
        build_grid_explorer([])
