"""What is counted on one sample: whole numbers, no opinion.

Every score of ``reductions`` follows from these, so a run stores them once and
any figure can be had later, in any protocol.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from t4s_lib.codecs.report import Status
from t4s_lib.descriptor import BoolMask
from t4s_lib.evaluation.metrics.boxes import (
    PixelBox,
    edges_of_annotation,
    pixel_box,
)

_STATES = ("exact", "repaired", "failed")


@dataclass(frozen=True, slots=True)
class Counts:
    """One predicted mask against the true one.

    Attributes:
        tp: Pixels in both masks.
        fp: Pixels in the predicted mask alone.
        fn: Pixels in the true mask alone.
        pixels: All pixels that were compared; ignored ones are not.
        drawn_box: The predicted mask's box in pixels, see ``pixel_box``.
        truth_box: The true mask's box.
        annotated_box: The box that people drew, ``(x, y, width, height)``.
        status: How the answer could be read, see ``ParseReport``; None where no
            text was read.
        ceiling: Intersection and union that the true grid reaches when it is
            drawn back; None where there is no grid.
        source: The sample's name.
        image: The picture's name: samples that share it are not independent.
    """

    tp: int
    fp: int
    fn: int
    pixels: int
    drawn_box: PixelBox | None = None
    truth_box: PixelBox | None = None
    annotated_box: tuple[float, float, float, float] | None = None
    status: Status | None = None
    ceiling: tuple[int, int] | None = None
    source: str = ""
    image: str = ""

    @property
    def union(self) -> int:
        """Pixels in at least one of the masks."""
        return self.tp + self.fp + self.fn

    @property
    def area(self) -> int:
        """Pixels of the true mask."""
        return self.tp + self.fn

    @property
    def truth_empty(self) -> bool:
        """Whether the sample has no target."""
        return self.tp + self.fn == 0

    @property
    def drawn_empty(self) -> bool:
        """Whether nothing was predicted."""
        return self.tp + self.fp == 0

    @property
    def iou(self) -> float:
        """Intersection over union; 1 where both masks are empty."""
        return self.tp / self.union if self.union else 1.0

    def as_dict(self) -> dict[str, Any]:
        """The counts as plain values, ready for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Counts:
        """The counts that ``as_dict`` wrote, also after a trip through JSON.

        Raises:
            ValueError: If a field is missing or not known.

        Examples:
            >>> found = count([[1, 1]], [[0, 1]], source="demo#0")
            >>> Counts.from_dict(found.as_dict()) == found
            True
        """
        known = {field.name for field in fields(cls)}
        if missing := {"tp", "fp", "fn", "pixels"} - set(record):
            raise ValueError(f"counts lack {', '.join(sorted(missing))}")
        if unknown := set(record) - known:
            raise ValueError(f"counts have unknown {', '.join(sorted(unknown))}")
        return cls(**{key: _tupled(value) for key, value in record.items()})


def count(
    truth: ArrayLike,
    drawn: ArrayLike,
    *,
    ignore: ArrayLike | None = None,
    ceiling: ArrayLike | None = None,
    annotated_box: Sequence[float] | None = None,
    status: Status | None = None,
    source: str = "",
    image: str = "",
) -> Counts:
    """Compare a predicted mask with the true one.

    Args:
        truth: The true mask, bool ``(H, W)``.
        drawn: The predicted mask, bool ``(H, W)``.
        ignore: Bool ``(H, W)``: pixels left out of every count, boxes included.
        ceiling: The true grid drawn back to pixels, bool ``(H, W)``: the best
            that a perfect model can reach.
        annotated_box: ``(x, y, width, height)`` in pixels.
        status: How the answer could be read: exact, repaired or failed.
        source: The sample's name.
        image: The picture's name.

    Raises:
        ValueError: If the masks differ in size, or a box or status is none.

    Examples:
        >>> found = count([[1, 1, 0]], [[0, 1, 1]], ignore=[[0, 0, 1]])
        >>> found.tp, found.fp, found.fn, found.pixels, found.iou
        (1, 0, 1, 2, 0.5)
    """
    true = _mask("true mask", truth)
    guess = _mask("predicted mask", drawn, true.shape)
    best = None if ceiling is None else _mask("ceiling", ceiling, true.shape)
    kept = true.size
    if ignore is not None:
        keep = ~_mask("ignore mask", ignore, true.shape)
        true, guess, kept = true & keep, guess & keep, int(np.count_nonzero(keep))
        best = None if best is None else best & keep
    if status is not None and status not in _STATES:
        raise ValueError(f"status is {status!r}, expected {', '.join(_STATES)}")
    both, either = _overlap(true, guess)
    drawn_pixels = int(np.count_nonzero(guess))
    return Counts(
        tp=both,
        fp=drawn_pixels - both,
        fn=either - drawn_pixels,
        pixels=kept,
        drawn_box=pixel_box(guess),
        truth_box=pixel_box(true),
        annotated_box=_annotation(annotated_box),
        status=status,
        ceiling=None if best is None else _overlap(true, best),
        source=source,
        image=image,
    )


def emptied(counts: Counts, below: int) -> Counts:
    """The counts after a prediction of fewer pixels is taken for an empty one.

    Some models without a way to say "none" are scored like this on gRefCOCO.

    Args:
        counts: The counts of a sample.
        below: Predictions with fewer pixels than this become empty.

    Examples:
        >>> speck = count([[0, 0, 0]], [[1, 0, 0]])
        >>> speck.iou, emptied(speck, below=50).iou
        (0.0, 1.0)
    """
    if counts.tp + counts.fp >= below:
        return counts
    return replace(counts, tp=0, fp=0, fn=counts.area, drawn_box=None)


def _overlap(one: BoolMask, two: BoolMask) -> tuple[int, int]:
    """Pixels of the intersection and of the union."""
    return int(np.count_nonzero(one & two)), int(np.count_nonzero(one | two))


def _mask(name: str, mask: ArrayLike, shape: tuple[int, ...] | None = None) -> BoolMask:
    found = np.asarray(mask)
    if found.ndim != 2 or found.size == 0:
        raise ValueError(f"{name} has shape {found.shape}, expected (H, W)")
    if shape is not None and found.shape != shape:
        raise ValueError(f"{name} has shape {found.shape}, the true mask has {shape}")
    return found.astype(bool, copy=False)


def _annotation(
    box: Sequence[float] | None,
) -> tuple[float, float, float, float] | None:
    if box is None:
        return None
    edges_of_annotation(box)
    x, y, width, height = (float(value) for value in box)
    return x, y, width, height


def _tupled(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
