"""A model's soft masks reach the refiners of a run, and only where they may."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("scipy")

from t4s_lib.answers import read_answer
from t4s_lib.evaluation import writers
from t4s_lib.evaluation.items import Item
from t4s_lib.evaluation.judging import Judge
from t4s_lib.evaluation.run import evaluate
from t4s_lib.evaluation.writers import Writer, writer_of
from t4s_lib.refine import refiner
from t4s_lib.sources import Sample
from t4s_lib.sources.coco_masks import segmentation_mask
from t4s_lib.sources.opening import open_benchmark

from .runs import SCENES, plan, records

N = 6


@pytest.fixture(scope="module")
def tiny() -> Writer:
    return writer_of(plan(model="tiny"))


def items(n: int = 3, **more: Any) -> list[Item]:
    chosen = plan(model="tiny", **more)
    samples = open_benchmark(SCENES, n=n)
    return [Item(k, sample, chosen) for k, sample in enumerate(samples)]


def test_answers_come_with_soft_cells_that_fit_the_written_ones(tiny: Writer) -> None:
    for written in tiny(items()):
        assert written.soft is not None
        assert written.soft.shape == (16, 16)
        agreed = (written.soft > 0.5) == read_answer(written.answer).grid.foreground
        assert agreed.mean() > 0.9


def test_a_question_of_another_kind_gets_an_answer_without(tiny: Writer) -> None:
    asked = items()
    old = asked[1].sample
    other = {**old.extra, "question": "condition"}
    blank = Sample(old.image, old.expression, old.mask, old.labels, old.source, other)
    asked[1] = Item(1, blank, asked[1].plan)
    soft = [written.soft is not None for written in tiny(asked)]
    assert soft == [True, False, True]


def test_a_format_without_soft_cells_is_written_all_the_same() -> None:
    (written,) = writer_of(plan(model="tiny", codec="full", max_new_tokens=40))(
        items(1)
    )
    assert written.soft is None
    assert written.answer


def test_refiners_draw_what_soft_cells_say(tiny: Writer) -> None:
    chosen, unlike = plan(model="tiny", refiners=["bilinear", "edge"]), 0
    asked, judge = items(N), Judge(chosen)
    for item, written in zip(asked, tiny(asked), strict=True):
        record, grid = judge(item, written), read_answer(written.answer).grid
        assert set(record["masks"]) == {"bilinear", "edge"}, "nearest is in the text"
        for name, coded in record["masks"].items():
            kept = segmentation_mask(coded, 64, 64)
            draw, image = refiner(name), item.sample.image
            soft = draw.refine(grid, image, written.soft) > 0
            np.testing.assert_array_equal(kept, soft)
            unlike += bool((kept != (draw.refine(grid, image) > 0)).any())
    assert unlike >= N


def test_plain_scores_do_not_depend_on_soft_cells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = plan(model="tiny")
    soft = evaluate(chosen, tmp_path / "soft", limit=N)
    monkeypatch.setattr(writers, "CODECS", ())
    hard = evaluate(chosen, tmp_path / "hard", limit=N)
    assert soft is not None
    assert hard is not None
    assert soft.scores["cIoU"] == hard.scores["cIoU"]
    assert soft.scores["bilinear"]["cIoU"] != hard.scores["bilinear"]["cIoU"]
    texts = [[line["text"] for line in records(tmp_path / w)] for w in ("soft", "hard")]
    assert texts[0] == texts[1]
