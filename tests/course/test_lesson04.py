"""Lesson 04's answers against the library, and what its checks make of odd ones."""

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import t4s_lib
from t4s_lib import DescriptorGrid, codec, mask_to_grid
from t4s_lib.course import check, solution
from t4s_lib.course.decoded import bf16_spacing
from t4s_lib.course.exercises import EXERCISES, languages, writing
from t4s_lib.course.exercises.lesson04_drafts import _TIES
from t4s_lib.sources import scenes

TINY = Path(t4s_lib.__file__).parent / "models" / "tiny" / "base"
LABELS = ("others", "the star")


def all_rows(width: int) -> list[str]:
    """Every row as the codec writes it."""
    rows = itertools.product((0, 1), repeat=width)
    return [codec("row-rle").encode(DescriptorGrid([row], LABELS)) for row in rows]


@pytest.mark.parametrize("width", [1, 2, 5])
def test_the_rule_allows_what_the_codec_writes_and_no_more(width: int) -> None:
    assert sorted(languages.rows_of(width, *LABELS)) == sorted(all_rows(width))


def test_texts_are_cut_as_the_tiny_models_tokenizer_cuts_them() -> None:
    tokenizers = pytest.importorskip("tokenizers")
    tiny = tokenizers.Tokenizer.from_file(str(TINY / "tokenizer.json"))
    for sample in scenes(8, "val"):
        grid = mask_to_grid(sample.mask, 16, sample.expression)
        text = codec("row-rle").encode(grid)
        ids = tiny.encode(text, add_special_tokens=False).ids
        assert writing.cut(text) == [tiny.decode([k]) for k in ids]


def test_allowed_tokens_lead_to_whole_texts_and_to_all_of_them() -> None:
    vocabulary, texts = languages.VOCABULARY, languages.TEXTS
    begun, ended = {""}, set()
    while begun:
        written = begun.pop()
        tokens = writing.allowed(written, vocabulary, texts)
        begun |= {written + token for token in tokens}
        ended |= set() if tokens else {written}
    assert ended == set(texts)


def test_the_model_has_a_say_at_each_place_that_is_not_forced() -> None:
    for row in languages.ROWS:
        for end in range(len(row)):
            told = writing.forced(row[:end], languages.ROWS)
            assert row[end : end + len(told)] == told


class Author:
    """A model that writes a text, whatever is drafted."""

    def __init__(self, text: Sequence[int]) -> None:
        self.text, self.done = list(text), 0

    def score(self, draft: Sequence[int]) -> list[int]:
        return self.text[self.done : self.done + len(draft) + 1]

    def keep(self, count: int, token: int) -> None:
        self.done += count + 1

    def choose(self, place: int, gate: Any) -> int:
        raise AssertionError


@pytest.mark.parametrize("case", EXERCISES["4.5"].cases, ids=str)
def test_a_draft_is_verified_as_the_library_does(case: tuple[Any, ...]) -> None:
    from t4s_lib.generation.loop import Written
    from t4s_lib.generation.loop import verify as theirs

    draft, best = case
    words = {word: k for k, word in enumerate(dict.fromkeys([*draft, *best]))}
    out = Written()
    author: Any = Author([words[word] for word in best])
    theirs(author, [words[word] for word in draft], 0, set(), None, out)
    assert [list(words)[k] for k in out.tokens] == writing.verify(draft, best)


@pytest.mark.parametrize("case", EXERCISES["4.4"].cases, ids=str)
def test_the_library_drafts_at_least_what_we_do(case: tuple[Any, ...]) -> None:
    from t4s_lib.generation.drafts import RowDrafter
    from t4s_lib.generation.tokens import Tokens

    tokenizers = pytest.importorskip("tokenizers")
    tiny = tokenizers.Tokenizer.from_file(str(TINY / "tokenizer.json"))
    tokens = Tokens(
        lambda text: list(tiny.encode(text, add_special_tokens=False).ids),
        lambda ids: str(tiny.decode(list(ids), skip_special_tokens=False)),
    )
    head = "The segmentation mask for 'dog' is shown below:\n<seg>"
    (written,) = case
    ids = tokens.encode(head + "".join(written))
    more = tokens.decode(RowDrafter(tokens, "dog")(ids))
    assert more.startswith("".join(writing.draft(written)))


def test_rounding_is_that_of_torch() -> None:
    torch = pytest.importorskip("torch")
    values = np.random.default_rng(0).normal(0, 20, 2000).astype(np.float32)
    theirs = torch.tensor(values).bfloat16().float().numpy()
    np.testing.assert_array_equal([writing.bf16(v) for v in values], theirs)


@pytest.mark.parametrize("value", [17.3, 1.3, -0.2, 128.0, 3e-5])
def test_neighbours_in_bf16_are_a_spacing_apart(value: float) -> None:
    step = bf16_spacing(value)
    one, two = writing.bf16(value), writing.bf16(value + step)
    assert abs(two - one) == step


def tied_in_torch(pairs: Any) -> list[int]:
    import torch

    halves = torch.tensor(pairs, dtype=torch.float32).bfloat16()
    return [k for k, (one, two) in enumerate(halves) if one == two]


@pytest.mark.parametrize(
    ("id", "answer"),
    [
        pytest.param(
            "4.1", lambda n, a, b: writing.row_rule(n, a, b)[::-1], id="other-order"
        ),
        pytest.param(
            "4.1", lambda n, a, b: tuple(writing.row_rule(n, a, b)), id="tuple"
        ),
        pytest.param("4.2", lambda *g: tuple(writing.allowed(*g)), id="allowed-tuple"),
        pytest.param("4.6", tied_in_torch, id="torch"),
        pytest.param("4.6", lambda p: np.array(writing.tied(p)), id="numpy"),
    ],
)
def test_every_right_way_passes(id: str, answer: Any) -> None:
    assert check(id, answer).verdict == "passed"


def test_a_rule_that_goes_round_in_circles_is_told_so() -> None:
    found = check("4.1", lambda left, a, b: [f"{a} *1| <{b} {left}>"])
    assert found.verdict == "not yet"
    assert "'dog *1| <others 1>' is allowed where 1 cells are left" in repr(found)


def test_a_rule_that_is_one_text_is_told_so() -> None:
    assert "expected a list of texts" in check("4.1", lambda n, a, b: f"{a} *{n}").hint


def test_ties_depend_on_size_not_on_distance_alone() -> None:
    (one, two), (three, four) = _TIES[0], _TIES[1]
    assert one - two == pytest.approx(three - four)
    assert writing.tied(_TIES) == [0]


def test_solutions_show_source() -> None:
    for id in ("4.1", "4.2", "4.3", "4.4", "4.5", "4.6"):
        assert "def " in solution(id).data
