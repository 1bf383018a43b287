"""Text to tokens, line by line: what the tokenizer itself would give."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from t4s_lib.generation.tokens import Tokens
from t4s_lib.models.tiny.vocabulary import build_tokenizer
from t4s_lib.models.toy_parts import tokenizer

READERS = {"tiny": build_tokenizer(), "toy": tokenizer()}
RUNS = st.lists(
    st.tuples(
        st.sampled_from(["others", "the red circle", "ä | b"]), st.integers(1, 40)
    ),
    min_size=1,
    max_size=4,
)


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=30)
@given(rows=st.lists(RUNS, min_size=1, max_size=6))
def test_lines_give_what_the_whole_text_gives(name: str, rows: Any) -> None:
    reader = READERS[name]
    text = "Sure:\n<seg>" + "\n ".join(
        "| ".join(f"{w} *{n}" for w, n in r) for r in rows
    )
    text += "\n</seg>"
    tokens = Tokens.of(reader)
    assert tokens.encode(text) == reader.encode(text, add_special_tokens=False)
    assert tokens.decode(tokens.encode(text)) == text


def test_a_tokenizer_that_joins_over_breaks_is_asked_for_the_whole_text() -> None:
    asked: list[str] = []

    def encode(text: str) -> list[int]:
        asked.append(text)
        pairs = text.replace("\n o", "§")
        return [ord(letter) for letter in pairs]

    tokens = Tokens(encode, lambda ids: "".join(map(chr, ids)).replace("§", "\n o"))
    text = "others *2\n others *2\n others *2"
    assert tokens.encode(text) == [ord(c) for c in text.replace("\n o", "§")]


def test_lines_are_asked_for_once() -> None:
    asked: list[str] = []

    def encode(text: str) -> list[int]:
        asked.append(text)
        return [ord(letter) for letter in text]

    tokens = Tokens(encode, lambda ids: "".join(map(chr, ids)))
    row = "\n others *16"
    tokens.encode("others *16" + row)
    asked.clear()
    assert len(tokens.encode("others *16" + 50 * row)) == 10 + 50 * len(row)
    assert asked == []
