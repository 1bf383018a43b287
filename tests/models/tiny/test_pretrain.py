"""Pretraining runs from nothing to a folder that plain transformers loads."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import torch

from t4s_lib.cli import main
from t4s_lib.models.tiny.lessons import LONG, SHORT, Lessons, reach_of
from t4s_lib.models.tiny.pretrain import Schedule, pretrain
from t4s_lib.models.tiny.sights import Sights
from t4s_lib.models.tiny.vocabulary import build_tokenizer
from t4s_lib.sources.scene_paint import COLOURS


def test_a_few_seconds_make_a_model_that_loads(tmp_path: Path) -> None:
    from transformers import AutoModelForImageTextToText, AutoProcessor

    out = tmp_path / "base"
    pretrain(out, Schedule(0.02, 0.02, 0.04), processes=2)
    model = AutoModelForImageTextToText.from_pretrained(out)
    processor = AutoProcessor.from_pretrained(out)
    assert processor.tokenizer.get_vocab() == build_tokenizer().get_vocab()
    assert all(torch.isfinite(weight).all() for weight in model.parameters())
    embedded = model.get_input_embeddings().weight.detach()
    assert 0.01 < float(embedded.std()) < 1


def test_it_goes_on_from_a_base(tmp_path: Path) -> None:
    from transformers import AutoModelForImageTextToText

    first, second = tmp_path / "first", tmp_path / "second"
    pretrain(first, Schedule(0.01, 0.01, 0.01))
    # No rate at all: what it began with is what it ends with.
    pretrain(second, Schedule(0.0, 0.01, 0.02, rate=0.0), start=first)
    one, two = (
        AutoModelForImageTextToText.from_pretrained(path).state_dict()
        for path in (first, second)
    )
    assert all(torch.equal(one[name], two[name]) for name in one)


def test_going_on_is_mostly_writing() -> None:
    schedule = Schedule.of(60, seed=3, goes_on=True)
    assert (schedule.see, schedule.find, schedule.write) == (12, 5, 43)
    short = Schedule.of(10, goes_on=True)
    assert (short.see, short.find) == pytest.approx((2, 1))


def test_reach_is_counted_cell_by_cell() -> None:
    rng = np.random.default_rng(0)
    for _ in range(20):
        cells = rng.random((16, 16)) < 0.2
        cells[rng.integers(16)] = False
        found = reach_of(cells)
        for row, column in np.ndindex(16, 16):
            for way, line in enumerate((cells[row, column:], cells[row:, column])):
                whole = cells[row] if way == 0 else cells[:, column]
                other = np.flatnonzero(line != line[0])
                end = other[0] if len(other) else len(line)
                wanted = end - 1 if whole.any() else -100
                assert found[row, column, way] == wanted


def test_the_rate_rises_stays_and_falls_to_nothing() -> None:
    schedule = Schedule(1, 2, 4, rate=0.01)
    assert schedule.rate_at(0.0) < 0.1 * schedule.rate
    assert schedule.rate_at(2.0) == pytest.approx(schedule.rate)
    assert schedule.rate_at(5.0) == pytest.approx(0.5 * schedule.rate)
    assert schedule.rate_at(7.0) == pytest.approx(0)
    assert [schedule.stage(m) for m in (0.5, 1.5, 3.5)] == ["see", "find", "write"]


def test_other_minutes_keep_the_proportions() -> None:
    usual, short = Schedule(), Schedule.of(6)
    assert short.minutes == pytest.approx(6)
    assert short.find / short.see == pytest.approx(usual.find / usual.see)


def test_the_same_seed_gives_the_same_batch() -> None:
    tokenizer = build_tokenizer()
    one, two, other = (
        next(Lessons(tokenizer, seed, 2, 2).batches({**SHORT, **LONG}, True))
        for seed in ("a", "a", "b")
    )
    assert torch.equal(one.ids, two.ids)
    assert torch.equal(one.pixels, two.pixels)
    assert not torch.equal(one.pixels, other.pixels)


def test_only_the_answer_is_learned() -> None:
    tokenizer = build_tokenizer()
    batch = next(Lessons(tokenizer, 0, 2, 2).batches(LONG, True))
    for ids, labels in zip(batch.ids, batch.labels, strict=True):
        said = tokenizer.decode(labels[labels != -100])
        assert said.startswith("<col>")
        assert said.endswith("</col><eos>")
        assert tokenizer.decode(ids).endswith(f"Assistant:{said}")


def test_classes_turn_with_the_picture() -> None:
    for pixels, classes in islice(iter(Sights(0, images=4, fresh=2)), 5):
        assert pixels.shape == (4, 3, 64, 64)
        saturation = pixels.amax(1) - pixels.amin(1)
        patches = saturation.unfold(1, 8, 8).unfold(2, 8, 8).mean((-1, -2))
        assert classes.shape == (4, 64, 4, 2)
        shown = (classes[..., 1] > 0).all(-1).view(4, 8, 8).numpy()
        assert patches.numpy()[shown].mean() > 2 * np.median(patches.numpy()[~shown])


def test_a_colour_without_a_name_is_neither_learned_nor_asked_for() -> None:
    tokenizer = build_tokenizer()
    batch = next(Lessons(tokenizer, 0, 40, 2).batches({**SHORT, **LONG}, True))
    is_nameless = (batch.seen[..., 0] < 0).any((-1, -2))
    assert 0 < is_nameless.sum() < len(is_nameless)
    for seen, nameless in zip(batch.seen, is_nameless, strict=True):
        shown = seen[seen[..., 1] > 0]
        assert ((shown[..., 0] < 0) == nameless).all()
        assert (seen[seen[..., 1] == 0] == 0).all()
    texts = [tokenizer.decode(ids) for ids in batch.ids]
    for text, image in zip(texts, batch.image_of, strict=True):
        if is_nameless[image]:
            assert not any(colour in text for colour in COLOURS)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--minutes", "0"], "--minutes is 0.0, expected more than 0"),
        (["--processes", "0"], "--processes is 0, expected 1 or more"),
        (["--from", "nowhere"], "--from is nowhere, expected the folder of a base"),
    ],
)
def test_bad_options_are_named(
    tmp_path: Path, options: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["pretrain", "--out", str(tmp_path / "x"), *options]) == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


def test_nothing_is_overwritten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine").write_text("kept")
    assert main(["pretrain", "--out", str(tmp_path)]) == 2
    assert "not empty" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
