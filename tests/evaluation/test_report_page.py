"""The report: needs no network, shows the worst, escapes what a model wrote."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from t4s_lib.evaluation import run as run_module
from t4s_lib.evaluation.items import Item
from t4s_lib.evaluation.run import evaluate
from t4s_lib.evaluation.waterfall import Step, told, waterfall, waterfall_svg
from t4s_lib.evaluation.worst import drawn_again, worst
from t4s_lib.evaluation.writers import Written

from ..sources.written import voc
from .runs import N, plan, records, run


class Reader(HTMLParser):
    """Collects addresses, and sees that tags are closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.addresses += [known[k] or "" for k in ("src", "href") if k in known]
        if tag not in ("meta", "img", "rect"):
            self.open.append(tag)
        if tag == "img":
            assert known.get("alt")

    def handle_endtag(self, tag: str) -> None:
        if tag != "rect":
            assert self.open.pop() == tag


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report") / "run"
    run(folder)
    return folder


def test_the_page_is_whole_and_needs_no_network(out: Path) -> None:
    page = (out / "report.html").read_text(encoding="utf-8")
    reader = Reader()
    reader.feed(page)
    assert reader.open == []
    assert len(reader.addresses) == 3 * 12
    assert all(a.startswith("data:image/jpeg;base64,") for a in reader.addresses)
    assert "@import" not in page
    assert "url(" not in page
    scores = json.loads((out / "scores.json").read_text())
    assert f"{scores['cIoU']:.4f}" in page
    assert f"{scores['bilinear']['cIoU']:.4f}" in page


def test_the_worst_are_the_lowest(out: Path) -> None:
    found = [iou for iou, _ in worst(out, "bilinear")]
    ious = []
    for record in records(out):
        c = record["counts"]["bilinear"]
        union = c["tp"] + c["fp"] + c["fn"]
        ious.append(c["tp"] / union if union else 1.0)
    assert found == sorted(ious)[:12]


def test_predictions_are_drawn_as_they_were_counted(out: Path) -> None:
    from t4s_lib.sources.opening import open_benchmark

    samples = open_benchmark(plan().benchmark, n=N)
    for record in records(out)[:10]:
        item = Item(record["position"], samples[record["position"]], plan())
        drawn = drawn_again(record, item, "bilinear") > 0
        counts = record["counts"]["bilinear"]
        assert np.count_nonzero(drawn & item.truth) == counts["tp"]
        assert np.count_nonzero(drawn & ~item.truth) == counts["fp"]


def test_what_a_model_wrote_is_escaped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def evil(items: Sequence[Item]) -> list[Written]:
        return [Written("<script>alert(1)</script>") for _ in items]

    evil.looks, evil.weights = False, ""  # type: ignore[attr-defined]
    monkeypatch.setattr(run_module, "writer_of", lambda plan: evil)
    run(tmp_path, limit=5)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_several_classes_are_scored_by_mean_iou(tmp_path: Path) -> None:
    voc(tmp_path / "data")
    chosen = plan(benchmark="voc:20:val", grid=(6, 8))
    found = evaluate(chosen, tmp_path / "run", data=tmp_path / "data")
    assert found is not None
    assert found.scores["mIoU"] == found.scores["grid_ceiling"] == 1.0
    assert found.scores["parse_ceiling"] == 1.0
    assert found.scores["parse_exact"] == 1.0
    page = (tmp_path / "run/report.html").read_text(encoding="utf-8")
    assert "mIoU 1.0000" in page
    assert "Text4Seg" in page


def test_steps_lead_from_one_to_the_score() -> None:
    scores = {
        "cIoU": 0.5, "grid_ceiling": 0.8, "parse_ceiling": 0.7, "edge": {"cIoU": 0.6}
    }  # fmt: skip
    steps = waterfall(scores, refiner="edge")
    assert [step.value for step in steps] == [1.0, 0.8, 0.7, 0.5, 0.6]
    assert 1 + sum(step.change for step in steps) == pytest.approx(0.6)
    picture = waterfall_svg(steps, "cIoU", "edge")
    assert len(re.findall("<rect", picture)) == 10
    assert "lost at the step" in told(steps, "cIoU")


def test_without_a_ceiling_there_are_no_steps() -> None:
    assert waterfall({"cIoU": 0.5, "grid_ceiling": None, "parse_ceiling": None}) == []
    assert told([Step("perfect", 1.0, 0.0)], "cIoU").endswith("loses any of it.")
