"""LoRA budget: how many parameters are trained, how much memory it takes, which GPU.

Plain arithmetic on a backbone's numbers (``shape_table.SHAPES``), checked in tests
against peft, against models on the meta device, and, for the activations, against
the bytes that autograd keeps. Nothing here was measured on a GPU.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from functools import cached_property

from t4s_lib.training.gpus import GIB, GPUS, Gpu
from t4s_lib.training.shapes import Shape

WEIGHT_BYTES = {"fp32": 4.0, "bf16": 2.0, "fp16": 2.0, "8bit": 1.0, "4bit": 0.57}
"""Bytes of a weight; of the quantized ones with their scales."""

_GRADIENT, _ADAMW = 4, 8
"""Bytes of a trained weight's gradient and of AdamW's two averages, all in fp32."""


@dataclass(frozen=True)
class Memory:
    """Where a training's memory goes, bytes on one GPU.

    Scores over the vocabulary take next to nothing: trl forms them in tiles, and of
    the answer's tokens alone.

    Attributes:
        weights: The backbone.
        adapter: The LoRA, in fp32 and, where it is computed with, in 16 bits.
        gradients: Of what is trained.
        optimizer: AdamW's averages.
        activations: What autograd keeps for the way back.
    """

    weights: float
    adapter: float
    gradients: float
    optimizer: float
    activations: float

    @property
    def total(self) -> float:
        """All of it."""
        return sum(self.parts().values())

    def parts(self) -> dict[str, float]:
        """Name to bytes."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True)
class Budget:
    """A way to train a backbone.

    Attributes:
        shape: The backbone in numbers.
        r: Rank of the LoRA; None trains every weight.
        targets: Where it goes, see ``shapes.GROUPS``.
        batch: Samples that a GPU takes at once.
        tokens: Tokens of one sample, those of the picture among them.
        precision: ``fp32``, ``bf16`` or ``fp16``.
        quantize: ``4bit``, ``8bit`` or None: of the language model's linear layers.
        checkpointing: Keep only what enters each layer, and compute the rest again.
        dropout: Whether the LoRA has any.

    Examples:
        >>> from t4s_lib.training.shape_table import SHAPES
        >>> budget = Budget(SHAPES["llava-hf/llava-1.5-7b-hf"], r=64)
        >>> f"{budget.trained:,}", f"{budget.memory.total / 2**30:.1f} GiB"
        ('159,907,840', '16.3 GiB')
    """

    shape: Shape
    r: int | None = 64
    targets: str = "language"
    batch: int = 1
    tokens: int = 800
    precision: str = "bf16"
    quantize: str | None = None
    checkpointing: bool = True
    dropout: bool = True

    @property
    def trained(self) -> int:
        """Parameters that are trained."""
        if self.r is None:
            return self.shape.parameters
        return lora_parameters(self.shape, self.r, self.targets)

    @cached_property
    def memory(self) -> Memory:
        """Where the memory goes."""
        copies = 4 if self.precision == "fp32" else 6
        return Memory(
            weights=self._weights(),
            adapter=0 if self.r is None else self.trained * copies,
            gradients=self.trained * _GRADIENT,
            optimizer=self.trained * _ADAMW,
            activations=self._activations(),
        )

    def fits(self, gpu: Gpu) -> bool:
        """Whether a GPU has the memory, and computes in this precision."""
        able = gpu.bf16 or self.precision != "bf16"
        return able and self.memory.total <= gpu.usable

    def _weights(self) -> float:
        if self.r is None:
            return self.shape.parameters * WEIGHT_BYTES["fp32"]
        inner = self.shape.weights("language")
        plain = WEIGHT_BYTES[self.precision]
        each = WEIGHT_BYTES[self.quantize] if self.quantize else plain
        return inner * each + (self.shape.parameters - inner) * plain

    def _activations(self) -> float:
        """Of the language model; of the vision tower too, where that is trained."""
        s = self.shape
        layer = self.tokens * _layer_bytes(s, self.r or 0, self.dropout)
        kept = self._kept(s.layers, layer, self.tokens * 2 * s.hidden)
        if self.r is None or self.targets == "all-linear":
            width = s.patches * s.vision_hidden
            kept += self._kept(s.vision_layers, 34 * width, 2 * width)
        return self.batch * kept * (2 if self.precision == "fp32" else 1)

    def _kept(self, layers: int, whole: float, entrance: float) -> float:
        return layers * entrance + whole if self.checkpointing else layers * whole


def lora_parameters(shape: Shape, r: int, targets: str = "language") -> int:
    """Parameters of a LoRA: ``r`` times inputs plus outputs, of each layer it is on.

    Args:
        shape: The backbone.
        r: The rank.
        targets: A key of ``shapes.GROUPS``.

    Raises:
        ValueError: For a rank below 1, or unknown targets.

    Examples:
        >>> from t4s_lib.training.shape_table import SHAPES
        >>> lora_parameters(SHAPES["llava-hf/llava-1.5-7b-hf"], 8)
        19988480
    """
    if r < 1:
        raise ValueError(f"rank is {r}, expected 1 or more")
    return r * sum(n * (a + b) for a, b, n in shape.targeted(targets))


def _layer_bytes(shape: Shape, r: int, dropout: bool) -> int:
    """What autograd keeps of one decoder layer, bytes a token, in 16 bits.

    Counted with saved-tensor hooks on a gated decoder under autocast: the norms keep
    fp32 copies, attention its queries, keys, values and output, and each LoRA with
    dropout the dropped input (2 bytes) and a mask (1 byte) of its own.
    """
    dropped = 18 * shape.hidden + 3 * shape.intermediate if dropout and r else 0
    plain = 24 * shape.hidden + 8 * shape.intermediate + 4 * shape.kv_width
    return plain + dropped + 18 * r


def settings(budget: Budget) -> Iterator[tuple[str, Budget]]:
    """The budget as it is, then leaner and leaner, each with what to set for it."""
    yield "", budget
    lean, words = budget, []
    if not budget.checkpointing:
        lean = replace(lean, checkpointing=True)
        words.append("gradient_checkpointing=true")
        yield " ".join(words), lean
    if budget.batch > 1:
        for batch in (2, 1):
            if batch < budget.batch:
                lean = replace(lean, batch=batch)
                yield " ".join([*words, f"per_device_batch={batch}"]), lean
        words.append("per_device_batch=1")
    if budget.r is not None and budget.quantize is None:
        lean = replace(lean, quantize="4bit")
        yield " ".join([*words, "quantize=4bit"]), lean


def setting_for(budget: Budget, gpu: Gpu) -> str | None:
    """What to set so that a GPU's memory is enough.

    Returns:
        ``""`` if nothing, words for ``--set`` if something, None if nothing helps.

    Examples:
        >>> from t4s_lib.training.shape_table import SHAPES
        >>> budget = Budget(SHAPES["llava-hf/llava-1.5-7b-hf"], batch=4)
        >>> {gpu.name: setting_for(budget, gpu) for gpu in GPUS[:3]}
        {'T4 16 GB': 'precision=fp16 per_device_batch=1 quantize=4bit',
         'RTX 4090 24 GB': '', 'L4 24 GB': ''}
    """
    other = budget.precision == "bf16" and not gpu.bf16
    start = replace(budget, precision="fp16") if other else budget
    for words, lean in settings(start):
        if lean.fits(gpu):
            return " ".join(["precision=fp16"] * other + [words] * bool(words))
    return None


def smallest(budget: Budget) -> Gpu | None:
    """The GPU of ``GPUS`` with the least memory that takes a budget as it is."""
    return next((gpu for gpu in GPUS if budget.fits(gpu)), None)


def gib(size: float) -> str:
    """Bytes as GiB, in words.

    Examples:
        >>> gib(15.04 * GIB)
        '15.0 GiB'
    """
    return f"{size / GIB:.1f} GiB"
