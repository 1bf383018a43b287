"""The tokenizer loses nothing, and spells the format as the course tells it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from t4s_lib.models.tiny.vocabulary import SPECIALS, build_tokenizer
from t4s_lib.sources import REFERRING, scenes

TOKENIZER = build_tokenizer()
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@given(WORDS.filter(lambda text: not any(s in text for s in SPECIALS)))
def test_any_text_survives(text: str) -> None:
    assert TOKENIZER.decode(TOKENIZER(text).input_ids) == text


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        (
            "others *16\n others *16\n",
            ["others", " *16", "\n ", "others", " *16", "\n"],
        ),
        ("the star *1| others *15", ["the", " star", " *1", "| ", "others", " *15"]),
        ("<seg>others *64</seg>", ["<seg>", "others", " *64", "</seg>"]),
        (" 12 7", [" 12", " 7"]),
    ],
)
def test_the_format_is_cut_where_a_reader_would(text: str, tokens: list[str]) -> None:
    found = [TOKENIZER.decode([k]) for k in TOKENIZER(text).input_ids]
    assert found == tokens


@pytest.mark.parametrize("kind", REFERRING)
def test_every_word_of_the_scenes_is_one_token(kind: str) -> None:
    for sample in scenes(20, "heldout-pairs", kinds=[kind]):
        words = len(sample.expression.split())
        assert len(TOKENIZER(sample.expression).input_ids) == words
