"""What is read before writing is what stood before the answer in training."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("trl")

import torch
from PIL import Image

from t4s_lib.models import FAMILIES, Backbone
from t4s_lib.models.conversation import (
    IGNORED,
    collator,
    completion_messages,
    decode_answers,
    encode_prompts,
    prompt_messages,
)
from t4s_lib.models.squash import squash
from t4s_lib.models.toys import toy
from t4s_lib.prompts import ask, fold

LABELS = ("dog", "the leftmost person who holds a red umbrella")
"""One short, one long: batches need padding."""

QUESTIONS = [ask(label, seed=i) for i, label in enumerate(LABELS)]
ANSWERS = [
    fold(f"others *3| {label} *1\n others *{i + 1}\n", label, seed=i)
    for i, label in enumerate(LABELS)
]
IMAGES = [Image.new("RGB", (90, 60), "red"), Image.new("RGB", (60, 90), "blue")]


def rows(backbone: Backbone) -> list[dict[str, Any]]:
    return [
        {
            "images": [squash(image, backbone)],
            "prompt": prompt_messages(question),
            "completion": completion_messages(answer),
        }
        for image, question, answer in zip(IMAGES, QUESTIONS, ANSWERS, strict=True)
    ]


def ids_of(batch: Any) -> list[list[int]]:
    """The tokens of each row, without padding."""
    pairs = zip(batch["input_ids"], batch["attention_mask"], strict=True)
    return [ids[mask == 1].tolist() for ids, mask in pairs]


@pytest.mark.parametrize("name", FAMILIES)
def test_the_prompt_is_a_prefix_of_what_is_trained(name: str) -> None:
    backbone = toy(name)
    prompts = ids_of(encode_prompts(backbone, IMAGES, QUESTIONS))
    trained = ids_of(collator(backbone)(rows(backbone)))
    for prompt, whole in zip(prompts, trained, strict=True):
        assert whole[: len(prompt)] == prompt
        assert len(whole) > len(prompt)


@pytest.mark.parametrize("name", FAMILIES)
def test_the_loss_is_on_the_answer_and_its_end_alone(name: str) -> None:
    backbone = toy(name)
    batch = collator(backbone)(rows(backbone))
    prompts = ids_of(encode_prompts(backbone, IMAGES, QUESTIONS))
    end = backbone.tokenizer.eos_token
    for i, labels in enumerate(batch["labels"]):
        counted = labels != IGNORED
        assert torch.equal(labels[counted], batch["input_ids"][i][counted])
        # Templates write a blank before the answer, a line break after its end.
        assert backbone.tokenizer.decode(labels[counted]).strip() == ANSWERS[i] + end
        read = counted & (batch["attention_mask"][i] == 1)
        assert torch.equal(read, counted)
        assert int(counted.sum()) == len(ids_of(batch)[i]) - len(prompts[i])


@pytest.mark.parametrize("name", FAMILIES)
def test_the_end_in_training_is_the_end_in_writing(name: str) -> None:
    backbone = toy(name)
    stops = backbone.model.generation_config.eos_token_id
    batch = collator(backbone)(rows(backbone))
    for labels in batch["labels"]:
        assert stops in labels.tolist()


@pytest.mark.parametrize("name", FAMILIES)
def test_a_batch_writes_what_each_prompt_alone_writes(name: str) -> None:
    backbone, how = toy(name), {"max_new_tokens": 6, "do_sample": False}

    def write(images: list[Image.Image], questions: list[str]) -> list[list[int]]:
        batch = encode_prompts(backbone, images, questions)
        with torch.no_grad():
            ids = backbone.model.generate(**batch, **how)
        new: list[list[int]] = ids[:, batch["input_ids"].shape[1] :].tolist()
        return new

    together = write(IMAGES, QUESTIONS)
    pairs = zip(IMAGES, QUESTIONS, strict=True)
    assert together == [write([image], [asked])[0] for image, asked in pairs]


def test_prompts_are_padded_on_the_left() -> None:
    batch = encode_prompts(toy("llava"), IMAGES, QUESTIONS)
    assert batch["attention_mask"][0, 0] == 0
    assert batch["attention_mask"][:, -1].tolist() == [1, 1]


def test_answers_are_read_without_prompt_and_special_tokens() -> None:
    backbone = toy("llava")
    prompts = encode_prompts(backbone, IMAGES, QUESTIONS)
    written = backbone.tokenizer(
        [answer + backbone.tokenizer.eos_token for answer in ANSWERS],
        return_tensors="pt",
        padding=True,
        padding_side="right",
    )["input_ids"]
    whole = torch.cat([prompts["input_ids"], written], dim=1)
    assert decode_answers(backbone, prompts, whole) == ANSWERS


def test_one_picture_per_question() -> None:
    with pytest.raises(ValueError, match="found 2 pictures and 1 questions"):
        encode_prompts(toy("llava"), IMAGES, ["?"])


@pytest.mark.parametrize("name", ["llava", "paligemma"])
def test_rows_are_left_as_they_are_and_text_may_be_plain(name: str) -> None:
    backbone = toy(name)
    expected = collator(backbone)(rows(backbone))
    plain = [
        {
            "images": row["images"],
            "prompt": [{"role": "user", "content": question}],
            "completion": [{"role": "assistant", "content": answer}],
        }
        for row, question, answer in zip(
            rows(backbone), QUESTIONS, ANSWERS, strict=True
        )
    ]
    for _ in range(2):
        found = collator(backbone)(plain)
        assert torch.equal(found["input_ids"], expected["input_ids"])
        assert torch.equal(found["labels"], expected["labels"])


def test_trls_path_is_wrong_for_paligemma() -> None:
    """Why it has a collator of its own; when this fails, it may go."""
    from trl.trainer.sft_trainer import DataCollatorForVisionLanguageModeling

    backbone = toy("paligemma")
    make = DataCollatorForVisionLanguageModeling(
        backbone.processor, completion_only_loss=True
    )
    with pytest.raises(ValueError, match="`images` are expected"):
        make([dict(row) for row in rows(backbone)])
