"""The model that ships with the package: two million parameters, no download.

    folder("base")      sees, finds, names, counts; has never written an R-RLE mask
    folder("adapter")   LoRA weights that taught it to

``README.md`` in this folder is the model card.
"""

from __future__ import annotations

from pathlib import Path

PARTS = ("base", "adapter")


def folder(part: str) -> Path:
    """Where a part of the shipped model lies.

    Raises:
        ValueError: If there is no such part.

    Examples:
        >>> folder("base").name
        'base'
    """
    if part not in PARTS:
        raise ValueError(f"part is {part!r}, expected one of {', '.join(PARTS)}")
    return Path(__file__).parent / part
