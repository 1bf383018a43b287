"""Our Muon takes the step of the nearest orthogonal matrix."""

from __future__ import annotations

import pytest
import torch

from t4s_lib.models.tiny.muon import Muon, orthogonal


@pytest.mark.parametrize("shape", [(8, 8), (8, 24), (24, 8)])
def test_singular_values_come_near_one(shape: tuple[int, int]) -> None:
    torch.manual_seed(0)
    stack = torch.randn(3, *shape)
    turned = orthogonal(stack, steps=10)
    values = torch.linalg.svdvals(turned)
    assert 0.5 < values.min() < values.max() < 1.4
    u, _, v = torch.linalg.svd(stack, full_matrices=False)
    likeness = (turned * (u @ v)).sum() / (turned.norm() * (u @ v).norm())
    assert likeness > 0.95


def test_a_step_lowers_a_loss() -> None:
    torch.manual_seed(0)
    weights = [torch.randn(6, 4, requires_grad=True) for _ in range(2)]
    muon = Muon(weights, lr=0.05)

    def loss() -> torch.Tensor:
        return sum((w**2).sum() for w in weights)

    before = loss()
    for _ in range(20):
        loss().backward()
        muon.step()
        muon.zero_grad()
    assert loss() < 0.5 * before


def test_shared_work_is_the_same_step() -> None:
    torch.manual_seed(0)
    start = [torch.randn(5, 3) for _ in range(3)]
    pull = [torch.randn(5, 3) for _ in range(3)]

    def turned(share: tuple[int, int]) -> torch.Tensor:
        weights = [w.clone().requires_grad_() for w in start]
        for weight, gradient in zip(weights, pull, strict=True):
            weight.grad = gradient.clone()
        found: list[torch.Tensor] = []

        def gather(flat: torch.Tensor) -> None:
            found.append(flat.clone())

        Muon(weights, lr=0.1, share=share, gather=gather).step()
        return found[0]

    alone, *parts = [turned(share) for share in ((0, 1), (0, 2), (1, 2))]
    assert torch.allclose(sum(parts), alone, atol=1e-6)
    assert all(part.abs().sum() < alone.abs().sum() for part in parts)
