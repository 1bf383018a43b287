"""What is particular to each family of backbones; all else is one code path.

A family says how its conversations are written, where LoRA goes, how large its
picture is and how fine a grid it is asked for. Written for transformers 5.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from t4s_lib.models.templates import DEEPSEEK, LLAVA, PALIGEMMA

TARGETS = ("language", "language+projector", "all-linear")
"""Where LoRA may go: the language model, it and the projector, every linear layer."""

_LANGUAGE = (
    r"(.*\.)?(language_model|text_model)\.layers\.\d+"
    r"\.(self_attn|mlp)\.(q|k|v|o|gate|up|down)_proj"
)
_PROJECTOR = r"(.*\.)?multi_modal_projector\.linear(_\d)?"


@dataclass(frozen=True)
class Family:
    """One family of backbones.

    Attributes:
        name: Its key in ``FAMILIES``.
        title: Its name for people.
        model_types: What ``model_type`` says in its ``config.json``.
        hub_ids: Checkpoints on the Hub, smallest first.
        template: Its chat template (Jinja); None where the checkpoint's own is right.
        lora_targets: Regular expression of the language model's linear layers.
        projector: Regular expression of the linear layers between picture and text;
            empty where there are none.
        image_side: Side of the square picture, pixels, where a processor takes
            any size; else what the checkpoints above are made for.
        grid: Rows and columns of the mask's grid, the paper's choice.
        collator: ``"trl"``, or ``"paligemma"`` where trl's batches are wrong.
        notes: What to know before training it.
    """

    name: str
    title: str
    model_types: tuple[str, ...]
    hub_ids: tuple[str, ...]
    image_side: int
    template: str | None = field(default=None, repr=False)
    lora_targets: str = field(default=_LANGUAGE, repr=False)
    projector: str = field(default=_PROJECTOR, repr=False)
    grid: int = 16
    collator: str = "trl"
    notes: str = field(default="", repr=False)

    def targets(self, where: str = "language") -> str:
        """What peft's ``target_modules`` must be.

        Args:
            where: One of ``TARGETS``. The authors chose ``"all-linear"``, the vision
                tower included, for LLaVA and ``"language+projector"`` for the others.

        Raises:
            ValueError: For another ``where``.

        Examples:
            >>> FAMILIES["llava"].targets("all-linear")
            'all-linear'
        """
        if where not in TARGETS:
            known = ", ".join(TARGETS)
            raise ValueError(f"LoRA targets are {where!r}, expected one of {known}")
        if where == "all-linear":
            return where
        if where == "language" or not self.projector:
            return self.lora_targets
        return f"({self.lora_targets})|({self.projector})"


_QWEN_MERGER = (
    r"(.*\.)?visual\.(merger|deepstack_merger_list\.\d+)\.(mlp\.[02]|linear_fc\d)"
)
_CONNECTOR = r"(.*\.)?connector\.modality_projection\.proj"
_ALIGNER = r"(.*\.)?aligner\.(linear\d|((high_res_)?vision_)?proj)"

_ALL = (
    Family(
        name="llava",
        title="LLaVA-1.5",
        model_types=("llava",),
        hub_ids=("llava-hf/llava-1.5-7b-hf", "llava-hf/llava-1.5-13b-hf"),
        image_side=336,
        template=LLAVA,
        notes="The Hub's template ends no answer, so a model trained on it never"
        " stops; ours does. The authors' released runs tune every linear layer,"
        " the vision tower included.",
    ),
    Family(
        name="qwen2_vl",
        title="Qwen2-VL",
        model_types=("qwen2_vl",),
        hub_ids=("Qwen/Qwen2-VL-2B-Instruct", "Qwen/Qwen2-VL-7B-Instruct"),
        image_side=448,
        projector=_QWEN_MERGER,
        notes="Any picture size; 448 makes 16 by 16 visual tokens of 28 pixels.",
    ),
    Family(
        name="qwen2_5_vl",
        title="Qwen2.5-VL",
        model_types=("qwen2_5_vl",),
        hub_ids=("Qwen/Qwen2.5-VL-3B-Instruct", "Qwen/Qwen2.5-VL-7B-Instruct"),
        image_side=448,
        projector=_QWEN_MERGER,
        notes="Any picture size; 448 makes 16 by 16 visual tokens of 28 pixels.",
    ),
    Family(
        name="qwen3_vl",
        title="Qwen3-VL",
        model_types=("qwen3_vl",),
        hub_ids=(
            "Qwen/Qwen3-VL-2B-Instruct",
            "Qwen/Qwen3-VL-4B-Instruct",
            "Qwen/Qwen3-VL-8B-Instruct",
        ),
        image_side=512,
        projector=_QWEN_MERGER,
        notes="Any picture size; 512 makes 16 by 16 visual tokens of 32 pixels.",
    ),
    Family(
        name="internvl",
        title="InternVL2.5, InternVL3",
        model_types=("internvl",),
        hub_ids=(
            "OpenGVLab/InternVL3-1B-hf",
            "OpenGVLab/InternVL3-2B-hf",
            "OpenGVLab/InternVL2_5-2B-MPO-hf",
            "OpenGVLab/InternVL3-8B-hf",
            "OpenGVLab/InternVL2_5-8B-MPO-hf",
        ),
        image_side=448,
        notes="Converted weights only: the Hub ids that end in -hf. One tile of 448"
        " pixels, 256 visual tokens, no thumbnail, as the authors train it.",
    ),
    Family(
        name="deepseek_vl",
        title="DeepSeek-VL-1.3B",
        model_types=("deepseek_vl",),
        hub_ids=("deepseek-community/deepseek-vl-1.3b-chat",),
        image_side=384,
        template=DEEPSEEK,
        projector=_ALIGNER,
        notes="Its processor pads to a square; a squashed picture has nothing to pad.",
    ),
    Family(
        name="deepseek_vl_hybrid",
        title="DeepSeek-VL-7B",
        model_types=("deepseek_vl_hybrid",),
        hub_ids=("deepseek-community/deepseek-vl-7b-chat",),
        image_side=1024,
        template=DEEPSEEK,
        projector=_ALIGNER,
        notes="Two towers see the picture, at 384 and at 1024 pixels.",
    ),
    Family(
        name="idefics3",
        title="Idefics3, SmolVLM",
        model_types=("idefics3",),
        hub_ids=(
            "HuggingFaceTB/SmolVLM-256M-Instruct",
            "HuggingFaceTB/SmolVLM-500M-Instruct",
            "HuggingFaceTB/SmolVLM-Instruct",
            "HuggingFaceM4/Idefics3-8B-Llama3",
        ),
        image_side=364,
        projector=_CONNECTOR,
        notes="Cutting the picture in tiles is switched off: one view.",
    ),
    Family(
        name="smolvlm",
        title="SmolVLM2",
        model_types=("smolvlm",),
        hub_ids=(
            "HuggingFaceTB/SmolVLM2-256M-Video-Instruct",
            "HuggingFaceTB/SmolVLM2-500M-Video-Instruct",
            "HuggingFaceTB/SmolVLM2-2.2B-Instruct",
        ),
        image_side=512,
        projector=_CONNECTOR,
        notes="Cutting the picture in tiles is switched off. Needs num2words.",
    ),
    Family(
        name="gemma3",
        title="Gemma 3",
        model_types=("gemma3",),
        hub_ids=("google/gemma-3-4b-it", "google/gemma-3-12b-it"),
        image_side=896,
        projector="",
        notes="Its projector is no linear layer, so LoRA passes it by.",
    ),
    Family(
        name="paligemma",
        title="PaliGemma, PaliGemma 2",
        model_types=("paligemma",),
        hub_ids=("google/paligemma-3b-pt-224", "google/paligemma2-3b-pt-224"),
        image_side=224,
        template=PALIGEMMA,
        collator="paligemma",
        notes="Its processor moves the text that a template wrote, so trl's labels are"
        " shifted without an error; batches come from conversation.PaliGemmaCollator.",
    ),
)

FAMILIES: dict[str, Family] = {family.name: family for family in _ALL}
"""Every family by name."""

_ELSEWHERE = {
    "internvl_chat": "take converted weights, whose Hub ids end in -hf",
    "multi_modality": "take deepseek-community's converted weights",
    "llava_llama": "take llava-hf's converted weights",
    "pixtral": "its processor needs torchvision",
    "mistral3": "its processor needs torchvision",
}


def family_of(model: Any) -> Family:
    """The family of a model.

    Args:
        model: A configuration, or what its ``model_type`` says, or a family's name.

    Raises:
        ValueError: If no family has that model type; the message names the nearest.

    Examples:
        >>> family_of("qwen2_5_vl").title
        'Qwen2.5-VL'
        >>> family_of("qwen25_vl")
        Traceback (most recent call last):
        ...
        ValueError: no family for model type 'qwen25_vl', nearest is qwen2_5_vl; ...
    """
    wanted = model if isinstance(model, str) else getattr(model, "model_type", None)
    for family in FAMILIES.values():
        if wanted in family.model_types or wanted == family.name:
            return family
    near = get_close_matches(str(wanted), FAMILIES, n=1)
    hint = _ELSEWHERE.get(str(wanted)) or (f"nearest is {near[0]}" if near else "")
    said = f"no family for model type {wanted!r}{', ' if hint else ''}{hint}"
    raise ValueError(f"{said}; known: {', '.join(FAMILIES)}")
