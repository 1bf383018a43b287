"""Whether the files in a folder are whole, by their kinds."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image


def torn(folder: Path) -> list[str]:
    """What is wrong with files that have their final names, a line each.

    Files that are being written are not looked at: they, or a folder around them,
    have names that begin with a dot or end in ``.partial``.
    """
    return [wrong for path in _final(folder) if (wrong := _wrong(path))]


def _final(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        names = path.relative_to(folder).parts
        is_beside = any(n.startswith(".") or n.endswith(".partial") for n in names)
        # Checkpoints have a list of their own; old ones are removed file by file.
        if path.is_file() and not is_beside and "checkpoints" not in names:
            yield path


def _wrong(path: Path) -> str | None:
    look = _LOOKS.get(path.suffix)
    if look is None:
        return f"{path.name} is of a kind that nobody looks at"
    try:
        look(path)
    except Exception as error:  # noqa: BLE001  whatever it is, the file is torn
        return f"{path.name} is torn: {type(error).__name__} {error}"
    return None


def _json(path: Path) -> None:
    json.loads(path.read_text(encoding="utf-8"))


def _lines(path: Path) -> None:
    """All lines but the last, which the next run takes out if it is torn."""
    for line in path.read_text(encoding="utf-8").split("\n")[:-1]:
        json.loads(line)


def _text(path: Path) -> None:
    if not path.read_text(encoding="utf-8").endswith(("\n", "}", "%}")):
        raise ValueError("it ends without a line feed")


def _picture(path: Path) -> None:
    with Image.open(path) as picture:
        picture.load()


def _array(path: Path) -> None:
    np.load(path, allow_pickle=False)


def _page(path: Path) -> None:
    if not path.read_text(encoding="utf-8").rstrip().endswith("</html>"):
        raise ValueError("it ends without </html>")


def _tensors(path: Path) -> None:
    from t4s_lib.models.checkpoints import tensors_of

    tensors_of(path)


def _recipe(path: Path) -> None:
    from t4s_lib.training.recipe import load_recipe

    load_recipe(path)


_LOOKS: dict[str, Callable[[Path], None]] = {
    ".json": _json,
    ".ipynb": _json,
    ".jsonl": _lines,
    ".png": _picture,
    ".tif": _picture,
    ".npy": _array,
    ".html": _page,
    ".css": _text,
    ".js": _text,
    ".jinja": _text,
    ".yaml": _recipe,
    ".safetensors": _tensors,
}
