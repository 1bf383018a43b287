"""What lesson 05 measures: grids of many samples, drawn by several refiners."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from t4s_lib.course.refine_edges import boundary_iou
from t4s_lib.descriptor import OTHERS, BoolMask, DescriptorGrid
from t4s_lib.evaluation.metrics import count, paired_difference
from t4s_lib.grid import iou, mask_to_grid
from t4s_lib.refine import Refiner, refiner
from t4s_lib.sources import Sample

if TYPE_CHECKING:
    from t4s_lib.segmenter import Segmenter

PLAIN = ("nearest", "bilinear", "edge")
"""The refiners that need no weights."""


@dataclass(frozen=True)
class Case:
    """A sample, and the grid that is to be drawn: the true one, or a model's.

    Attributes:
        sample: Picture, expression and true mask.
        grid: The cells.
        soft: How sure a model was of each, float ``(rows, cols)``; None if unknown.
    """

    sample: Sample
    grid: DescriptorGrid
    soft: NDArray[np.floating] | None = None

    def drawn(self, how: Refiner, soft: bool = False) -> BoolMask:
        """The cells as a mask, bool ``(H, W)``."""
        known = self.soft if soft else None
        return how.refine(self.grid, self.sample.image, known) > 0


@dataclass(frozen=True)
class Drawn:
    """Cases, drawn in one way.

    Attributes:
        cases: What was drawn.
        masks: The mask of each, bool ``(H, W)``.
        seconds: Of the process, a mask.
    """

    cases: Sequence[Case]
    masks: Sequence[BoolMask]
    seconds: float

    @cached_property
    def ious(self) -> list[float]:
        """The IoU of each."""
        return [iou(c.sample.mask, m) for c, m in self._pairs]

    @property
    def mean(self) -> float:
        """The mean IoU."""
        return float(np.mean(self.ious))

    @property
    def mean_boundary(self) -> float:
        """The mean boundary IoU, in bands of a fiftieth of the picture's diagonal."""
        width = max(1, round(0.02 * float(np.hypot(*self.masks[0].shape))))
        found = [boundary_iou(c.sample.mask, m, width) for c, m in self._pairs]
        return float(np.mean(found))

    def ahead_of(self, other: Drawn) -> str:
        """The mean gain over another way, with its interval, as text."""
        ours, theirs = (
            [
                count(c.sample.mask, m, image=c.sample.source, source=c.sample.source)
                for c, m in way._pairs
            ]
            for way in (self, other)
        )
        found = paired_difference(ours, theirs, "gIoU")
        return f"{found.value:+.3f} ({found.low:+.3f} to {found.high:+.3f})"

    @property
    def _pairs(self) -> list[tuple[Case, BoolMask]]:
        return list(zip(self.cases, self.masks, strict=True))


def true_cases(samples: Sequence[Sample], size: int = 16) -> list[Case]:
    """What a perfect model would write; samples without a target are left out."""
    return [
        Case(sample, mask_to_grid(sample.mask, size, sample.expression))
        for sample in samples
        if not sample.is_no_target
    ]


def model_cases(segment: Segmenter, samples: Sequence[Sample]) -> list[Case]:
    """What a model writes, with how sure it was; likewise."""
    cases = []
    for sample in samples:
        if not sample.is_no_target:
            found = segment(sample.image, sample.expression, "nearest", soft=True)
            cases.append(Case(sample, found.grid, found.soft))
    return cases


def draw_all(cases: Sequence[Case], how: Refiner | str, soft: bool = False) -> Drawn:
    """Draw every case with a refiner."""
    way = refiner(how) if isinstance(how, str) else how
    start = time.process_time()
    masks = [case.drawn(way, soft) for case in cases]
    return Drawn(cases, masks, (time.process_time() - start) / len(cases))


def ceilings(
    samples: Sequence[Sample], sizes: Sequence[int], names: Sequence[str] = PLAIN
) -> dict[str, list[float]]:
    """Mean IoU of true grids, for each refiner a list by grid side."""
    by_size = [true_cases(samples, size) for size in sizes]
    return {name: [draw_all(cases, name).mean for cases in by_size] for name in names}


def cut_share(case: Case) -> float:
    """Of the cells that a target touches, the share that its edge runs through."""
    touched, whole = (
        mask_to_grid(mask, case.grid.shape, rule="coverage").foreground
        for mask in (case.sample.mask, ~case.sample.mask)
    )
    return float((touched & whole).sum() / touched.sum())


def by_shape(drawn: Mapping[str, Drawn]) -> dict[str, list[float]]:
    """Mean IoU by the shape that is meant, of samples that mean one kind of shape.

    Args:
        drawn: By the name of each way.

    Returns:
        For each shape, the mean under each way; thinnest shape first.
    """
    shapes = [_shape(case) for case in next(iter(drawn.values())).cases]
    means = {
        shape: [
            float(
                np.mean(
                    [x for x, s in zip(way.ious, shapes, strict=True) if s == shape]
                )
            )
            for way in drawn.values()
        ]
        for shape in sorted({shape for shape in shapes if shape})
    }
    return dict(sorted(means.items(), key=lambda item: item[1][0]))


def _shape(case: Case) -> str:
    kinds = {name.split()[-1] for name in case.sample.extra.get("classes", ())}
    return kinds.pop() if len(kinds) == 1 else ""


def class_grid(
    sample: Sample, size: int = 16
) -> tuple[NDArray[np.int32], DescriptorGrid]:
    """All classes of a synthetic scene: as a label map, and as cells."""
    masks = sample.extra["masks"]
    names = {0: OTHERS, **dict(enumerate(masks, start=1))}
    truth = np.zeros(sample.mask.shape, dtype=np.int32)
    for k, name in names.items():
        if k:
            truth[masks[name]] = k
    return truth, mask_to_grid(truth, size, names=names)
