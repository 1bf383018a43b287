"""Measure everything and write ``build/bench.json``.

Real referring masks are taken from the folder named by ``T4S_DATA``; where there
are none, synthetic scenes are, and the file says so.
"""

from __future__ import annotations

import json
import platform
from pathlib import Path
from typing import Any

from benchmarks.codec import measure_codec
from benchmarks.decoding import measure_decoding
from benchmarks.evaluation import measure_evaluation
from benchmarks.samples import bench_samples
from benchmarks.tokens import measure_tokens
from benchmarks.widgets import measure_widgets
from t4s_lib import __version__
from t4s_lib.course.results import replace_text

OUT = Path("build/bench.json")


def main() -> None:
    """Run the benchmarks, print a summary, write the file."""
    samples, masks = bench_samples()
    print(f"masks: {masks}")
    found: dict[str, Any] = {
        "masks": masks,
        "n": len(samples),
        "tokens": measure_tokens(samples),
        "codec": measure_codec(samples),
        "decoding": measure_decoding(samples),
        "evaluation": measure_evaluation(),
        "widgets": measure_widgets(),
        "measured_on": {
            "python": platform.python_version(),
            "machine": platform.machine(),
            "t4s_lib": __version__,
        },
    }
    OUT.parent.mkdir(parents=True, exist_ok=True)
    replace_text(OUT, json.dumps(found, indent=2) + "\n")
    print(
        json.dumps(
            {key: value for key, value in found.items() if isinstance(value, dict)},
            indent=2,
        )
    )
    print(OUT)


if __name__ == "__main__":
    main()
