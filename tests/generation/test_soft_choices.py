"""Choices read from a text, against all other texts spelled in full."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from t4s_lib import codec
from t4s_lib.codecs.labels import escape
from t4s_lib.descriptor import DescriptorGrid
from t4s_lib.generation.chain import Choice
from t4s_lib.generation.choices import Scores
from t4s_lib.generation.reading import RowReader
from t4s_lib.generation.soft import scored_tokens, soft_mask
from t4s_lib.generation.spelling import Spelling
from t4s_lib.generation.tokens import Tokens
from t4s_lib.prompts import fold

from .tokenizers import COLS, ROWS, letters, tiny


@cache
def pieces() -> Tokens:
    """SentencePiece, as Llama has it: blanks in front, digits one by one."""
    sentencepiece: Any = pytest.importorskip("sentencepiece")
    mistral = pytest.importorskip("mistral_common")
    file = Path(str(mistral.__file__)).parent / "data" / "tokenizer.model.v1"
    known = sentencepiece.SentencePieceProcessor(model_file=str(file))
    return Tokens(known.encode, known.decode)


TOKENIZERS: dict[str, Callable[[], Tokens]] = {
    "letters": letters,
    "tiny": tiny,
    "pieces": pieces,
}


def answer(ids: Sequence[Sequence[int]], labels: Sequence[str]) -> str:
    grid = DescriptorGrid(np.array(ids), ("others", *labels))
    return fold(codec("row-rle").encode(grid), labels[0], seed=1)


def score(place: int, token: int) -> float:
    """A model's opinion that is as good as random."""
    return float(np.sin(place * 12.9898 + token * 78.233) * 4)


def scores_of(written: Sequence[int], ids: Sequence[int]) -> Scores:
    values = [[score(k, token) for token in ids] for k in range(len(written))]
    return Scores(ids, np.array(values, np.float32))


class InFull:
    """Finds every choice by spelling the whole answer anew for each other run."""

    def __init__(
        self, tokens: Tokens, words: Sequence[str], opening: str, runs: list[Any]
    ) -> None:
        self.tokens, self.words, self.opening, self.runs = tokens, words, opening, runs
        self.written = tokens.encode(self.text(runs))

    def text(self, runs: list[Any]) -> str:
        lines = ["| ".join(f"{self.words[k]} *{n}" for k, n in row) for row in runs]
        return self.opening + "\n ".join(lines) + "\n</seg>"

    def chances(self, texts: dict[Any, list[str]], written: Any) -> dict[Any, float]:
        """What each group of texts is worth, given where each leaves the written."""
        leaving: dict[int, dict[int, set[Any]]] = {}
        for meaning, found in texts.items():
            for text in found:
                pairs = zip(self.written, self.tokens.encode(text), strict=False)
                at, token = next((k, b) for k, (a, b) in enumerate(pairs) if a != b)
                leaving.setdefault(at, {}).setdefault(token, set()).add(meaning)
        worth, left = dict.fromkeys([*texts, written], 0.0), 1.0
        for at in sorted(leaving):
            ids = [self.written[at], *leaving[at]]
            raw = np.exp([np.float32(score(at, token)) for token in ids])
            for p, meanings in zip(raw[1:], leaving[at].values(), strict=True):
                for meaning in meanings:
                    worth[meaning] += left * p / raw.sum() / len(meanings)
            left *= raw[0] / raw.sum()
        worth[written] += left
        return worth

    def choice(self, row: int, place: int) -> Choice:
        label, count = self.runs[row][place]
        head = self.runs[row][:place]
        start = sum(n for _, n in head)
        free = [k for k in range(len(self.words)) if not head or k != head[-1][0]]

        def other(k: int, n: int) -> str:
            rest = COLS - start - n
            tail = [(0 if k else 1, rest)] if rest else []
            return self.text(
                [*self.runs[:row], [*head, (k, n), *tail], *self.runs[row + 1 :]]
            )

        room = range(1, COLS - start + 1)
        by_label = {
            k: [other(k, n) for n in room if (k, n) != (label, count)] for k in free
        }
        labels = self.chances(by_label, label)
        by_count = {n: [other(label, n)] for n in room if n != count}
        counts = self.chances(by_count, count)
        return Choice(
            label,
            np.array([labels.get(k, 0.0) for k in range(len(self.words))]),
            np.array([counts.get(end - start, 0.0) for end in range(COLS + 1)]),
        )


@st.composite
def masks(draw: st.DrawFn, labels: int) -> list[list[int]]:
    row = st.lists(st.integers(0, labels), min_size=COLS, max_size=COLS)
    kinds = [row, st.just([0] * COLS), st.just([0] * 3 + [1] * 8 + [0])]
    return [draw(st.one_of(kinds)) for _ in range(ROWS)]


def runs_of(cells: Sequence[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for cell in cells:
        if found and found[-1][0] == cell:
            found[-1] = (cell, found[-1][1] + 1)
        else:
            found.append((cell, 1))
    return found


@pytest.mark.parametrize("labels", [["dog"], ["red", "red circle"]])
@pytest.mark.parametrize("tokenizer", TOKENIZERS)
@given(data=st.data())
@settings(max_examples=10)
def test_choices_are_those_of_texts_spelled_in_full(
    tokenizer: str, labels: list[str], data: st.DataObject
) -> None:
    tokens = TOKENIZERS[tokenizer]()
    words = ["others", *labels]
    ids = data.draw(masks(len(labels)))
    text = answer(ids, labels)
    full = InFull(
        tokens, words, text.split("<seg>")[0] + "<seg>", list(map(runs_of, ids))
    )
    assert full.written == tokens.encode(text)
    scores = scores_of(full.written, scored_tokens(tokens, labels, (ROWS, COLS)))
    read = RowReader(Spelling(tokens, words), ROWS, COLS, scores).read(
        text, full.written
    )
    assert len(read) == ROWS
    for k, row in enumerate(read):
        for place, found in enumerate(row):
            expected = full.choice(k, place)
            assert found.label == expected.label
            np.testing.assert_allclose(found.labels, expected.labels, atol=1e-6)
            np.testing.assert_allclose(found.ends, expected.ends, atol=1e-6)


def certain(written: Sequence[int], ids: Sequence[int]) -> Scores:
    """A model without doubt."""
    return Scores(ids, 100 * np.equal.outer(written, ids).astype(np.float32))


@pytest.mark.parametrize("tokenizer", TOKENIZERS)
@given(data=st.data())
@settings(max_examples=20)
def test_a_model_without_doubt_gives_the_mask(
    tokenizer: str, data: st.DataObject
) -> None:
    tokens, labels, size = TOKENIZERS[tokenizer](), ["dog", "red cat"], (ROWS, COLS)
    ids = data.draw(masks(2))
    written = tokens.encode(answer(ids, labels))
    scores = certain(written, scored_tokens(tokens, labels, size))
    found = soft_mask(written, scores, tokens, labels, size)
    np.testing.assert_allclose(found, np.array(ids) > 0, atol=1e-6)
    dog = soft_mask(written, scores, tokens, labels, size, target="dog")
    np.testing.assert_allclose(dog, np.array(ids) == 1, atol=1e-6)


@pytest.mark.parametrize("tokenizer", TOKENIZERS)
@pytest.mark.parametrize(
    "label", ["3 dogs", "others", "half|full *", "<seg> sign", "dog!", "'red'", "naïve"]
)
def test_labels_of_any_kind(tokenizer: str, label: str) -> None:
    tokens, ids = TOKENIZERS[tokenizer](), [[0] * 5 + [1] * 7] * 2 + [[1] * COLS]
    text = answer(ids, [label])
    written = tokens.encode(text)
    if tokens.decode(written) != text:
        pytest.skip(f"this tokenizer cannot write {label}")
    scores = certain(written, scored_tokens(tokens, label, (ROWS, COLS)))
    spelling = Spelling(tokens, ["others", escape(label)])
    assert len(RowReader(spelling, ROWS, COLS, scores).read(text, written)) == ROWS
    found = soft_mask(written, scores, tokens, label, (ROWS, COLS))
    np.testing.assert_allclose(found, ids, atol=1e-6)
