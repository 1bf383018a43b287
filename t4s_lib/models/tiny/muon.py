"""Muon in single precision: momentum, then the nearest orthogonal matrix.

torch's own ``torch.optim.Muon`` orthogonalises in bfloat16, which processors
without bfloat16 units emulate several times slower than float32.
Source: K. Jordan et al., "Muon: an optimizer for hidden layers" (2024).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import torch

_A, _B, _C = 3.4445, -4.7750, 2.0315


def orthogonal(stack: torch.Tensor, steps: int = 5) -> torch.Tensor:
    """Matrices ``(n, rows, columns)`` with singular values pulled towards 1."""
    wide = stack.shape[1] < stack.shape[2]
    x = stack.transpose(1, 2) if wide else stack
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for _ in range(steps):
        gram = x.transpose(1, 2) @ x
        x = _A * x + x @ (_B * gram + _C * gram @ gram)
    return x.transpose(1, 2) if wide else x


class Muon(torch.optim.Optimizer):  # type: ignore[misc]
    """Muon for weight matrices; matrices of one shape are handled together.

    Args:
        weights: Matrices, each ``(rows, columns)``.
        lr: Size of a step.
        momentum: Share of the running mean that is kept (Nesterov).
    """

    def __init__(
        self, weights: Iterable[torch.Tensor], lr: float, momentum: float = 0.95
    ) -> None:
        super().__init__(list(weights), {"lr": lr, "momentum": momentum})

    def step(self, closure: None = None) -> None:
        """Move every matrix that has a gradient."""
        with torch.no_grad():
            for group in self.param_groups:
                alike: dict[torch.Size, list[torch.Tensor]] = defaultdict(list)
                for weight in group["params"]:
                    if weight.grad is not None:
                        alike[weight.shape].append(weight)
                for weights in alike.values():
                    self._move(weights, group["lr"], group["momentum"])

    def _move(self, weights: list[torch.Tensor], lr: float, momentum: float) -> None:
        updates = []
        for weight in weights:
            mean = self.state[weight].setdefault("mean", torch.zeros_like(weight))
            mean.lerp_(weight.grad, 1 - momentum)
            updates.append(weight.grad.lerp(mean, momentum))
        turned = orthogonal(torch.stack(updates))
        scale = lr * max(1.0, weights[0].shape[0] / weights[0].shape[1]) ** 0.5
        for weight, update in zip(weights, turned, strict=True):
            weight.add_(update, alpha=-scale)
