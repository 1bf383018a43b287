"""Lesson 06 and real data: what is at hand, printed rows, and how to repeat one."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from t4s_lib.course.found_data import VARIABLE
from t4s_lib.evaluation.beside import ours_beside
from t4s_lib.evaluation.published import Row, protocols, published
from t4s_lib.sources import open_benchmark
from t4s_lib.sources.errors import DataError

REAL = ("refcocog:umd:val", "refcocog:google:val")
"""Benchmarks that the oracle is tried on: of the paper, and the one easiest to have."""

SYSTEMS = ("Text4Seg", "LISA", "GSVA")
"""Whose printed rows are shown: the paper's own, and two that it compares with."""


def data_folder() -> Path | None:
    """The folder that ``T4S_DATA`` names; None where it names none."""
    named = os.environ.get(VARIABLE, "")
    return Path(named) if named else None


def real_benchmarks(names: Sequence[str] = REAL) -> list[str]:
    """Those benchmarks that are at hand, whole or in part."""
    root = data_folder()
    return [name for name in names if root is not None and _is_there(name, root)]


def oracle_beside(runs: Mapping[str, Mapping[str, Any]], benchmark: str) -> str:
    """A Markdown table: what the paper printed, and below it the oracle's figure.

    Args:
        runs: By benchmark: what ``scores.json`` holds. Where the benchmark is not
            among them, the table has the printed rows alone.
        benchmark: One of the paper's, e.g. ``refcocog:umd:val``.
    """
    if benchmark in runs:
        ours = {benchmark: runs[benchmark]["bilinear"]}
        mine: Any = {"name": "oracle, 16 x 16", "refiner": "bilinear"}
        return ours_beside(ours, "res-ciou", systems=SYSTEMS, **mine)
    lines = [
        f"| {row.name} | {row.refiner} | {_of(row, benchmark)} | {row.source} |"
        for row in text4seg_rows(benchmark)
    ]
    head = f"| system | refiner | cIoU on {benchmark} | read in |\n|---|---|---:|---|\n"
    missing = f"\n\n{benchmark} is not at hand, so nothing of ours stands beside these."
    return head + "\n".join(lines) + missing


def text4seg_rows(benchmark: str) -> list[Row]:
    """The paper's printed cIoU rows on a benchmark."""
    rows = published("res-ciou", "Text4Seg")
    return [row for row in rows if _of(row, benchmark) is not None]


def commands(row: Row, benchmark: str, gpus: int = 8) -> str:
    r"""What to type on a machine with GPUs to get a printed row's figure.

    Args:
        row: A row of the paper with a backbone that has a recipe.
        benchmark: Where its figure was measured.
        gpus: How many there are.

    Examples:
        >>> row = text4seg_rows("refcocog:umd:val")[2]
        >>> print(commands(row, "refcocog:umd:val"))
        # Text4Seg (LLaVA-1.5-7B), SAM ViT-H: 72.1 printed (Text4Seg, Table 1)
        t4s data check $T4S_DATA
        torchrun --nproc_per_node 8 -m t4s_lib train \
            --recipe res-llava-1.5-7b --data $T4S_DATA ...
    """
    recipe = f"res-{row.backbone.lower()}"
    out = f"build/{recipe}"
    many = f"torchrun --nproc_per_node {gpus} -m t4s_lib"
    scored = f"{out}-{benchmark.split(':')[0]}"
    printed = f"{_of(row, benchmark)} printed ({row.table})"
    return "\n".join(
        [
            f"# {row.name}, {row.refiner}: {printed}",
            "t4s data check $T4S_DATA",
            f"{many} train \\",
            f"    --recipe {recipe} --data $T4S_DATA --out {out}",
            f"{many} evaluate \\",
            f"    --model {out}/adapter --benchmark {benchmark} \\",
            f"    --data $T4S_DATA --refiner sam --out {scored}",
        ]
    )


def _of(row: Row, benchmark: str) -> float | None:
    names = [column.benchmark for column in protocols()[row.protocol].columns]
    return row.values[names.index(benchmark)]


def _is_there(name: str, root: Path) -> bool:
    try:
        return len(open_benchmark(name, root)) > 0
    except DataError:
        return False
