"""The SAM family: which class of transformers each is, and how its weights are had."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from t4s_lib.models.errors import ModelError
from t4s_lib.models.finding import one_line, unreachable

IMAGENET = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
CENTRED = (0.5, 0.5, 0.5), (0.5, 0.5, 0.5)

Colours = tuple[tuple[float, ...], tuple[float, ...]]


@dataclass(frozen=True)
class Family:
    """What is particular to one generation of SAM.

    Attributes:
        name: The refiner's name.
        model: Its class in transformers that takes points, boxes and masks.
        kinds: What ``model_type`` says in the ``config.json`` of its checkpoints.
        weights: The checkpoint taken unless told otherwise, a Hub id.
        colours: Mean and deviation that its pictures are normalised by.
        padded: Whether pictures keep their shape in its frame.
        bound: Largest size of the logits that are handed back to it, if any.
    """

    name: str
    model: str
    kinds: tuple[str, ...]
    weights: str
    colours: Colours
    padded: bool
    bound: float | None = None


FAMILIES = {
    family.name: family
    for family in (
        Family(
            "sam", "SamModel", ("sam",), "facebook/sam-vit-huge", IMAGENET, padded=True
        ),
        Family(
            "sam2",
            "Sam2Model",
            ("sam2", "sam2_video"),
            "facebook/sam2.1-hiera-large",
            IMAGENET,
            padded=False,
            bound=32.0,
        ),
        Family(
            "sam3",
            "Sam3TrackerModel",
            ("sam3_tracker", "sam3_video"),
            "facebook/sam3",
            CENTRED,
            padded=False,
            bound=32.0,
        ),
    )
}
"""By refiner name. SAM's is the checkpoint of the paper (ViT-H)."""


def load_model(family: Family, weights: str | Path, device: str) -> Any:
    """The model with its weights, float32, in evaluation mode.

    Args:
        family: Which generation.
        weights: A folder or a Hub id, which is downloaded unless ``HF_HUB_OFFLINE``
            is 1.
        device: ``"auto"`` takes the GPU where there is one; else torch's name.

    Raises:
        ModelError: If the weights cannot be had, are not whole, or belong to another
            family.
    """
    import torch
    import transformers
    from safetensors import SafetensorError

    _check_kind(family, weights)
    try:
        model, report = getattr(transformers, family.model).from_pretrained(
            weights, dtype=torch.float32, use_safetensors=True, output_loading_info=True
        )
    except SafetensorError as error:
        raise ModelError(f"the weights of {weights} are cut off: {error}") from error
    except OSError as error:
        raise unreachable(str(weights), error) from error
    missing = sorted(report["missing_keys"])
    if missing:
        what = f"{len(missing)} tensors, the first {missing[0]}"
        raise ModelError(f"the weights of {weights} are not whole: they lack {what}")
    return model.eval().to(_device(device))


def _check_kind(family: Family, weights: str | Path) -> None:
    from transformers import PretrainedConfig

    try:
        settings, _ = PretrainedConfig.get_config_dict(weights)
    except OSError as error:
        raise unreachable(str(weights), error) from error
    except ValueError as error:
        raise ModelError(f"{weights}: {one_line(error)}") from error
    found = settings.get("model_type")
    if found not in family.kinds:
        known = " or ".join(family.kinds)
        raise ModelError(f"{weights} is a {found} model, {family.name} needs {known}")


def _device(device: str) -> str:
    import torch

    if device != "auto":
        return device
    return "cuda" if torch.cuda.is_available() else "cpu"
