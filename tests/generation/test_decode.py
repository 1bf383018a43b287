"""Every mode, every family: what is written is what ``generate`` writes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
import torch

from t4s_lib import codec, mask_to_grid
from t4s_lib.generation.decode import (
    MODES,
    drafter_for,
    end_tokens,
    inner_model,
    picture_tokens,
    tokens_of,
    write,
    write_batch,
)
from t4s_lib.generation.engine import Grammar
from t4s_lib.generation.shared import shared_prompts
from t4s_lib.models import load_backbone
from t4s_lib.models.conversation import encode_prompts
from t4s_lib.models.families import FAMILIES
from t4s_lib.models.loading import Backbone
from t4s_lib.models.toys import toy
from t4s_lib.prompts import ask, fold
from t4s_lib.sources import scenes

WORDS = ("the dog", "a very large red circle at the left", "x")
SIZE, MOST = 4, 40


def asked(backbone: Backbone, words: Sequence[str]) -> Any:
    pictures = [s.image for s in scenes(len(words), "heldout")]
    return encode_prompts(backbone, pictures, [ask(w) for w in words])


def plain(backbone: Backbone, prompts: Any, most: int = MOST) -> list[list[int]]:
    """What ``generate`` writes, each row up to its end."""
    ends = set(end_tokens(backbone))
    with torch.inference_mode():
        written = backbone.model.generate(
            **prompts,
            do_sample=False,
            max_new_tokens=most,
            pad_token_id=backbone.tokenizer.pad_token_id,
            suppress_tokens=picture_tokens(backbone) or None,
        )
    rows = written[:, prompts["input_ids"].shape[1] :].tolist()
    return [
        row[: next((k + 1 for k, t in enumerate(row) if t in ends), most)]
        for row in rows
    ]


@pytest.fixture(scope="module", params=FAMILIES)
def backbone(request: pytest.FixtureRequest) -> Backbone:
    return toy(request.param)


def test_drafts_change_nothing(backbone: Backbone) -> None:
    prompts = asked(backbone, WORDS[:1])
    expected = plain(backbone, prompts)[0]
    for mode in ("plain", "lookup", "rows"):
        found = write(
            backbone, prompts, WORDS[0], mode=mode, size=SIZE, max_new_tokens=MOST
        )
        assert found.tokens == expected, mode
        assert len(found.by) == len(expected)
    assert found.counters.accepted > 0  # random weights repeat themselves


def test_drafts_change_nothing_under_a_grammar(backbone: Backbone) -> None:
    prompts = asked(backbone, WORDS[:1])
    how: Any = {
        "size": SIZE,
        "max_new_tokens": 500,
        "grammar": Grammar.of("row-rle", SIZE, "x", backbone, sentence="templates"),
    }
    found = {m: write(backbone, prompts, "x", mode=m, **how) for m in MODES[1:]}
    texts = {
        m: tokens_of(backbone.tokenizer).decode(w.tokens) for m, w in found.items()
    }
    assert len(set(texts.values())) == 1
    mask = texts["rows"].partition("<seg>")[2].partition("</seg>")[0]
    assert codec("row-rle").decode(mask, SIZE, "x")[1].status == "exact"
    passes = {m: w.counters.forwards for m, w in found.items()}
    assert passes["rows"] <= passes["forced"] < passes["grammar"]


def test_a_batch_writes_what_each_row_writes_alone(backbone: Backbone) -> None:
    prompts = asked(backbone, WORDS)
    expected = plain(backbone, prompts)
    for ragged in (True, False):
        found = write_batch(
            backbone, prompts, WORDS, size=SIZE, max_new_tokens=MOST, ragged=ragged
        )
        assert [w.tokens for w in found] == expected


def test_one_picture_is_looked_at_once(
    backbone: Backbone, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = next(iter(scenes(1, "heldout"))).image
    questions = [ask(w) for w in WORDS]
    expected = plain(
        backbone, encode_prompts(backbone, [picture] * len(WORDS), questions)
    )
    seen: list[Any] = []
    tower = vision_tower(backbone)
    handle = tower.register_forward_hook(lambda *made: seen.append(made[0]))
    try:
        prompts = shared_prompts(backbone, picture, questions)
        found = write_batch(backbone, prompts, WORDS, size=SIZE, max_new_tokens=MOST)
    finally:
        handle.remove()
    assert [w.tokens for w in found] == expected
    assert len(seen) == 1


def vision_tower(backbone: Backbone) -> Any:
    """The module that looks at pictures."""
    base = inner_model(backbone.model).base_model
    names = ("vision_tower", "visual", "vision_model")
    return next(found for name in names if (found := getattr(base, name, None)))


def test_one_question_is_enough_and_none_is_not() -> None:
    llava = toy("llava")
    picture = next(iter(scenes(1, "heldout"))).image
    prompts = shared_prompts(llava, picture, [ask("x")])
    found = write(llava, prompts, "x", size=SIZE, max_new_tokens=9)
    alone = encode_prompts(llava, [picture], [ask("x")])
    assert found.tokens == plain(llava, alone, 9)[0]
    with pytest.raises(ValueError, match="found no question"):
        shared_prompts(llava, picture, [])


def test_an_expression_that_names_a_picture_token_is_no_danger() -> None:
    llava = toy("llava")
    label = "the <image> <image>"
    drafter = drafter_for(llava, label, "rows", size=SIZE)
    assert set(picture_tokens(llava)) & set(drafter([]))
    prompts = asked(llava, [label.replace("<image>", "picture")])
    found = write(llava, prompts, label, size=SIZE, max_new_tokens=MOST)
    assert found.tokens == plain(llava, prompts)[0]


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"mode": "magic"}, "mode is 'magic', expected one of plain, grammar"),
        ({"mode": "forced"}, "mode 'forced' needs a grammar, found none"),
    ],
)
def test_bad_input_is_named(how: Any, words: str) -> None:
    llava = toy("llava")
    with pytest.raises(ValueError, match=words):
        write(llava, asked(llava, ["x"]), "x", **how)


def test_labels_that_are_missing_are_named() -> None:
    llava = toy("llava")
    with pytest.raises(ValueError, match="found 2 questions, 1 labels"):
        write_batch(llava, asked(llava, ["x", "y"]), ["x"])


def test_a_model_that_cannot_forget_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    llava = toy("llava")
    monkeypatch.setattr(type(llava.model), "_is_stateful", True)
    with pytest.raises(ValueError, match="expected a cache that can be cut") as refused:
        write(llava, asked(llava, ["x"]), "x")
    assert "\n" not in str(refused.value)


# ---- the shipped model ----


@pytest.fixture(scope="module")
def shipped() -> Backbone:
    return load_backbone("tiny")


def test_the_shipped_model_writes_the_same_in_a_fraction_of_the_passes(
    shipped: Backbone,
) -> None:
    tokens = passes = 0
    for sample in scenes(12, "heldout"):
        prompts = encode_prompts(shipped, [sample.image], [ask(sample.expression)])
        found = write(shipped, prompts, sample.expression, max_new_tokens=400)
        assert found.tokens == plain(shipped, prompts, 400)[0]
        tokens += len(found.tokens)
        passes += found.counters.forwards
    assert passes < tokens / 5


def test_the_shipped_model_writes_the_same_in_a_batch(shipped: Backbone) -> None:
    samples = list(scenes(8, "heldout", seed=1))
    words = [s.expression for s in samples]
    prompts = encode_prompts(
        shipped, [s.image for s in samples], [ask(w) for w in words]
    )
    found = write_batch(shipped, prompts, words, max_new_tokens=400)
    assert [w.tokens for w in found] == plain(shipped, prompts, 400)


def test_what_the_model_thought_is_told_for_each_token(shipped: Backbone) -> None:
    sample = next(iter(scenes(1, "heldout")))
    prompts = encode_prompts(shipped, [sample.image], [ask(sample.expression)])
    seen: list[Any] = []
    found = write(shipped, prompts, sample.expression, watch=seen.append)
    logits = torch.cat(seen)
    assert logits.argmax(-1).tolist() == found.tokens


def test_a_true_answer_is_drafted_in_the_model_s_own_tokens(shipped: Backbone) -> None:
    sample = next(iter(scenes(1, "heldout")))
    grid = mask_to_grid(sample.mask, 16, sample.expression)
    answer = fold(codec("row-rle").encode(grid), sample.expression, seed=1)
    true = tokens_of(shipped.tokenizer).encode(answer)
    drafter = drafter_for(shipped, sample.expression, "rows")
    assert drafter(true) == [end_tokens(shipped)[0]]
    assert drafter(true[:-1])[0] == true[-1]
