"""Muon in single precision: momentum, then the nearest orthogonal matrix.

torch's own ``torch.optim.Muon`` orthogonalises in bfloat16, which processors
without bfloat16 units emulate several times slower than float32.
Source: K. Jordan et al., "Muon: an optimizer for hidden layers" (2024).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

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

    Processes that hold the same weights and gradients share the work: each turns
    every so many matrices, and the sum of what all have turned is everyone's.

    Args:
        weights: Matrices, each ``(rows, columns)``.
        lr: Size of a step.
        momentum: Share of the running mean that is kept (Nesterov).
        share: Which of how many processes this is.
        gather: Adds up a tensor over all processes, in place.
    """

    def __init__(
        self,
        weights: Iterable[torch.Tensor],
        lr: float,
        momentum: float = 0.95,
        share: tuple[int, int] = (0, 1),
        gather: Callable[[torch.Tensor], object] | None = None,
    ) -> None:
        super().__init__(list(weights), {"lr": lr, "momentum": momentum})
        self._share, self._gather = share, gather

    def step(self, closure: None = None) -> None:
        """Move every matrix that has a gradient."""
        with torch.no_grad():
            for group in self.param_groups:
                alike: dict[torch.Size, list[torch.Tensor]] = defaultdict(list)
                for weight in group["params"]:
                    if weight.grad is not None:
                        alike[weight.shape].append(weight)
                self._move(list(alike.values()), group["lr"], group["momentum"])

    def _move(
        self, stacks: list[list[torch.Tensor]], lr: float, momentum: float
    ) -> None:
        turned = [self._turned(weights, momentum) for weights in stacks]
        if self._gather is not None and turned:
            flat = torch.cat([stack.flatten() for stack in turned])
            self._gather(flat)
            parts = flat.split([stack.numel() for stack in turned])
            turned = [p.view_as(t) for p, t in zip(parts, turned, strict=True)]
        for weights, updates in zip(stacks, turned, strict=True):
            scale = lr * max(1.0, weights[0].shape[0] / weights[0].shape[1]) ** 0.5
            for weight, update in zip(weights, updates, strict=True):
                weight.add_(update, alpha=-scale)

    def _turned(self, weights: list[torch.Tensor], momentum: float) -> torch.Tensor:
        """The directions ``(n, rows, columns)``; zero where another process's."""
        for weight in weights:
            mean = self.state[weight].setdefault("mean", torch.zeros_like(weight))
            mean.lerp_(weight.grad, 1 - momentum)
        rank, world = self._share
        updates = [w.grad.lerp(self.state[w]["mean"], momentum) for w in weights]
        turned = torch.zeros_like(stack := torch.stack(updates))
        if rank < len(weights):
            turned[rank::world] = orthogonal(stack[rank::world])
        return turned
