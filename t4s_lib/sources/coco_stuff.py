"""COCO-Stuff, 171 classes: 80 things and 91 kinds of stuff.

Label pictures in one of two forms, both with 255 for what is unlabelled:

    cocostuff/annotations/[train2017/]*_labelTrainIds.png    0 to 170
    stuffthingmaps/train2017/*.png                           COCO's number less 1

The photographs are COCO's (``coco/train2017/*.jpg``; github.com/nightrome/cocostuff).
"""

from __future__ import annotations

from pathlib import Path

from t4s_lib.sources.class_names import COCO_STUFF_171, COCO_STUFF_IDS
from t4s_lib.sources.coco_places import photo_folders
from t4s_lib.sources.errors import MissingFileError, listed, require_one_of
from t4s_lib.sources.label_pictures import VOID, Decoder, LabelSet, numbered
from t4s_lib.sources.lazy import LazySamples
from t4s_lib.sources.places import data_root

_TOPS = ("", "cocostuff", "coco_stuff", "coco_stuff164k", "coco", "coco/cocostuff")
_TRAIN_IDS = {**{k: k + 1 for k in range(171)}, VOID: VOID}
# Numbers that COCO gave up (12, 26, ...) occur nowhere; they would be no class.
_NUMBERS = {
    **dict.fromkeys(range(182), VOID),
    **{number - 1: k for k, number in enumerate(COCO_STUFF_IDS, start=1)},
    VOID: VOID,
}
_SUFFIX = "_labelTrainIds"


def cocostuff(root: str | Path, split: str = "train") -> LazySamples:
    """Photographs of COCO 2017 with a class for each pixel.

    Args:
        root: The folder with ``cocostuff`` and ``coco``.
        split: ``train`` or ``val``. A folder of label pictures that is not divided
            counts as ``train``.

    Returns:
        The samples by file name; see ``LabelSet``. What is unlabelled is void.

    Raises:
        DataError: If a folder holds no label pictures; as ``MissingFileError`` if
            there is no folder.
    """
    require_one_of("split of COCO-Stuff", split, ("train", "val"))
    name = f"cocostuff:2017:{split}"
    top = data_root(root, name)
    folder, suffix, decode = _find(top, split, name)
    keys = _keys(folder, suffix)
    made = LabelSet(
        name,
        keys,
        COCO_STUFF_171,
        photo_folders(top, split),
        lambda key: folder / f"{key}{suffix}.png",
        decode,
    )
    return LazySamples(made, range(len(keys)))


def _keys(folder: Path, suffix: str) -> list[str]:
    found = (path.stem for path in folder.glob(f"*{suffix}.png"))
    return sorted(stem.removesuffix(suffix) for stem in found)


def _find(root: Path, split: str, name: str) -> tuple[Path, str, Decoder]:
    """The folder of label pictures, how they are called, and how they are read."""
    year = f"{split}2017"
    flat = ["annotations"] if split == "train" else []
    parts = [f"annotations/{year}", *flat]
    tops = [root / top for top in _TOPS]
    for folder in (top / part for top in tops for part in parts):
        if any(folder.glob(f"*{_SUFFIX}.png")):
            return folder, _SUFFIX, numbered(_TRAIN_IDS)
    for folder in (top / f"stuffthingmaps/{year}" for top in tops):
        if any(folder.glob("*.png")):
            return folder, "", numbered(_NUMBERS)
    raise MissingFileError(
        f"{name} not found in {root}: expected cocostuff/annotations/"
        f"*{_SUFFIX}.png or stuffthingmaps/{year}/*.png; "
        f"there is {listed(path.name for path in root.iterdir())}"
    )
