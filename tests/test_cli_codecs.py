"""``t4s codecs list`` and ``t4s codecs compare``."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from t4s_lib import Codec, DescriptorGrid, codec_names, codecs, register
from t4s_lib.cli import main
from t4s_lib.codecs import Reading
from t4s_lib.codecs.labels import LabelTable
from t4s_lib.codecs.tags import Tagged
from t4s_lib.course.codec_plot import alt_text, tokens_and_iou
from t4s_lib.course.codec_study import OWN_GRID, compare
from t4s_lib.sources import scenes


@pytest.fixture(autouse=True)
def without_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("T4S_DATA", raising=False)


def test_every_codec_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["codecs", "list", "--json"]) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [record["codec"] for record in found] == list(codec_names())
    assert all(record["what"] and record["example"] for record in found)
    assert all(record["grammar"] and record["drafts"] for record in found)
    assert main(["codecs", "list"]) == 0
    assert "spans         Where the targets are" in capsys.readouterr().out


def test_a_comparison_is_a_table_a_figure_and_a_record(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [tmp_path / "c.png", tmp_path / "c.json"]
    options = [part for file in files for part in ("--out", str(file))]
    small = ["--grid", "16", "--grid", "8", "--limit", "3", "--tokenizer", "tiny"]
    assert main(["codecs", "compare", *small, *options]) == 0
    out, err = capsys.readouterr()
    assert "3 of 1,000 masks of scenes:synthetic:val, tokens of tiny" in out
    assert "3 of 3 samples" in err
    assert files[0].read_bytes()[:4] == b"\x89PNG"
    record = json.loads(files[1].read_text(encoding="utf-8"))
    assert record["samples"] == 3
    names = [*codec_names(), OWN_GRID]
    assert [(p["codec"], p["grid"]) for p in record["points"]] == [
        (name, side) for name in names for side in (8, 16)
    ]
    at = {(p["codec"], p["grid"]): p for p in record["points"]}
    assert at["full", 16]["saves"] == 0
    assert at["spans", 16]["saves"] > at["row-rle", 16]["saves"] > 0.5
    assert sorted(tmp_path.iterdir()) == sorted(files)


def test_codecs_that_lose_nothing_have_one_oracle() -> None:
    points = compare(scenes(3, split="val"), codec_names(), (16,), len)
    assert len({point.oracle_iou for point in points}) == 1
    assert {point.exact for point in points} == {1.0}
    low, high = points[0].tokens_95
    assert low <= points[0].tokens <= high


def test_a_codec_that_loses_cells_is_charged_for_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(codecs, "_CODECS", dict(codecs._CODECS))

    @register
    class Blind(Codec):
        name = "blind"

        def encode(self, grid: DescriptorGrid) -> str:
            return "nothing\n"

        def read(
            self, tagged: Tagged, shape: tuple[int, int], table: LabelTable
        ) -> Reading:
            return Reading(None)

    blind, full = compare(scenes(2, split="val"), ("blind", "full"), (8,), len)
    assert (blind.oracle_iou, blind.exact) == (0.0, 0.0)
    assert blind.saves is not None
    assert blind.saves > 0.9
    assert full.oracle_iou > 0.3


def test_the_figure_says_what_the_table_says() -> None:
    points = compare(scenes(2, split="val"), ("full", "spans"), (8, 16), len)
    fig = tokens_and_iou(points, "letters", mine="spans")
    (ax,) = fig.axes
    assert [np.asarray(line.get_xydata()).tolist() for line in ax.lines] == [
        [[p.tokens, p.oracle_iou] for p in points if p.codec == name]
        for name in ("full", "spans")
    ]
    assert "oracle IoU" in ax.get_ylabel()
    assert "letters" in ax.get_xlabel()
    assert f"spans {points[2].tokens:.0f} tokens" in alt_text(points, "letters")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--out", "c.txt"], "--out is c.txt, expected a name ending in .png"),
        (["--out", "no/such/c.png"], "expected a file in a folder that exists"),
        (["--limit", "0"], "--limit is 0"),
        (["--grid", "0"], "--grid is 0, expected 1 to 256"),
        (["--codec", "rle"], "codec is 'rle'"),
        (["--tokenizer", "nobodys"], "--tokenizer is 'nobodys'"),
        (["--benchmark", "nothing:at:all"], "nothing"),
    ],
)
def test_bad_options_are_named(
    options: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rest = ["--limit", "1", "--tokenizer", "tiny"]
    given = rest if "--tokenizer" not in options else rest[:2]
    assert main(["codecs", "compare", *given, *options]) == 2
    assert says in capsys.readouterr().err


def test_a_folder_without_the_data_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["codecs", "compare", "--data", str(tmp_path)]) == 2
    assert "refcocog:google:val" in capsys.readouterr().err
