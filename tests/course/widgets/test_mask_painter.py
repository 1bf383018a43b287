"""Mask painter: cells to text and back, and the desk around it."""

import html
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import traitlets
from PIL import Image

from t4s_lib import codec, mask_to_grid
from t4s_lib.course.figures import BLACK, PALETTE, contrast
from t4s_lib.course.tokens import token_counter
from t4s_lib.course.widgets import MaskPainter, build_mask_painter
from t4s_lib.course.widgets.painted import painted_sample, save_png
from t4s_lib.course.widgets.painter_desk import describe_mask_painter
from t4s_lib.descriptor import DescriptorGrid
from t4s_lib.sources import scenes

SAMPLES = scenes(4, "heldout", size=64)


def every(box: Any) -> list[Any]:
    """The widget and all below it."""
    children = getattr(box, "children", ())
    return [box, *(w for child in children for w in every(child))]


def named(box: Any, description: str) -> Any:
    return next(
        w for w in every(box) if getattr(w, "description", "").startswith(description)
    )


def readout(box: Any) -> str:
    values = (str(getattr(w, "value", "")) for w in every(box))
    return next(value for value in values if "role=" in value)


def written(box: Any) -> str:
    """The text beside the board, as it is read."""
    values = (str(getattr(w, "value", "")) for w in every(box))
    markup = next(value for value in values if "<textarea" in value)
    inside = re.search(r"<textarea readonly [^>]*>(.*)</textarea>", markup, re.DOTALL)
    assert inside is not None
    return html.unescape(inside[1])


def test_cells_become_text_and_text_becomes_cells() -> None:
    painter = MaskPainter(4, 6, label="a | b")
    cells = np.random.default_rng(1).integers(0, 2, (4, 6)).tolist()
    painter.cells = cells
    grid, report = codec("row-rle").decode(painter.text, (4, 6))
    assert report.status == "exact"
    assert grid == painter.grid
    assert painter.grid.foreground.astype(int).tolist() == cells


def test_a_mask_is_painted_as_its_own_grid() -> None:
    sample = SAMPLES[0]
    painter = MaskPainter(8, 12, "thing", sample.image, sample.mask)
    assert painter.grid == mask_to_grid(sample.mask, (8, 12), "thing")
    assert painter.picture.startswith("data:image/png;base64,")


@pytest.mark.parametrize(
    "cells",
    [[], [[0, 1]], [[0, 1, 0], [0, 1]], [[0, 1, 2], [0, 0, 0]], [["x"] * 3] * 2],
)
def test_cells_that_do_not_fit_are_refused(cells: Any) -> None:
    painter = MaskPainter(2, 3)
    with pytest.raises(traitlets.TraitError, match="2 rows of 3"):
        painter.cells = cells
    assert painter.cells == [[0, 0, 0], [0, 0, 0]]


def test_bad_arguments_are_named() -> None:
    with pytest.raises(ValueError, match="grid size"):
        MaskPainter(0, 16)
    with pytest.raises(ValueError, match="label is empty"):
        MaskPainter(label="")
    with pytest.raises(ValueError, match="label is empty"):
        MaskPainter(label=[])
    with pytest.raises(ValueError, match="got 8 labels, expected 7 or less"):
        MaskPainter(label=[f"label {k}" for k in range(8)])
    painter = MaskPainter(2, 2, label=["dog", "cat"])
    with pytest.raises(traitlets.TraitError, match=r"active is 3, .* from 1 to 2"):
        painter.active = 3


def test_two_painters_do_not_share_cells() -> None:
    one, two = MaskPainter(1, 2), MaskPainter(1, 2)
    one.cells = [[1, 1]]
    assert two.cells == [[0, 0]]


def test_a_large_picture_is_sent_small_and_keeps_its_shape() -> None:
    painter = MaskPainter(image=Image.new("RGB", (4000, 2000)))
    assert len(painter.picture) < 20_000
    assert painter.aspect == 2


def test_what_the_page_runs_and_shows_travels_with_the_painter() -> None:
    sent = MaskPainter().get_state()
    assert "export default" in sent["_esm"]
    assert ".t4s-board" in sent["_css"]


def test_painting_changes_text_and_readout() -> None:
    box = build_mask_painter(1, 4, label="dog")
    box.painter.cells = [[0, 1, 1, 0]]
    text = written(box)
    assert text == "others *1| dog *2| others *1\n"
    tokens = token_counter()(text)
    assert f"{len(text)} characters, {tokens} tokens" in readout(box)


def test_the_label_is_data() -> None:
    box = build_mask_painter(1, 2)
    box.painter.cells = [[0, 1]]
    named(box, "Label").value = "<b>|"
    assert written(box) == "others *1| <b>%7C *1\n"
    assert "&lt;b&gt;|" in readout(box)
    named(box, "Label").value = ""
    assert "target" in written(box)


def test_a_sample_lies_under_an_empty_board_until_its_mask_is_loaded() -> None:
    box = build_mask_painter(samples=SAMPLES)
    button, sample = named(box, "Load"), SAMPLES[0]
    assert button.disabled
    named(box, "Picture").value = 1
    assert "IoU with the true mask: 0.000" in readout(box)
    assert named(box, "Label").value == sample.expression
    button.click()
    assert box.painter.grid == mask_to_grid(sample.mask, 16, sample.expression)
    named(box, "Picture").value = 0
    assert box.painter.picture == ""
    assert not box.painter.grid.foreground.any()


def test_a_mask_given_is_what_the_readout_compares_with() -> None:
    one = SAMPLES[0]
    box = build_mask_painter(label=one.expression, image=one.image, mask=one.mask)
    before = readout(box)
    box.painter.clear()
    assert "mask: 0.000" not in before
    assert "mask: 0.000" in readout(box)
    named(box, "Load").click()
    assert readout(box) == before


def test_without_a_truth_there_is_no_button_for_it() -> None:
    descriptions = [getattr(w, "description", "") for w in every(build_mask_painter())]
    assert "Load the true mask" not in descriptions


def test_the_sentence_counts_cells() -> None:
    grid = MaskPainter(2, 2).grid
    assert describe_mask_painter(grid).startswith("0 of 4 cells say “dog”.")


def test_a_palette_paints_with_several_labels() -> None:
    box = build_mask_painter(1, 4, label=["dog", "cat"])
    box.painter.cells = [[0, 1, 2, 2]]
    assert written(box) == "others *1| dog *1| cat *2\n"
    assert readout(box).startswith('<p role="status"')
    assert "1 of 4 cells say “dog”, 2 “cat”." in readout(box)


def test_the_field_names_the_label_in_the_brush() -> None:
    box = build_mask_painter(1, 2, label=["dog", "cat"])
    field = named(box, "Label")
    box.painter.active = 2
    assert field.value == "cat"
    field.value = "cow"
    assert box.painter.labels == ["dog", "cow"]
    box.painter.active = 1
    assert field.value == "dog"
    assert box.painter.labels == ["dog", "cow"]


def test_labels_are_added_until_the_palette_is_full() -> None:
    box = build_mask_painter(1, 2, label="label 2")
    button = named(box, "Add a label")
    button.click()
    assert box.painter.labels == ["label 2", "label 3"]
    assert named(box, "Label").value == "label 3"
    for _ in range(5):
        assert not button.disabled
        button.click()
    assert button.disabled
    assert len(set(box.painter.labels)) == 7 == box.painter.active
    with pytest.raises(ValueError, match="there are 7 labels, expected fewer"):
        box.painter.add_label("more")


def test_labels_of_one_name_are_one_label() -> None:
    painter = MaskPainter(1, 3, label=["dog", "cat"])
    painter.cells = [[1, 2, 0]]
    painter.rename("cat")
    assert painter.text == "cat *2| others *1\n"
    painter.rename("")
    assert painter.text == "target *1| cat *1| others *1\n"


def test_another_picture_brings_its_own_label_alone() -> None:
    box = build_mask_painter(label=["dog", "cat"], samples=SAMPLES)
    box.painter.active = 2
    box.painter.cells = [[2] * 16] * 16
    named(box, "Picture").value = 2
    assert box.painter.labels == [SAMPLES[1].expression]
    assert (box.painter.active, box.painter.grid.foreground.any()) == (1, False)


def test_the_readout_compares_the_first_label_with_the_truth() -> None:
    one = SAMPLES[0]
    box = build_mask_painter(label=["it", "sky"], image=one.image, mask=one.mask)
    before = re.search(r"mask: (\d\.\d+)", readout(box))
    box.painter.cells = [[cell or 2 for cell in row] for row in box.painter.cells]
    assert before is not None
    assert f"mask: {before[1]};" in readout(box)


def test_what_is_painted_is_a_sample() -> None:
    one = SAMPLES[0]
    box = build_mask_painter(label=one.expression, image=one.image, mask=one.mask)
    sample = box.sample()
    assert (sample.expression, sample.labels) == (one.expression, (one.expression,))
    assert sample.image.size == one.image.size
    assert mask_to_grid(sample.mask, 16, one.expression) == box.painter.grid
    assert sample.extra == {}


def test_a_sample_of_several_labels_holds_all_of_them() -> None:
    box = build_mask_painter(2, 2, label=["dog", "cat"])
    box.painter.cells = [[0, 1], [2, 2]]
    sample = box.sample("cat")
    assert sample.expression == "cat"
    assert sample.mask.tolist()[20] == [True] * 32
    classes = sample.extra["classes"]
    names = dict(enumerate(sample.extra["class_names"], start=1))
    assert classes.shape == sample.mask.shape == (32, 32)
    assert mask_to_grid(classes, 2, names=names) == box.painter.grid
    with pytest.raises(ValueError, match="'cow' is not in this grid"):
        box.sample("cow")


def test_it_is_saved_as_a_png_and_nothing_is_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    box = build_mask_painter(2, 2, label=["dog", "cat"])
    box.painter.cells = [[0, 1], [2, 2]]
    named(box, "Save as PNG").click()
    assert f"Saved 32 by 32 pixels in {tmp_path / 'painted.png'}." in readout(box)
    named(box, "Save as PNG").click()
    assert "painted-2.png" in readout(box)
    with Image.open(tmp_path / "painted.png") as image:
        assert image.mode == "P"
        np.testing.assert_array_equal(image, box.sample().extra["classes"])
    box.painter.clear()
    assert "Saved" not in readout(box)


def test_a_saved_mask_is_read_by_the_command_line(tmp_path: Path) -> None:
    from t4s_lib.cli_masks import read_mask

    grid = DescriptorGrid([[0, 1], [2, 0]], ("others", "dog", "cat"))
    classes = painted_sample(grid).extra["classes"]
    path = save_png(classes, tmp_path)
    np.testing.assert_array_equal(read_mask(path), classes > 0)


def test_where_nothing_can_be_written_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    monkeypatch.setattr(Path, "cwd", lambda: gone)
    box = build_mask_painter(2, 2)
    named(box, "Save as PNG").click()
    assert "Not saved: " in readout(box)
    assert "No such file" in readout(box)


def test_the_page_paints_in_the_colours_of_the_figures_and_of_the_file() -> None:
    sent = MaskPainter().get_state()["_css"]
    rules = re.findall(r"t4s-label-(\d) \{ --t4s-rgb: ([\d ]+);", sent)
    colours = {
        int(number): "#" + "".join(f"{int(part):02X}" for part in parts.split())
        for number, parts in rules
    }
    assert colours == dict(enumerate(PALETTE, start=1))
    assert all(contrast(colour, BLACK) >= 3 for colour in colours.values())
