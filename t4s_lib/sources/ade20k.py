"""ADE20K's scene parsing benchmark, 150 classes.

    <top>/images/validation/*.jpg, <top>/annotations/validation/*.png    as released
    <top>/images/*.jpg, <top>/annotations/*.png                          flat, val only

Values: 0 unlabelled, 1 to 150 a class.
"""

from __future__ import annotations

from pathlib import Path

from t4s_lib.sources.class_names import ADE_150
from t4s_lib.sources.errors import DataError, require_one_of
from t4s_lib.sources.label_pictures import LabelSet, as_they_are
from t4s_lib.sources.lazy import LazySamples
from t4s_lib.sources.places import data_root, find_top

TOPS = (
    "ADEChallengeData2016",
    "semantic_seg/ADE20K",
    "ade20k/ADEChallengeData2016",
    "ade/ADEChallengeData2016",
    "ADE20K",
    "ade20k",
)
"""Where the data set may be under the root."""

_PARTS = {"val": "validation", "train": "training"}


def ade20k(root: str | Path, split: str = "val") -> LazySamples:
    """Photographs with a class for each pixel, one sample a photograph.

    Args:
        root: The folder with the data set in one of ``TOPS``, or its own folder.
        split: ``val`` or ``train``; the flat layout holds ``val`` alone.

    Returns:
        The samples by file name; see ``LabelSet``.

    Raises:
        DataError: If there is no label picture; as ``MissingFileError`` if there is
            no folder.
    """
    require_one_of("split of ADE20K", split, _PARTS)
    name, part = f"ade20k:{len(ADE_150)}:{split}", _PARTS[split]
    needs = [f"annotations/{part}", *(["annotations"] if split == "val" else [])]
    top = find_top(data_root(root, name), TOPS, needs, name)
    part = part if (top / "annotations" / part).is_dir() else ""
    labels = top / "annotations" / part
    keys = sorted(path.stem for path in labels.glob("*.png"))
    if not keys:
        raise DataError(f"{name} has no samples: {labels} holds no .png")
    made = LabelSet(
        name,
        keys,
        ADE_150,
        (top / "images" / part,),
        lambda key: labels / f"{key}.png",
        as_they_are(len(ADE_150), void=False),
    )
    return LazySamples(made, range(len(keys)))
