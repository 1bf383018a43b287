"""The paper's recipes on real layouts: gRefCOCO, rounds, COCO-Stuff, LLaVA's mix."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from t4s_lib.codecs import codec
from t4s_lib.prompts import QUESTIONS, unfold
from t4s_lib.sources import DataError, Sample, open_benchmark
from t4s_lib.training.class_rows import candidates, class_row, next_kind, square
from t4s_lib.training.passes import training_set
from t4s_lib.training.photo_rows import spoken
from t4s_lib.training.recipe import Recipe, load_recipe, override
from t4s_lib.training.specs import DataSpec, EvalSpec

from ..sources import written
from .test_passes import root as refer_root  # noqa: F401, a fixture

PRESENT = {"person", "toothbrush", "banner", "wood"}
WORDS = ("a cat", "both cats", "no horse")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """gRefCOCO, COCO-Stuff and LLaVA's mix, a few pictures each."""
    refs = [
        written.gref(1, "train", [11], WORDS[0]),
        written.gref(2, "train", [11, 12], WORDS[1]),
        written.gref(3, "train", [-1], WORDS[2]),
        written.gref(4, "val", [11], "the cat"),
    ]
    folder = tmp_path / "refer_seg/grefcoco"
    found = [{"id": 11, "image_id": 7}, {"id": 12, "image_id": 7}]
    content = written.instances({7: "COCO_7.jpg"}, found)
    written.as_json(folder / "instances.json", content)
    written.as_json(folder / "grefs(unc).json", refs)
    written.photo(tmp_path / "refer_seg/images/coco_2014/train2014/COCO_7.jpg")
    written.cocostuff(tmp_path)
    talk = written.talk("<image>\nWhat?", "A dog.", "Why?", "It barks.")
    written.mix(tmp_path, [talk, written.talk("a", "b", image=None)])
    return tmp_path


def said(row: Any) -> list[tuple[str, str]]:
    """Who says what, in the order of the conversation."""
    turns = [*row["prompt"], *row["completion"]]
    return [
        (turn["role"], "".join(p.get("text", "") for p in turn["content"]))
        for turn in turns
    ]


def asked_for(question: str) -> tuple[str, set[str]]:
    """The kind of a question, and the labels in it."""
    for kind, templates in QUESTIONS.items():
        for template in templates:
            before, _, behind = template.partition("X")
            if question.startswith(before) and question.endswith(behind):
                asked = question[len(before) : len(question) - len(behind)]
                return kind, set(asked.split("|")) - {""}
    raise AssertionError(question)


def rows(recipe: Recipe, data: Path, n: int, **spec: Any) -> list[Any]:
    chosen = replace(recipe, data=(DataSpec(**spec),), max_tokens=None)
    made = training_set(chosen, data=data, side=28).rows
    return [made[k] for k in range(n)]


def test_the_gres_recipe_reads_one_several_and_no_targets(data: Path) -> None:
    recipe = replace(load_recipe("gres-llava-1.5-7b"), held_back=0.0)
    found = training_set(recipe, data=data, side=28)
    assert found.epoch == 6  # three sentences, twice
    seen: Counter[str] = Counter()
    for k in range(6):
        question, answer = (words for _, words in said(found.rows[k]))
        (wanted,) = [words for words in WORDS if words in question]
        text = unfold(answer).text
        grid, report = codec("row-rle").decode(text, 16)
        assert report.status == "exact"
        assert grid.foreground.any() == (wanted != WORDS[2])
        seen[wanted] += 1
    assert seen == dict.fromkeys(WORDS, 2)


def test_rounds_ask_again_about_the_same_picture(data: Path) -> None:
    recipe = load_recipe("gres-llava-1.5-7b")
    spec: dict[str, Any] = {"benchmark": "grefcoco:unc:train", "rounds": 3, "passes": 5}
    made = rows(recipe, data, 15, **spec)
    again = rows(recipe, data, 15, **spec)
    for row in made:
        turns = said(row)
        assert [who for who, _ in turns] == ["user", "assistant"] * 3
        for (_, question), (_, answer) in zip(turns[::2], turns[1::2], strict=True):
            (wanted,) = [words for words in WORDS if words in question]
            grid, _ = codec("row-rle").decode(unfold(answer).text, 16)
            assert set(grid.labels) <= {"others", wanted}
        assert len(row["images"]) == 1
    assert [said(row) for row in made] == [said(row) for row in again]
    assert len({str(said(row)) for row in made}) > 10


def test_the_vqa_recipe_takes_one_row_a_ref(refer_root: Path) -> None:  # noqa: F811
    recipe = load_recipe("vqa-llava-1.5-7b")
    only = tuple(spec for spec in recipe.data if "llava" not in spec.benchmark)
    found = training_set(replace(recipe, data=only), data=refer_root)
    # Train refs: 2, 1 and 1, and all three of RefCLEF's train pictures; six passes.
    assert found.epoch == 6 * (2 + 1 + 1 + 3)


def test_conversations_are_taken_as_they_are(data: Path) -> None:
    spec = {"benchmark": "llava:mix665k:train"}
    (row,) = rows(load_recipe("vqa-llava-1.5-7b"), data, 1, **spec)
    assert said(row) == [
        ("user", "What?"),
        ("assistant", "A dog."),
        ("user", "Why?"),
        ("assistant", "It barks."),
    ]
    picture = row["images"][0]
    assert picture.size == (28, 28)
    # Padded, not stretched: grey above and below, as far as resizing leaves it so.
    assert picture.getpixel((14, 0)) == pytest.approx((122, 116, 104), abs=15)
    assert picture.getpixel((14, 14)) == (9, 9, 9)


def test_the_ovs_recipe_asks_in_three_ways(data: Path) -> None:
    recipe = load_recipe("ovs-llava-1.5-7b")
    found = training_set(recipe, data=data, side=28)
    assert found.epoch == 10
    names = set(open_benchmark("cocostuff:2017:train", data)[0].labels)
    for k in range(10):
        turns = said(found.rows[k])
        assert [who for who, _ in turns] == ["user", "assistant"] * 2
        for _, answer in turns[1::2]:
            grid, report = codec("row-rle").decode(unfold(answer).text, 32)
            assert report.status == "exact"
            assert set(grid.labels) - {"others"} <= names


def test_an_answer_shows_what_is_asked_for_and_is_there(data: Path) -> None:
    recipe = override(load_recipe("ovs-llava-1.5-7b"), ["grid=8"])
    sample = open_benchmark("cocostuff:2017:train", data)[0]
    kinds: Counter[str] = Counter()
    for turn in range(300):
        (_, question), (_, answer) = said(class_row(sample, turn, 1, recipe, None))
        grid, _ = codec("row-rle").decode(unfold(answer).text, 8)
        shown = set(grid.labels) - {"others"}
        kind, labels = asked_for(question)
        kinds[kind] += 1
        if kind == "partial":
            assert shown == labels
        elif kind == "condition":
            assert shown <= labels
            kinds["with absent ones"] += bool(labels - PRESENT - {"others"})
        assert shown <= PRESENT
    assert 10 < kinds["all"] < 60 < kinds["partial"] < kinds["condition"]
    assert kinds["with absent ones"] > 0.8 * kinds["condition"]


def test_all_is_never_asked_twice_in_a_row() -> None:
    rng = random.Random(0)
    drawn = Counter(next_kind(rng, "") for _ in range(4000))
    assert drawn["all"] / 4000 == pytest.approx(0.1, abs=0.02)
    assert drawn["partial"] / 4000 == pytest.approx(0.3, abs=0.03)
    assert "all" not in {next_kind(rng, "all") for _ in range(200)}


def test_squares_fit_and_show_more_than_one_class() -> None:
    rng = random.Random(0)
    values = np.ones((300, 500), dtype=np.uint8)
    values[:, 250] = 2
    for _ in range(50):
        left, top, size = square(values, rng)
        assert size == 256
        assert left + size <= 500
        assert top + size <= 300
        assert (values[top : top + size, left : left + size] == 2).any()
    assert square(values[:40, :30], rng)[2] == 30


def test_candidates_hold_what_is_wanted() -> None:
    rng = random.Random(0)
    drawn = [candidates(["a", "b"], ["c", "d"], rng) for _ in range(400)]
    assert all({"a", "b"} <= set(found) for found in drawn)
    assert all(len(set(found)) == len(found) for found in drawn)
    assert sum("others" in found for found in drawn) / 400 == pytest.approx(
        0.5, abs=0.1
    )
    without = sum(not {"c", "d"} & set(found) for found in drawn) / 400
    assert without == pytest.approx(0.1, abs=0.05)


def test_what_is_said_is_known_without_the_pictures(data: Path) -> None:
    gres, ovs = load_recipe("gres-llava-1.5-7b"), load_recipe("ovs-llava-1.5-7b")
    for name, recipe, rounds in (
        ("grefcoco:unc:train", gres, 3),
        ("cocostuff:2017:train", ovs, 2),
        ("llava:mix665k:train", gres, 2),
    ):
        sample = open_benchmark(name, data)[0]
        spec = DataSpec(name, rounds=rounds)
        said_here = spoken(sample, spec, recipe)
        assert len(said_here) == rounds
        assert all(turn.question and turn.answer for turn in said_here)


def test_scenes_are_asked_about_once(small: Recipe) -> None:
    spec = DataSpec("scenes:synthetic:train", rounds=2)
    with pytest.raises(DataError, match="has rounds 2, expected 1: several questions"):
        training_set(replace(small, data=(spec,)))


def test_nothing_left_after_the_filter_is_said(data: Path) -> None:
    leak = data / "leak/refcoco_val_test_image_ids.json"
    written.text(leak, json.dumps([7]))
    recipe = replace(load_recipe("gres-llava-1.5-7b"), leak_filter=True)
    with pytest.raises(DataError, match="grefcoco:unc:train has no samples left"):
        training_set(recipe, data=data)


def test_a_mix_of_all_three_trains(small: Recipe, data: Path, tmp_path: Path) -> None:
    """Referring in rounds, classes and conversations in one batch, then evaluated."""
    pytest.importorskip("trl")
    from t4s_lib.training.trainer import train

    sources = (
        DataSpec("grefcoco:unc:train", rounds=2),
        DataSpec("cocostuff:2017:train", rounds=2),
        DataSpec("llava:mix665k:train"),
    )
    asked = EvalSpec("grefcoco:unc:val", n=1)
    recipe = replace(small, data=sources, eval=asked, steps=2, log_every=1)
    done = train(recipe, tmp_path / "out", data=data)
    losses = [line["loss"] for line in done.log if "loss" in line]
    assert losses
    assert all(np.isfinite(losses))
    assert done.scores is not None
    assert done.scores["n"] == 1


def test_unused_pictures_are_not_opened(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> Image.Image:
        raise AssertionError("a picture was opened")

    monkeypatch.setattr(Image, "open", refuse)
    for name in ("gres-llava-1.5-7b", "ovs-llava-1.5-7b"):
        assert training_set(load_recipe(name), data=data).epoch
    sample: Sample = open_benchmark("grefcoco:unc:train", data)[0]
    assert sample.mask.any()
