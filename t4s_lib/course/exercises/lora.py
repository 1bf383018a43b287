"""LoRA in twenty lines and a training loop in six: the answers of lesson 03.

As short as a learner would write them; tests hold them against ``peft``. Needs
torch, so the exercises import this when they are tried.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn


class LoraLinear(nn.Module):  # type: ignore[misc]
    """A frozen linear layer and, beside it, an update of low rank that is trained.

    Args:
        base: The layer, whose weight is ``(outputs, inputs)``.
        A: ``(r, inputs)``.
        B: ``(outputs, r)``.
        alpha: The update counts ``alpha / r`` times.
    """

    def __init__(self, base: Any, A: Any, B: Any, alpha: float) -> None:
        super().__init__()
        self.base = base.requires_grad_(False)
        self.A, self.B = nn.Parameter(A), nn.Parameter(B)
        self.scale = alpha / len(A)

    def forward(self, x: Any) -> Any:
        """``(..., inputs)`` to ``(..., outputs)``."""
        return self.base(x) + self.scale * (x @ self.A.T @ self.B.T)


def start(inputs: int, outputs: int, r: int) -> tuple[Any, Any]:
    """A and B as training begins: B is zero, so nothing changes yet."""
    return torch.randn(r, inputs) / inputs**0.5, torch.zeros(outputs, r)


def merged(weight: Any, A: Any, B: Any, alpha: float) -> Any:
    """One weight that does what the weight and its update do together."""
    return weight + alpha / len(A) * B @ A


def overfit(model: Any, batch: Any, optimizer: Any, steps: int) -> list[float]:
    """Train on one batch again and again; the loss of each step."""
    losses = []
    for _ in range(steps):
        loss = model(**batch).loss
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    return losses
