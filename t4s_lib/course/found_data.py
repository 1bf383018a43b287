"""Real referring masks, where they are at hand.

The environment variable ``T4S_DATA`` names a folder that holds real data sets (see
``data/README.md``). Lessons compute on them too where it is set, and say so; where
it is not, they say what is missing and go on.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from t4s_lib.sources import Sample, has_image, parse_benchmark, refer
from t4s_lib.sources.errors import DataError

VARIABLE = "T4S_DATA"

_BENCHMARKS = ("refcocog:google:val", "refcocog:umd:val")


class RealData(NamedTuple):
    """Real samples, or the reason why there are none.

    Attributes:
        samples: Referring samples; empty where there is no real data.
        note: One line: what these are, or what is missing.
    """

    samples: Sequence[Sample]
    note: str

    def __bool__(self) -> bool:
        return bool(self.samples)

    def with_pictures(self) -> list[Sample]:
        """Those whose picture is there too, one a picture."""
        seen = {s.extra["image_id"]: s for s in self.samples if has_image(s)}
        return list(seen.values())


def real_data(limit: int | None = None) -> RealData:
    """Find real RefCOCOg under ``T4S_DATA``.

    Args:
        limit: How many samples at most, spread over the data; all where None.

    Returns:
        The samples, and a line to show with them. Never raises for missing data.
    """
    root = os.environ.get(VARIABLE, "")
    if not root:
        what = (
            f"{VARIABLE} is not set, so this lesson computes on synthetic scenes only."
        )
        return RealData((), f"No real data: {what} See data/README.md.")
    reasons = []
    for name in _BENCHMARKS:
        try:
            samples = refer(Path(root), *parse_benchmark(name))
        except DataError as reason:
            reasons.append(f"{name}: {reason}")
            continue
        step = max(1, -(-len(samples) // limit)) if limit else 1
        part = samples[::step]
        note = f"Real data: {len(part)} of {len(samples)} expressions of {name}."
        return RealData(part, note)
    return RealData((), f"No real data under {VARIABLE}: " + "; ".join(reasons))
