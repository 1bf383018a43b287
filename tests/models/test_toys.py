"""Toys are small, quick to build, and the same each time."""

from __future__ import annotations

import time

import pytest

pytest.importorskip("transformers")

import torch

from t4s_lib.models import FAMILIES
from t4s_lib.models.toys import toy


@pytest.mark.parametrize("name", FAMILIES)
def test_a_toy_is_built_in_under_a_second(name: str) -> None:
    toy(name)  # its classes are imported
    start = time.process_time()
    built = toy(name)
    assert time.process_time() - start < 1
    assert built.model.config.model_type in FAMILIES[name].model_types
    assert sum(p.numel() for p in built.model.parameters()) < 500_000


def test_the_seed_draws_the_weights_and_leaves_the_callers_alone() -> None:
    torch.manual_seed(7)
    expected = torch.rand(1)
    torch.manual_seed(7)
    first, same, other = (toy("llava", seed=s).model.state_dict() for s in (1, 1, 2))
    assert torch.equal(torch.rand(1), expected)
    assert all(torch.equal(first[name], same[name]) for name in first)
    assert not all(torch.equal(first[name], other[name]) for name in first)


def test_an_unknown_toy_is_refused() -> None:
    with pytest.raises(ValueError, match="no family for model type 'bert'"):
        toy("bert")
