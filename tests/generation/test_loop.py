"""The loop: what the model says is written, whatever is drafted."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from t4s_lib.generation.drafts import lookup_drafter, no_drafter
from t4s_lib.generation.loop import Plan, Writer, write_tokens
from t4s_lib.generation.replay import Replayer

END = 9
TEXTS = st.lists(st.integers(0, 4), max_size=60).map(lambda text: [*text, END])


class Gate:
    """Allows a list of texts."""

    def __init__(self, *texts: list[int]) -> None:
        self.texts, self.seen = texts, list[int]()

    def nexts(self) -> set[int]:
        n = len(self.seen)
        return {t[n] for t in self.texts if t[:n] == self.seen and len(t) > n}

    def accept(self, token: int) -> bool:
        if token not in self.nexts():
            return False
        self.seen.append(token)
        return True

    def forced(self) -> list[int]:
        before, found = list(self.seen), list[int]()
        while len(self.nexts()) == 1:
            found.append(self.nexts().pop())
            self.seen.append(found[-1])
        self.seen = before
        return found

    def apply(self, row: object) -> None:
        raise AssertionError("not asked for")


class Stubborn(Replayer):
    """A model that wants a text, and takes the smallest token where it may not."""

    def choose(self, place: int, gate: object) -> int:
        assert isinstance(gate, Gate)
        return min(gate.nexts())


@given(TEXTS, st.lists(st.lists(st.integers(0, 4), max_size=12), max_size=9))
def test_no_draft_changes_the_text(true: list[int], drafts: list[list[int]]) -> None:
    left = iter(drafts)
    written = write_tokens(
        Replayer(true), lambda _: next(left, []), ends={END}, limit=99
    )
    assert written.tokens == true
    assert len(written.by) == len(true)
    counters = written.counters
    assert counters.forwards == len(counters.passes) == len(true) - counters.accepted
    assert counters.drafted >= counters.accepted


@given(TEXTS, st.integers(1, 30))
def test_an_answer_is_no_longer_than_it_may_be(true: list[int], limit: int) -> None:
    for drafter in (no_drafter, lookup_drafter(), lambda _: [0] * 50):
        written = write_tokens(Replayer(true), drafter, ends={END}, limit=limit)
        assert written.tokens == true[:limit]


def test_a_true_draft_is_kept_whole_with_one_token_more() -> None:
    true = [1, 2, 3, 4, 3, 2, 1, END]
    written = write_tokens(
        Replayer(true), lambda t: true[len(t) : len(t) + 3], ends={END}, limit=99
    )
    assert written.counters.passes == [(0, 0), (3, 3), (3, 3)]
    assert written.by == ["model", *["draft"] * 3, "model", *["draft"] * 3]


def test_nothing_banned_is_proposed() -> None:
    proposed: list[list[int]] = []

    class Noting(Replayer):
        def score(self, draft: Sequence[int]) -> list[int]:
            proposed.append(list(draft))
            return super().score(draft)

    write_tokens(
        Noting([1, 2, 3, END]), lambda _: [2, 7, 3], ends={END}, limit=9, banned={7}
    )
    assert proposed[:2] == [[], [2]]


def test_drafts_grow_while_they_are_right() -> None:
    true = [1] * 40 + [END]
    lengths: list[int] = []

    class Noting(Replayer):
        def score(self, draft: Sequence[int]) -> list[int]:
            lengths.append(len(draft))
            return super().score(draft)

    write_tokens(Noting(true), lambda _: [1] * 99, ends={END}, limit=99, reach=4)
    assert lengths == [0, 4, 8, 16, 32]


def test_what_a_grammar_forces_is_written_without_a_pass_of_its_own() -> None:
    gate = Gate([1, 2, 3, 4, END], [1, 2, 3, 5, END])
    written = write_tokens(
        Replayer([1, 2, 3, 5, END]), no_drafter, ends={END}, limit=9, gate=gate
    )
    assert written.tokens == [1, 2, 3, 5, END]
    assert written.by == ["model", "grammar", "grammar", "model", "grammar"]
    assert written.counters.forwards == 3
    assert written.counters.forced == 3


def test_what_a_grammar_forbids_is_replaced() -> None:
    gate = Gate([1, 3, END], [1, 4, END])
    written = write_tokens(
        Stubborn([1, 2, END]), no_drafter, ends={END}, limit=9, gate=gate, force=False
    )
    assert written.tokens == [1, 3, END]
    assert written.by == ["model", "grammar", "model"]


def test_nothing_is_proposed_before_the_question_is_read() -> None:
    assert Writer(lambda _: [1, 2], Plan({END}, 9)).propose() == []
