"""Real backbones on the meta device: every layer in its true size, no memory taken."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

from t4s_lib.models.families import Family, family_of
from t4s_lib.training.configs import CONFIGS
from t4s_lib.training.shape_table import SHAPES
from t4s_lib.training.shapes import Shape


def configuration(name: str) -> Any:
    """The configuration of a backbone: a known one's, or a folder's, or a cached one's.

    Raises:
        ValueError: If it is neither known nor on this machine.
    """
    from transformers import AutoConfig

    if name in CONFIGS:
        sizes = dict(CONFIGS[name])
        return AutoConfig.for_model(sizes.pop("model_type"), **sizes)
    try:
        return AutoConfig.from_pretrained(place(name), local_files_only=True)
    except (OSError, ValueError):
        raise ValueError(
            f"model is {name!r}, expected a folder, a model in the Hub's cache, or one "
            f"of {', '.join(CONFIGS)}"
        ) from None


def meta_model(name: str) -> Any:
    """The whole model on the meta device: shapes without numbers, in under a second.

    Raises:
        ValueError: If it is neither known nor on this machine.
    """
    import torch
    from transformers import AutoModelForImageTextToText

    config = configuration(name)
    with torch.device("meta"):
        return AutoModelForImageTextToText.from_config(config)


def shape_of(name: str) -> Shape:
    """The numbers of a backbone; from the table where it is known.

    Raises:
        ValueError: If it is neither known nor on this machine.
    """
    return SHAPES[name] if name in SHAPES else measure(meta_model(name), name)


def measure(model: Any, name: str) -> Shape:
    """Read the numbers off a model, on whatever device it is.

    Args:
        model: A vision-language model of a known family.
        name: Its name.

    Raises:
        ValueError: If its family is unknown.
    """
    config, family = model.config, family_of(model.config)
    text, vision = config.get_text_config(), config.vision_config
    patches = _patches(vision, family)
    found = dict(model.named_modules())
    keys = next(m for k, m in found.items() if _is_key(k, family))
    return Shape(
        name=name,
        family=family.name,
        parameters=sum(p.numel() for p in model.parameters()),
        layers=text.num_hidden_layers,
        hidden=text.hidden_size,
        intermediate=text.intermediate_size,
        kv_width=keys.out_features,
        vocab=model.get_output_embeddings().out_features,
        visual_tokens=_visual_tokens(config, family, patches),
        patches=patches,
        vision_layers=getattr(vision, "depth", None) or vision.num_hidden_layers,
        vision_hidden=getattr(vision, "embed_dim", None) or vision.hidden_size,
        linears=_linears(model, family),
    )


def _linears(model: Any, family: Family) -> dict[str, Any]:
    """Group to linear layers, by the family's own names."""
    from torch import nn

    counts: dict[str, Counter[tuple[int, int]]] = {}
    head = model.get_output_embeddings()
    for name, layer in model.named_modules():
        if isinstance(layer, nn.Linear) and layer is not head:
            size = (layer.in_features, layer.out_features)
            counts.setdefault(_group(name, family), Counter())[size] += 1
    return {
        group: tuple(sorted((a, b, n) for (a, b), n in counts[group].items()))
        for group in sorted(counts)
    }


def _group(name: str, family: Family) -> str:
    if re.fullmatch(family.lora_targets, name):
        return "language"
    inside = family.projector and re.fullmatch(family.projector, name)
    return "projector" if inside else "vision"


def _is_key(name: str, family: Family) -> bool:
    return name.endswith("k_proj") and bool(re.fullmatch(family.lora_targets, name))


def _patches(vision: Any, family: Family) -> int:
    """Positions that the vision tower sees."""
    side = getattr(vision, "image_size", None) or family.image_side
    patch = vision.patch_size
    side, patch = (v if isinstance(v, int) else v[0] for v in (side, patch))
    return int(side // patch) ** 2


def _visual_tokens(config: Any, family: Family, patches: int) -> int:
    """Tokens of the prompt that one picture becomes."""
    if hasattr(config, "mm_tokens_per_image"):
        return int(config.mm_tokens_per_image)
    if hasattr(config.vision_config, "spatial_merge_size"):
        return patches // int(config.vision_config.spatial_merge_size) ** 2
    if hasattr(config, "downsample_ratio"):
        return int(patches * config.downsample_ratio**2)
    return patches // int(getattr(config, "scale_factor", 1)) ** 2


def place(name: str) -> str | Path:
    """Where a model is: its folder or Hub id; the tiny ones are in the library."""
    if name in ("tiny", "tiny-base"):
        from t4s_lib.models import tiny

        return Path(tiny.folder("base"))
    return name
