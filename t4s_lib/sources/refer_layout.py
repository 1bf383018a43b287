"""What RefCOCO and gRefCOCO share: folders, splits, and the texts of a ref."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from t4s_lib.sources.coco_instances import Record
from t4s_lib.sources.errors import MissingFileError, listed

_COCO_FOLDERS = (
    "images/coco_2014/train2014",
    "images/mscoco/images/train2014",
    "images/train2014",
    "train2014",
)
_CLEF_FOLDERS = ("images/saiapr_tc-12", "saiapr_tc-12")


def _inside(folder: Path) -> str:
    return listed(path.name for path in folder.iterdir())


def find_base(root: str | Path, dataset: str) -> Path:
    """The folder that holds the folder of a data set.

    Args:
        root: That folder, or one with it under the name ``refer`` or ``refer_seg``.
        dataset: Name of the data set's folder.

    Returns:
        ``root``, ``root/refer`` or ``root/refer_seg``.

    Raises:
        MissingFileError: If there is none; says where it looked and what is there.
    """
    top = Path(root)
    if not top.is_dir():
        raise MissingFileError(f"data folder {top} does not exist")
    places = [top, top / "refer", top / "refer_seg"]
    for place in places:
        if (place / dataset).is_dir():
            return place
    there = "; ".join(f"{p} has {_inside(p)}" for p in places if p.is_dir())
    raise MissingFileError(f"folder {dataset} not found: {there}")


def find_file(folder: Path, name: str, like: str) -> Path:
    """A file of a data set.

    Args:
        folder: The folder it should be in.
        name: Its name.
        like: A glob pattern of files to name if it is not there.

    Returns:
        Its path.

    Raises:
        MissingFileError: If it is not there; says what is.
    """
    if not (folder / name).is_file():
        there = listed(path.name for path in folder.glob(like))
        raise MissingFileError(f"{name} not found in {folder}: there is {there}")
    return folder / name


def pick_split(refs: Sequence[Record], split: str, path: Path) -> list[Record]:
    """The refs of exactly this split.

    Raises:
        MissingFileError: If there are none; says which splits there are.
    """
    splits = {str(ref["split"]) for ref in refs}
    if split not in splits:
        raise MissingFileError(
            f"split {split!r} not found in {path}: there is {listed(splits)}"
        )
    return [ref for ref in refs if ref["split"] == split]


def expression_of(sentence: Record, text: str) -> str:
    """The sentence as the authors' loader takes it, or as typed."""
    words = str(sentence[text]).strip()
    return words.lower() if text == "sent" else words


def image_folders(root: Path, base: Path, dataset: str) -> tuple[Path, ...]:
    """Where the photographs of a data set may be, in the order to look."""
    names = _CLEF_FOLDERS if dataset == "refclef" else _COCO_FOLDERS
    tops = dict.fromkeys([base, root])
    return tuple(top / name for top in tops for name in names)
