"""The folder of a run as the prediction browser reads it: lines, samples, a choice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from PIL import Image

from t4s_lib.course.widgets.comparison import parts_of
from t4s_lib.course.widgets.prediction_browser_figure import IdMap
from t4s_lib.evaluation.items import AnyCounts, Item, unpacked
from t4s_lib.evaluation.journal import PREDICTIONS, Record, read_records
from t4s_lib.evaluation.metrics import ClassCounts
from t4s_lib.evaluation.plan import PLAN_FILE, Plan, read_plan
from t4s_lib.evaluation.worst import drawn_again
from t4s_lib.sources import Sample, open_benchmark

ANY = "any"
ORDERS = ("as evaluated", "worst first", "best first")


@dataclass(frozen=True)
class Choice:
    """What is looked at.

    Attributes:
        way: How the pixels were drawn, a refiner's name.
        status: How the answer could be read, or ``any``.
        kind: The kind of expression, or ``any``.
        low: Least IoU.
        high: Largest IoU.
        order: One of ``ORDERS``.
    """

    way: str
    status: str = ANY
    kind: str = ANY
    low: float = 0.0
    high: float = 1.0
    order: str = ORDERS[0]


class BrowsedRun:
    """A folder that ``t4s evaluate`` wrote.

    Args:
        out: The folder.
        data: The folder with the real data sets; scenes need none.

    Attributes:
        plan: What was run.
        records: The lines of samples that could be evaluated, in order.

    Raises:
        ValueError: If it is not such a folder, has no prediction, or its benchmark is
            not there.
    """

    def __init__(self, out: str | Path, data: str | Path | None = None) -> None:
        plan = read_plan(Path(out))
        if plan is None:
            raise ValueError(f"{out} holds no {PLAN_FILE}, expected a run of evaluate")
        self.plan: Plan = plan
        self.records = [r for r in read_records(Path(out)) if "error" not in r]
        if not self.records:
            raise ValueError(f"{Path(out) / PREDICTIONS} holds no prediction")
        last = max(record["position"] for record in self.records)
        self._samples = open_benchmark(plan.benchmark, data, n=last + 1)

    @cached_property
    def kinds(self) -> list[str]:
        """The kind of each line: of expression, else whether there is a target."""
        if self.plan.benchmark.startswith("scenes:"):
            places = (record["position"] for record in self.records)
            return [str(self._samples[k].extra["kind"]) for k in places]
        ways = (unpacked(record, self.plan.ways[0]) for record in self.records)
        return [_kind(counts) for counts in ways]

    def chosen(self, choice: Choice) -> list[int]:
        """The positions in ``records`` that fit, in order."""
        ious = [iou_of(unpacked(r, choice.way)) for r in self.records]
        fitting = [
            k
            for k, record in enumerate(self.records)
            if choice.status in (ANY, record["report"]["status"])
            and choice.kind in (ANY, self.kinds[k])
            and choice.low <= round(ious[k], 6) <= choice.high
        ]
        if choice.order == ORDERS[0]:
            return fitting
        sign = 1 if choice.order == ORDERS[1] else -1
        return sorted(fitting, key=lambda k: (sign * ious[k], k))

    def shown(self, k: int, way: str) -> Shown:
        """A line with all that is to be seen of it."""
        record = self.records[k]
        sample = self._samples[record["position"]]
        item = Item(record["position"], sample, self.plan)
        return Shown(record, item, way, self.kinds[k])


@dataclass(frozen=True)
class Shown:
    """One prediction.

    Attributes:
        record: Its line.
        item: Its sample.
        way: How the pixels are drawn.
        kind: The kind of expression.
    """

    record: Record
    item: Item
    way: str
    kind: str

    @cached_property
    def truth(self) -> IdMap:
        """What is meant; pixels that no score counts are 0."""
        return self._counted(np.asarray(self.item.truth).astype(np.int64))

    @cached_property
    def drawn(self) -> IdMap:
        """What was predicted; likewise."""
        return self._counted(drawn_again(self.record, self.item, self.way))

    @property
    def iou(self) -> float:
        """How much is right, from 0 to 1."""
        return iou_of(unpacked(self.record, self.way))

    @property
    def pixels(self) -> dict[str, int]:
        """How many pixels are hit, missed, extra."""
        found = parts_of(self.truth, self.drawn)
        return {name: int(part.sum()) for name, part in found.items()}

    @property
    def image(self) -> Image.Image | None:
        """The photograph; None where it is not at hand."""
        return picture_of(self.item.sample)

    def _counted(self, ids: IdMap) -> IdMap:
        """Without ignored pixels and, where there are classes, without void."""
        out = np.zeros(ids.shape, dtype=bool)
        if self.item.classes is not None:
            out = np.asarray(self.item.truth) > len(self.item.classes)
        ignored = self.item.sample.extra.get("ignore")
        if ignored is not None:
            out = out | np.asarray(ignored, dtype=bool)
        return np.where(out, 0, ids)


def iou_of(counts: AnyCounts) -> float:
    """A sample's IoU; over all its classes where there are some."""
    if not isinstance(counts, ClassCounts):
        return counts.iou
    sums = np.array([*counts.standard.values()]).reshape(-1, 3).sum(axis=0)
    union = int(sums[1] + sums[2] - sums[0])
    return int(sums[0]) / union if union else 1.0


def picture_of(sample: Sample) -> Image.Image | None:
    """A sample's picture; None where its file is not at hand."""
    try:
        return sample.image
    except (ValueError, OSError):
        return None


def statuses(records: Sequence[Record]) -> list[str]:
    """How answers could be read, of those there are."""
    return sorted({record["report"]["status"] for record in records})


def _kind(counts: AnyCounts) -> str:
    if isinstance(counts, ClassCounts):
        return "classes"
    return "no target" if counts.truth_empty else "target"
