"""Questions, answers, and the way back."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from t4s_lib import ask, codec, fold, mask_to_grid, unfold
from t4s_lib.prompts import ANSWERS, JOINERS, QUESTIONS, join_labels, split_labels

words = st.text(min_size=1, max_size=15)


def test_the_authors_numbers_of_templates() -> None:
    assert [len(QUESTIONS[kind]) for kind in ("partial", "condition")] == [6, 7]
    assert len(ANSWERS["partial"]) == 10
    assert len(set(ANSWERS["partial"])) == 9


@pytest.mark.parametrize(
    "template", [t for kind in ("partial", "condition") for t in QUESTIONS[kind]]
)
def test_every_wording_has_one_place_for_the_expression(template: str) -> None:
    asked = [
        ask("the red dog", kind=k, seed=s)
        for k in ("partial", "condition")
        for s in range(99)
    ]
    assert template.replace("X", "the red dog") in asked


def test_equal_seeds_ask_alike_and_others_vary() -> None:
    assert ask("dog", seed="refcocog:umd:val#7") == ask(
        "dog", seed="refcocog:umd:val#7"
    )
    assert len({ask("dog", seed=s) for s in range(50)}) == 6
    assert len({fold("", "dog", seed=s) for s in range(99)}) == 9


@given(words, st.integers())
def test_unfold_undoes_fold(expression: str, seed: int) -> None:
    grid = mask_to_grid([[True, False]], (1, 2), label=expression)
    text = codec("row-rle").encode(grid)
    answer = unfold(fold(text, expression, seed=seed))
    assert answer.text == text
    assert answer.faults == ()
    assert codec("row-rle").decode(answer.text, (1, 2)) == (
        grid,
        codec("row-rle").decode(text, (1, 2))[1],
    )


@pytest.mark.parametrize(
    ("answer", "sentence", "text", "kinds"),
    [
        pytest.param("Sure:\n<seg>a *1\n</seg>", "Sure:", "a *1\n", [], id="whole"),
        pytest.param("<seg>a *1\n</seg>", "", "a *1\n", [], id="no-sentence"),
        pytest.param(
            "Sure:\n<seg>a *1", "Sure:", "a *1", ["missing_close_tag"], id="cut-off"
        ),
        pytest.param(
            "a *1\n</seg>", "", "a *1\n", ["missing_open_tag"], id="no-open-tag"
        ),
        pytest.param("a *1\n", "", "a *1\n", ["missing_open_tag"], id="no-tags"),
        pytest.param(
            "<seg>a *1\n</seg> Bye", "", "a *1\n", ["prose"], id="words-after"
        ),
        pytest.param("", "", "", ["missing_open_tag"], id="empty"),
    ],
)
def test_unfold_reports(
    answer: str, sentence: str, text: str, kinds: list[str]
) -> None:
    found = unfold(answer)
    assert (found.sentence, found.text) == (sentence, text)
    assert [fault.kind for fault in found.faults] == kinds


@pytest.mark.parametrize("joiner", list(JOINERS))
@given(labels=st.lists(words | st.text("a|, %2C", min_size=1), min_size=1, max_size=5))
def test_joining_goes_both_ways(joiner: str, labels: list[str]) -> None:
    assert split_labels(join_labels(labels, joiner), joiner) == labels


def test_ordinary_labels_join_as_the_authors_do() -> None:
    names = ["zebra", "grass", "others"]
    assert join_labels(names) == "zebra|grass|others"
    assert join_labels(names, "parts") == "zebra| grass| others"
    assert join_labels(names, "paper") == "zebra, grass, others"
    assert ask(names, kind="condition", seed=2).count("zebra|grass|others") == 1


@pytest.mark.parametrize(
    "call", [lambda: ask("a", kind="x"), lambda: join_labels(["a"], "x")]
)
def test_unknown_names_are_listed(call: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match="'x', expected one of"):
        call()
