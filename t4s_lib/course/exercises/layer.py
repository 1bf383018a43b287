"""The layers that answers of lesson 03 are tried on, as a learner sees them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Layer:
    """Sizes of a linear layer and of its update.

    Attributes:
        inputs: Numbers that go in.
        outputs: Numbers that come out.
        r: Rank of the update.
        alpha: The update counts ``alpha / r`` times.
        bias: Whether the layer adds a bias.
    """

    inputs: int
    outputs: int
    r: int
    alpha: int
    bias: bool = False
