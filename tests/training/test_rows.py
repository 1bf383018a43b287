"""Rows: what is asked, what is answered, and what of it is learned."""

from __future__ import annotations

from typing import Any

import pytest
from PIL import Image

from t4s_lib import codec, unfold
from t4s_lib.models.conversation import collator
from t4s_lib.models.toys import toy
from t4s_lib.sources import Sample, scenes
from t4s_lib.training.rows import RowSet, exchange, row, true_grid


def said(made: dict[str, Any]) -> tuple[str, str]:
    """The question and the answer of a row."""
    (asked,) = made["prompt"][0]["content"][1:]
    (answer,) = made["completion"][0]["content"]
    return asked["text"], answer["text"]


@pytest.mark.parametrize("name", ["full", "image-rle", "row-rle"])
def test_the_answer_writes_the_true_grid_in_the_codec_asked_for(name: str) -> None:
    sample = scenes(8)[7]
    question, answer = said(row(sample, codec=name, grid=(8, 16), seed=3))
    assert sample.expression in question
    grid, report = codec(name).decode(unfold(answer).text, (8, 16))
    assert report.status == "exact"
    assert grid == true_grid(sample, (8, 16))


def test_wordings_change_with_the_pass_and_the_sample_and_nothing_else() -> None:
    samples = scenes(30)
    again = [said(row(s, seed=1)) for s in samples]
    assert [said(row(s, seed=1)) for s in samples] == again
    others = [said(row(s, seed=2)) for s in samples]
    assert sum(a[0] != b[0] for a, b in zip(again, others, strict=True)) > 15
    assert (
        len(
            {
                a[0].replace(s.expression, "X")
                for a, s in zip(again, samples, strict=True)
            }
        )
        == 6
    )


def test_several_labels_keep_their_places() -> None:
    sample = scenes(1, kinds=["everything"])[0]
    grid = true_grid(sample)
    assert set(grid.labels[1:]) == set(sample.labels)
    assert len(sample.labels) > 1
    lone = Sample(sample.image, "both", sample.mask, ["a", "b"], "demo#1")
    with pytest.raises(ValueError, match="demo#1 has no mask of 'a'"):
        true_grid(lone)


def test_a_picture_is_squashed_with_its_grid_or_left() -> None:
    wide = scenes(1, size=(48, 96))[0]
    assert row(wide, side=32)["images"][0].size == (32, 32)
    assert row(wide)["images"][0].size == (96, 48)


def test_only_the_answer_is_learned() -> None:
    backbone = toy("llava")
    rows = [row(sample, grid=4, seed=0, side=backbone.side) for sample in scenes(5)]
    batch = collator(backbone)(rows)
    for labels, made in zip(batch["labels"], rows, strict=True):
        learned = backbone.tokenizer.decode(labels[labels >= 0])
        assert learned == said(made)[1] + backbone.tokenizer.eos_token


def test_rows_are_made_one_at_a_time_and_only_when_asked_for() -> None:
    made: list[int] = []

    def make(position: int) -> dict[str, Any]:
        made.append(position)
        return exchange(Image.new("RGB", (8, 8)), f"question {position}", "answer")

    dataset = RowSet(make).dataset(10**6)
    assert (len(dataset), made) == (10**6, [])
    assert said(dataset[777])[0] == "question 777"
    assert made == [777]


def test_a_row_that_does_not_fit_is_replaced_by_one_that_does() -> None:
    rows = RowSet(lambda k: {"at": k}, fits=lambda one: one["at"] % 2 == 0)
    assert rows[4]["at"] == 4
    assert rows[5]["at"] % 2 == 0
    assert rows[5] == rows[5]
    with pytest.raises(ValueError, match="row 3 and 49 others are too long"):
        RowSet(lambda k: {"at": k}, fits=lambda _: False)[3]
