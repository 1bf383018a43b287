"""Memory of one GPU when several share a model: the arithmetic of ``budget``, divided.

Nothing here was measured on a GPU. Activations are not divided. Left out: the whole
gradients of a layer that exist until they are sent, and the buffers of sending.
"""

from __future__ import annotations

from dataclasses import replace

from t4s_lib.training.budget import WEIGHT_BYTES, Budget, Memory
from t4s_lib.training.gpus import GPUS, Gpu

WAYS = ("ddp", "zero2", "fsdp")
"""Copies; gradients and optimizer shared out; weights too (FSDP, and ZeRO-3)."""

_GATHERED = 2
"""Layers whose weights are whole at one time: the one at work and the next one."""


def shared_memory(budget: Budget, way: str, count: int) -> Memory:
    """What each of ``count`` GPUs holds.

    Args:
        budget: The training, as on one GPU.
        way: One of ``WAYS``.
        count: How many GPUs.

    Raises:
        ValueError: For another way.

    Examples:
        >>> from t4s_lib.training.shape_table import SHAPES
        >>> one = Budget(SHAPES["llava-hf/llava-1.5-7b-hf"], r=None)
        >>> [round(shared_memory(one, way, 8).total / 2**30) for way in WAYS]
        [106, 37, 14]
    """
    whole = budget.memory
    if way == "ddp":
        return whole
    if way not in WAYS:
        raise ValueError(f"way is {way!r}, expected one of {', '.join(WAYS)}")
    halved = replace(
        whole, gradients=whole.gradients / count, optimizer=whole.optimizer / count
    )
    if way == "zero2":
        return halved
    gathered = _GATHERED * _layer(budget) * (1 - 1 / count)
    return replace(
        halved,
        weights=whole.weights / count + gathered,
        adapter=whole.adapter / count,
    )


def smallest_for(budget: Budget, way: str, count: int) -> Gpu | None:
    """The GPU with the least memory of which ``count`` hold a training."""
    need = shared_memory(budget, way, count).total
    able = (gpu for gpu in GPUS if gpu.bf16 or budget.precision != "bf16")
    return next((gpu for gpu in able if need <= gpu.usable), None)


def _layer(budget: Budget) -> float:
    """Bytes of one decoder layer's weights, as they are computed with."""
    shape = budget.shape
    each = shape.weights("language") / shape.layers
    return each * WEIGHT_BYTES[budget.quantize or budget.precision]
