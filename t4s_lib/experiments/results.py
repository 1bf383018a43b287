"""What models made of each codec: arms, their figures, and what they are held to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

BASELINE = "row-rle"
"""The paper's codec, which the others are held against."""

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Overlaps:
    """Pixels of intersections and unions, a number a scene.

    Attributes:
        intersections: Pixels in both masks.
        unions: Pixels in at least one.
    """

    intersections: tuple[int, ...]
    unions: tuple[int, ...]

    @property
    def ciou(self) -> float:
        """All intersections over all unions; 1 where there is no pixel at all."""
        below = sum(self.unions)
        return sum(self.intersections) / below if below else 1.0


@dataclass(frozen=True)
class Evaluated:
    """A model on its way.

    Attributes:
        minutes: Of training until then.
        ciou: On the recipe's own held-out scenes, which are few.
        norm: The same as a share of the grid ceiling; None where that is 0.
    """

    minutes: float
    ciou: float | None
    norm: float | None


@dataclass(frozen=True)
class Training:
    """What one training took.

    Attributes:
        steps: Steps done.
        samples: Samples seen.
        seconds: By the recipe's clock, evaluations included.
        tokens: Read and learned; None where nothing says so.
        processes: That shared the work; None where nothing says so.
        curve: Evaluations, from the first to the last.
        differs: Keys, of little weight, in which it was not by the experiment's recipe.
    """

    steps: int
    samples: int
    seconds: float
    tokens: int | None = None
    processes: int | None = None
    curve: tuple[Evaluated, ...] = ()
    differs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ArmResult:
    """One model: it learned one codec on one grid, from one seed.

    Attributes:
        codec: The format it writes.
        grid: Grid side.
        seed: Of its training.
        overlaps: Of its masks with the true ones.
        unreadable: Share of answers in which nothing could be read.
        no_target_accuracy: Share of empty masks where nothing is meant.
        true_tokens: Mean tokens of the true masks' texts.
        written_tokens: Mean tokens of the texts that it wrote.
        seconds_per_answer: Processor time of generation.
        training: What it took.
    """

    codec: str
    grid: int
    seed: int
    overlaps: Overlaps
    unreadable: float
    no_target_accuracy: float | None
    true_tokens: float
    written_tokens: float
    seconds_per_answer: float
    training: Training


@dataclass(frozen=True)
class Results:
    """An experiment.

    Attributes:
        arms: The models.
        ceilings: By grid side, what the true grids reach.
        full_tokens: By grid side, mean tokens of the true masks in ``full``.
        scenes: What all were examined on.
        recipe: What all were trained by.
        made: When, where and with what.
        toy: Whether the numbers are made up.
    """

    arms: tuple[ArmResult, ...]
    ceilings: Mapping[int, Overlaps]
    full_tokens: Mapping[int, float]
    scenes: Record
    recipe: Record
    made: Record
    toy: bool = False

    @property
    def groups(self) -> tuple[tuple[str, int], ...]:
        """Every codec with its grid, shortest texts first."""
        pairs = {(arm.codec, arm.grid): arm.true_tokens for arm in self.arms}
        return tuple(sorted(pairs, key=lambda pair: (pairs[pair], pair)))

    def of(self, codec: str, grid: int) -> tuple[ArmResult, ...]:
        """The models of a codec on a grid, by seed.

        Raises:
            ValueError: If there is none.
        """
        found = [arm for arm in self.arms if (arm.codec, arm.grid) == (codec, grid)]
        if not found:
            known = ", ".join(f"{name} on {side}" for name, side in self.groups)
            raise ValueError(
                f"no model learned {codec} on a grid of {grid}; known are {known}"
            )
        return tuple(sorted(found, key=lambda arm: arm.seed))

    def norm(self, arm: ArmResult) -> float:
        """A model's cIoU as a share of its grid's ceiling."""
        return arm.overlaps.ciou / self.ceilings[arm.grid].ciou
