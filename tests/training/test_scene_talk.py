"""Talks about scenes: what is said is true, and ``it`` is the first target."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from t4s_lib.answers import read_answer
from t4s_lib.grid import mask_to_grid
from t4s_lib.instances import instances_in
from t4s_lib.sources import DataError, scenes
from t4s_lib.training.passes import training_set
from t4s_lib.training.photo_rows import spoken
from t4s_lib.training.recipe import Recipe, load_recipe
from t4s_lib.training.scene_talk import talk_row, talk_turns
from t4s_lib.training.specs import DataSpec

from .test_photo_rows import said

SIDES = {"left of": (0, -1), "right of": (0, 1), "above": (1, -1), "below": (1, 1)}


def check(sample: Any, question: str, answer: str, recipe: Recipe) -> str:
    """Whether an answer is true of the scene; what was asked, in a word."""
    targets, things = sample.extra["targets"], sample.extra["objects"]
    ids = sample.extra["scene"].instances(sample.mask.shape)
    if question.startswith("How many cells"):
        cells = mask_to_grid(sample.mask, recipe.grid, rule=recipe.rule).foreground
        assert answer == str(cells.sum())
        return "cells"
    if question == "How many are they?":
        assert answer == str(len(targets)) != "1"
        return "count"
    if question == "Is it in the image?":
        assert answer.startswith("Yes" if sample.mask.any() else "No")
        return "exists"
    if found := re.fullmatch("What (colour|shape) is it\\?", question):
        (k,) = targets
        assert answer == getattr(things[k], found[1])
        return found[1]
    (k,) = targets
    (words,) = [words for words in SIDES if f"the shape {words} it" in question]
    grid = read_answer(answer, recipe.grid).grid
    axis, sign = SIDES[words]
    fits = [
        other
        for other in range(len(things))
        if other != k
        and sign * (things[other].centre[axis] - things[k].centre[axis]) > 0
        and np.array_equal(
            mask_to_grid(ids == other + 1, recipe.grid).foreground, grid.foreground
        )
    ]
    assert len(fits) >= 1
    return "beside"


def test_what_is_said_is_true(small: Recipe) -> None:
    recipe = replace(small, grid=16)
    met: set[str] = set()
    for sample in scenes(60, "train"):
        for turn in range(2):
            first, *later = talk_turns(sample, turn, 4, recipe)
            assert sample.expression in first.question
            grid = read_answer(first.answer, 16).grid
            assert np.array_equal(
                grid.foreground, mask_to_grid(sample.mask, 16).foreground
            )
            kinds = [check(sample, *one, recipe) for one in later]
            assert "beside" not in kinds[:-1]  # else "it" would mean another
            assert len(set(kinds)) == len(kinds)
            met |= set(kinds)
    assert met == {"cells", "count", "exists", "colour", "shape", "beside"}


def test_a_recipe_trains_on_talks(small: Recipe) -> None:
    spec = DataSpec("scenes:talk:train", rounds=3)
    rows = training_set(replace(small, data=(spec,))).rows
    lengths = set()
    for k in range(12):
        turns = said(rows[k])
        assert [who for who, _ in turns] == ["user", "assistant"] * (len(turns) // 2)
        assert len(rows[k]["images"]) == 1
        lengths.add(len(turns))
    assert max(lengths) == 6
    assert said(rows[3]) == said(training_set(replace(small, data=(spec,))).rows[3])
    counted = spoken(scenes(1)[0], spec, small)
    assert counted == talk_turns(scenes(1)[0], 0, 3, small)


def test_another_pass_says_something_else(small: Recipe) -> None:
    sample = scenes(5)[0]
    talks = {str(said(talk_row(sample, turn, 3, small, 28))) for turn in range(6)}
    assert len(talks) > 3


def test_plain_scenes_are_still_asked_about_once(small: Recipe) -> None:
    for name in ("scenes:reasoning:train", "scenes:tasks:train"):
        spec = DataSpec(name, rounds=2)
        with pytest.raises(DataError, match="has rounds 2, expected 1"):
            training_set(replace(small, data=(spec,)))


def test_recipes_read_implied_expressions_and_instances(small: Recipe) -> None:
    specs = (DataSpec("scenes:reasoning:train", kinds=("odd",)),)
    (asked, _) = said(training_set(replace(small, data=specs)).rows[0])
    assert "the odd one out" in asked[1]
    recipe = replace(small, grid=16, data=(DataSpec("scenes:instances:train"),))
    rows = training_set(recipe).rows
    for k in range(6):
        question, answer = (words for _, words in said(rows[k]))
        assert re.search("each [a-z ]+", question)
        grid = read_answer(answer, 16).grid
        assert len(instances_in(grid)) >= 2
        firsts = [int(np.argmax(grid.where(one.name))) for one in instances_in(grid)]
        assert firsts == sorted(firsts)


def test_the_recipe_beyond_masks_has_all_four_sorts() -> None:
    """And each row fits the tiny model's context, 1024 tokens, 64 of them picture."""
    from t4s_lib.models.tiny.vocabulary import build_tokenizer

    recipe = load_recipe("tiny-beyond")
    rows, tokenizer = training_set(recipe).rows, build_tokenizer()
    sorts: Counter[str] = Counter()
    for k in range(150):
        turns = said(rows[k])
        words = " ".join(text for _, text in turns)
        assert len(tokenizer(words).input_ids) < 1024 - 64 - 20
        if len(turns) > 2:
            sorts["talk"] += 1
        elif "<seg>" not in words:
            sorts["task"] += 1
        else:
            sorts["each" if " each " in f" {turns[0][1]}" else "mask"] += 1
    assert set(sorts) == {"talk", "task", "each", "mask"}
    assert sorts["mask"] / 150 == pytest.approx(0.7, abs=0.15)
