"""Training loops with something wrong, as exercise 3.5 gets them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Loop = Callable[[Any, Any, Any, int], Any]


def in_order(*acts: str) -> Loop:
    """A loop that does these after the loss, in this order.

    Args:
        acts: Of ``backward``, ``step`` and ``zero_grad``.
    """

    def loop(model: Any, batch: Any, optimizer: Any, steps: int) -> list[float]:
        losses = []
        for _ in range(steps):
            loss = model(**batch).loss
            for act in acts:
                getattr(loss if act == "backward" else optimizer, act)()
            losses.append(loss.item())
        return losses

    return loop


def last_loss(model: Any, batch: Any, optimizer: Any, steps: int) -> float:
    """A right loop that returns one loss only."""
    losses = in_order("backward", "step", "zero_grad")(model, batch, optimizer, steps)
    return float(losses[-1])


def silent(model: Any, batch: Any, optimizer: Any, steps: int) -> None:
    """A right loop that returns nothing."""
    last_loss(model, batch, optimizer, steps)
