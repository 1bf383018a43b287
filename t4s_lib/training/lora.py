"""LoRA as a recipe says it, on the layers that a family says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from t4s_lib.models.families import Family
    from t4s_lib.training.specs import LoraSpec


def lora_config(lora: LoraSpec, family: Family) -> Any:
    """The ``peft.LoraConfig`` of a recipe for a family of backbones.

    Args:
        lora: Rank, alpha, dropout, and where: the language model, or all linear
            layers (never the output head, which trl computes the loss from).
        family: Says which layers are the language model's.

    Returns:
        The configuration, for ``peft`` or for ``trl.SFTTrainer(peft_config=...)``.
    """
    from peft import LoraConfig

    return LoraConfig(
        r=lora.r,
        lora_alpha=lora.alpha,
        lora_dropout=lora.dropout,
        target_modules=family.targets(lora.targets),
        task_type="CAUSAL_LM",
        bias="none",
    )


def trainable(model: Any) -> tuple[int, int]:
    """How many parameters are trained, and how many there are."""
    sizes = [(p.numel(), p.requires_grad) for p in model.parameters()]
    return sum(n for n, on in sizes if on), sum(n for n, _ in sizes)
