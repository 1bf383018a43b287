"""Every implied expression means exactly its mask: a slow reader works it out anew."""

from __future__ import annotations

import numpy as np
import pytest

from t4s_lib.sources import (
    REASONS,
    SPLITS,
    DataError,
    Sample,
    Scene,
    SceneObject,
    open_benchmark,
    reasoning_scenes,
    scenes,
)
from t4s_lib.sources.scene_reasoning import implied

from .slow_reasoning import read


def check(sample: Sample) -> None:
    things = list(sample.extra["objects"])
    targets = read(things, sample.expression)
    assert sorted(targets) == sorted(sample.extra["targets"]), sample.expression
    ids = sample.extra["scene"].instances(sample.mask.shape)
    assert np.array_equal(sample.mask, np.isin(ids, [k + 1 for k in targets]))
    assert sample.mask.any()
    assert sample.labels == (sample.expression,)


@pytest.mark.parametrize("family", REASONS)
def test_every_expression_implies_exactly_its_mask(family: str) -> None:
    for sample in reasoning_scenes(30, "val", seed=7, kinds=[family]):
        assert sample.extra["kind"] == family
        check(sample)


@pytest.mark.parametrize("split", SPLITS)
def test_splits_hold_what_those_of_plain_scenes_hold(split: str) -> None:
    for sample in reasoning_scenes(25, split, seed=2):
        check(sample)
        assert sample.source.startswith(f"scenes:reasoning:{split}#2/")


def test_every_phrase_of_many_scenes_means_its_targets() -> None:
    met = set()
    for sample in scenes(40, "val", seed=5):
        scene = sample.extra["scene"]
        for family in REASONS:
            for phrase in implied(scene, family):
                meant = read(list(scene.objects), phrase.text)
                assert sorted(meant) == sorted(phrase.targets), phrase
                met.add(family)
    assert met == set(REASONS)


def test_the_benchmark_is_the_same_each_time_and_has_all_families() -> None:
    one = list(open_benchmark("scenes:reasoning:val", n=70))
    two = reasoning_scenes(8, "val")
    assert [s.expression for s in one[:8]] == [s.expression for s in two]
    assert np.array_equal(np.asarray(one[3].image), np.asarray(two[3].image))
    assert {s.extra["kind"] for s in one} == set(REASONS)
    assert len({s.source for s in one}) == len(one)


RED, BLUE = "red", "blue"


def things(*facts: tuple[str, str, float, float, float]) -> Scene:
    return Scene(tuple(SceneObject(s, c, (x, y), r) for s, c, x, y, r in facts))


def texts(scene: Scene, family: str) -> set[str]:
    return {phrase.text for phrase in implied(scene, family)}


def test_two_that_may_be_the_odd_one_are_none() -> None:
    by_form = ("star", RED, 0.8, 0.5, 0.1)
    three = [("circle", RED, 0.2, 0.2, 0.1), ("circle", RED, 0.2, 0.8, 0.1)]
    assert texts(things(*three, by_form), "odd") == {"the odd one out"}
    large = ("circle", RED, 0.5, 0.5, 0.2)
    assert texts(things(*three, by_form, large), "odd") == set()
    by_colour = ("circle", BLUE, 0.5, 0.5, 0.1)
    assert texts(things(*three, by_form, by_colour), "odd") == set()


def test_what_nearly_touches_is_not_called_hidden() -> None:
    pair = [("square", RED, 0.3, 0.5, 0.15), ("square", BLUE, 0.5, 0.5, 0.15)]
    hidden = {"the shape that is partly hidden", "the shape that hides part of another"}
    assert texts(things(*pair), "overlap") == hidden
    near = ("square", "green", 0.79, 0.5, 0.14)
    assert texts(things(*pair, near), "overlap") == set()
    far = ("square", "green", 0.85, 0.5, 0.1)
    assert texts(things(*pair, far), "overlap") == hidden


def test_what_is_about_as_near_is_not_called_closest() -> None:
    scene = things(("star", RED, 0.2, 0.3, 0.1), ("star", BLUE, 0.3, 0.22, 0.1))
    assert "the shape closest to the upper left corner" not in texts(scene, "place")
    clear = things(("star", RED, 0.2, 0.2, 0.1), ("star", BLUE, 0.6, 0.7, 0.1))
    assert "the shape closest to the upper left corner" in texts(clear, "place")


def test_a_large_shape_with_a_near_edge_is_not_passed_over() -> None:
    small = ("circle", RED, 0.3, 0.3, 0.05)
    large = ("square", BLUE, 0.42, 0.42, 0.3)
    found = texts(things(large, small), "place")
    assert "the shape closest to the upper left corner" not in found


def test_unknown_families_are_named() -> None:
    with pytest.raises(DataError, match="unknown family of implied expressions 'odds'"):
        implied(Scene(()), "odds")
    with pytest.raises(DataError, match="unknown kind of expression 'class'"):
        reasoning_scenes(1, kinds=["class"])
    with pytest.raises(DataError, match="unknown kind of expression 'odd'"):
        scenes(1, kinds=["odd"])
