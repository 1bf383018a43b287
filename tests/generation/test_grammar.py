"""A grammar takes what the codecs write, and what it takes is a whole mask."""

from __future__ import annotations

import itertools
import random
import string
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast

from t4s_lib import codec
from t4s_lib.answers import read_answer
from t4s_lib.codecs import codec_names
from t4s_lib.descriptor import DescriptorGrid
from t4s_lib.generation.engine import Grammar
from t4s_lib.generation.grammar import SENTENCES, mask_grammar
from t4s_lib.generation.mask_rules import LETS_PASS
from t4s_lib.models.tiny.vocabulary import build_tokenizer
from t4s_lib.prompts import fold

TOKENIZER = build_tokenizer()
END = TOKENIZER.eos_token_id
ODD = (
    *(
        "100% of it",
        "100%25",
        "50%%",
        "%41 off",
        "%ce",
        "others",
        "a|b * c",
        "the <seg> sign",
    ),
    *('say "hi"', "back\\slash", "a < b", "<3", " blank ", "two\nlines", "Bär 漢字"),
)


def grammar_of(*args: object, **how: object) -> Grammar:
    text = mask_grammar(*args, **how)  # type: ignore[arg-type]
    return Grammar(text, TOKENIZER, len(TOKENIZER), [END])


def takes(grammar: Grammar, text: str) -> bool:
    matcher = grammar.matcher()
    tokens = [*TOKENIZER.encode(text, add_special_tokens=False), END]
    return all(matcher.accept(token) for token in tokens) and matcher.finished


def walk(grammar: Grammar, seed: int, most: int = 4000) -> str:
    """A text drawn from the grammar, each allowed token as likely as another."""
    rng, matcher = random.Random(seed), grammar.matcher()
    tokens: list[int] = []
    while not matcher.finished and len(tokens) < most:
        tokens.append(rng.choice(matcher.allowed().nonzero().flatten().tolist()))
        assert matcher.accept(tokens[-1])
    return str(TOKENIZER.decode(tokens[:-1], clean_up_tokenization_spaces=False))


@st.composite
def grids(draw: st.DrawFn) -> DescriptorGrid:
    shape = draw(st.tuples(st.integers(1, 6), st.integers(1, 6)))
    names = draw(st.lists(st.sampled_from(("red circle", "star", *ODD)), unique=True))
    labels = ("others", *names)
    cells = st.lists(
        st.integers(0, len(labels) - 1),
        min_size=shape[0] * shape[1],
        max_size=shape[0] * shape[1],
    )
    ids = np.array(draw(cells), np.int32).reshape(shape)
    return DescriptorGrid(ids, labels)


@given(grids(), st.sampled_from(codec_names()), st.integers(0, 9))
@settings(max_examples=60, deadline=None)
def test_what_a_codec_writes_is_taken(
    grid: DescriptorGrid, name: str, seed: int
) -> None:
    labels = [*grid.labels[1:]] or ["red circle"]
    answer = fold(codec(name).encode(grid), labels[0], seed=seed)
    assert takes(grammar_of(name, grid.ids.shape, labels), answer)
    assert takes(
        grammar_of(name, grid.ids.shape, labels, sentence="none"),
        f" <seg>{codec(name).encode(grid)}</seg>",
    )


@pytest.mark.parametrize("name", codec_names())
@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize("labels", [["red circle"], ["star", "a|b * c", "others"]])
def test_what_is_taken_is_a_whole_mask(
    name: str, sentence: str, labels: list[str]
) -> None:
    grammar = grammar_of(name, 6, labels, sentence=sentence)
    for seed in range(6):
        report = read_answer(walk(grammar, seed), 6, name).report
        assert report.kinds <= LETS_PASS.get(name, frozenset()), str(report)


@pytest.mark.parametrize("name", codec_names())
def test_any_label_may_be_open(name: str) -> None:
    grammar = grammar_of(name, 3, None)
    for label in ("the 3rd dog, left", "x" * 200, *ODD):
        found = codec(name).encode(
            DescriptorGrid(np.eye(3, dtype=np.int32), ("others", label))
        )
        assert takes(grammar, fold(found, label)), label
        assert takes(grammar, f" <seg>{found}</seg>"), label
    for seed in range(3):
        report = read_answer(walk(grammar, seed), 3, name).report
        assert report.status != "failed"
        assert not any("row" in fault.kind for fault in report.faults)


PIECES = [
    "%",
    "A",
    "7",
    "c",
    "25",
    "3C",
    "seg>",
    "/",
    "s",
    "<",
    "|",
    "2A",
    "20",
    "others",
]


@given(st.lists(st.sampled_from([*PIECES, " ", "\n", "\t"]), min_size=1, max_size=6))
@settings(max_examples=300, deadline=None)
def test_an_open_label_is_spelled_as_a_codec_spells_it(pieces: list[str]) -> None:
    answer = "<seg>{}\n</seg>".format("".join(pieces))
    if takes(open_cell(), answer):
        assert read_answer(answer, 1, "full").report.status == "exact"


@cache
def open_cell() -> Grammar:
    return grammar_of("full", 1, None, sentence="none")


@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize("labels", [["dog"], None])
def test_a_sentencepiece_blank_is_taken(
    sentence: str, labels: list[str] | None
) -> None:
    if sentence == "templates" and labels is None:
        return
    tokenizer = sentencepiece()
    text = mask_grammar("row-rle", (1, 4), labels, sentence=sentence)
    matcher = Grammar(text, tokenizer, len(tokenizer), [0]).matcher()
    mask = "<seg>dog *1| others *3\n</seg>"
    answer = mask if sentence == "none" else fold(mask[5:-6], "dog")
    tokens = tokenizer.encode(answer, add_special_tokens=False)
    assert tokenizer.convert_ids_to_tokens(tokens[0])[0] == "\u2581"
    for token in [*tokens, 0]:
        assert matcher.allowed()[token]
        assert matcher.accept(token)


def sentencepiece() -> PreTrainedTokenizerFast:
    """A tokenizer that begins a text with a blank, as Llama's and Vicuna's do."""
    words = ["</s>", "\u2581", "\u2581dog", "\u2581*", "others", "<seg>", "\u2581The"]
    letters = sorted({*string.printable} - {" ", "\n"})
    pieces = dict.fromkeys([*words, *letters, *(f"<0x{n:02X}>" for n in range(256))])
    core = Tokenizer(
        models.Unigram(
            [(piece, -len(pieces) / len(piece)) for piece in pieces], 0, True
        )
    )
    core.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=False)
    core.decoder = decoders.Sequence(
        [
            decoders.Replace("\u2581", " "),
            decoders.ByteFallback(),
            decoders.Fuse(),
            decoders.Strip(" ", 1, 0),
        ]
    )
    return PreTrainedTokenizerFast(tokenizer_object=core, eos_token="</s>")


def test_many_labels_let_equal_neighbours_pass() -> None:
    labels = [f"thing {number}" for number in range(150)]
    grammar = grammar_of("row-rle", 16, labels, sentence="none")
    row = "thing 149 *9| others *7"
    assert takes(grammar, "<seg>" + "\n ".join([row] * 16) + "\n</seg>")
    twice = "thing 149 *8| thing 149 *1| others *7"
    assert takes(grammar, "<seg>" + "\n ".join([twice] + [row] * 15) + "\n</seg>")


@pytest.mark.parametrize(
    "text",
    [
        "<seg>dog *1| others *2\n</seg>",
        "<seg>dog *1| others *4\n</seg>",
        "<seg>dog *1| dog *3\n</seg>",
        "<seg>dog *1| cat *3\n</seg>",
        "<seg>dog *01| others *3\n</seg>",
        "<seg>dog *0| others *4\n</seg>",
        "<seg>dog *4</seg>",
        "<seg>dog *4\n dog *4\n</seg>",
        "dog *4\n",
        "<seg>dog *4\n</seg> and more",
    ],
)
def test_a_fault_is_not_taken(text: str) -> None:
    assert takes(grammar_of("row-rle", (1, 4), "dog"), "<seg>dog *4\n</seg>")
    assert not takes(grammar_of("row-rle", (1, 4), "dog"), text)


@pytest.mark.parametrize(
    ("args", "how", "words"),
    [
        (("rle",), {}, "codec is 'rle', expected one of"),
        (("row-rle", 16, []), {}, "labels are empty, expected at least one"),
        (("row-rle", 16, [" "]), {}, "label is ' ', expected words"),
        (("row-rle", 16, "dog"), {"sentence": "all"}, "sentence is 'all'"),
        (("row-rle", 16, "dog"), {"syntax": "bnf"}, "syntax is 'bnf'"),
        (("row-rle", 16), {"sentence": "templates"}, "expected labels"),
        (("image-rle", 32, "dog"), {}, "1024 cells without a row break"),
    ],
)
def test_bad_input_is_named(
    args: tuple[object, ...], how: dict[str, str], words: str
) -> None:
    with pytest.raises(ValueError, match=r"^[^\n]*$") as error:
        mask_grammar(*args, **how)  # type: ignore[arg-type]
    assert words in str(error.value)


def test_a_codec_without_rules_is_named() -> None:
    from t4s_lib.generation.mask_rules import mask_rules

    with pytest.raises(ValueError, match="codec 'mine' has no grammar"):
        mask_rules("mine", (2, 2), None)


def test_both_syntaxes_say_the_same_rules() -> None:
    lark, ebnf = (
        mask_grammar("row-rle", 4, "dog", syntax=syntax).splitlines()
        for syntax in ("lark", "ebnf")
    )
    assert [line.split(" ::= ")[0].replace("root", "start") for line in ebnf] == [
        line.split(": ")[0] for line in lark
    ]
    assert all("_" not in line for line in (*lark, *ebnf))


@pytest.mark.parametrize("labels", [["dog", "dog house"], ["dog house", "dog", "do"]])
def test_a_label_that_begins_another_can_be_written(labels: list[str]) -> None:
    grammar = grammar_of("row-rle", (1, 4), labels, sentence="none")
    for first, second in itertools.permutations(["others", *labels], 2):
        assert takes(grammar, f"<seg>{first} *1| {second} *3\n</seg>")
