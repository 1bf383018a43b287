"""A few GPUs that people train on: memory and speed, as their makers give them."""

from __future__ import annotations

from dataclasses import dataclass

GIB = 2**30
"""Bytes in what a GPU's label calls a GB."""

ROOM = 0.9
"""Share of a GPU's memory to plan with; CUDA itself and fragments take the rest."""

UTILIZATION = 0.3
"""Share of the peak rate that training reaches: an assumption, not a measurement."""


@dataclass(frozen=True)
class Gpu:
    """One kind of GPU.

    Attributes:
        name: As it is sold.
        memory: What its driver reports, GiB.
        tflops: Dense matrix products in 16 bits, 10^12 operations a second, peak.
        bf16: Whether it computes in bf16; fp16 alone otherwise.
    """

    name: str
    memory: float
    tflops: float
    bf16: bool = True

    @property
    def usable(self) -> float:
        """Memory to plan with, bytes."""
        return self.memory * GIB * ROOM

    def hours(self, flops: float, count: int = 1) -> float:
        """Time for so many operations on so many of them, at ``UTILIZATION``."""
        return flops / (self.tflops * 1e12 * UTILIZATION * count) / 3600


GPUS = (
    Gpu("T4 16 GB", 15.0, 65, bf16=False),
    Gpu("RTX 4090 24 GB", 24.0, 165),
    Gpu("L4 24 GB", 22.5, 121),
    Gpu("A100 40 GB", 40.0, 312),
    Gpu("L40S 48 GB", 45.0, 362),
    Gpu("A100 80 GB", 80.0, 312),
    Gpu("H100 80 GB", 79.6, 989),
)
"""By memory; rates from the data sheets, without sparsity."""
