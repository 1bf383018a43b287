"""How much memory a model's weights need, how much there is, and what would fit."""

from __future__ import annotations

from typing import Any

from t4s_lib.models.errors import ModelError

GB = 1e9
BYTES = {"float32": 4.0, "float16": 2.0, "bfloat16": 2.0}
"""Bytes of a weight, by dtype."""

QUANTIZED = {"8bit": 1.0, "4bit": 0.57}
"""Bytes of a quantized weight, scales included."""

_ROOM = 1.1
"""Beside the weights: activations of one picture, a cache of one answer."""


def hollow(config: Any) -> Any:
    """A model without weights: it knows its layers and takes no memory."""
    import torch
    from transformers import AutoModelForImageTextToText

    with torch.device("meta"):
        return AutoModelForImageTextToText.from_config(config)


def count(model: Any) -> tuple[int, int]:
    """Parameters of a model, which may be hollow.

    Returns:
        Those of the language model's linear layers, which quantizing shrinks, and
        all others.
    """
    import torch

    every = sum(p.numel() for p in model.parameters())
    skipped = tuple(unquantized(model))
    linear = sum(
        module.weight.numel()
        for name, module in model.named_modules()
        if isinstance(module, torch.nn.Linear) and not name.startswith(skipped)
    )
    return linear, every - linear


def unquantized(model: Any) -> list[str]:
    """Parts that stay as they are: all but the language model, and the last layer.

    Full names: bitsandbytes passes over short ones without a word.
    """
    language = ("language_model", "text_model")
    parts = [name for name, _ in model.model.named_children() if name not in language]
    return [f"model.{name}" for name in parts] + ["lm_head"]


def needed(linear: int, others: int, dtype: str, quantize: str | None = None) -> float:
    """Memory to load a model and use it on one picture, GB.

    Examples:
        >>> round(needed(6_500_000_000, 500_000_000, "bfloat16"), 1)
        15.4
        >>> round(needed(6_500_000_000, 500_000_000, "bfloat16", "4bit"), 1)
        5.2
    """
    each = QUANTIZED[quantize] if quantize else BYTES[dtype]
    return (linear * each + others * BYTES[dtype]) * _ROOM / GB


def found(device: Any) -> float:
    """Memory that is free on a device, GB."""
    if device.type == "cuda":
        import torch

        return float(torch.cuda.mem_get_info(device)[0]) / GB
    import psutil  # type: ignore[import-untyped]

    return float(psutil.virtual_memory().available) / GB


def check(config: Any, dtype: str, quantize: str | None, device: Any) -> None:
    """See that a model fits.

    Args:
        config: Its configuration.
        dtype: A key of ``BYTES``.
        quantize: A key of ``QUANTIZED``, or None.
        device: Where it goes.

    Raises:
        ModelError: If it does not; the message says what is needed, what was found
            and which setting would fit.
    """
    sizes, free = count(hollow(config)), found(device)
    wanted = needed(*sizes, dtype, quantize)
    if wanted <= free:
        return
    smaller = {_setting(q): needed(*sizes, "bfloat16", q) for q in (None, *QUANTIZED)}
    fitting = [how for how, size in smaller.items() if size <= free]
    least = f"no setting fits, the least needs {min(smaller.values()):.1f} GB"
    advice = f"{fitting[0]} fits" if fitting else f"{least}: take a smaller model"
    place = f"found {free:.1f} GB free on {device}"
    raise ModelError(f"not enough memory: needed {wanted:.1f} GB, {place}; {advice}")


def _setting(quantize: str | None) -> str:
    return f"dtype='bfloat16', quantize={quantize!r}"
