"""A matcher goes forward and back, and knows what must come next."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import torch

from t4s_lib import codec
from t4s_lib.descriptor import DescriptorGrid
from t4s_lib.generation.engine import Grammar, Matcher
from t4s_lib.generation.grammar import mask_grammar
from t4s_lib.models.tiny.vocabulary import build_tokenizer
from t4s_lib.models.toys import toy

TOKENIZER = build_tokenizer()
END = TOKENIZER.eos_token_id
ANSWER = "<seg>others *1| red circle *2| others *1\n others *4\n</seg>"


@pytest.fixture
def matcher() -> Matcher:
    text = mask_grammar("row-rle", (2, 4), "red circle", sentence="none")
    return Grammar(text, TOKENIZER, len(TOKENIZER), [END]).matcher()


def tokens(text: str) -> list[int]:
    return list(TOKENIZER.encode(text, add_special_tokens=False))


def test_a_token_that_does_not_fit_changes_nothing(matcher: Matcher) -> None:
    for token in tokens(ANSWER):
        before = matcher.allowed()
        wrong = int((~before).nonzero()[3])
        assert not matcher.accept(wrong)
        assert torch.equal(matcher.allowed(), before)
        assert before[token]
        assert matcher.accept(token)
    assert matcher.allowed().nonzero().flatten().tolist() == [END]
    assert not matcher.finished
    assert matcher.accept(END)
    assert matcher.finished
    assert not matcher.accept(END)
    assert not matcher.allowed().any()


@pytest.mark.parametrize(("shape", "labels"), [((2, 2), "dog"), ((1, 3), ["a", "ab"])])
def test_what_is_accepted_is_what_some_answer_goes_on_with(
    shape: tuple[int, int], labels: str | list[str]
) -> None:
    names = [labels] if isinstance(labels, str) else labels
    answers = all_answers(shape, names)
    text = mask_grammar("row-rle", shape, labels, sentence="none")
    grammar = Grammar(text, TOKENIZER, len(TOKENIZER), [END])
    pieces = [TOKENIZER.decode([token]) for token in range(len(TOKENIZER))]
    for answer in answers[::5]:
        matcher, before = grammar.matcher(), ""
        for token in tokens(answer):
            may = {
                k
                for k, piece in enumerate(pieces)
                if piece and any(a.startswith(before + piece) for a in answers)
            }
            accepted = {
                k for k in range(len(pieces)) if k != END and goes_on(matcher, k)
            }
            assert accepted == may
            assert token in matcher.allowed().nonzero()
            assert {*matcher.allowed().nonzero().flatten().tolist()} <= may
            assert matcher.accept(token)
            before += pieces[token]


def goes_on(matcher: Matcher, token: int) -> bool:
    if matcher.accept(token):
        matcher.rollback(1)
        return True
    return False


def all_answers(shape: tuple[int, int], names: list[str]) -> list[str]:
    """Every answer there is on a small grid, with the blank before it and without."""
    cells = product(range(len(names) + 1), repeat=shape[0] * shape[1])
    grids = [DescriptorGrid(np.reshape(c, shape), ("others", *names)) for c in cells]
    masks = [codec("row-rle").encode(grid) for grid in grids]
    return [f"{blank}<seg>{mask}</seg>" for mask in masks for blank in ("", " ")]


def test_the_end_is_not_accepted_early(matcher: Matcher) -> None:
    for token in tokens(ANSWER):
        assert not matcher.accept(END)
        matcher.accept(token)


def test_taking_back_is_as_if_it_had_not_been(matcher: Matcher) -> None:
    series = [*tokens(ANSWER), END]
    seen = [matcher.allowed()]
    for token in series:
        assert matcher.accept(token)
        seen.append(matcher.allowed())
    for count in (1, 5, len(series)):
        matcher.rollback(count)
        assert torch.equal(matcher.allowed(), seen[len(series) - count])
        assert not matcher.finished
        assert all(matcher.accept(token) for token in series[len(series) - count :])
    matcher.rollback(0)
    assert matcher.finished


def test_what_is_forced_is_what_the_text_has(matcher: Matcher) -> None:
    series, forced = [*tokens(ANSWER), END], 0
    for place, token in enumerate(series):
        must = matcher.forced()
        assert must == series[place : place + len(must)]
        forced += bool(must)
        assert matcher.accept(token)
    assert forced > len(series) // 4
    assert matcher.forced() == []


def test_a_fork_goes_its_own_way(matcher: Matcher) -> None:
    first, *rest = tokens(ANSWER)
    assert matcher.accept(first)
    other = matcher.fork()
    assert all(other.accept(token) for token in [*rest, END])
    assert other.finished
    assert not matcher.finished
    assert matcher.accept(rest[0])


def test_a_logit_is_masked_where_it_may_not_come_next(matcher: Matcher) -> None:
    row = torch.zeros(len(TOKENIZER))
    matcher.apply(row)
    assert torch.equal(row == 0, matcher.allowed())
    assert (row[~matcher.allowed()] == -torch.inf).all()


def test_more_outputs_than_tokens_are_never_allowed() -> None:
    text = mask_grammar("row-rle", 2, "red circle")
    padded = Grammar(text, TOKENIZER, len(TOKENIZER) + 40, [END]).matcher()
    assert padded.allowed().shape == (len(TOKENIZER) + 40,)
    assert not padded.allowed()[len(TOKENIZER) :].any()


def test_a_grammar_the_engine_refuses_is_named() -> None:
    with pytest.raises(ValueError, match="the grammar cannot be used: "):
        Grammar("start: nothing", TOKENIZER, len(TOKENIZER), [END])


def test_what_a_model_cannot_write_is_named() -> None:
    backbone = toy("gemma3")
    limit = backbone.model.config.get_text_config().max_position_embeddings
    with pytest.raises(ValueError, match=f"expected at most {limit}, the model's"):
        Grammar.of("full", (3000, 40), "dog", backbone)


def test_a_label_the_tokenizer_lacks_is_named() -> None:
    from t4s_lib.generation.fits import check_labels

    check_labels(TOKENIZER, ["red circle"])
    with pytest.raises(ValueError, match="label is 'der Bär', of which the tokenizer"):
        check_labels(Deaf(), ["der Bär"])


class Deaf:
    """A tokenizer that knows ASCII alone."""

    def encode(self, text: str, add_special_tokens: bool) -> list[int]:
        return list(text.encode("ascii", "ignore"))

    def decode(self, ids: list[int], **how: bool) -> str:
        return bytes(ids).decode()
