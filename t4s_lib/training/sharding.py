"""FSDP and DeepSpeed, as ``accelerate launch --config_file`` asks for them.

accelerate shards with FSDP where there is a GPU; on a machine without one it reads the
same configuration and, without a word, trains copies of the whole model instead
(``AcceleratorState``, seen in 1.15). So that what is run at toy size is what runs at
full size, ``allow_sharding`` says for the moment in which accelerate decides that
there are devices; everything after that is accelerate's own code, on gloo.
"""

from __future__ import annotations

import os
from typing import Any


def asks_for_fsdp() -> bool:
    """Whether the configuration of ``accelerate launch`` says FSDP."""
    return os.environ.get("ACCELERATE_USE_FSDP", "false").lower() == "true"


def allow_sharding() -> None:
    """Let the next ``Accelerator`` shard on processors too, where FSDP is asked for.

    On GPUs it does nothing.
    """
    from accelerate.state import DistributedType, PartialState

    shared = PartialState._shared_state
    if asks_for_fsdp() and shared.get("distributed_type") == DistributedType.MULTI_CPU:
        # Any kind of device that accelerate knows to shard on: nothing else of it
        # is used, the backend stays gloo, and "FSDP" takes its place at once.
        shared["distributed_type"] = DistributedType.MULTI_GPU


def name_layers(accelerator: Any, model: Any) -> None:
    """Tell FSDP which layers to shard one by one, unless its configuration does.

    transformers names them per class, and some names are of parts that a model has
    not got: LLaVA's has CLIP's text layers in it, and FSDP refuses such a name.

    Args:
        accelerator: With a plug-in for FSDP; others are left alone.
        model: What will be sharded.
    """
    plugin = getattr(accelerator.state, "fsdp_plugin", None)
    if plugin is None or plugin.transformer_cls_names_to_wrap:
        return
    there = {type(module).__name__ for module in model.modules()}
    named = set(getattr(model, "_no_split_modules", None) or ())
    plugin.transformer_cls_names_to_wrap = sorted(named & there) or None


def is_split(model: Any) -> bool:
    """Whether a process holds only a part of the weights between two layers' work.

    Then no process can pass the model forward alone: all must do it equally often.
    """
    from torch.distributed.tensor import DTensor

    return any(
        isinstance(weights.data, DTensor) or hasattr(weights, "ds_id")
        for weights in model.parameters()
    )
