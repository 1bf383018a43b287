"""Benchmark names, and what importing the package costs."""

from __future__ import annotations

import subprocess
import sys

import pytest

from t4s_lib.sources import Benchmark, DataError, parse_benchmark


@pytest.mark.parametrize(
    "name", ["refcocog:umd:val", "grefcoco:unc:testA", "scenes:synthetic:heldout-pairs"]
)
def test_a_name_and_its_parts(name: str) -> None:
    benchmark = parse_benchmark(name)
    assert benchmark == tuple(name.split(":"))
    assert str(benchmark) == name


def test_blanks_do_not_matter() -> None:
    assert parse_benchmark(" a : b:c") == Benchmark("a", "b", "c")


@pytest.mark.parametrize("name", ["", "refcocog", "a:b", "a::c", "a:b:c:d", "::"])
def test_another_form_is_refused(name: str) -> None:
    with pytest.raises(DataError, match="has not the form dataset:variant:split"):
        parse_benchmark(name)


def test_importing_sources_is_light() -> None:
    code = (
        "import sys, t4s_lib.sources; "
        "print({'pycocotools', 'torch', 'matplotlib'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"
