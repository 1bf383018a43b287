"""Instances kept apart: what is encoded comes back, in every codec."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from t4s_lib import DescriptorGrid, codec, codec_names, mask_to_grid
from t4s_lib.instances import (
    Instance,
    components_to_instances,
    grid_to_instances,
    instance_labels,
    instances_in,
    instances_to_grid,
    read_instance,
)

LABELS = st.one_of(
    st.sampled_from(
        ["horse", "number 7", "number", "7", "others", "a|b", "1 1", " x "]
    ),
    st.text(min_size=1, max_size=8),
)
MAPS = npst.arrays(np.int8, (6, 5), elements=st.integers(0, 4))


def masks_of(ids: Any) -> list[Any]:
    """The regions of a map, in reading order of their first cells."""
    flat = [k for k in dict.fromkeys(ids.ravel().tolist()) if k]
    return [ids == k for k in flat]


def same(one: list[Any], other: list[Any]) -> bool:
    return len(one) == len(other) and all(map(np.array_equal, one, other))


@given(LABELS, st.integers(1, 999_999_999))
def test_a_name_is_read_back_whatever_the_label(label: str, number: int) -> None:
    assert read_instance(Instance(label, number).name) == (label, number)


@pytest.mark.parametrize("name", ["horse", "7", "horse 0", "horse 01", "h ٣", " 1"])
def test_what_has_no_number_is_no_instance(name: str) -> None:
    assert read_instance(name) is None


@given(MAPS, LABELS, st.randoms(use_true_random=False))
def test_decoding_undoes_encoding_in_reading_order(
    ids: Any, label: str, rng: Any
) -> None:
    regions = masks_of(ids)
    given_in_any_order = rng.sample(regions, len(regions))
    grid = instances_to_grid(given_in_any_order, label, ids.shape, "nearest")
    assert same(grid_to_instances(grid, label), regions)
    assert same(grid_to_instances(grid), regions)
    assert grid.lost == ()


@pytest.mark.parametrize("name", codec_names())
@given(MAPS, LABELS)
@settings(max_examples=25, deadline=None)
def test_every_codec_carries_instances(name: str, ids: Any, label: str) -> None:
    grid = instances_to_grid(masks_of(ids), label, ids.shape)
    back, report = codec(name).decode(codec(name).encode(grid), ids.shape)
    assert report.status == "exact"
    assert same(grid_to_instances(back, label), grid_to_instances(grid, label))


@given(MAPS, MAPS)
def test_kinds_are_numbered_each_for_itself(one: Any, two: Any) -> None:
    two = np.where(one > 0, 0, two)
    given_ones, given_twos = masks_of(one), masks_of(two)
    kinds = {"number": given_ones, "number 7": given_twos}
    grid = instances_to_grid(kinds, size=one.shape)
    assert same(grid_to_instances(grid, "number"), given_ones)
    assert same(grid_to_instances(grid, "number 7"), given_twos)
    found = [one.name for one in instances_in(grid)]
    assert found == [
        *(f"number {k}" for k in range(1, len(given_ones) + 1)),
        *(f"number 7 {k}" for k in range(1, len(given_twos) + 1)),
    ]


TWO = np.zeros((8, 8), dtype=bool)
TWO[:4, 4:] = True
OTHER = np.zeros((8, 8), dtype=bool)
OTHER[2:6, :4] = True

GOLDEN = {
    "full": "others| others| cow 1| cow 1| cow 2| cow 2| cow 1| cow 1| cow 2| cow 2| "
    "others| others| others| others| others| others\n",
    "image-rle": "others *2| cow 1 *2| cow 2 *2| cow 1 *2| cow 2 *2| others *6\n",
    "row-rle": "others *2| cow 1 *2\n cow 2 *2| cow 1 *2\n cow 2 *2| others *2\n "
    "others *4\n",
    "row-repeat": "others *2| cow 1 *2\n cow 2 *2| cow 1 *2\n cow 2 *2| others *2\n "
    "others *4\n",
    "alias": "others *2| cow 1=a *2\n cow 2=b *2| a *2\n b *2| others *2\n others *4\n",
    "alias-repeat": "others *2| cow 1=a *2\n cow 2=b *2| a *2\n b *2| others *2\n "
    "others *4\n",
    "box": "0+3 0+4\n others *2| cow 1=a *2\n cow 2=b *2| a *2\n b *2| others *2\n",
    "spans": "cow 1| 0+2\n 2+2 x2\n cow 2| 1+2\n 0+2 x2\n",
}


@pytest.mark.parametrize("name", sorted(GOLDEN))
def test_the_text_of_two_cows_never_changes(name: str) -> None:
    grid = instances_to_grid([OTHER, TWO], "cow", 4)
    assert codec(name).encode(grid) == GOLDEN[name]


def test_the_smaller_one_lies_in_front() -> None:
    large = np.ones((8, 8), dtype=bool)
    small = np.zeros((8, 8), dtype=bool)
    small[4:, 4:] = True
    for order in ([large, small], [small, large]):
        grid = instances_to_grid(order, "cow", 2)
        assert grid.cells() == [["cow 1", "cow 1"], ["cow 1", "cow 2"]]


def test_of_two_that_are_alike_the_first_is_lost_and_numbered_last() -> None:
    grid = instances_to_grid([TWO, TWO.copy()], "cow", 4)
    assert grid.lost == ("cow 2",)
    assert len(grid_to_instances(grid, "cow")) == 1


def test_a_small_one_keeps_a_cell_but_takes_no_others_last() -> None:
    dot = np.zeros((8, 8), dtype=bool)
    dot[7, 7] = True
    beside = np.zeros((8, 8), dtype=bool)
    beside[7, 6] = True
    assert instances_to_grid([TWO, dot], "cow", 2, "nearest").lost == ("cow 2",)
    kept = instances_to_grid([TWO, dot], "cow", 2)
    assert kept.cells() == [["others", "cow 1"], ["others", "cow 2"]]
    both = instances_to_grid([TWO, dot, beside], "cow", 2)
    assert len(grid_to_instances(both, "cow")) == 2
    assert both.lost == ("cow 3",)


def test_nothing_is_a_grid_of_others() -> None:
    empty = np.zeros((8, 8), dtype=bool)
    nothing: list[Any] = [[], [empty], {"cow": []}]
    for masks in nothing:
        grid = instances_to_grid(masks, "cow", 3)
        assert not grid.foreground.any()
        assert grid_to_instances(grid, "cow") == []


def test_what_a_model_may_write_is_read_as_it_stands() -> None:
    """Numbers left out, numbers in another order, a label without one."""
    text = "cow 3 *1| cow *1| cow 1 *2\n pig 1 *1| others *3\n"
    grid, _ = codec("row-rle").decode(text, (2, 4))
    assert [one.name for one in instances_in(grid, "cow")] == ["cow 1", "cow 3"]
    assert [mask.sum() for mask in grid_to_instances(grid, "cow")] == [2, 1]
    assert grid_to_instances(grid, "dog") == []


def test_masks_come_in_any_size() -> None:
    grid = instances_to_grid([OTHER, TWO], "cow", 4)
    assert same(grid_to_instances(grid, "cow", (8, 8)), [TWO, OTHER])


def test_connected_parts_join_what_touches() -> None:
    apart = instances_to_grid([OTHER, TWO], "cow", 4)
    bare = DescriptorGrid(apart.foreground.astype(int), ("others", "cow"))
    (joined,) = components_to_instances(bare, "cow")
    assert np.array_equal(joined, apart.foreground)
    assert components_to_instances(bare, "pig") == []


@given(MAPS)
def test_connected_parts_are_those_of_a_flood(ids: Any) -> None:
    from scipy.ndimage import label as flood

    grid = mask_to_grid(ids > 0, ids.shape, "cow")
    numbers, count = flood(ids > 0)
    expected = [numbers == k for k in range(1, count + 1)]
    assert same(components_to_instances(grid, "cow"), expected)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: instance_labels("", 2), "label is '', expected a word"),
        (lambda: instance_labels("cow", 0), "number of instances is 0, expected 1"),
        (lambda: instances_to_grid([TWO], ""), "label is '', expected a word"),
        (lambda: instances_to_grid([TWO, np.ones((2, 2), bool)]), "masks have shapes"),
    ],
)
def test_wrong_arguments_are_named(call: Callable[[], object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        call()


@pytest.mark.parametrize("name", ["row-rle", "row-repeat", "alias-repeat", "spans"])
def test_a_grammar_takes_numbered_labels_and_no_others(name: str) -> None:
    pytest.importorskip("llguidance")
    from t4s_lib.generation.engine import Grammar
    from t4s_lib.generation.grammar import mask_grammar
    from t4s_lib.models.tiny.vocabulary import build_tokenizer

    tokenizer = build_tokenizer()
    labels = instance_labels("cow", 2)
    text = mask_grammar(name, 4, labels, sentence="none")
    grammar = Grammar(text, tokenizer, len(tokenizer), [tokenizer.eos_token_id])

    def takes(masks: list[Any]) -> bool:
        matcher = grammar.matcher()
        written = codec(name).encode(instances_to_grid(masks, "cow", 4))
        ids = tokenizer.encode(f"<seg>{written}</seg>", add_special_tokens=False)
        return all(map(matcher.accept, [*ids, tokenizer.eos_token_id]))

    assert takes([OTHER, TWO])
    third = np.zeros((8, 8), dtype=bool)
    third[6:] = True
    assert not takes([OTHER, TWO, third])
