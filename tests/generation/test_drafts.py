"""Drafters: any beginning of a true answer is taken up; no draft changes a text."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from t4s_lib import DescriptorGrid, codec
from t4s_lib.generation.drafts import RowDrafter, lookup_drafter
from t4s_lib.generation.loop import write_tokens
from t4s_lib.generation.mask_text import FORMATS, MaskText
from t4s_lib.generation.replay import Replayer
from t4s_lib.generation.tokens import Tokens
from t4s_lib.prompts import fold

END = 0
LETTERS = Tokens(
    lambda text: [ord(letter) for letter in text],
    lambda ids: "".join(map(chr, ids)),
)


def grids(labels: int = 2, side: int = 12) -> st.SearchStrategy[DescriptorGrid]:
    """Grids of blobs and of noise."""
    cells = st.lists(
        st.integers(0, labels - 1), min_size=side * side, max_size=side * side
    )
    names = ("others", "dog", "dog house", "a|b")[:labels]
    return cells.map(
        lambda ids: DescriptorGrid(np.array(ids, np.int32).reshape(side, side), names)
    )


def block(size: int = 16) -> DescriptorGrid:
    ids = np.zeros((size, size), np.int32)
    ids[5:11, 4:9] = 1
    return DescriptorGrid(ids, ("others", "dog"))


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=60)
@given(grid=grids(4, 6), cut=st.integers(0, 4000))
def test_every_beginning_of_a_mask_has_a_guess_that_is_a_mask(
    name: str, grid: DescriptorGrid, cut: int
) -> None:
    text = codec(name).encode(grid)
    begun = text[: cut % len(text)]
    guess = MaskText(grid.labels[1:], name, 6).guess(begun)
    assert guess is not None
    assert guess.startswith(begun)
    _, report = codec(name).decode(guess, 6, grid.labels[1:])
    assert report.status == "exact"


@pytest.mark.parametrize("name", FORMATS)
def test_a_block_is_drafted_in_few_passes(name: str) -> None:
    answer = fold(codec(name).encode(block()), "dog", seed=5)
    true = [*LETTERS.encode(answer), END]
    drafter = RowDrafter(LETTERS, "dog", name, 16, END)
    written = write_tokens(
        Replayer(true), drafter, ends={END}, limit=len(true), reach=len(true)
    )
    assert written.tokens == true
    assert written.counters.forwards < 25


@settings(max_examples=30)
@given(grids(2), st.integers(0, 20))
def test_whatever_is_drafted_the_text_stays_the_same(
    grid: DescriptorGrid, seed: int
) -> None:
    answer = fold(codec("row-rle").encode(grid), "dog", seed=seed)
    true = [*LETTERS.encode(answer), END]
    for drafter in (RowDrafter(LETTERS, "dog", size=12, end=END), lookup_drafter()):
        written = write_tokens(Replayer(true), drafter, ends={END}, limit=len(true))
        assert written.tokens == true


@pytest.mark.parametrize(
    "text",
    [
        "No dog here.",
        "<seg>others *16\n others *99| dog",
        "<seg>others *16\n others *3| cat *13\n others *16\n dog",
        "<seg>others *5| others *3| dog *2| dog *9\n others",
        "<seg>" + "others *16\n " * 20,
        "<seg>others *" + "9" * 40,
        "<seg>others *0",
        "<seg>\n\n\n|||***",
        "</seg><seg></seg>",
    ],
)
def test_no_text_breaks_the_drafter(text: str) -> None:
    drafter = RowDrafter(LETTERS, "dog", size=16, end=END)
    written = LETTERS.encode(text)
    for k in range(len(written) + 1):
        assert len(drafter(written[:k])) < 20_000


@pytest.mark.parametrize(
    ("name", "begun", "more"),
    [
        ("full", "dog ", "house| others"),
        ("row-rle", "dog ", "*1"),
        ("row-rle", "dog h", "ouse *1"),
        ("row-rle", "others *2|", " dog *1| others *1\n others *2| dog *1"),
        ("row-rle", "dog *4\n others *1", "| dog *3\n"),
        ("image-rle", "others *1", "6\n"),
    ],
)
def test_a_label_or_a_count_that_is_begun_is_finished(
    name: str, begun: str, more: str
) -> None:
    guess = MaskText(["dog", "dog house"], name, 4).guess(begun)
    assert guess is not None
    assert guess.startswith(begun + more)


def test_a_wrong_row_does_not_end_the_drafting() -> None:
    text = "<seg>others *16\n others *3| dog *2| others *12\n others *3| dog *2| "
    drafted = LETTERS.decode(RowDrafter(LETTERS, "dog", size=16)(LETTERS.encode(text)))
    assert drafted.startswith("others *11\n others *3| dog *2| others *11\n")
    assert drafted.endswith("\n</seg>")


def test_the_sentence_is_drafted_and_the_end() -> None:
    drafter = RowDrafter(LETTERS, "the <seg> sign", size=4, end=END)
    begun = LETTERS.encode("Certainly, h")
    text = LETTERS.decode(drafter(begun)[:-1])
    assert text.startswith(
        "ere is the segmentation mask for 'the %3Cseg> sign':\n<seg>"
    )
    assert drafter(begun)[-1] == END
    whole = LETTERS.encode(LETTERS.decode(begun) + text)
    assert drafter(whole) == [END]


def test_blanks_before_the_sentence_are_no_matter() -> None:
    drafted = RowDrafter(LETTERS, "dog")(LETTERS.encode(" The segmentation map"))
    assert LETTERS.decode(drafted).startswith(" for 'dog' is:\n<seg>others *16\n")


def test_a_codec_that_cannot_be_guessed_is_named() -> None:
    with pytest.raises(ValueError, match="codec is 'columns', masks can be guessed"):
        RowDrafter(LETTERS, "dog", "columns")
