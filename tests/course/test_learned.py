"""What lesson 03 says of the shipped base, asked of the shipped base."""

import pytest
import torch

from t4s_lib.course import failing_runs, learned
from t4s_lib.course.exercises.lora import overfit
from t4s_lib.models import Backbone, load_backbone
from t4s_lib.sources import scenes
from t4s_lib.training.recipe import load_recipe

RECIPE = load_recipe("tiny")
SAMPLES = list(scenes(24, "val"))


@pytest.fixture(scope="module")
def base() -> Backbone:
    return load_backbone("tiny-base")


def test_the_base_sees_and_names(base: Backbone) -> None:
    assert learned.say(base, SAMPLES[0], "What is in row 11, column 7?") == (
        "purple star"
    )
    assert learned.naming(base, SAMPLES) > 0.7


def test_the_base_answers_with_a_box_and_never_with_a_mask(base: Backbone) -> None:
    question, target = learned.exchange_of(SAMPLES[0], RECIPE)
    assert "<seg>others *16\n" in target
    assert learned.say(base, SAMPLES[0], question).startswith("<box>")
    scores = learned.mask_scores(base, SAMPLES, RECIPE)
    assert scores["cIoU"] == 0
    assert scores["parse_failed"] == 1


def test_labels_are_the_answer_and_its_end(base: Backbone) -> None:
    batch = learned.batch_of(base, SAMPLES[:3], RECIPE)
    for sample, labels in zip(SAMPLES, batch["labels"], strict=False):
        kept = labels[labels != -100].tolist()
        assert kept[-1] == base.tokenizer.eos_token_id
        _, answer = learned.exchange_of(sample, RECIPE)
        assert base.tokenizer.decode(kept[:-1]) == answer


def test_lora_changes_nothing_until_it_is_trained(base: Backbone) -> None:
    batch = learned.batch_of(base, SAMPLES[:1], RECIPE)
    with torch.no_grad():
        before = base.model(**batch).logits
        student = learned.student(load_backbone("tiny-base"), RECIPE)
        assert torch.equal(student.model(**batch).logits, before)


NEVER_WRITTEN = ("<seg>", "</seg>", "Sure", " Here")
"""Words of the answer that the base never wrote.

Their embeddings are alike, and LoRA leaves them so: each keeps a loss of about 2,
though it is the likeliest (the model's card).
"""


def test_one_picture_is_soon_known_by_heart() -> None:
    torch.manual_seed(0)
    student = learned.student(load_backbone("tiny-base"), RECIPE)
    batch = learned.batch_of(student, SAMPLES[:1], RECIPE)
    weights = [p for p in student.model.parameters() if p.requires_grad]
    losses = overfit(student.model, batch, torch.optim.AdamW(weights, RECIPE.lr), 80)
    assert losses[-1] < 0.1 < 1 < losses[0]
    spared = student.tokenizer(list(NEVER_WRITTEN), add_special_tokens=False).input_ids
    labels = batch["labels"].clone()
    labels[torch.isin(labels, torch.tensor(spared).flatten())] = -100
    assert (labels != batch["labels"]).sum() == len(NEVER_WRITTEN)
    with torch.no_grad():
        assert student.model(**{**batch, "labels": labels}).loss < 0.01
    question, target = learned.exchange_of(SAMPLES[0], RECIPE)
    assert learned.say(student, SAMPLES[0], question) == target


def test_labels_one_off_are_each_tokens_own(base: Backbone) -> None:
    plain = learned.batch_of(base, SAMPLES[:1], RECIPE)
    moved = failing_runs._batch(plain, failing_runs.Way(one_off=True))
    at = (plain["labels"][0, 1:-1] != -100).nonzero()[:, 0] + 1
    assert torch.equal(moved["labels"][0, at + 1], plain["input_ids"][0, at])


def test_a_way_to_train_gives_a_curve_of_both_losses(base: Backbone) -> None:
    curve = failing_runs.train_way(
        failing_runs.Way(), load_backbone("tiny-base"), steps=failing_runs.EVERY
    )
    assert curve["steps"] == [failing_runs.EVERY]
    assert 0 < curve["training"][0] < 10
    assert 0 < curve["held_out"][0] < 10


def test_a_recipe_without_lora_has_no_student(base: Backbone) -> None:
    from dataclasses import replace

    with pytest.raises(ValueError, match="has no lora"):
        learned.student(base, replace(RECIPE, lora=None))
