"""What the wording of a question does to a score: the paper draws it by lot.

All goes through the code of ``t4s evaluate``: ``Judge`` reads, draws and counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from t4s_lib.evaluation.items import Item, unpacked
from t4s_lib.evaluation.judging import Judge
from t4s_lib.evaluation.metrics import Counts
from t4s_lib.evaluation.plan import Plan
from t4s_lib.evaluation.writers import Written
from t4s_lib.prompts import ask
from t4s_lib.sources import Sample

if TYPE_CHECKING:
    from t4s_lib.segmenter import Segmenter

_AT_ONCE = 16  # answers that are written at the same time


def wordings() -> list[int]:
    """A seed for each wording of the paper's question, see ``prompts.ask``."""
    found: dict[str, int] = {}
    for seed in range(200):
        found.setdefault(ask("X", seed=seed), seed)
    return sorted(found.values())


def in_all_wordings(
    segmenter: Segmenter, plan: Plan, samples: Sequence[Sample]
) -> list[list[Counts]]:
    """Each sample asked in each wording: a list of counts for each wording.

    Args:
        segmenter: Who is asked.
        plan: How answers are read and drawn.
        samples: What is asked for.
    """
    judge = Judge(plan)
    items = [Item(k, sample, plan) for k, sample in enumerate(samples)]
    found = []
    for seed in wordings():
        each = zip(items, _answers(segmenter, samples, seed), strict=True)
        lines = (judge(item, Written(answer)) for item, answer in each)
        read = (unpacked(line, plan.headline) for line in lines)
        found.append([one for one in read if isinstance(one, Counts)])
    return found


def _answers(
    segmenter: Segmenter, samples: Sequence[Sample], seed: int
) -> Iterator[str]:
    for start in range(0, len(samples), _AT_ONCE):
        part = samples[start : start + _AT_ONCE]
        words = [sample.expression for sample in part]
        asked = [ask(one, seed=seed) for one in words]
        yield from segmenter.write([s.image for s in part], asked, words)[0]


def by_lot(
    asked: Sequence[Sequence[Counts]],
    figure: Callable[[Sequence[Counts]], float],
    runs: int = 1000,
) -> NDArray[np.float64]:
    """A figure of many runs that draw each sample's wording by lot.

    Args:
        asked: A list of counts for each wording.
        figure: Of the counts of one run.
        runs: How many.
    """
    rng = np.random.default_rng(0)
    chosen = rng.integers(len(asked), size=(runs, len(asked[0])))
    return np.array(
        [figure([asked[w][k] for k, w in enumerate(run)]) for run in chosen]
    )


def ciou(counts: Sequence[Counts]) -> float:
    """All intersections over all unions."""
    return sum(item.tp for item in counts) / sum(item.union for item in counts)
