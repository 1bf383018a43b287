"""``t4s grammar`` writes what engines read."""

from __future__ import annotations

import json

import pytest

from t4s_lib.cli import main
from t4s_lib.generation.grammar import mask_grammar


def test_a_grammar_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["grammar", "white horse", "--grid", "4x8"]) == 0
    assert capsys.readouterr().out.strip() == mask_grammar(
        "row-rle", (4, 8), ["white horse"]
    )


def test_no_label_means_any(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["grammar", "--codec", "full", "--grid", "2"]) == 0
    assert capsys.readouterr().out.strip() == mask_grammar("full", 2)


def test_a_request_to_vllm_takes_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["grammar", "dog", "cat", "--form", "vllm"]) == 0
    body = json.loads(capsys.readouterr().out)
    grammar = mask_grammar("row-rle", 16, ["dog", "cat"], syntax="ebnf")
    assert body == {"structured_outputs": {"grammar": grammar}}
    assert grammar.startswith("root ::= ")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["dog", "--form", "xml"], "--form is 'xml', expected one of lark, ebnf"),
        (["dog", "--codec", "rle"], "codec is 'rle'"),
        (["dog", "--grid", "big"], "big"),
        (["", "--grid", "4"], "label is '', expected words"),
    ],
)
def test_bad_options_are_named(
    options: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["grammar", *options]) == 2
    assert words in capsys.readouterr().err
