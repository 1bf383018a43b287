"""Soft masks: what they say of doubt, and of texts that are not right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from t4s_lib import codec
from t4s_lib.descriptor import DescriptorGrid
from t4s_lib.generation.choices import Scores
from t4s_lib.generation.soft import Keeper, scored_tokens, soft_mask
from t4s_lib.prompts import fold

from .tokenizers import COLS, ROWS, letters, tiny


def answer(ids: Sequence[Sequence[int]], labels: Sequence[str]) -> str:
    grid = DescriptorGrid(np.array(ids), ("others", *labels))
    return fold(codec("row-rle").encode(grid), labels[0], seed=1)


def score(place: int, token: int) -> float:
    """A model's opinion that is as good as random."""
    return float(np.sin(place * 12.9898 + token * 78.233) * 4)


def scores_of(written: Sequence[int], ids: Sequence[int]) -> Scores:
    values = [[score(k, token) for token in ids] for k in range(len(written))]
    return Scores(ids, np.array(values, np.float32))


@st.composite
def masks(draw: st.DrawFn, labels: int) -> list[list[int]]:
    row = st.lists(st.integers(0, labels), min_size=COLS, max_size=COLS)
    kinds = [row, st.just([0] * COLS), st.just([0] * 3 + [1] * 8 + [0])]
    return [draw(st.one_of(kinds)) for _ in range(ROWS)]


def certain(written: Sequence[int], ids: Sequence[int]) -> Scores:
    """A model without doubt."""
    return Scores(ids, 100 * np.equal.outer(written, ids).astype(np.float32))


@given(data=st.data())
@settings(max_examples=30)
def test_it_lies_between_nought_and_one_and_all_labels_make_one(
    data: st.DataObject,
) -> None:
    tokens, labels, size = tiny(), ["dog", "cat"], (ROWS, COLS)
    written = tokens.encode(answer(data.draw(masks(2)), labels))
    scores = scores_of(written, scored_tokens(tokens, labels, size))
    each = [soft_mask(written, scores, tokens, labels, size, target=t) for t in labels]
    both = soft_mask(written, scores, tokens, labels, size)
    for found in (*each, both):
        assert found.dtype == np.float32
        assert ((found >= 0) & (found <= 1)).all()
    np.testing.assert_allclose(sum(each), both, atol=1e-6)


DOG = [[0] * COLS, [0] * 3 + [1] * 8 + [0], [0] * 4 + [1] * 8]


def with_doubt(text: str, spare: str, chance: float) -> np.ndarray[Any, Any]:
    """The soft mask of a text in letters whose first difference from another,
    spare text was as likely as is said, and which is sure of all else.
    """
    tokens = letters()
    written = tokens.encode(text)
    scores = certain(written, scored_tokens(tokens, "dog", (ROWS, COLS)))
    at = next(k for k, (a, b) in enumerate(zip(text, spare, strict=False)) if a != b)
    odds = np.log(chance) - np.log1p(-chance)
    scores.values[at, list(scores.ids).index(ord(spare[at]))] = 100 + odds
    return soft_mask(written, scores, tokens, "dog", (ROWS, COLS))


def test_an_edge_in_doubt_gives_a_cell_in_doubt() -> None:
    text = answer(DOG, ["dog"])
    spare = text.replace("others *3| dog *8", "others *2| dog *9")
    found = with_doubt(text, spare, 0.25)
    expected = np.array(DOG, float)
    expected[1, 2] = 0.25
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_a_first_digit_in_doubt_is_shared_by_the_counts_that_begin_with_it() -> None:
    text = answer(DOG, ["dog"])
    spare = text.replace("others *3| dog *8", "others *1| dog *8")  # 1, 10, 11 or 12
    found = with_doubt(text, spare, 0.4)
    np.testing.assert_allclose(found[1, :4], [0, 0.1, 0.1, 0.7], atol=1e-6)


def test_a_row_that_may_begin_with_the_target() -> None:
    text = answer(DOG, ["dog"])
    spare = text.replace("others *3| dog *8", "dog *3| others *8")
    found = with_doubt(text, spare, 0.25)
    np.testing.assert_allclose(found[1, :4], [0.25, 0.25, 0.25, 1], atol=1e-6)


@pytest.mark.parametrize("size", [3, (3, 4)])
def test_runs_over_the_whole_picture(size: int | tuple[int, int]) -> None:
    cells = np.zeros((3, 3 if size == 3 else 4), np.int32)
    cells[0, 2], cells[1, 0] = 1, 1
    grid = DescriptorGrid(cells, ("others", "dog"))
    tokens = letters()
    written = tokens.encode(f"Here:\n<seg>{codec('image-rle').encode(grid)}</seg>")
    ids = scored_tokens(tokens, "dog", size, "image-rle")
    found = soft_mask(written, certain(written, ids), tokens, "dog", size, "image-rle")
    np.testing.assert_allclose(found, cells, atol=1e-6)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.replace("dog *8", "dog *5"),
        lambda text: text.replace("dog *8", "dog  *8"),
        lambda text: text[: text.index("dog *8")],
        lambda text: text.replace("<seg>", ""),
        lambda text: "There is no dog.",
        lambda text: "",
    ],
)
def test_what_is_not_written_exactly_is_certain(spoil: Any) -> None:
    tokens, size = letters(), (ROWS, COLS)
    text = spoil(answer(DOG, ["dog"]))
    written = tokens.encode(text)
    scores = scores_of(written, scored_tokens(tokens, "dog", size))
    found = soft_mask(written, scores, tokens, "dog", size)
    grid, _ = codec("row-rle").decode(text, size, "dog")
    assert (found[1:] == grid.foreground[1:]).all()


def test_tokens_that_are_not_the_tokenizers_own_are_certain() -> None:
    tokens, size = tiny(), (ROWS, COLS)
    text = answer(DOG, ["dog"])
    written = [t for letter in text for t in tokens.encode(letter)]
    assert written != tokens.encode(text)
    assert tokens.decode(written) == text
    scores = scores_of(written, scored_tokens(tokens, "dog", size))
    found = soft_mask(written, scores, tokens, "dog", size)
    assert (found == np.array(DOG)).all()


def test_the_keeper_keeps_only_what_is_wanted() -> None:
    torch = pytest.importorskip("torch")
    keep = Keeper([5, 2])
    keep(torch.arange(12).reshape(2, 6))
    keep(torch.full((1, 6), 7.0, dtype=torch.bfloat16))
    assert keep.scores().values.tolist() == [[5, 2], [11, 8], [7, 7]]
    assert keep.scores().values.dtype == np.float32
    assert Keeper([1]).scores().values.shape == (0, 1)


def test_bad_input_is_named() -> None:
    tokens = letters()
    none = Scores([1], np.zeros((3, 1), np.float32))
    with pytest.raises(ValueError, match="'full', soft masks are read from row-rle"):
        scored_tokens(tokens, "dog", 4, "full")
    with pytest.raises(ValueError, match="3 rows of scores and 2 tokens"):
        soft_mask([1, 2], none, tokens, "dog")
    with pytest.raises(ValueError, match="target is 'cat', expected one of dog"):
        soft_mask([1, 2, 3], none, tokens, "dog", target="cat")
