"""The model that a training begins with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from t4s_lib.models.loading import Backbone
    from t4s_lib.training.processes import Processes
    from t4s_lib.training.rows import Row
    from t4s_lib.training.specs import Recipe

_DTYPES = {"fp32": "float32", "bf16": "bfloat16", "fp16": "float16"}


def load_start(recipe: Recipe, out: Path) -> Backbone:
    """Load the recipe's model, or the base that was made of it before.

    Args:
        recipe: Names the model, and an adapter to start with (``init``).
        out: The training's folder.

    Raises:
        ValueError: If the model cannot be loaded, or could not be merged.
    """
    from t4s_lib.models import load_backbone

    base = out / "base"
    is_merged = base.is_dir()
    backbone = load_backbone(
        base if is_merged else recipe.model,
        adapter=None if is_merged else recipe.init,
        # Without LoRA the weights themselves are trained, which takes all digits.
        dtype=_DTYPES[recipe.precision] if recipe.lora is not None else "float32",
        quantize=recipe.quantize,
        train=True,
    )
    if recipe.quantize is not None and _has_adapter(backbone):
        raise ValueError(
            f"quantize is {recipe.quantize!r}, expected nothing where training starts "
            "from an adapter, which cannot be merged into quantized weights"
        )
    return backbone


def merged(backbone: Backbone, out: Path, processes: Processes) -> Backbone:
    """Make a base of a model with an adapter, in ``out/base``; others stay.

    Args:
        backbone: What training starts with.
        out: The training's folder.
        processes: The first of them writes.
    """
    import shutil

    from t4s_lib.training.heldout import of_model

    if not _has_adapter(backbone):
        return backbone
    model = backbone.model.merge_and_unload()
    base, beside = out / "base", out / "base.partial"

    def write() -> None:
        shutil.rmtree(beside, ignore_errors=True)
        model.save_pretrained(beside)
        backbone.processor.save_pretrained(beside)
        beside.rename(base)

    processes.together(write)
    model.name_or_path = model.config._name_or_path = str(base.resolve())
    return of_model(backbone, model)


def token_counter(backbone: Backbone) -> Callable[[Row], int]:
    """Counts the tokens of a row, picture, question and answer."""
    from t4s_lib.models.conversation import collator

    batch = collator(backbone)
    return lambda row: int(batch([row])["input_ids"].shape[1])


def _has_adapter(backbone: Backbone) -> bool:
    return hasattr(backbone.model, "merge_and_unload")
