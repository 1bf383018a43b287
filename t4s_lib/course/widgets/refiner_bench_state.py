"""What the refiner bench is set to, what follows from it, and that in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from t4s_lib.course.refine_studies import Case
from t4s_lib.course.widgets.comparison import PARTS, parts_of
from t4s_lib.descriptor import BoolMask, DescriptorGrid
from t4s_lib.grid import iou, mask_to_grid
from t4s_lib.refine import Refiner, refiner
from t4s_lib.sources.base import Sample

REFINERS = ("nearest", "bilinear", "edge")
TRUE, WRITTEN, SOFT = "true cells", "the model's cells", "the model's, soft"
"""Where the cells come from."""

KNOBS = {
    "reach": (0.2, 1.5, 0.05, 0.55),
    "tolerance": (2.0, 60.0, 2.0, 20.0),
    "contrast": (0.0, 20.0, 0.5, 5.0),
    "hold": (0.0, 5.0, 0.1, 1.0),
    "enough": (0.1, 0.9, 0.02, 0.42),
}
"""Of the edge-aware refiner, see ``EdgeAware``: least, most, step and default."""


@dataclass(frozen=True)
class BenchView:
    """A picture, its cells, and a refiner with its knobs.

    Attributes:
        sample: Picture, expression and true mask.
        size: Side of the grid; a model's cells have their own.
        refiner: One of ``REFINERS``.
        written: What a model wrote, if it was asked.
        cells: ``TRUE``, ``WRITTEN`` or ``SOFT``; true ones where nothing is written.
        knobs: Of the edge-aware refiner, by name; defaults for those left out.
    """

    sample: Sample
    size: int = 16
    refiner: str = "edge"
    written: Case | None = None
    cells: str = TRUE
    knobs: dict[str, float] = field(default_factory=dict)

    @property
    def is_true(self) -> bool:
        """Whether the cells are the true ones."""
        return self.written is None or self.cells == TRUE

    @cached_property
    def case(self) -> Case:
        """The cells that are drawn."""
        if self.written is not None and not self.is_true:
            return self.written
        true = mask_to_grid(self.sample.mask, self.size, self.sample.expression)
        return Case(self.sample, true)

    @property
    def grid(self) -> DescriptorGrid:
        """The cells."""
        return self.case.grid

    @property
    def way(self) -> Refiner:
        """The refiner, set to the knobs."""
        if self.refiner != "edge":
            return refiner(self.refiner)
        return refiner("edge", **{**self.knobs, "hold_soft": self._hold})

    @property
    def _hold(self) -> float:
        return self.knobs.get("hold", KNOBS["hold"][3])

    @cached_property
    def mask(self) -> BoolMask:
        """The cells, drawn by the refiner, bool ``(H, W)``."""
        return self.case.drawn(self.way, self.cells == SOFT)

    @cached_property
    def blocks(self) -> BoolMask:
        """The cells, drawn as blocks."""
        return self.case.drawn(refiner("nearest"))

    @property
    def score(self) -> float:
        """IoU of the refined mask."""
        return iou(self.sample.mask, self.mask)

    @property
    def plain_score(self) -> float:
        """IoU of the blocks."""
        return iou(self.sample.mask, self.blocks)

    @cached_property
    def parts(self) -> dict[str, BoolMask]:
        """Pixels hit, missed, and drawn though not of the target."""
        return parts_of(self.sample.mask, self.mask)


def describe_refiner_bench(view: BenchView) -> str:
    """Say in words what the bench shows."""
    rows, cols = view.grid.shape
    whose = TRUE if view.is_true else view.cells
    setting = f"{rows} by {cols} cells ({whose}), refiner {view.refiner}."
    if not view.grid.foreground.any():
        return f"{setting} No cell says target, so nothing is drawn. {_score(view)}"
    change = view.score - view.plain_score
    verdict = "helps" if change > 0 else "hurts" if change < 0 else "changes nothing"
    against = f", {change:+.3f} against blocks: it {verdict}"
    return f"{setting} {_score(view)}{against if view.refiner != 'nearest' else ''}."


def _score(view: BenchView) -> str:
    hit, missed, extra = (int(view.parts[part].sum()) for part in PARTS)
    return (
        f"{hit:,} pixels hit, {missed:,} missed, {extra:,} extra: IoU {view.score:.3f}"
    )
