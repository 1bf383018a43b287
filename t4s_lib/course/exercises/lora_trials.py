"""How answers of lesson 03 are tried: on small layers, with peft as the judge.

Everything is float64 and drawn from fixed seeds, so two right answers agree to all
digits that are shown. Needs torch and peft, so it is imported when an answer is tried.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import torch
from torch import nn

from t4s_lib.course.exercises.layer import Layer
from t4s_lib.course.exercises.model import is_blank

_WORDS = ("others", " *2", "| ", "dog", " *14")
_TEXT = (3, 1, 2, 0, 4)
_RATE = 6.0


def parts(layer: Layer) -> tuple[Any, Any, Any, Any]:
    """A base layer, A, B and some inputs ``(2, inputs)`` of the sizes given."""
    draw = torch.Generator().manual_seed(layer.inputs * 100 + layer.outputs * 10)
    shapes = (
        (layer.outputs, layer.inputs),
        (layer.r, layer.inputs),
        (layer.outputs, layer.r),
        (2, layer.inputs),
        (layer.outputs,),
    )
    weight, A, B, x, bias = (
        torch.randn(shape, generator=draw, dtype=torch.float64) for shape in shapes
    )
    base = nn.Linear(layer.inputs, layer.outputs, layer.bias, dtype=torch.float64)
    base.weight.data = weight
    if layer.bias:
        base.bias.data = bias
    return base, A, B, x


def peft_layer(base: Any, A: Any, B: Any, alpha: float) -> Any:
    """The same by peft: its own LoRA layer, with the weights given."""
    from peft import LoraConfig, inject_adapter_in_model

    config = LoraConfig(r=len(A), lora_alpha=alpha, target_modules=["0"])
    layer = inject_adapter_in_model(config, nn.Sequential(base))[0]
    layer.lora_A["default"].weight = nn.Parameter(A)
    layer.lora_B["default"].weight = nn.Parameter(B)
    return layer


def lora_output(build: Any, layer: Layer) -> Any:
    """What a layer that was built answers."""
    base, A, B, x = parts(layer)
    built = build(base, A, B, layer.alpha)
    return built if is_blank(built) else _numbers(built(x))


def merged_weight(merge: Any, layer: Layer) -> Any:
    """The one weight into which three were merged."""
    base, A, B, _ = parts(layer)
    return _numbers(merge(base.weight.detach(), A, B, layer.alpha))


def peft_weight(weight: Any, A: Any, B: Any, alpha: float) -> Any:
    """The weight that is left when peft merges."""
    base = nn.Linear(weight.shape[1], weight.shape[0], bias=False, dtype=weight.dtype)
    base.weight.data = weight.clone()
    layer = peft_layer(base, A, B, alpha)
    layer.merge()
    return layer.get_base_layer().weight


def start_effect(make: Any, inputs: int, outputs: int, r: int) -> Any:
    """What a start does to the layer's output, and whether training gets away."""
    made = make(inputs, outputs, r)
    if is_blank(made):
        return made
    A, B = (_tensor(part) for part in made)
    sizes = f"A is {_size(A)}, B is {_size(B)}"
    if tuple(A.shape) != (r, inputs) or tuple(B.shape) != (outputs, r):
        return f"{sizes}; they do not fit"
    before = "stays as it was" if not (B @ A).any() else "changes"
    rank = int(torch.linalg.matrix_rank(_after_a_step(A, B)))
    return f"{sizes}; the output {before}; after a step of training B A has rank {rank}"


def _after_a_step(A: Any, B: Any) -> Any:
    """B A after one step towards a random target, from wherever it starts."""
    A, B = A.clone().requires_grad_(), B.clone().requires_grad_()
    draw = torch.Generator().manual_seed(0)
    target = torch.randn(len(B), A.shape[1], generator=draw, dtype=torch.float64)
    ((B @ A - target) ** 2).mean().backward()
    return ((B - 0.1 * B.grad) @ (A - 0.1 * A.grad)).detach()


class Parrot(nn.Module):  # type: ignore[misc]
    """A model that can learn one text by heart, and nothing else."""

    def __init__(self) -> None:
        super().__init__()
        start = torch.zeros(len(_TEXT), len(_WORDS), dtype=torch.float64)
        self.scores = nn.Parameter(start)

    def forward(self, labels: Any) -> Any:
        """The loss of the labels, as models of transformers return it."""
        return SimpleNamespace(loss=nn.functional.cross_entropy(self.scores, labels))

    def write(self) -> str:
        """What it says by now."""
        return "".join(_WORDS[k] for k in self.scores.argmax(dim=1).tolist())


def losses_of(loop: Any, steps: int) -> Any:
    """What a training loop returns, and what the parrot then says."""
    parrot = Parrot()
    optimizer = torch.optim.SGD(parrot.parameters(), lr=_RATE)
    taken: list[int] = []
    optimizer.register_step_post_hook(lambda *_: taken.append(1))
    losses = loop(parrot, {"labels": torch.tensor(_TEXT)}, optimizer, steps)
    untouched = not parrot.scores.any()
    if is_blank(losses) and untouched:
        return losses
    after = f"after {len(taken)} steps of the optimizer"
    return f"{_told(losses)}; {after} the model writes {parrot.write()!r}"


def _told(losses: Any) -> str:
    if is_blank(losses):
        return "nothing is returned"
    if isinstance(losses, list | tuple | np.ndarray):
        return "losses " + ", ".join(f"{_tensor(loss):.3f}" for loss in losses)
    return f"a single loss {_tensor(losses):.3f}"


def _size(tensor: Any) -> str:
    return " x ".join(str(n) for n in tensor.shape)


def _tensor(value: Any) -> Any:
    return torch.as_tensor(value).detach().double()


def _numbers(value: Any) -> Any:
    """Numbers with four digits behind the point, as lists; blanks as they are."""
    if is_blank(value):
        return value
    return np.round(_tensor(value).numpy(), 4).tolist()
