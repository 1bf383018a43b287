"""Grammars and drafts of the codecs beyond the paper, and of a codec of one's own."""

from __future__ import annotations

import random

import numpy as np
import pytest

from t4s_lib import Codec, DescriptorGrid, codec, codecs, register
from t4s_lib.answers import read_answer
from t4s_lib.codecs import Reading
from t4s_lib.codecs.labels import LabelTable
from t4s_lib.codecs.tags import Tagged
from t4s_lib.descriptor import OTHERS
from t4s_lib.generation import mask_rules, mask_text
from t4s_lib.generation.engine import Grammar
from t4s_lib.generation.grammar import mask_grammar
from t4s_lib.generation.mask_text import MaskText
from t4s_lib.generation.rules import Parts, Ref
from t4s_lib.models.tiny.vocabulary import build_tokenizer

OURS = ("row-repeat", "alias", "alias-repeat", "box", "spans", "gaps")
TOKENIZER = build_tokenizer()
END = TOKENIZER.eos_token_id


def grammar_of(name: str, size: object, labels: object) -> Grammar:
    text = mask_grammar(name, size, labels, sentence="none")  # type: ignore[arg-type]
    return Grammar(text, TOKENIZER, len(TOKENIZER), [END])


def takes(grammar: Grammar, mask: str) -> bool:
    matcher = grammar.matcher()
    ids = TOKENIZER.encode(f"<seg>{mask}</seg>", add_special_tokens=False)
    return all(matcher.accept(token) for token in [*ids, END]) and matcher.finished


def walk(grammar: Grammar, seed: int) -> str:
    rng, matcher = random.Random(seed), grammar.matcher()
    tokens: list[int] = []
    while not matcher.finished:
        tokens.append(rng.choice(matcher.allowed().nonzero().flatten().tolist()))
        assert matcher.accept(tokens[-1])
    return str(TOKENIZER.decode(tokens[:-1], clean_up_tokenization_spaces=False))


@pytest.mark.parametrize("name", OURS)
def test_with_one_label_a_grammar_lets_only_folds_and_boxes_pass(name: str) -> None:
    grammar = grammar_of(name, 5, "red circle")
    for seed in range(20):
        report = read_answer(walk(grammar, seed), 5, name).report
        assert report.kinds <= {"not_folded", "loose_box"}, str(report)


@pytest.mark.parametrize("name", OURS)
def test_what_is_let_pass_leaves_no_cell_open(name: str) -> None:
    grammar = grammar_of(name, 4, ["star", "dog", "others", "x=", "b", "zz"])
    for seed in range(5):
        report = read_answer(walk(grammar, seed), 4, name).report
        assert report.status != "failed"
        assert report.kinds <= mask_rules.LETS_PASS[name], str(report)


FAULTS = {
    "row-repeat": ["dog *4 x3\n", "dog *4\n", "dog *4 x1\n", "dog *3 x2\n"],
    "alias": ["dog *4\n dog *4\n", "a *4\n a *4\n", "dog=b *4\n b *4\n"],
    "alias-repeat": ["dog=a *4\n dog=a *4\n", "dog=a *4 x3\n", "a *4 x2\n"],
    "box": [
        "0+3 0+4\n dog=a *4 x3\n",
        "0+2 0+4\n dog=a *3 x2\n",
        "0+2 0+4\n others *4 x2\n",
        "0+2 0+4 in 1x4\n dog=a *4\n",
    ],
    "spans": [
        "dog| 0+3\n 0+4 x3\n",
        "dog| 0+2\n 0+5 x2\n",
        "dog| 0+2\n 1+1 2+1\n 0+4\n",
        "dog| 0+2\n 0+4\n -\n",
        "dog| 0+2\n 0+4\n",
    ],
    "gaps": [
        "dog| -, -\n",
        "dog| *0 *4\n",
        "dog| *0 *4, *0 *5\n",
        "dog| *0 *4, *4 *1\n",
        "dog| *0 *4, *0 *2 *0 *2\n",
        "dog| *0 *4, *0 *1 *3\n",
        "dog| *0 *4, -, -\n",
        "dog| *0 *4, -\n dog| -, *0 *1\n",
    ],
}


@pytest.mark.parametrize("name", OURS)
def test_a_fault_is_not_taken(name: str) -> None:
    grammar = grammar_of(name, (2, 4), "dog")
    full = DescriptorGrid(np.ones((2, 4)), (OTHERS, "dog"))
    assert takes(grammar, codec(name).encode(full))
    for text in FAULTS[name]:
        assert not takes(grammar, text), text


def test_a_box_with_a_grid_of_its_own_is_taken() -> None:
    ids = np.zeros((20, 20), int)
    ids[1:19, 2:20] = np.kron(np.eye(9, dtype=int), np.ones((2, 2), int))
    text = codec("box").encode(DescriptorGrid(ids, (OTHERS, "dog")))
    assert text.startswith("1+18 2+18 in 17x17\n")
    fine = np.zeros((20, 20), int)
    fine[0:18] = 1
    wide = codec("box").encode(DescriptorGrid(fine, (OTHERS, "dog")))
    assert wide == "0+18 0+20 in 16x16\n dog=a *16 x16\n"
    grammar = grammar_of("box", 20, "dog")
    assert takes(grammar, text)
    assert takes(grammar, wide)


@pytest.mark.parametrize(("name", "size"), [("box", 64), ("spans", 200), ("gaps", 200)])
def test_a_grid_too_fine_for_a_grammar_is_named(name: str, size: int) -> None:
    with pytest.raises(ValueError, match=f"found a grid of {size} x {size}"):
        mask_grammar(name, size, "dog")


@pytest.mark.parametrize("name", OURS)
def test_the_same_rules_in_both_syntaxes(name: str) -> None:
    lark, ebnf = (
        mask_grammar(name, 4, "dog", syntax=syntax) for syntax in ("lark", "ebnf")
    )
    assert len(lark.splitlines()) == len(ebnf.splitlines())
    names = {line.split(": ")[0] for line in lark.splitlines()}
    assert len(names) == len(lark.splitlines())
    assert all(name.isalnum() for name in names)


@pytest.mark.parametrize(
    ("name", "begun", "more"),
    [
        ("row-repeat", "others *4 x", "2\n "),
        ("row-repeat", "others *4\n dog *4\n others *4", " x2\n"),
        ("alias", "others *1| d", "og=a *1"),
        ("alias", "dog=a *2| others *2\n ", "a *"),
        ("alias-repeat", "dog=a *4 x2\n others", " *4 x2\n"),
        ("box", "1+2 ", "0+4\n dog=a *4 x2\n"),
        ("box", "o", "thers\n"),
        ("spans", "do", "g| 0+4\n"),
        ("spans", "dog| 1+2\n 1+2", "\n "),
        ("spans", "dog| 1+2\n 1+2 x", "2\n"),
        ("spans", "othe", "rs\n"),
        ("gaps", "dog| -, *1", " *1, *1 *1, *1 *1\n"),
        ("gaps", "dog| *1 *2,", " *1 *2, *1 *2, *1 *2\n"),
        ("gaps", "dog| *0 *2 ", "*1 *1, *0 *2 *1 *1"),
        ("gaps", "dog| -, -, -", ", *3 *1\n"),
    ],
)
def test_a_text_that_is_begun_is_finished(name: str, begun: str, more: str) -> None:
    guess = MaskText("dog", name, 4).guess(begun)
    assert guess is not None
    assert guess.startswith(begun + more), guess
    assert codec(name).decode(guess, 4, "dog")[1].status == "exact"


@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize(
    "begun",
    ["cat", "\n\n", "|||", "x9", "others *99", "9+9 9+9\n", "dog| 9+9\n", "dog=b *1"],
)
def test_no_guess_for_what_makes_no_sense(name: str, begun: str) -> None:
    guess = MaskText("dog", name, 4).guess(begun)
    assert guess is None or guess.startswith(begun)


@pytest.fixture
def mine(monkeypatch: pytest.MonkeyPatch) -> str:
    """A codec that says one letter a cell, as a learner would register it."""
    monkeypatch.setattr(codecs, "_CODECS", dict(codecs._CODECS))
    monkeypatch.setattr(mask_rules, "MASKS", dict(mask_rules.MASKS))
    monkeypatch.setattr(mask_text, "FORMATS", dict(mask_text.FORMATS))

    @register
    class Letters(Codec):
        """One letter a cell."""

        name = "letters-of-a-test"

        def encode(self, grid: DescriptorGrid) -> str:
            return "".join("ox"[int(k)] for k in grid.foreground.ravel()) + "\n"

        def read(
            self, tagged: Tagged, shape: tuple[int, int], table: LabelTable
        ) -> Reading:
            letters = tagged.body.strip()
            if len(letters) != shape[0] * shape[1]:
                return Reading(None)
            table.exact("dog")
            cells = [letter == "x" for letter in letters]
            return Reading(np.array(cells, np.int32).reshape(shape))

    return Letters.name


def test_a_codec_of_ones_own_without_rules_is_named(mine: str) -> None:
    with pytest.raises(ValueError, match=r"has no grammar.*add_rules\('letters-of"):
        mask_grammar(mine, 2, "dog")
    with pytest.raises(ValueError, match=r"can be guessed in .*add_guess\('letters-"):
        MaskText("dog", mine, 2)


def test_a_codec_of_ones_own_has_a_grammar_and_drafts(mine: str) -> None:
    def rules(shape: tuple[int, int], labels: object) -> dict[str, Parts]:
        cells = [Ref("cell")] * (shape[0] * shape[1])
        return {"mask": [[*cells, "\n"]], "cell": [["o"], ["x"]]}

    mask_rules.add_rules(mine, rules)
    mask_text.add_guess(
        mine,
        lambda names, shape: lambda body: body.ljust(shape[0] * shape[1], "o") + "\n",
    )
    grammar = grammar_of(mine, 2, "dog")
    assert takes(grammar, "oxxo\n")
    assert not takes(grammar, "oxx\n")
    assert MaskText("dog", mine, 2).guess("x") == "xooo\n"
    for add in (mask_rules.add_rules, mask_text.add_guess):
        with pytest.raises(ValueError, match="codec is 'nobody'"):
            add("nobody", None)  # type: ignore[arg-type]
