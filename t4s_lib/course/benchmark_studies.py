"""What lesson 06 reads off a finished run: its counts, who decides, broken texts."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from t4s_lib.codecs import codec
from t4s_lib.course.studies import slip
from t4s_lib.descriptor import BoolMask
from t4s_lib.evaluation.items import Item, unpacked
from t4s_lib.evaluation.journal import Record, read_records
from t4s_lib.evaluation.metrics import Counts, count, scores
from t4s_lib.evaluation.plan import PLAIN, Plan, read_plan
from t4s_lib.evaluation.worst import drawn_again
from t4s_lib.grid import grid_to_mask
from t4s_lib.sources import Sample

Floats = NDArray[np.float64]


def counts_of(out: str | Path, way: str = PLAIN) -> list[Counts]:
    """The counts of a run's samples, in order, for one way of drawing."""
    found = (unpacked(record, way) for record in _good(out))
    return [item for item in found if isinstance(item, Counts)]


def drawn(out: str | Path, position: int, sample: Sample) -> BoolMask:
    """The mask of a run's prediction, bool ``(H, W)``, each cell a block.

    Args:
        out: The folder of the run.
        position: Of the sample.
        sample: The sample itself.

    Raises:
        ValueError: If the folder holds no run.
    """
    plan = read_plan(Path(out))
    if plan is None:
        raise ValueError(f"{out} holds no run of evaluate")
    record = next(r for r in _good(out) if r["position"] == position)
    return np.asarray(drawn_again(record, Item(position, sample, plan), PLAIN) > 0)


def weights(counts: Sequence[Counts]) -> tuple[Floats, Floats]:
    """How much of cIoU is decided by the largest targets.

    Returns:
        The share of samples from 0 to 1, largest first, and the share of all unions
        that they have; in gIoU both are the same.
    """
    unions = np.array([item.union for item in sorted(counts, key=_area, reverse=True)])
    share = np.concatenate([[0.0], np.cumsum(unions) / unions.sum()])
    return np.linspace(0, 1, len(share)), share


def weight_of(counts: Sequence[Counts], largest: float = 0.25) -> float:
    """The share of all unions that a share of the samples has, largest first."""
    return float(np.interp(largest, *weights(counts)))


class Broken(NamedTuple):
    """What slips in texts do to a score.

    Attributes:
        shares: Share of texts that got a slip.
        rows: cIoU, read row by row.
        flat: cIoU, read as the authors do, whose reader gives an empty mask for
            what it does not expect.
        failed: Share of answers for which it did.
    """

    shares: list[float]
    rows: list[float]
    flat: list[float]
    failed: list[float]


def broken(
    out: str | Path, plan: Plan, samples: Sequence[Sample], shares: Sequence[float]
) -> Broken:
    """Put one slip into a share of a run's texts, and score both ways of reading.

    Args:
        out: The folder of the run.
        plan: The run.
        samples: Its samples.
        shares: Shares of the texts, from 0 to 1. What is broken at a small share is
            broken in the same way at a larger one.
    """
    records = list(_good(out))
    order = random.Random(0).sample(range(len(records)), len(records))
    whole = [_read(r["text"], plan, samples[r["position"]]) for r in records]
    slipped = [_slipped(r["text"], k) for k, r in enumerate(records)]
    bad = [
        _read(text, plan, samples[r["position"]])
        for text, r in zip(slipped, records, strict=True)
    ]
    found = Broken(list(shares), [], [], [])
    for share in shares:
        hit = set(order[: round(share * len(order))])
        pairs = [bad[k] if k in hit else whole[k] for k in range(len(records))]
        rows, flat = scores(one for one, _ in pairs), scores(two for _, two in pairs)
        found.rows.append(_figure(rows["cIoU"]))
        found.flat.append(_figure(flat["cIoU"]))
        found.failed.append(_figure(flat["parse_failed"]))
    return found


def _read(text: str, plan: Plan, sample: Sample) -> tuple[Counts, Counts]:
    """A text's counts, read row by row and the authors' way."""
    found = []
    for mode in ("repair", "parity"):
        grid, report = codec(plan.codec).decode(text, plan.grid, mode=mode)
        size = (sample.mask.shape[0], sample.mask.shape[1])
        drawn = grid_to_mask(grid, size, mode=PLAIN)
        found.append(count(sample.mask, drawn, status=report.status))
    return found[0], found[1]


def _slipped(text: str, seed: int) -> str:
    """A text with one slip of a model, see ``studies.slip``."""
    place = random.Random(seed).randrange(len(text)) if text else 0
    return text[:place] + slip(text[place : place + 1] or " ") + text[place + 1 :]


def _good(out: str | Path) -> Iterator[Record]:
    return (record for record in read_records(Path(out)) if "error" not in record)


def _area(counts: Counts) -> int:
    return counts.area


def _figure(value: float | None) -> float:
    return 0.0 if value is None else value


def figures(scores: Mapping[str, object], *names: str) -> list[float | None]:
    """Some figures of ``scores.json``, rounded for a table."""
    found = (scores.get(name) for name in names)
    return [round(v, 3) if isinstance(v, float) else None for v in found]
