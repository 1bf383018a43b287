"""The order of training: a function of seed and position, and of nothing else."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from t4s_lib.training.order import Epochs, Place, Stream


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(1, 3)), min_size=1, max_size=4),
    st.integers(0, 3),
)
def test_an_epoch_holds_each_sample_once_a_pass(
    sources: list[tuple[int, int]], seed: int
) -> None:
    sizes, passes = [s for s, _ in sources], [p for _, p in sources]
    if sum(sizes) == 0:
        return
    order = Epochs(sizes, passes, seed)
    n = len(order)
    expected = Counter(
        Place(part, k, turn)
        for part, (size, times) in enumerate(sources)
        for k in range(size)
        for turn in range(times)
    )
    for epoch in (0, 3):
        seen = Counter(order.at(epoch * n + k) for k in range(n))
        assert seen == expected


def test_epochs_differ_from_one_another_and_with_the_seed() -> None:
    first, other = Epochs([50], [2], 0), Epochs([50], [2], 1)
    epochs = [[first.at(e * 100 + k) for k in range(100)] for e in (0, 1)]
    assert epochs[0] != epochs[1]
    assert epochs[0] != [other.at(k) for k in range(100)]


def test_a_stream_keeps_its_shares_and_goes_round() -> None:
    order = Stream([None, 7], [3, 1], seed=5)
    seen = [order.at(k) for k in range(2000)]
    assert Counter(place.part for place in seen) == {0: 1500, 1: 500}
    endless = [place.sample for place in seen if place.part == 0]
    assert endless == list(range(1500))
    assert all(place.turn == 0 for place in seen if place.part == 0)
    finite = [place for place in seen if place.part == 1]
    first, second = finite[:7], finite[7:14]
    assert sorted(place.sample for place in first) == list(range(7))
    assert sorted(place.sample for place in second) == list(range(7))
    assert ([p.turn for p in first], [p.turn for p in second]) == ([0] * 7, [1] * 7)


def test_a_small_share_is_not_rounded_to_nothing() -> None:
    order = Stream([None, None], [10_000, 1], seed=0)
    assert Counter(order.at(k).part for k in range(100)) == {0: 99, 1: 1}


def test_nothing_to_train_on_is_said() -> None:
    with pytest.raises(ValueError, match="training samples are none"):
        Epochs([0, 0], [2, 1], 0)
    with pytest.raises(ValueError, match="training samples are none"):
        Stream([None, 0], [1, 1], 0)
