"""Whether a folder holds a whole model, or an adapter that fits; before loading it.

The header of a safetensors file says how long the file is and which tensors it
holds, so a file that was cut off is found without reading it.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from t4s_lib.models.errors import ModelError

Shape = tuple[int, ...]
WEIGHTS, INDEX = "model.safetensors", "model.safetensors.index.json"
FORMAT_FILE = "t4s.json"
"""Beside weights that were trained here: the codec and the grid they write."""
ADAPTER_CONFIG, ADAPTER = "adapter_config.json", "adapter_model.safetensors"
_PROCESSORS = ("processor_config.json", "preprocessor_config.json")
_LORA = re.compile(r"(.+)\.lora_(A|B)\.weight")


def noted_format(model: str | Path) -> dict[str, Any]:
    """The codec and grid noted beside a trained model; nothing if there is no note."""
    note = Path(model) / FORMAT_FILE
    if not note.is_file():
        return {}
    found: dict[str, Any] = json.loads(note.read_text(encoding="utf-8"))
    grid = found.get("grid", 16)
    return {**found, "grid": tuple(grid) if isinstance(grid, list) else grid}


def check_model(folder: Path) -> None:
    """See that a folder holds a whole model with its processor.

    Raises:
        ModelError: If a file is missing, cut off or no JSON, or if the weights are
            pickled only.
    """
    read_settings(require(folder, "config.json"))
    for path in sorted(folder.glob("*.json")):
        read_json(path)
    for path in weight_files(folder):
        tensors_of(path)
    if not any((folder / name).exists() for name in _PROCESSORS):
        found = f"{folder} has no settings for pictures"
        raise ModelError(f"{found}, expected {' or '.join(_PROCESSORS)}")
    require(folder, "tokenizer_config.json")


def weight_files(folder: Path) -> list[Path]:
    """The files of a model's weights.

    Raises:
        ModelError: If one is missing, or lies outside the folder.
    """
    if (folder / INDEX).exists():
        return [require(folder, name) for name in _part_names(folder / INDEX)]
    if not (folder / WEIGHTS).exists() and any(folder.glob("*.bin")):
        found = f"{folder} has pickled weights, which are not read"
        raise ModelError(f"{found}; expected {WEIGHTS}")
    return [require(folder, WEIGHTS)]


def check_adapter(folder: Path) -> dict[str, Shape]:
    """See that a folder holds a whole adapter.

    Returns:
        The shape of each of its tensors.

    Raises:
        ModelError: If a file is missing, cut off or no JSON, or if it is no LoRA.
    """
    path = require(folder, ADAPTER_CONFIG)
    kind = read_settings(path).get("peft_type")
    if kind != "LORA":
        raise ModelError(f"{path} is of the kind {kind!r}, expected 'LORA'")
    return tensors_of(require(folder, ADAPTER))


def check_fit(model: Any, folder: Path) -> None:
    """See that an adapter was made for a model of this shape.

    Args:
        model: The base, without adapter.
        folder: The adapter's folder.

    Raises:
        ModelError: If the model lacks a layer that the adapter changes, or has it
            in another size.
    """
    modules = dict(model.named_modules())
    for name, shape in check_adapter(folder).items():
        match = _LORA.fullmatch(name.removeprefix("base_model.model."))
        if match is None:
            continue
        layer = modules.get(match[1])
        side = 1 if match[2] == "A" else 0
        expected = getattr(layer, "in_features" if side else "out_features", None)
        if layer is None or (expected is not None and shape[side] != expected):
            made_for = read_json(folder / ADAPTER_CONFIG)["base_model_name_or_path"]
            why = f"is {shape[side]} wide there, the base {expected}"
            raise ModelError(
                f"adapter {folder} was made for another base ({made_for}): layer"
                f" {match[1]} {'does not exist here' if layer is None else why}"
            )


def tensors_of(path: Path) -> dict[str, Shape]:
    """The shape of each tensor in a safetensors file, from its header alone.

    Raises:
        ModelError: If the file is cut off, or no safetensors file.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if size < 8 or length > size - 8:
            raise ModelError(f"{path} is cut off: {size} bytes found, expected more")
        try:
            header: dict[str, Any] = json.loads(file.read(length))
        except ValueError as error:
            raise ModelError(f"{path} is no safetensors file: {error}") from error
    header.pop("__metadata__", None)
    ends = [entry["data_offsets"][1] for entry in header.values()]
    expected = 8 + length + max(ends, default=0)
    if size != expected:
        found = f"{size} bytes found, {expected} expected"
        raise ModelError(f"{path} is cut off: {found} by its header")
    return {name: tuple(entry["shape"]) for name, entry in header.items()}


def read_json(path: Path) -> Any:
    """The content of a JSON file.

    Raises:
        ModelError: If it is no JSON.
    """
    try:
        return json.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{path} is cut off or no JSON: {error}") from error


def read_settings(path: Path) -> dict[str, Any]:
    """The content of a JSON file that holds names and values.

    Raises:
        ModelError: If it holds anything else.
    """
    found = read_json(path)
    if not isinstance(found, dict):
        raise ModelError(f"{path} holds a {type(found).__name__}, expected settings")
    return found


def _part_names(index: Path) -> list[str]:
    """The files that an index of weights names, each once; all of them beside it."""
    parts = read_settings(index).get("weight_map", {})
    names = list(parts.values()) if isinstance(parts, dict) else [parts]
    for name in names:
        if not isinstance(name, str) or Path(name).name != name:
            raise ModelError(f"{index} names {name!r}, expected a file beside it")
    return sorted(set(names))


def require(folder: Path, name: str) -> Path:
    """The path of a file that must be in a folder.

    Raises:
        ModelError: If it is not.
    """
    path = folder / name
    if not path.is_file():
        there = ", ".join(sorted(p.name for p in folder.iterdir())[:8]) or "nothing"
        raise ModelError(f"{folder} has no {name}; found {there}")
    return path
