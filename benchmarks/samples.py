"""The masks that benchmarks run on: real ones where they are at hand."""

from __future__ import annotations

from collections.abc import Sequence

from t4s_lib.course import real_data
from t4s_lib.sources import Sample, scenes


def bench_samples() -> tuple[Sequence[Sample], str]:
    """Samples, and a line that says what they are."""
    real = real_data()
    if real:
        return real.samples, real.note
    part = scenes(127, split="val", size=(480, 640))
    return part, f"127 synthetic scenes of 640 x 480. {real.note}"
