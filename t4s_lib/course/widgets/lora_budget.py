"""LoRA budget: choose a backbone, a rank and where it goes; read what it takes."""

from __future__ import annotations

import html
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import ipywidgets as widgets
from matplotlib.figure import Figure

from t4s_lib.course.widgets.lora_budget_figure import draw
from t4s_lib.course.widgets.panels import to_html
from t4s_lib.course.widgets.parts import LABELLED, framed, readout, row
from t4s_lib.training.budget import Budget, gib, setting_for
from t4s_lib.training.gpus import GPUS
from t4s_lib.training.shape_table import SHAPES

TEXT_TOKENS = 240
"""Tokens of a question and its mask in R-RLE, about the mean on RefCOCO."""

RANKS = (1, 2, 4, 8, 16, 32, 64, 128, 256)

PLACES = {
    "language model": "language",
    "language model and projector": "language+projector",
    "every linear layer, vision tower too": "all-linear",
    "no LoRA: train every weight": "everything",
}
"""What the menu says, and where LoRA then goes."""

WEIGHTS = {"16 bits": "", "8 bits": "8bit", "4 bits (QLoRA)": "4bit"}
"""What the menu says, and how the frozen weights are then kept: "" is not quantized.

Not None, which a menu takes for "nothing chosen" and shows as a blank.
"""


@dataclass(frozen=True)
class LoraView:
    """What the widget is set to, and what follows from it.

    Attributes:
        backbone: A key of ``SHAPES``.
        r: Rank.
        place: A value of ``PLACES``.
        quantize: A value of ``WEIGHTS``.
        batch: Samples that a GPU takes at once.
        checkpointing: Whether activations are computed again instead of kept.
    """

    backbone: str = "llava-hf/llava-1.5-7b-hf"
    r: int = 64
    place: str = "language"
    quantize: str = ""
    batch: int = 4
    checkpointing: bool = True

    @cached_property
    def budget(self) -> Budget:
        """Parameters and memory."""
        shape, whole = SHAPES[self.backbone], self.place == "everything"
        return Budget(
            shape,
            r=None if whole else self.r,
            targets="all-linear" if whole else self.place,
            batch=self.batch,
            tokens=shape.visual_tokens + TEXT_TOKENS,
            quantize=None if whole else self.quantize or None,
            checkpointing=self.checkpointing,
        )

    @property
    def title(self) -> str:
        """The backbone's name, short."""
        return self.backbone.split("/")[-1]


def render_lora_budget(view: LoraView) -> Figure:
    """Draw where the memory goes, which GPUs have it, and parameters by rank."""
    return draw(view.budget, view.title, RANKS)


def describe_lora_budget(view: LoraView) -> str:
    """Say in words what the figure shows."""
    budget = view.budget
    parts = ", ".join(f"{k} {gib(v)}" for k, v in budget.memory.parts().items() if v)
    return (
        f"{view.title}, {_what(view)}: {budget.trained / 1e6:,.1f} of "
        f"{budget.shape.parameters / 1e6:,.0f} million parameters are trained "
        f"({budget.trained / budget.shape.parameters:.2%}). A GPU needs "
        f"{gib(budget.memory.total)}: {parts}. {_verdicts(budget)}"
    )


def build_lora_budget() -> widgets.VBox:
    """The widget; it computes with plain numbers and needs neither torch nor a GPU."""
    controls = _controls()
    figure, words = widgets.HTML(), widgets.HTML()
    words.layout.min_height = "6em"
    first = {name: control.value for name, control in controls.items()}

    def redraw(_: object = None) -> None:
        view = LoraView(**{name: c.value for name, c in controls.items()})
        whole = view.place == "everything"
        for name in ("r", "quantize"):
            controls[name].disabled = whole
        said = describe_lora_budget(view)
        figure.value = to_html(render_lora_budget(view), said)
        words.value = readout(html.escape(said))

    def reset(_: object) -> None:
        for name, value in first.items():
            controls[name].value = value

    button = widgets.Button(description="Reset", icon="undo")
    button.on_click(reset)
    for control in controls.values():
        control.observe(redraw, names="value")
    redraw()
    return framed(row(*controls.values(), button), figure, words)


def _controls() -> dict[str, Any]:
    start = {field.name: field.default for field in fields(LoraView)}
    names = [(name.split("/")[-1], name) for name in SHAPES]
    made = {
        "backbone": widgets.Dropdown(options=names, description="Backbone", **LABELLED),
        "r": widgets.SelectionSlider(options=RANKS, description="Rank", **LABELLED),
        "place": widgets.Dropdown(
            options=list(PLACES.items()), description="LoRA on", **LABELLED
        ),
        "quantize": widgets.Dropdown(
            options=list(WEIGHTS.items()), description="Frozen weights in", **LABELLED
        ),
        "batch": widgets.SelectionSlider(
            options=(1, 2, 4, 8, 16), description="Samples at once", **LABELLED
        ),
        "checkpointing": widgets.Checkbox(
            description="Gradient checkpointing", indent=False
        ),
    }
    for name, control in made.items():
        control.value = start[name]
    return made


_WHERE = {
    "language": "the language model",
    "language+projector": "the language model and the projector",
    "all-linear": "every linear layer",
}


def _what(view: LoraView) -> str:
    kept = "" if view.checkpointing else ", no checkpointing"
    at_once = f"{view.batch} sample{'s' * (view.batch != 1)} at once{kept}"
    if view.place == "everything":
        return f"every weight trained, {at_once}"
    where = _WHERE[view.place]
    bits = next(words for words, way in WEIGHTS.items() if way == view.quantize)
    return f"LoRA of rank {view.r} on {where}, frozen weights in {bits}, {at_once}"


def _verdicts(budget: Budget) -> str:
    """Which GPUs have room, and what would make room on the others."""
    found = {gpu.name: setting_for(budget, gpu) for gpu in GPUS}
    fits = [name for name, setting in found.items() if setting == ""]
    never = [name for name, setting in found.items() if setting is None]
    others = [f"{name} with {setting}" for name, setting in found.items() if setting]
    says = {"Room": fits, "Room after a change": others, "No room": never}
    return " ".join(f"{k}: {'; '.join(v)}." for k, v in says.items() if v)
