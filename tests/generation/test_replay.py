"""Replaying a text: nothing but the text is written, in as few passes as its drafts."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from t4s_lib.generation.drafts import lookup_drafter, no_drafter
from t4s_lib.generation.replay import Replayer, replay

END = 99
TEXTS = st.lists(st.integers(0, 3), max_size=40).map(lambda t: [*t, END])


class Fence:
    """A grammar that lets one text pass, and forces some of its tokens."""

    def __init__(self, text: Sequence[int], forced: Sequence[int] = ()) -> None:
        self.text, self._forced, self.at = list(text), set(forced), 0

    def accept(self, token: int) -> bool:
        fits = self.text[self.at : self.at + 1] == [token]
        self.at += fits
        return fits

    def forced(self) -> list[int]:
        end = self.at
        while end < len(self.text) and end in self._forced:
            end += 1
        return self.text[self.at : end]

    def apply(self, row: object) -> None:
        raise AssertionError("a replay has no logits")


@given(TEXTS, st.lists(st.integers(0, 3), max_size=6))
def test_whatever_is_drafted_the_text_is_written(
    text: list[int], noise: list[int]
) -> None:
    for drafter in (no_drafter, lookup_drafter(), lambda written: list(noise)):
        written = replay(text, drafter)
        assert written.tokens == text
        assert len(written.by) == len(text)
        counters = written.counters
        assert counters.forwards + counters.accepted == len(text)


@given(TEXTS)
def test_the_truth_as_a_draft_takes_two_passes(text: list[int]) -> None:
    written = replay(text, lambda before: text[len(before) :], reach=10**6)
    assert written.counters.forwards == min(2, len(text))


def test_forced_tokens_take_no_pass_of_their_own() -> None:
    text = [1, 2, 3, 4, END]
    written = replay(text, no_drafter, gate=Fence(text, forced=[1, 2, 3]))
    assert written.tokens == text
    assert written.counters.forwards == 2
    assert written.by == ["model", "grammar", "grammar", "grammar", "model"]


def test_a_grammar_that_refuses_the_text_is_named() -> None:
    with pytest.raises(ValueError, match="token 1 of the text, 5, is not in the gram"):
        replay([1, 5, END], no_drafter, gate=Fence([1, 6, END]))


def test_nothing_cannot_be_replayed() -> None:
    with pytest.raises(ValueError, match="found no tokens to replay"):
        Replayer([])
