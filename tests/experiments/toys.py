"""A made-up experiment, to try figures and words with; no model was asked.

``python -m tests.experiments.toys`` writes ``toy_results.json`` anew.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from t4s_lib.experiments.records import dumps, to_record
from t4s_lib.experiments.results import (
    ArmResult,
    Evaluated,
    Overlaps,
    Results,
    Training,
)

FILE = Path(__file__).with_name("toy_results.json")

N, UNION = 40, 1000
TOKENS = {"spans": 27.0, "box": 41.0, "row-rle": 95.0, "full": 540.0}
SHARES = {"spans": 0.86, "box": 0.84, "row-rle": 0.85, "full": 0.55}
SEEDS = {"spans": 2, "box": 2, "row-rle": 3, "full": 1}


def toy_results() -> Results:
    """Four codecs, of which one learned far less."""
    arms = [_arm(codec, seed) for codec, n in SEEDS.items() for seed in range(n)]
    top = Overlaps((800,) * N, (UNION,) * N)
    scenes = {"benchmark": "made up", "n": N, "digest": "made up", "no_target": 4}
    recipe = {"name": "toy", "minutes": 8.0, "clock": "cpu", "eval": {"n": 48}}
    made = {
        "date": "2000-01-01",
        "command": "python -m tests.experiments.toys",
        "commit": None,
        "changed": None,
        "versions": {},
        "machine": {"cpu": "none: made up", "cores": 0, "system": "none"},
        "threads": 1,
    }
    return Results(tuple(arms), {16: top}, {16: 540.0}, scenes, recipe, made, toy=True)


def _arm(codec: str, seed: int) -> ArmResult:
    rng = np.random.default_rng([len(codec), seed])
    hits = rng.normal(800 * SHARES[codec], 60, N).clip(0, UNION)
    overlaps = Overlaps(tuple(int(hit) for hit in hits), (UNION,) * N)
    ways = [(0.0, 0.0), (2.0, 0.5), (4.0, 0.8), (8.0, 1.0)]
    ways = ways if seed == 0 else [ways[0], ways[-1]]
    end = overlaps.ciou / 0.8
    curve = tuple(Evaluated(m, end * s * 0.8, end * s) for m, s in ways)
    steps = round(1500 / (1 + TOKENS[codec] / 100))
    return ArmResult(
        codec=codec,
        grid=16,
        seed=seed,
        overlaps=overlaps,
        unreadable=0.0,
        no_target_accuracy=1.0,
        true_tokens=TOKENS[codec],
        written_tokens=TOKENS[codec] + seed,
        seconds_per_answer=0.001 * TOKENS[codec],
        training=Training(steps, 16 * steps, 480.0, 3000 * steps, 2, curve),
    )


if __name__ == "__main__":
    FILE.write_text(dumps(to_record(toy_results())), encoding="utf-8")
