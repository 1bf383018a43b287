"""A backbone in plain numbers: what arithmetic needs to know of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Linears = tuple[tuple[int, int, int], ...]
"""Linear layers: inputs, outputs, how many of that shape."""

GROUPS = {
    "language": ("language",),
    "language+projector": ("language", "projector"),
    "all-linear": ("language", "projector", "vision"),
}
"""Where LoRA may go, and the groups of linear layers that get it."""


@dataclass(frozen=True)
class Shape:
    """A vision-language model in numbers.

    Attributes:
        name: Hub id or folder.
        family: Key of ``FAMILIES``.
        parameters: All of them, shared ones once.
        layers: Of the language model.
        hidden: Its width.
        intermediate: Width inside its MLPs.
        kv_width: Width of its keys (and of its values).
        vocab: Rows of its output layer.
        visual_tokens: Tokens that one picture takes in the prompt.
        patches: Positions that the vision tower works on.
        vision_layers: Of the vision tower.
        vision_hidden: Its width.
        linears: Group (``language``, ``projector``, ``vision``) to linear layers,
            the output layer left out.
    """

    name: str
    family: str
    parameters: int
    layers: int
    hidden: int
    intermediate: int
    kv_width: int
    vocab: int
    visual_tokens: int
    patches: int
    vision_layers: int
    vision_hidden: int
    linears: Mapping[str, Linears]

    def weights(self, group: str) -> int:
        """Weights in the linear layers of a group."""
        return sum(n * a * b for a, b, n in self.linears.get(group, ()))

    def targeted(self, targets: str) -> list[tuple[int, int, int]]:
        """The linear layers that get LoRA.

        Raises:
            ValueError: If ``targets`` is not one of ``GROUPS``.
        """
        if targets not in GROUPS:
            known = ", ".join(GROUPS)
            raise ValueError(f"targets is {targets!r}, expected one of {known}")
        return [
            layer for group in GROUPS[targets] for layer in self.linears.get(group, ())
        ]
