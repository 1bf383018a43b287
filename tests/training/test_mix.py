"""A mix of referring and LLaVA's conversations: both sorts, in the wanted ratio."""

from __future__ import annotations

import json
import pickle
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from t4s_lib.codecs.tags import OPEN
from t4s_lib.training.passes import training_set
from t4s_lib.training.recipe import Recipe, load_recipe
from t4s_lib.training.specs import DataSpec

from ..sources import written
from .test_passes import instances, ref
from .test_photo_rows import said

REFS, TALKS = 6, 10
REFERRING, LLAVA = "refcoco:unc:train", "llava:mix665k:train"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """RefCOCO and the mix, a picture each."""
    root = tmp_path_factory.mktemp("mix")
    talks = [written.talk(f"<image>\nWhat {k}?", f"A {k}.") for k in range(TALKS)]
    written.mix(root, talks)
    refs = [ref(k, "train", 7, sentences=1) for k in range(REFS)]
    folder = root / "refcoco"
    folder.mkdir()
    (folder / "refs(unc).p").write_bytes(pickle.dumps(refs, protocol=2))
    (folder / "instances.json").write_text(json.dumps(instances(refs)))
    written.photo(root / "images/coco_2014/train2014/COCO_7.jpg")
    return root


def sorts(recipe: Recipe, data: Path, n: int) -> Counter[str]:
    """How many of the first rows are masks, and how many are words."""
    rows = training_set(recipe, data=data, side=28).rows
    answers = ("".join(words for _, words in said(rows[k])) for k in range(n))
    return Counter("mask" if OPEN in answer else "words" for answer in answers)


def mixed(small: Recipe, weights: tuple[float, float], **how: Any) -> Recipe:
    sources = (
        DataSpec(REFERRING, weight=weights[0]),
        DataSpec(LLAVA, weight=weights[1]),
    )
    return replace(small, data=sources, **how)


@pytest.mark.parametrize("weights", [(0.9, 0.1), (1.0, 1.0), (1.0, 3.0)])
def test_weights_are_shares_of_a_stream(
    small: Recipe, data: Path, weights: tuple[float, float]
) -> None:
    n = 400
    found = sorts(mixed(small, weights, steps=100), data, n)
    assert found["mask"] + found["words"] == n
    share = weights[1] / sum(weights)
    assert found["words"] / n == pytest.approx(share, abs=0.06)
    assert min(found.values()) > 0


def test_an_epoch_goes_through_all_of_both(small: Recipe, data: Path) -> None:
    recipe = replace(
        small,
        data=(DataSpec(REFERRING, passes=2), DataSpec(LLAVA)),
        steps=None,
        epochs=1.0,
    )
    whole = training_set(recipe, data=data, side=28)
    assert whole.epoch == 2 * REFS + TALKS
    found = sorts(recipe, data, whole.epoch)
    assert found == {"mask": 2 * REFS, "words": TALKS}


def test_the_papers_recipe_mixes_both(small: Recipe, data: Path) -> None:
    paper = load_recipe("vqa-llava-1.5-7b")
    here = tuple(s for s in paper.data if s.benchmark in (REFERRING, LLAVA))
    assert len(here) == 2
    recipe = replace(paper, data=here, max_tokens=None)
    whole = training_set(recipe, data=data, side=28)
    assert whole.epoch == 6 * REFS + TALKS
    assert sorts(recipe, data, whole.epoch) == {"mask": 6 * REFS, "words": TALKS}


def test_the_mix_may_stand_beside_scenes(small: Recipe, data: Path) -> None:
    sources = (
        DataSpec("scenes:synthetic:train", weight=3),
        DataSpec(LLAVA, weight=1),
    )
    found = sorts(replace(small, data=sources), data, 200)
    assert found["words"] / 200 == pytest.approx(0.25, abs=0.08)
