r"""Configurations for ``accelerate launch``, one file a way to share the work.

    accelerate launch --config_file "$(python -m t4s_lib.launch fsdp)" \\
        -m t4s_lib train --recipe res-llava-1.5-13b --data DATA --out OUT

Each is for the 8 GPUs of one machine; ``--num_processes`` and ``--num_machines``,
given after the file, say otherwise. Batch, precision and gradient checkpointing stay
the recipe's; the files say only how weights are laid out.
"""

from __future__ import annotations

from pathlib import Path

WAYS = {
    "ddp": "each GPU has the whole model",
    "zero2": "DeepSpeed: gradients and optimizer are shared out",
    "zero3": "DeepSpeed: weights too",
    "fsdp": "PyTorch's FSDP2: weights, gradients and optimizer are shared out",
}
"""The names of the files, and what each does."""


def config_file(way: str) -> Path:
    """Where a configuration is.

    Raises:
        ValueError: If there is none of that name.

    Examples:
        >>> config_file("fsdp").name
        'fsdp.yaml'
    """
    if way not in WAYS:
        raise ValueError(f"way is {way!r}, expected one of {', '.join(WAYS)}")
    return Path(__file__).parent / f"{way}.yaml"
