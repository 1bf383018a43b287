"""Several turns in one row: every answer is learned, no question is."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("trl")
from PIL import Image

from t4s_lib.models import FAMILIES
from t4s_lib.models.conversation import (
    IGNORED,
    completion_messages,
    prompt_messages,
)
from t4s_lib.models.squash import squash
from t4s_lib.models.toys import toy
from t4s_lib.models.turns import answers_only, completion_text

NAMES = [name for name in FAMILIES if name != "paligemma"]  # it takes one turn
ANSWERS = ("others *4\n others *4", "dog *2| cat *2", "It is a dog.")
QUESTIONS = ("Where is the dog?", "Where are ASSISTANT: all?", "What is it?")


def row(backbone: Any, turns: int) -> dict[str, Any]:
    completion = completion_messages(ANSWERS[0])
    for k in range(1, turns):
        text = {"type": "text", "text": QUESTIONS[k]}
        completion.append({"role": "user", "content": [text]})
        completion += completion_messages(ANSWERS[k])
    return {
        "images": [squash(Image.new("RGB", (30, 20)), backbone)],
        "prompt": prompt_messages(QUESTIONS[0]),
        "completion": completion,
    }


def whole(backbone: Any) -> Any:
    """trl's collator: all of a completion is learned."""
    from trl.trainer.sft_trainer import DataCollatorForVisionLanguageModeling

    make = DataCollatorForVisionLanguageModeling(
        backbone.processor, completion_only_loss=True
    )
    return lambda rows: make([dict(one) for one in rows])


def learned(backbone: Any, labels: Any) -> str:
    return str(backbone.tokenizer.decode(labels[labels != IGNORED]))


@pytest.mark.parametrize("name", NAMES)
def test_only_answers_and_their_ends_are_learned(name: str) -> None:
    backbone = toy(name)
    rows = [row(backbone, turns) for turns in (1, 2, 3)]
    plain = whole(backbone)(rows)
    batch = answers_only(whole(backbone), backbone.processor)(rows)
    end = backbone.tokenizer.eos_token
    assert batch["labels"][0].equal(plain["labels"][0])
    for turns, labels in zip((1, 2, 3), batch["labels"], strict=True):
        said = learned(backbone, labels)
        parts = [part.strip() for part in said.split(end)]
        assert parts[:turns] == list(ANSWERS[:turns])
        assert "".join(parts[turns:]) == ""
        ids = batch["input_ids"][turns - 1]
        assert ids[labels != IGNORED].equal(labels[labels != IGNORED])
    assert batch["input_ids"].equal(plain["input_ids"])


def test_the_questions_are_found_in_the_text() -> None:
    backbone = toy("llava")
    text, spans = completion_text(row(backbone, 3), backbone.processor)
    for (begin, end), question in zip(spans, QUESTIONS[1:], strict=True):
        assert question in text[begin:end]
        assert not any(answer in text[begin:end] for answer in ANSWERS)


def test_a_collator_that_writes_something_else_is_refused() -> None:
    backbone = toy("llava")
    one = row(backbone, 2)
    batch = whole(backbone)([one])
    batch["labels"][0, -1] = IGNORED
    with pytest.raises(ValueError, match=r"a completion has \d+ labels, expected"):
        answers_only(lambda rows: batch, backbone.processor)([one])


def test_the_collator_of_training_takes_questions_out() -> None:
    from t4s_lib.models.conversation import collator

    backbone = toy("llava")
    rows = [row(backbone, turns) for turns in (1, 3)]
    expected = answers_only(whole(backbone), backbone.processor)(rows)
    assert collator(backbone)(rows)["labels"].equal(expected["labels"])
