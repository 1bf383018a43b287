"""The printed figures are whole, sourced, and never mixed with other protocols."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from t4s_lib.evaluation.beside import Figures, beside, ours_beside
from t4s_lib.evaluation.metrics import count, count_classes, scores, semantic_scores
from t4s_lib.evaluation.published import (
    Row,
    full_size,
    protocols,
    protocols_of,
    published,
    trust_levels,
)

ROWS = [row for name in protocols() for row in published(name)]
RES = [column.benchmark for column in protocols()["res-ciou"].columns]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.protocol}-{row.name}")
def test_every_row_is_whole(row: Row) -> None:
    assert len(row.values) == len(protocols()[row.protocol].columns)
    known = [value for value in (*row.values, row.mean) if value is not None]
    assert known
    assert all(1 < value < 100 for value in known)  # percent, not fractions
    assert row.source
    assert row.trust in trust_levels()
    assert (row.trust == "page") == bool(row.table and "6" not in row.table)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.protocol}-{row.name}")
def test_printed_means_are_those_of_the_printed_figures(row: Row) -> None:
    known = [value for value in row.values if value is not None]
    if row.mean is not None and len(known) == len(row.values):
        assert row.mean == pytest.approx(sum(known) / len(known), abs=0.0501)


def test_the_papers_tables_are_there() -> None:
    found = {
        (row.table, row.protocol)
        for row in ROWS
        if row.system == "Text4Seg" and row.table
    }
    assert found >= {
        ("Text4Seg, Table 1", "res-ciou"),
        ("Text4Seg, Table 2", "gres"),
        ("Text4Seg, Table 3", "rec-mask-boxes"),
        ("Text4Seg, Table 4", "vqa"),
        ("Text4Seg, Table 4", "res-ciou"),
        ("Text4Seg, Table 5", "ovs-parity"),
    }
    for name in ("res-ciou", "gres", "rec-mask-boxes"):
        own = [r for r in published(name, "Text4Seg") if r.trust == "page"]
        backbones = {r.backbone for r in own if r.mean}
        assert len(backbones) == 6, name


def test_no_row_is_there_twice() -> None:
    keys = [(r.protocol, r.name, r.refiner, r.table, r.values, r.mean) for r in ROWS]
    assert len(set(keys)) == len(keys)


def test_every_score_named_is_one_that_we_count() -> None:
    ours = set(scores([count([[1]], [[1]])]))
    ours |= set(semantic_scores([count_classes([[1]], [[1]], 1)], 1))
    named = {c.score for p in protocols().values() for c in p.columns if c.score}
    assert named <= ours


def test_box_accuracies_of_two_kinds_are_two_protocols() -> None:
    masks = {row.system for row in published("rec-mask-boxes")}
    drawn = {row.system for row in published("rec-annotated")}
    assert masks == {"Text4Seg"}
    assert {"Shikra", "Ferret"} <= drawn
    assert not masks & drawn


def test_benchmarks_lead_to_their_protocols() -> None:
    assert protocols_of("grefcoco:unc:testA") == ["gres", "gres-n-acc"]
    assert protocols_of("voc:20:val") == ["ovs", "ovs-parity"]
    assert protocols_of("reasonseg:all:val") == ["reasonseg"]
    assert protocols_of("reasonseg:short:val") == []
    assert protocols_of("refcoco:google:val") == []
    assert full_size("refcocog:umd:test") == 9602


def test_unknown_names_are_one_line_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="unknown protocol 'res': expected gres"):
        published("res")
    with pytest.raises(ValueError, match="unknown system of gres 'SAM': expected"):
        published("gres", "SAM")


def whole(value: float | None = 0.5) -> dict[str, Figures]:
    """A full run of all eight benchmarks."""
    return {name: {"cIoU": value, "n": full_size(name)} for name in RES}


def test_a_full_run_gets_all_columns_and_a_mean() -> None:
    table = beside(whole(), "res-ciou", name="tiny", refiner="bilinear")
    assert len(table.head) == 12
    assert table.rows[table.ours][:3] == ("tiny", "bilinear", "50.0")
    assert table.rows[table.ours][-2:] == ("50.0", "measured")
    assert any(row[0] == "LAVT" and row[-2] == "65.8" for row in table.rows)
    assert not any("samples" in note for note in table.notes)


def test_part_of_the_benchmarks_shows_part_of_the_table() -> None:
    table = beside({"refcoco:unc:testB": {"cIoU": 0.4, "n": 5095}}, "res-ciou")
    assert table.head[2:-1] == ("RefCOCO testB cIoU",)
    assert not any(row[0] == "LAVT" for row in table.rows)  # only its mean is known
    assert all(row[2] != "-" for row in table.rows)


def test_part_of_a_benchmark_is_said_not_to_compare() -> None:
    table = beside({"refcoco:unc:val": {"cIoU": 0.4, "n": 50}}, "res-ciou")
    assert any("50 of 10,834 samples" in note for note in table.notes)


def test_gres_shows_two_figures_a_split() -> None:
    run = {"grefcoco:unc:val": {"gIoU": 0.5, "cIoU": 0.25, "n_acc": None}}
    table = beside(run, "gres", systems=["Text4Seg"])
    assert table.head[2:4] == ("gRefCOCO val gIoU", "gRefCOCO val cIoU")
    assert table.rows[table.ours][2:4] == ("50.0", "25.0")
    none = beside(run, "gres-n-acc")
    assert none.rows[none.ours][2] == "-"


@pytest.mark.parametrize(
    ("run", "protocol", "message"),
    [
        ({}, "res-ciou", "there are no scores to compare"),
        ({"refcoco:unc:val": {"gIoU": 0.5}}, "res-ciou", "have no cIoU"),
        ({"refcoco:google:val": {"cIoU": 0.5}}, "res-ciou", "is not in res-ciou"),
        ({"voc:20:val": {"mIoU": 0.5}}, "ovs-parity", "have no mIoU_parity"),
        ({"vqav2": {"n": 1}}, "vqa", "vqa has no figure of ours beside it"),
        ({RES[0]: {"n": 1}}, "rec-unstated", "has no figure of ours beside it"),
        ({RES[0]: {"n": 1}}, "cIoU", "unknown protocol 'cIoU'"),
    ],
)
def test_what_does_not_compare_is_refused(
    run: dict[str, Figures], protocol: str, message: str
) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        ours_beside(run, protocol)
    assert "\n" not in str(caught.value)


def test_markdown_and_html_hold_the_same_cells() -> None:
    table = beside(whole(), "res-ciou", name="a|b <i>")
    text = ours_beside(whole(), "res-ciou", name="a|b <i>")
    page = ours_beside(whole(), "res-ciou", name="a|b <i>", form="html")
    tree = ElementTree.fromstring(f"<div>{page}</div>")
    cells = [["".join(c.itertext()) for c in row] for row in tree.iter("tr")]
    assert cells == [list(table.head), *map(list, table.rows)]
    assert [row.get("class") for row in tree.iter("tr")][-1] == "ours"
    lines = [line for line in text.splitlines() if line.startswith("|")]
    assert len(lines) == len(table.rows) + 2
    assert r"| **a\|b <i>** |" in lines[-1]
    with pytest.raises(ValueError, match="unknown form 'pdf': expected html, markdown"):
        ours_beside(whole(), "res-ciou", form="pdf")
