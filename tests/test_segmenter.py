"""The Segmenter: any backbone in, predictions out, bad input refused in one line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from t4s_lib import Prediction, Segmenter, codec
from t4s_lib.cli import main
from t4s_lib.models.toys import toy
from t4s_lib.sources import scenes

PICTURE = Image.new("RGB", (48, 32), "gray")


@pytest.fixture(scope="module")
def babble() -> Segmenter:
    """A model with random weights."""
    return Segmenter(toy("llava"), max_new_tokens=12)


def test_a_babbling_model_gives_a_prediction_all_the_same(babble: Segmenter) -> None:
    found = babble(PICTURE, "the dog")
    assert isinstance(found, Prediction)
    assert found.mask.shape == (32, 48)
    assert found.mask.dtype == bool
    assert found.grid.shape == (16, 16)
    assert found.report.status in ("repaired", "failed")
    assert 1 <= found.forwards <= 12
    assert found.seconds > 0


def test_a_batch_says_what_single_calls_say(babble: Segmenter) -> None:
    pictures = [s.image for s in scenes(3, "heldout")]
    words = ["the dog", "a very long expression of many words", "x"]
    together = babble.batch(pictures, words)
    alone = [babble(p, w) for p, w in zip(pictures, words, strict=True)]
    assert [p.answer for p in together] == [p.answer for p in alone]


def test_an_empty_batch_is_empty(babble: Segmenter) -> None:
    assert babble.batch([], []) == []


@pytest.mark.parametrize(
    ("expression", "refiner", "words"),
    [
        ("", "bilinear", "expression is ''"),
        ("the dog", "magic", "refiner is 'magic', expected one of nearest, bilinear"),
    ],
)
def test_bad_input_is_named(
    babble: Segmenter, expression: str, refiner: str, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        babble(PICTURE, expression, refiner)


def test_a_picture_without_expression_is_refused(babble: Segmenter) -> None:
    with pytest.raises(ValueError, match="1 pictures and 0 expressions"):
        babble.batch([PICTURE], [])


def test_the_format_beside_an_adapter_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("t4s_lib.models.load_backbone", lambda name: toy("llava"))
    note = {"codec": "image-rle", "grid": [8, 12]}
    (tmp_path / "t4s.json").write_text(json.dumps(note))
    found = Segmenter.load(tmp_path)
    assert (found.codec, found.grid) == ("image-rle", (8, 12))
    assert Segmenter.load(tmp_path, codec="full", grid=4).grid == (4, 4)


# ---- the shipped model ----


@pytest.fixture(scope="module")
def shipped() -> Segmenter:
    return Segmenter.load("tiny")


def test_the_shipped_model_segments_held_out_scenes(shipped: Segmenter) -> None:
    samples = scenes(24, "heldout")
    found = shipped.batch([s.image for s in samples], [s.expression for s in samples])
    both = sum(
        int((p.mask & s.mask).sum()) for p, s in zip(found, samples, strict=True)
    )
    any_ = sum(
        int((p.mask | s.mask).sum()) for p, s in zip(found, samples, strict=True)
    )
    assert both / any_ > 0.45
    assert sum(p.report.status == "exact" for p in found) >= 22


def test_its_text_is_the_mask(shipped: Segmenter) -> None:
    sample = scenes(1, "heldout", kinds=["class"])[0]
    found = shipped(sample.image, sample.expression)
    grid, report = codec("row-rle").decode(found.text, size=16)
    assert report.status == "exact"
    assert grid == found.grid
    assert grid.labels == ("others", sample.expression)


def test_the_base_alone_writes_no_mask() -> None:
    base = Segmenter.load("tiny-base")
    samples = scenes(12, "heldout")
    found = base.batch([s.image for s in samples], [s.expression for s in samples])
    assert not any("<seg>" in p.answer for p in found)
    assert not any(p.report.status == "exact" for p in found)


def test_another_picture_size_is_no_matter(shipped: Segmenter) -> None:
    sample = scenes(1, "heldout", size=(96, 160), kinds=["class"])[0]
    found = shipped(sample.image, sample.expression)
    assert found.mask.shape == (96, 160)
    assert (found.mask & sample.mask).sum() / (found.mask | sample.mask).sum() > 0.4


def test_t4s_segment_writes_the_right_mask(tmp_path: Path) -> None:
    sample = scenes(1, "heldout", size=64, kinds=["class"])[0]
    sample.image.save(tmp_path / "scene.png")
    run = [sys.executable, "-m", "t4s_lib", "segment", "scene.png"]
    run += [sample.expression, "-o", "mask.png", "--overlay", "seen.png"]
    done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    assert told["status"] == "exact"
    mask = np.asarray(Image.open(tmp_path / "mask.png")) > 0
    assert (mask & sample.mask).sum() / (mask | sample.mask).sum() > 0.4
    assert Image.open(tmp_path / "seen.png").size == (64, 64)


def test_t4s_segment_refines_how_sure_the_model_was(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    sample = scenes(1, "heldout", size=64, kinds=["class"])[0]
    scene, texts = str(tmp_path / "scene.png"), []
    sample.image.save(scene)
    for name, more in (("firm", []), ("soft", ["--soft"])):
        run = ["segment", scene, sample.expression, "-o", str(tmp_path / f"{name}.png")]
        assert main([*run, "--refiner", "bilinear", *more]) == 0
        texts.append(json.loads(capfd.readouterr().out)["text"])
    assert texts[0] == texts[1]
    firm, soft = (Image.open(tmp_path / f"{name}.png") for name in ("firm", "soft"))
    assert 0 < (np.asarray(firm) != np.asarray(soft)).mean() < 0.1


def test_every_mode_gives_the_same(shipped: Segmenter) -> None:
    sample = scenes(1, "heldout", seed=2)[0]
    plain = Segmenter(shipped.backbone, mode="plain")(sample.image, sample.expression)
    valid = Segmenter(shipped.backbone, valid=True)(sample.image, sample.expression)
    found = shipped(sample.image, sample.expression)
    assert found.answer == plain.answer == valid.answer
    assert found.forwards < plain.forwards / 3


def test_many_expressions_of_one_picture(shipped: Segmenter) -> None:
    sample = scenes(1, "heldout", seed=3)[0]
    words = [sample.expression, "the red circle", "the largest shape"]
    many = shipped.segment_many(sample.image, words)
    alone = [shipped(sample.image, each) for each in words]
    assert [p.answer for p in many] == [p.answer for p in alone]
    assert shipped.segment_many(sample.image, []) == []


def test_a_soft_mask_on_request(shipped: Segmenter) -> None:
    sample = scenes(1, "heldout", kinds=["class"])[0]
    assert shipped(sample.image, sample.expression).soft is None
    found = shipped(sample.image, sample.expression, soft=True)
    assert found.soft is not None
    assert found.soft.shape == (16, 16)
    assert ((found.soft > 0.5) == found.grid.foreground).mean() > 0.9


def test_random_weights_write_valid_masks_where_only_those_are_let() -> None:
    held = Segmenter(toy("llava"), grid=4, valid=True)
    assert held(PICTURE, "the dog").report.status == "exact"


def test_an_unknown_mode_is_named() -> None:
    with pytest.raises(ValueError, match="mode is 'magic', expected one of plain"):
        Segmenter(toy("llava"), mode="magic")


def test_a_bad_mode_is_refused_before_a_model_is_loaded(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    PICTURE.save(tmp_path / "scene.png")
    scene, mask = str(tmp_path / "scene.png"), str(tmp_path / "mask.png")
    assert main(["segment", scene, "a dog", "-o", mask, "--mode", "magic"]) == 2
    told = capfd.readouterr().err.strip()
    assert "--mode is 'magic', expected one of plain, grammar" in told
    assert "\n" not in told


def test_the_adapter_is_part_of_the_weights(shipped: Segmenter) -> None:
    from t4s_lib.models import load_backbone

    sample = scenes(1, "heldout", seed=4)[0]
    apart = Segmenter(load_backbone("tiny"))
    assert not hasattr(shipped.backbone.model, "peft_config")
    assert hasattr(apart.backbone.model, "peft_config")
    found = shipped(sample.image, sample.expression)
    assert found.answer == apart(sample.image, sample.expression).answer
