"""A trained adapter and its base as one plain model folder, for engines that serve.

    write_merged("out/mine/adapter", "out/mine/merged")

The folder holds what any engine that reads transformers' folders asks for: weights as
safetensors, ``config.json`` that names its class, tokenizer, chat template, processor.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from t4s_lib.models.checkpoints import FORMAT_FILE, check_model
from t4s_lib.models.errors import ModelError


def write_merged(model: str | Path, out: str | Path, dtype: str = "auto") -> Path:
    """Add an adapter to its base's weights, and save the sum.

    It is added in float32, whatever the base is kept in, so that it is rounded once.

    Args:
        model: ``"tiny"``, or a folder with an adapter that training wrote.
        out: A folder that is not there yet.
        dtype: Of the saved weights, see ``loading.DTYPES``; ``"auto"`` keeps the
            base's own.

    Returns:
        The folder.

    Raises:
        ValueError: If it is there, if the model has no adapter or cannot be loaded.
            Nothing is left behind.
    """
    import torch

    from t4s_lib.models.loading import DTYPES, load_backbone

    folder = Path(out)
    if folder.exists():
        raise ModelError(f"out is {folder}, which exists; expected a new folder")
    if dtype not in DTYPES:
        raise ModelError(f"dtype is {dtype!r}, expected one of {', '.join(DTYPES)}")
    backbone = load_backbone(model, dtype="float32", device="cpu")
    if not hasattr(backbone.model, "merge_and_unload"):
        raise ModelError(f"{model} has no adapter, expected one: nothing to merge")
    merged = backbone.model.merge_and_unload()
    own = getattr(torch, dtype, None) or _own_dtype(merged)
    beside = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(beside, ignore_errors=True)
    merged.to(own).save_pretrained(beside)
    backbone.processor.save_pretrained(beside)
    _copy_note(model, beside)
    check_model(beside)
    return beside.rename(folder)


def _own_dtype(model: object) -> object:
    """The type that a base's ``config.json`` names; float32 where it names none."""
    import torch
    from transformers import PretrainedConfig

    base = getattr(model, "name_or_path", "")
    said, _ = PretrainedConfig.get_config_dict(base)
    name = str(said.get("dtype") or said.get("torch_dtype") or "float32")
    return getattr(torch, name.removeprefix("torch."))


def _copy_note(model: str | Path, folder: Path) -> None:
    """Say beside the weights which codec and grid they write."""
    from t4s_lib.models.finding import resolve

    _, adapter = resolve(model)
    note = Path(adapter or "") / FORMAT_FILE
    if note.is_file():
        shutil.copy(note, folder / FORMAT_FILE)
