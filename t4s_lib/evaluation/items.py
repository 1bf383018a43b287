"""One sample of a run: how it is asked, what the truth is, how an answer counts.

Two kinds of samples. Most have one mask: every label but ``others`` counts as the
target, as in the authors' evaluation. Those of data sets with classes
(``extra["class_names"]``) have a label map; a label that is no class is ``others``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from t4s_lib.codecs.report import Status
from t4s_lib.descriptor import OTHERS, DescriptorGrid
from t4s_lib.evaluation.drawing import IdMap
from t4s_lib.evaluation.metrics.class_counts import ClassCounts, count_classes
from t4s_lib.evaluation.metrics.counts import Counts, count
from t4s_lib.evaluation.plan import Plan
from t4s_lib.grid import mask_to_grid
from t4s_lib.prompts import ask
from t4s_lib.sources.base import Sample
from t4s_lib.sources.errors import DataError
from t4s_lib.sources.label_pictures import VOID

AnyCounts = Counts | ClassCounts

_COMMON = ("status", "source", "image")


@dataclass(frozen=True)
class Item:
    """A sample and its place in the benchmark.

    Attributes:
        position: Its place, from 0.
        sample: The sample.
        plan: The run.
    """

    position: int
    sample: Sample
    plan: Plan

    @property
    def classes(self) -> tuple[str, ...] | None:
        """The names of the classes from 1 on; None where there is one mask."""
        return class_names(self.sample)

    @property
    def kind(self) -> str:
        """The kind of question, see ``prompts.ask``."""
        return str(self.sample.extra.get("question", "partial"))

    @property
    def question(self) -> str:
        """The question, in the wording that belongs to this sample."""
        sample = self.sample
        return ask(sample.expression, kind=self.kind, seed=sample.source)

    @property
    def image_name(self) -> str:
        """The name of the picture; samples with the same name share one."""
        return str(self.sample.extra.get("image_id", self.sample.source))

    @cached_property
    def truth(self) -> NDArray[Any]:
        """Bool ``(H, W)``; a label map, uint8, where there are classes."""
        if self.classes is None:
            return self.sample.mask
        return np.asarray(self.sample.extra["classes"])

    @property
    def size(self) -> tuple[int, int]:
        """Height and width, in pixels."""
        height, width = self.truth.shape
        return height, width

    @cached_property
    def true_grid(self) -> DescriptorGrid:
        """What a perfect model says."""
        plan, label = self.plan, self.sample.expression
        if self.classes is None:
            return mask_to_grid(self.truth, plan.grid, label, plan.rule)
        names = {0: OTHERS, **dict(enumerate(self.classes, start=1))}
        return mask_to_grid(
            self.truth, plan.grid, rule=plan.rule, names=names, ignore=[VOID]
        )

    def check(self, looks: bool) -> None:
        """Read what the run will need of the sample.

        Args:
            looks: Whether the picture is needed.

        Raises:
            ValueError: If the sample is bad: no words, no mask, no picture, or a
                picture of another size than the mask's.
        """
        if not self.sample.expression.strip():
            raise DataError(
                f"{self.sample.source} has no words, expected an expression"
            )
        height, width = self.size
        if looks and self.sample.image.size != (width, height):
            found = f"a picture of {self.sample.image.size} pixels"
            raise DataError(
                f"{self.sample.source} has {found}, its mask has {(width, height)}"
            )

    def count(
        self,
        ids: IdMap,
        labels: Sequence[str],
        ceiling: IdMap | None,
        status: Status,
    ) -> AnyCounts:
        """Compare a prediction with the truth.

        Args:
            ids: Int ``(H, W)``: positions in ``labels``.
            labels: The prediction's labels, ``others`` first.
            ceiling: The true grid drawn in the same way, if there is one.
            status: How the answer could be read.
        """
        source, image = self.sample.source, self.image_name
        if self.classes is None:
            return count(
                self.truth,
                ids > 0,
                ignore=self.sample.extra.get("ignore"),
                ceiling=None if ceiling is None else ceiling > 0,
                annotated_box=self.sample.extra.get("bbox"),
                status=status,
                source=source,
                image=image,
            )
        top = None
        if ceiling is not None:
            top = class_map(ceiling, self.true_grid.labels, self.classes)
        return count_classes(
            self.truth,
            class_map(ids, labels, self.classes),
            len(self.classes),
            ceiling=top,
            status=status,
            source=source,
            image=image,
        )


def class_names(sample: Sample) -> tuple[str, ...] | None:
    """The classes of a sample's data set; None where samples have one mask."""
    names = sample.extra.get("class_names")
    return None if names is None else tuple(names)


def number_of_classes(sample: Sample) -> int | None:
    """How many classes a sample's data set has; None where samples have one mask."""
    names = class_names(sample)
    return None if names is None else len(names)


def class_map(ids: IdMap, labels: Sequence[str], classes: Sequence[str]) -> IdMap:
    """Positions in a label table as numbers of classes; 0 for what is no class.

    Examples:
        >>> class_map(np.array([[0, 1, 2]]), ["others", "dog", "ufo"], ["cat", "dog"])
        array([[0, 2, 0]], dtype=int32)
    """
    number = {name: k for k, name in enumerate(classes, start=1)}
    table = np.array([0, *(number.get(name, 0) for name in labels[1:])], np.int32)
    return np.asarray(table[ids])


def packed(counts: AnyCounts) -> dict[str, Any]:
    """Counts without what all ways of drawing have in common."""
    return {k: v for k, v in counts.as_dict().items() if k not in _COMMON}


def unpacked(record: Mapping[str, Any], way: str) -> AnyCounts:
    """The counts that a line of ``predictions.jsonl`` holds for a way of drawing."""
    found = {
        **record["counts"][way],
        "status": record["report"]["status"],
        "source": record["source"],
        "image": record["image"],
    }
    if "standard" in found:
        return ClassCounts.from_dict(found)
    return Counts.from_dict(found)
