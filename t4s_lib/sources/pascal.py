"""PASCAL VOC 2012 (20 classes) and PASCAL Context (59 classes).

Both keep photographs, label pictures and lists of names in one folder:

    JPEGImages/*.jpg
    SegmentationClass/*.png                        VOC: 0 background, 1 to 20, 255 void
    SegmentationClassContext/*.png                 Context: 0 background, 1 to 59
    ImageSets/Segmentation/val.txt                 or val.txt
    ImageSets/SegmentationContext/val.txt          or pascalcontext_val.txt

Source: host.robots.ox.ac.uk/pascal/VOC, cs.stanford.edu/~roozbeh/pascal-context.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from t4s_lib.sources.class_names import CONTEXT_59, VOC_20
from t4s_lib.sources.errors import DataError, require_one_of
from t4s_lib.sources.label_pictures import LabelSet, as_they_are
from t4s_lib.sources.lazy import LazySamples
from t4s_lib.sources.places import data_root, find_top, first_file, read_list


@dataclass(frozen=True)
class _Layout:
    """Where one of the two keeps its files."""

    tops: tuple[str, ...]
    labels: str
    lists: tuple[str, ...]
    names: tuple[str, ...]


LAYOUTS = {
    "voc": _Layout(
        ("VOCdevkit/VOC2012", "VOC2012", "semantic_seg/PAS20", "voc/VOCdevkit/VOC2012"),
        "SegmentationClass",
        ("ImageSets/Segmentation/{}.txt", "{}.txt"),
        VOC_20,
    ),
    "context": _Layout(
        ("VOCdevkit/VOC2010", "VOC2010", "semantic_seg/PC59", "voc/VOCdevkit/VOC2010"),
        "SegmentationClassContext",
        ("ImageSets/SegmentationContext/{}.txt", "pascalcontext_{}.txt", "{}.txt"),
        CONTEXT_59,
    ),
}
"""Data set to its layout."""


def pascal(root: str | Path, dataset: str, split: str = "val") -> LazySamples:
    """Photographs with a class for each pixel, one sample a photograph.

    Args:
        root: The folder that holds the data set, in any of ``LAYOUTS``' places, or
            the data set's own folder.
        dataset: ``voc`` or ``context``.
        split: ``val``, ``train`` or ``trainval``: which list is read.

    Returns:
        The samples in the order of the list; see ``LabelSet``.

    Raises:
        DataError: If the list is empty or a name unknown; as ``MissingFileError``
            if the folder or the list is not there.
    """
    require_one_of("PASCAL data set", dataset, LAYOUTS)
    layout = LAYOUTS[dataset]
    name = f"{dataset}:{len(layout.names)}:{split}"
    top = find_top(data_root(root, name), layout.tops, [layout.labels], name)
    lists = [pattern.format(split) for pattern in layout.lists]
    path = first_file(top, lists, f"list of {name}")
    keys = read_list(path)
    if not keys:
        raise DataError(f"{name} has no samples: {path} lists nothing")
    made = LabelSet(
        name,
        keys,
        layout.names,
        (top / "JPEGImages",),
        lambda key: top / layout.labels / f"{key}.png",
        as_they_are(len(layout.names)),
    )
    return LazySamples(made, range(len(keys)))
