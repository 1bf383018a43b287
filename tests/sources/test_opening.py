"""One door to every benchmark; what is unknown or empty is one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from t4s_lib.sources import BENCHMARKS, DataError, open_benchmark, scenes


def fault(name: str, root: Path | None = None) -> str:
    with pytest.raises(DataError) as caught:
        open_benchmark(name, root)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_an_unknown_name_gets_the_nearest_ones(tmp_path: Path) -> None:
    said = fault("refcocg:umd:val", tmp_path)
    assert said.startswith("unknown benchmark 'refcocg:umd:val': nearest are refcocog:")
    assert "ade20k:150:val" in fault("ade20k:847:val", tmp_path)
    assert "voc:20:val" in fault("voc:2012:val")
    assert "has not the form dataset:variant:split" in fault("refcocog:umd", tmp_path)


def test_every_name_leads_to_a_reader(tmp_path: Path) -> None:
    for name in BENCHMARKS:
        if name.startswith("scenes:"):
            assert len(open_benchmark(name, n=2)) == 2
        else:
            assert "not found" in fault(name, tmp_path) or "needs" in fault(
                name, tmp_path
            )


def test_scenes_need_no_root_and_real_data_do(tmp_path: Path) -> None:
    pairs = open_benchmark("scenes:synthetic:pairs", n=3)
    assert [s.source for s in pairs] == [s.source for s in scenes(3, "heldout-pairs")]
    assert fault("voc:20:val") == (
        "voc:20:val needs real data, expected --data with their folder"
    )
    nowhere = tmp_path / "nowhere"
    assert fault("voc:20:val", nowhere) == f"data folder {nowhere} does not exist"
