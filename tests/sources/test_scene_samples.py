"""What a user of ``scenes`` relies on: determinism, splits, lazy lists, masks."""

from __future__ import annotations

import pickle
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from t4s_lib.sources import (
    COLOURS,
    HELD_OUT_PAIRS,
    KINDS,
    SHAPES,
    SPLITS,
    DataError,
    Sample,
    scenes,
)
from t4s_lib.sources.scene_expressions import LABELLED, REFERRING


def same(a: Sample, b: Sample) -> bool:
    return (
        (a.expression, a.labels, a.source) == (b.expression, b.labels, b.source)
        and np.array_equal(np.asarray(a.image), np.asarray(b.image))
        and np.array_equal(a.mask, b.mask)
    )


def pairs_shown(sample: Sample) -> set[tuple[str, str]]:
    return {(thing.colour, thing.shape) for thing in sample.extra["objects"]}


def test_a_sample_has_picture_mask_label_and_source() -> None:
    sample = scenes(20, "heldout", size=(48, 80))[17]
    assert sample.source == "scenes:synthetic:heldout#17"
    assert sample.image.mode == "RGB"
    assert sample.image.size == (80, 48)
    assert sample.mask.dtype == bool
    assert sample.mask.shape == (48, 80)
    assert sample.labels == (sample.expression,)


def test_same_arguments_same_sample_whatever_the_length() -> None:
    long, short = scenes(100, "val", seed=3), scenes(6, "val", seed=3)
    assert all(same(long[i], short[i]) for i in range(6))
    assert short[0].source == "scenes:synthetic:val#3/0"


def test_a_new_process_makes_the_same_samples() -> None:
    code = (
        "import hashlib; from t4s_lib.sources import scenes; "
        "print([(s.expression, hashlib.md5(s.image.tobytes()).hexdigest()) "
        "for s in scenes(3)])"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            check=True,
            env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1] != b""


def test_seed_split_and_index_each_change_the_scene() -> None:
    first = scenes(2)
    others = [first[1], scenes(1, seed=1)[0], scenes(1, "val")[0]]
    assert all(first[0].extra["scene"] != other.extra["scene"] for other in others)


def test_no_two_splits_share_a_scene() -> None:
    seen = [{s.extra["scene"] for s in scenes(60, split)} for split in SPLITS]
    assert len(set().union(*seen)) == 60 * len(SPLITS)


def test_lists_slice_and_iterate_lazily() -> None:
    samples = scenes(10**9)
    assert len(samples) == 10**9
    assert [s.source for s in samples[5:8]] == [samples[i].source for i in (5, 6, 7)]
    assert samples[-1].source.endswith("#999999999")
    assert "3 samples" in repr(samples[:3])
    with pytest.raises(IndexError):
        scenes(3)[3]


def test_samples_travel_to_other_processes() -> None:
    samples = scenes(3, kinds=["list"])
    back = pickle.loads(pickle.dumps(samples))
    assert same(back[1], samples[1])
    assert same(pickle.loads(pickle.dumps(samples[1])), samples[1])


@pytest.mark.parametrize("split", ["train", "val", "heldout"])
def test_held_out_pairs_are_neither_shown_nor_named(split: str) -> None:
    for sample in scenes(150, split, kinds=KINDS):
        assert not pairs_shown(sample) & HELD_OUT_PAIRS
        for colour, shape in HELD_OUT_PAIRS:
            assert f"{colour} {shape}" not in sample.expression


def test_heldout_pairs_asks_for_held_out_pairs() -> None:
    met = set()
    for sample in scenes(200, "heldout-pairs", kinds=KINDS):
        objects = sample.extra["objects"]
        meant = {(objects[k].colour, objects[k].shape) for k in sample.extra["targets"]}
        met |= meant & HELD_OUT_PAIRS
        assert meant & HELD_OUT_PAIRS or sample.extra["kind"] == "none"
        assert len(meant) > 1 or meant <= HELD_OUT_PAIRS
    assert met == HELD_OUT_PAIRS


def test_held_out_pairs_leave_every_word_in_training() -> None:
    assert sorted(colour for colour, _ in HELD_OUT_PAIRS) == sorted(COLOURS)
    assert sorted(shape for _, shape in HELD_OUT_PAIRS) == sorted(SHAPES)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_asked_for(kind: str) -> None:
    for sample in scenes(15, kinds=[kind]):
        assert sample.extra["kind"] == kind
        assert sample.is_no_target == (kind == "none")


def test_default_kinds_have_one_label_each_and_all_come() -> None:
    samples = scenes(200)
    assert {s.extra["kind"] for s in samples} == set(REFERRING)
    assert all(s.labels == (s.expression,) for s in samples)


@pytest.mark.parametrize("kind", LABELLED)
def test_several_labels_have_a_mask_each(kind: str) -> None:
    for sample in scenes(25, kinds=[kind]):
        masks = sample.extra["masks"]
        assert tuple(masks) == sample.labels == sample.extra["classes"]
        assert len(set(sample.labels)) == len(sample.labels)
        assert np.array_equal(sum(masks.values()), sample.mask.astype(int))


def test_masks_of_a_referring_sample_go_by_class() -> None:
    sample = scenes(1, kinds=["superlative"])[0]
    (name,) = sample.extra["classes"]
    assert np.array_equal(sample.extra["masks"][name], sample.mask)
    with pytest.raises(KeyError):
        sample.extra["masks"]["pink elephant"]


@given(st.integers(0, 10**6), st.tuples(st.integers(32, 120), st.integers(32, 120)))
@settings(max_examples=40, deadline=None)
def test_layout_does_not_depend_on_size(seed: int, size: tuple[int, int]) -> None:
    square = scenes(1, seed=seed, kinds=KINDS)[0]
    other = scenes(1, seed=seed, kinds=KINDS, size=size)[0]
    assert other.extra["scene"] == square.extra["scene"]
    assert other.expression == square.expression
    assert other.mask.any() == square.mask.any()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"split": "test"}, "unknown split of scenes 'test': expected heldout, "),
        ({"kinds": ["verb"]}, "unknown kind of expression 'verb': expected "),
        ({"kinds": []}, "no kind of expression given"),
        ({"size": 16}, "size 16 is not a side or .height, width. of at least 32"),
        ({"size": (64, 64, 3)}, "size .64, 64, 3. is not"),
        ({"size": 64.0}, "size 64.0 is not"),
        ({"n": -1}, "number of scenes is -1: expected 0 or more"),
    ],
)
def test_wrong_arguments_are_named(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(DataError, match=message):
        scenes(**{"n": 1, **arguments})  # type: ignore[arg-type]
