"""Every family at toy size: the real classes, random weights, built in no time.

Tests run on them, and so do lessons that need a model but not a good one. A toy
sees 4 by 4 visual tokens and reads with a tokenizer made on the spot.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import torch

from t4s_lib.models import novideo, templates, toy_fixed, toy_tiling
from t4s_lib.models.families import Family, family_of
from t4s_lib.models.loading import Backbone
from t4s_lib.models.squash import one_view
from t4s_lib.models.toy_parts import GRID as GRID
from t4s_lib.models.toy_parts import Parts

_BUILD: dict[str, Callable[[Family], Parts]] = {
    "llava": toy_fixed.llava,
    "qwen2_vl": toy_tiling.qwen,
    "qwen2_5_vl": toy_tiling.qwen,
    "qwen3_vl": toy_tiling.qwen,
    "internvl": toy_tiling.internvl,
    "deepseek_vl": toy_fixed.deepseek,
    "deepseek_vl_hybrid": toy_fixed.hybrid,
    "idefics3": toy_tiling.idefics,
    "smolvlm": toy_tiling.idefics,
    "gemma3": toy_fixed.gemma3,
    "paligemma": toy_fixed.paligemma,
}


def toy(name: str, seed: int = 0) -> Backbone:
    """A backbone of a family at toy size.

    Args:
        name: A key of ``FAMILIES``, or a model type.
        seed: Draws the weights.

    Returns:
        The backbone, on the CPU, in evaluation mode.

    Raises:
        ValueError: For an unknown family.
    """
    novideo.install()
    family = family_of(name)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model, processor = _BUILD[family.name](family)
    processor.chat_template = family.template or _template(family.name)
    return Backbone(model.eval(), one_view(processor, family), family, f"toy:{name}")


def _template(name: str) -> str:
    """A checkpoint's own template, from trl's copies of them."""
    if name == "internvl":
        return templates.CHATML
    copies = {"qwen2_vl": "qwen2_5_vl"}
    spec = find_spec("trl")
    if spec is None or spec.origin is None:
        raise ValueError("trl is not installed: pip install 't4s-lib[model]'")
    folder = Path(spec.origin).parent / "chat_templates"
    return (folder / f"{copies.get(name, name)}.jinja").read_text("utf-8")
