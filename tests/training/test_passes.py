"""Training sets: the authors' two passes, the mix, the filter, and what is refused."""

from __future__ import annotations

import json
import pickle
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from t4s_lib.sources import DataError, refer, scenes
from t4s_lib.training.leaks import (
    TESTS,
    image_ids,
    read_image_ids,
    without_images,
)
from t4s_lib.training.leaks import (
    held_out_image_ids as ids_of_tests,
)
from t4s_lib.training.passes import open_source, training_set
from t4s_lib.training.recipe import Recipe, override
from t4s_lib.training.specs import DataSpec


def questions(recipe: Recipe, n: int, **more: Any) -> list[str]:
    rows = training_set(recipe, **more).rows
    made = [rows[k] for k in range(n)]
    return [one["prompt"][0]["content"][1]["text"] for one in made]


def with_data(recipe: Recipe, *specs: DataSpec, **more: Any) -> Recipe:
    return replace(recipe, data=specs, **more)


def test_two_passes_ask_for_each_sentence_twice_in_fresh_words(small: Recipe) -> None:
    spec = DataSpec("scenes:synthetic:train", count=40, passes=2)
    recipe = with_data(small, spec, steps=None, epochs=3.0)
    found = training_set(recipe)
    assert (found.epoch, found.steps(recipe)) == (80, 60)
    first, second = questions(recipe, 160)[:80], questions(recipe, 160)[80:]
    assert first != second
    assert Counter(first) == Counter(second)  # the authors write them once
    plain = with_data(recipe, replace(spec, passes=1))
    once = Counter(questions(plain, 40))
    assert once <= Counter(first)
    assert sum((Counter(first) - once).values()) == 40
    assert Counter(first) - once != once


def test_a_mix_keeps_its_shares(small: Recipe) -> None:
    masks = DataSpec("scenes:synthetic:train", weight=4)
    tasks = DataSpec("scenes:tasks:train", weight=1, kinds=("count",))
    asked = questions(with_data(small, masks, tasks), 100)
    assert sum(words.startswith("How many") for words in asked) == 20
    unknown = replace(tasks, kinds=("dance",))
    with pytest.raises(ValueError, match="task is 'dance', expected one of"):
        questions(with_data(small, unknown), 1)


def test_the_seed_chooses_the_scenes_where_there_is_no_end(small: Recipe) -> None:
    assert questions(small, 9) != questions(override(small, ["seed=1"]), 9)
    counted = with_data(small, DataSpec("scenes:synthetic:train", count=9))
    other = questions(override(counted, ["seed=1"]), 9)
    assert sorted(questions(counted, 9)) == sorted(other)


def test_long_rows_are_left_out(small: Recipe) -> None:
    def count(row: Any) -> int:
        return len(row["completion"][0]["content"][0]["text"])

    lengths = [count(training_set(small).rows[k]) for k in range(30)]
    limit = sorted(lengths)[15]
    rows = training_set(override(small, [f"max_tokens={limit}"]), tokens=count).rows
    kept = [count(rows[k]) for k in range(30)]
    assert max(kept) <= limit < max(lengths)
    assert [k == n for k, n in zip(kept, lengths, strict=True)].count(True) >= 15


def test_ones_own_samples_take_the_place_of_the_recipes(small: Recipe) -> None:
    mine = scenes(3, "heldout")
    asked = questions(small, 3, samples=mine)
    for sample in mine:
        assert any(sample.expression in words for words in asked)


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        (
            DataSpec("grefcocoo:unc:train"),
            "unknown benchmark 'grefcocoo:unc:train': near",
        ),
        (DataSpec("grefcoco:unc:train"), "grefcoco:unc:train needs real data, expecte"),
        (DataSpec("refcoco:unc:train"), "refcoco:unc:train needs real data, expected"),
        (DataSpec("scenes:synthetic:training"), "unknown split of scenes 'training'"),
        (DataSpec("scenes:synthetic:train", rounds=2), "has rounds 2, expected 1"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line(
    small: Recipe, spec: DataSpec, said: str
) -> None:
    with pytest.raises(DataError, match=said) as caught:
        training_set(with_data(small, spec))
    assert "\n" not in str(caught.value)


# --- a small REFER folder ----------------------------------------------------


def ref(number: int, split: str, image: int, sentences: int = 2) -> dict[str, Any]:
    texts = [f"thing {number} {k}" for k in range(sentences)]
    return {
        "ref_id": number,
        "ann_id": 100 + number,
        "image_id": image,
        "category_id": 3,
        "split": split,
        "sentences": [
            {"sent_id": 10 * number + k, "sent": text, "raw": text}
            for k, text in enumerate(texts)
        ],
    }


REFS = {
    ("refcoco", "unc"): [(1, "train", 1), (2, "train", 2), (3, "val", 3)],
    ("refcoco+", "unc"): [(4, "train", 3), (5, "val", 1)],
    ("refcocog", "umd"): [(6, "train", 2), (7, "val", 4), (8, "test", 4)],
    ("refclef", "unc"): [(9, "train", 1), (10, "val", 1), (11, "train", 3)],
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All four data sets, each picture 6 by 8 pixels; pictures are not there."""
    folder = tmp_path_factory.mktemp("refer")
    for (dataset, split_by), rows in REFS.items():
        spare = [] if dataset in ("refcocog", "refclef") else ["testA", "testB"]
        refs = [ref(*row) for row in rows]
        refs += [ref(50 + k, split, 9) for k, split in enumerate(spare)]
        place = folder / dataset
        place.mkdir()
        (place / f"refs({split_by}).p").write_bytes(pickle.dumps(refs, protocol=2))
        (place / "instances.json").write_text(json.dumps(instances(refs)))
    return folder


def instances(refs: list[dict[str, Any]]) -> dict[str, Any]:
    images = {one["image_id"] for one in refs}
    square = [[1, 1, 5, 1, 5, 5, 1, 5]]
    return {
        "images": [
            {"id": k, "file_name": f"COCO_{k}.jpg", "height": 6, "width": 8}
            for k in sorted(images)
        ],
        "annotations": [
            {
                "id": one["ann_id"],
                "image_id": one["image_id"],
                "category_id": 3,
                "segmentation": square,
                "bbox": [1.0, 1.0, 4.0, 4.0],
                "iscrowd": 0,
            }
            for one in refs
        ],
        "categories": [{"id": 3, "name": "thing"}],
    }


def sizes(recipe: Recipe, root: Path, **spec: Any) -> int | None:
    chosen = with_data(recipe, DataSpec(**spec), steps=None, epochs=1.0)
    return training_set(chosen, data=root).epoch


def test_the_filter_knows_every_test_picture_of_the_family(root: Path) -> None:
    assert ids_of_tests(root) == {1, 3, 4, 9}
    assert image_ids(refer(root, *TESTS[0])) == {3}
    train = refer(root, "refcoco", "unc", "train")
    kept = without_images(train, ids_of_tests(root))
    assert {sample.extra["image_id"] for sample in kept} == {2}
    # RefCLEF's pictures are numbered on their own: 1 there is no COCO picture.
    clef = refer(root, "refclef", "unc", "train")
    assert len(without_images(clef, ids_of_tests(root))) == len(clef)


def test_a_recipe_filters_holds_back_and_picks(small: Recipe, root: Path) -> None:
    spec: dict[str, Any] = {"benchmark": "refcoco:unc:train"}
    assert sizes(small, root, **spec) == 4
    assert sizes(replace(small, leak_filter=True), root, **spec) == 2
    assert sizes(replace(small, held_back=0.25), root, **spec) == 3
    assert sizes(small, root, **spec, per="ref") == 2
    assert sizes(small, root, **spec, per="ref", passes=2) == 4
    assert sizes(small, root, **spec, count=3) == 3
    clef: dict[str, Any] = {"benchmark": "refclef:unc:train"}
    assert sizes(small, root, **clef) == 4
    assert sizes(small, root, **clef, refs="images") == 6


def test_a_filter_without_all_splits_is_refused(
    small: Recipe, root: Path, tmp_path: Path
) -> None:
    (tmp_path / "refcoco").symlink_to(root / "refcoco")
    with pytest.raises(DataError, match="leak_filter needs every val and test split"):
        ids_of_tests(tmp_path)
    (tmp_path / "leak").mkdir()
    listed = tmp_path / "leak" / "refcoco_val_test_image_ids.json"
    listed.write_text("[1, 2, 3]")
    assert ids_of_tests(tmp_path) == {1, 2, 3}
    listed.write_text('["a"]')
    with pytest.raises(DataError, match="is not a list of image ids, expected whole"):
        ids_of_tests(tmp_path)
    with pytest.raises(DataError, match="does not exist, expected a JSON list"):
        read_image_ids(tmp_path / "none.json")


def test_the_real_list_finds_real_leaks(real: Path) -> None:
    listed = real / "leak" / "refcoco_val_test_image_ids.json"
    if not listed.is_file():
        pytest.skip(f"{listed} is not there: no real list of ids")
    banned = read_image_ids(listed)
    assert len(banned) > 5000
    tested = refer(real, "refcocog", "umd", "val")
    assert not without_images(tested, banned)
    train = open_source("refcocog:umd:train", real)
    kept = without_images(train, banned)
    assert {s.extra["image_id"] for s in kept}.isdisjoint(banned)
