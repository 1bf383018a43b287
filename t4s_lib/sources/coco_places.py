"""Where COCO's files may be under a root: annotations and photographs of 2017."""

from __future__ import annotations

from pathlib import Path

from t4s_lib.sources.errors import MissingFileError, listed

_TOPS = ("", "coco", "coco2017", "mscoco", "coco_stuff164k")


def photo_folders(root: Path, split: str) -> tuple[Path, ...]:
    """Where the photographs of a split may be, in the order to look.

    Args:
        root: The folder with the data.
        split: ``train`` or ``val``.
    """
    names = (f"{split}2017", f"images/{split}2017")
    return tuple(root / top / name for top in _TOPS for name in names)


def annotation_file(root: Path, name: str, what: str) -> Path:
    """A file of COCO's ``annotations`` folder.

    Args:
        root: The folder with the data.
        name: e.g. ``instances_val2017.json``.
        what: What needs it, for the message.

    Raises:
        MissingFileError: If it is nowhere.
    """
    places = [root / top / part for top in _TOPS for part in ("annotations", "")]
    for folder in places:
        if (folder / name).is_file():
            return folder / name
    raise MissingFileError(
        f"{what} needs {name}: not found in {root} nor in its annotations or "
        f"coco/annotations; there is {listed(path.name for path in root.iterdir())}"
    )
