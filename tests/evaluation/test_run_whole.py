"""A run: what it leaves, that it is the same however it came about, who may go on."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from t4s_lib.answers import read_answer
from t4s_lib.evaluation.metrics import count, scores
from t4s_lib.evaluation.plan import Plan
from t4s_lib.evaluation.run import evaluate
from t4s_lib.evaluation.waterfall import waterfall
from t4s_lib.grid import grid_to_mask, mask_to_grid
from t4s_lib.prompts import ask
from t4s_lib.sources.opening import open_benchmark

from .runs import SCENES, N, kept, plan, records, refcoco, run


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that nothing disturbed."""
    out = tmp_path_factory.mktemp("whole") / "run"
    assert run(out).ok
    return out


def test_scores_are_those_of_the_texts(whole: Path) -> None:
    samples = open_benchmark(SCENES, n=N)
    lines = records(whole)
    assert [line["position"] for line in lines] == list(range(N))
    found = json.loads((whole / "scores.json").read_text())
    for way, part in (("nearest", found), ("bilinear", found["bilinear"])):
        counts = []
        for sample, line in zip(samples, lines, strict=True):
            assert line["source"] == sample.source
            assert line["question"] == ask(sample.expression, seed=sample.source)
            read = read_answer(line["answer"], 16)
            assert read.text == line["text"]
            size = (sample.mask.shape[0], sample.mask.shape[1])
            drawn = grid_to_mask(read.grid, size, mode=way)
            best = grid_to_mask(mask_to_grid(sample.mask), size, mode=way)
            status = read.report.status
            counts.append(count(sample.mask, drawn, ceiling=best, status=status))
        expected = scores(counts)
        assert {key: part[key] for key in expected} == expected


def test_the_oracle_loses_nothing_but_the_grid(whole: Path) -> None:
    found = json.loads((whole / "scores.json").read_text())
    assert found["cIoU"] == found["grid_ceiling"] == found["parse_ceiling"] < 1
    assert (found["parse_exact"], found["skipped"], found["n"]) == (1.0, 0, N)
    assert found["cIoU_low"] <= found["cIoU"] <= found["cIoU_high"]
    steps = {step.name: step.change for step in waterfall(found, refiner="bilinear")}
    assert (steps["parse"], steps["model"]) == (0, 0)
    assert steps["grid"] < 0 < steps["refiner"]


def test_two_processes_are_as_one(whole: Path, tmp_path: Path) -> None:
    run(tmp_path / "run", processes=2)
    assert kept(tmp_path / "run") == kept(whole)
    assert not list((tmp_path / "run").glob("*part*"))


def test_a_finished_run_stays_as_it_is(whole: Path) -> None:
    before = kept(whole)
    assert run(whole).scores == json.loads((whole / "scores.json").read_text())
    assert kept(whole) == before
    assert len(json.loads((whole / "timing.json").read_text())) == 1


def test_a_limit_can_grow_but_not_shrink(whole: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    assert run(out, limit=17).total == 17
    run(out)
    assert kept(out) == kept(whole)
    with pytest.raises(ValueError, match=r"of more than 17 samples.*--limit"):
        run(out, limit=17)
    assert kept(out) == kept(whole)


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"grid": 8}, r"grid is \[16, 16\], not \[8, 8\]"),
        ({"codec": "full"}, "codec is 'row-rle', not 'full'"),
        ({"refiners": ["nearest"]}, r"refiners is \['bilinear'\], not \[\]"),
        ({"benchmark": "scenes:synthetic:val"}, "benchmark is 'scenes:synthetic:held"),
        ({"model": "tiny"}, "model is 'oracle', not 'tiny'"),
    ],
)
def test_predictions_of_another_run_are_refused(
    whole: Path, other: dict[str, object], words: str
) -> None:
    before = kept(whole)
    with pytest.raises(ValueError, match=words) as error:
        evaluate(plan(**other), whole, limit=N)
    assert "another run" in str(error.value)
    assert "\n" not in str(error.value)
    assert kept(whole) == before


def test_other_versions_are_another_run(
    whole: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = {"t4s-lib": "9.9", "numpy": np.__version__}
    monkeypatch.setattr(Plan, "pinned", lambda self: replace(self, versions=new))
    with pytest.raises(ValueError, match=r"versions is .* not \{'t4s-lib': '9.9'\}"):
        run(whole)


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("mine")
    with pytest.raises(ValueError, match=r"holds thesis\.tex; expected a new folder"):
        run(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_lines_of_other_data_are_refused(tmp_path: Path) -> None:
    chosen = plan(benchmark="refcoco:unc:val")
    evaluate(chosen, tmp_path / "run", data=refcoco(tmp_path / "one", 4))
    lines = tmp_path / "run/predictions.jsonl"
    lines.write_text(lines.read_text().replace("val#2", "val#7"))
    with pytest.raises(ValueError, match=r"sample 2 is refcoco:unc:val#7 there"):
        evaluate(chosen, tmp_path / "run", data=tmp_path / "one")


def test_a_folder_has_one_run_at_a_time(tmp_path: Path) -> None:
    from t4s_lib.evaluation.lock import locked

    with locked(tmp_path), pytest.raises(ValueError, match="another t4s is running"):
        run(tmp_path)


def test_masks_need_no_photographs(tmp_path: Path) -> None:
    root = refcoco(tmp_path / "data", 4, pictures=False)
    found = evaluate(plan(benchmark="refcoco:unc:val"), tmp_path / "run", data=root)
    assert found is not None
    assert (found.skipped, found.scores["acc_50_annotated"]) == (0, 1.0)
    page = (tmp_path / "run/report.html").read_text()
    assert "Text4Seg" in page, "published figures stand beside ours"
