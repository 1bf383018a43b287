"""Small data sets written to disk in the exact layouts of the real ones."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

WIDTH, HEIGHT = 8, 6
SQUARE = [[1, 1, 5, 1, 5, 5, 1, 5]]
"""A polygon of 16 pixels."""


def photo(path: Path, size: tuple[int, int] = (WIDTH, HEIGHT)) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, (9, 9, 9)).save(path)
    return path


def labels(path: Path, values: Any, palette: bool = False) -> Path:
    """A label picture; values are broadcast to 6 by 8."""
    path.parent.mkdir(parents=True, exist_ok=True)
    array = np.broadcast_to(np.array(values, dtype=np.uint8), (HEIGHT, WIDTH))
    image = Image.fromarray(np.ascontiguousarray(array))
    if palette:
        image.putpalette([(7 * k) % 256 for k in range(768)])
        assert image.mode == "P"
    image.save(path)
    return path


def text(path: Path, content: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


def as_json(path: Path, content: Any) -> Path:
    return text(path, json.dumps(content))


def voc(root: Path, keys: Sequence[str] = ("a", "b")) -> Path:
    """VOC 2012 as released: columns 0, 1, 1, ..., 20, 255."""
    top = root / "VOCdevkit/VOC2012"
    for key in keys:
        photo(top / f"JPEGImages/{key}.jpg")
        columns = [0, 1, 1, 1, 20, 20, 255, 255]
        labels(top / f"SegmentationClass/{key}.png", columns, palette=True)
    text(top / "ImageSets/Segmentation/val.txt", "\n".join(keys) + "\n")
    return top


def context(root: Path, keys: Sequence[str] = ("a", "b")) -> Path:
    """PASCAL Context as mmseg's converter writes it."""
    top = root / "VOCdevkit/VOC2010"
    for key in keys:
        photo(top / f"JPEGImages/{key}.jpg")
        columns = [0, 0, 1, 1, 59, 59, 59, 2]
        labels(top / f"SegmentationClassContext/{key}.png", columns)
    text(top / "ImageSets/SegmentationContext/val.txt", "\n".join(keys))
    return top


def ade(root: Path, keys: Sequence[str] = ("ADE_val_00000001",)) -> Path:
    """ADE20K's challenge data as released."""
    top = root / "ADEChallengeData2016"
    for key in keys:
        photo(top / f"images/validation/{key}.jpg")
        labels(top / f"annotations/validation/{key}.png", [0, 1, 2, 3, 4, 5, 149, 150])
    return top


def cocostuff(root: Path, keys: Sequence[str] = ("000000000009",)) -> Path:
    """COCO-Stuff as the authors keep it."""
    for key in keys:
        photo(root / f"coco/train2017/{key}.jpg")
        columns = [0, 0, 79, 79, 80, 80, 170, 255]
        labels(root / f"cocostuff/annotations/{key}_labelTrainIds.png", columns)
    return root


def instances(
    images: Mapping[int, str], annotations: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """An ``instances.json``; annotations without a segmentation get ``SQUARE``."""
    plain = {"segmentation": SQUARE, "iscrowd": 0, "bbox": [1.0, 1.0, 4.0, 4.0]}
    return {
        "images": [
            {"id": k, "file_name": name, "height": HEIGHT, "width": WIDTH}
            for k, name in images.items()
        ],
        "annotations": [{"category_id": 3, **plain, **one} for one in annotations],
        "categories": [{"id": 3, "name": "cat"}, {"id": 4, "name": "dog"}],
    }


def gref(number: int, split: str, targets: Any, *texts: str, image: int = 7) -> Any:
    many = isinstance(targets, list)
    return {
        "ref_id": number,
        "ann_id": targets,
        "category_id": [3 for _ in targets] if many else 3,
        "image_id": image,
        "split": split,
        "file_name": f"COCO_train2014_000000000007_{number}.jpg",
        "sent_ids": [10 * number + k for k in range(len(texts))],
        "sentences": [
            {
                "tokens": t.split(),
                "raw": t.upper(),
                "sent_id": 10 * number + k,
                "sent": t,
            }
            for k, t in enumerate(texts)
        ],
    }


def panoptic(root: Path, segments: Sequence[Mapping[str, Any]] | None = None) -> Path:
    """COCO panoptic: left half segment 300 (person), right half void and a wall."""
    ids = np.zeros((HEIGHT, WIDTH), dtype=np.int64)
    ids[:, :4], ids[:, 6:] = 300, 70000
    pixels = np.stack([ids % 256, ids // 256 % 256, ids // 65536], axis=-1)
    folder = root / "coco/annotations/panoptic_val2017"
    folder.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels.astype(np.uint8)).save(folder / "000000000139.png")
    photo(root / "coco/val2017/000000000139.jpg")
    listed = segments or [
        {"id": 300, "category_id": 1, "iscrowd": 0, "area": 24, "bbox": [0, 0, 4, 6]},
        {"id": 70000, "category_id": 199, "iscrowd": 0, "area": 12,
         "bbox": [6, 0, 2, 6]},
    ]  # fmt: skip
    content = {
        "images": [{"id": 139, "file_name": "000000000139.jpg"}],
        "annotations": [
            {"image_id": 139, "file_name": "000000000139.png", "segments_info": listed}
        ],
        "categories": [
            {"id": 1, "name": "person", "isthing": 1},
            {"id": 199, "name": "wall-other-merged", "isthing": 0},
        ],
    }
    return as_json(root / "coco/annotations/panoptic_val2017.json", content)


def shape(label: str, *points: tuple[float, float]) -> dict[str, Any]:
    return {
        "label": label,
        "points": [list(p) for p in points],
        "shape_type": "polygon",
    }


BIG = ((0, 0), (7, 0), (7, 5), (0, 5))
SMALL = ((2, 2), (4, 2), (4, 4), (2, 4))


def reason(
    root: Path,
    name: str = "one",
    split: str = "val",
    texts: Sequence[str] = ("the thing that barks",),
    is_sentence: bool = False,
    shapes: Sequence[Mapping[str, Any]] | None = None,
    **more: Any,
) -> Path:
    """A picture of ReasonSeg: a large target with a smaller ignored part on it."""
    folder = root / "reason_seg/ReasonSeg" / split
    photo(folder / f"{name}.jpg")
    drawn = shapes or [shape("ignore", *SMALL), shape("target", *BIG), shape("flag")]
    content = {"text": list(texts), "is_sentence": is_sentence, "shapes": drawn, **more}
    return as_json(folder / f"{name}.json", content)


def talk(*said: str, image: str | None = "coco/train2017/a.jpg") -> dict[str, Any]:
    turns = [
        {"from": ("human", "gpt")[k % 2], "value": words}
        for k, words in enumerate(said)
    ]
    record: dict[str, Any] = {"id": "a", "conversations": turns}
    return record | ({"image": image} if image else {})


def mix(root: Path, records: Sequence[Mapping[str, Any]], raw: bool = False) -> Path:
    """LLaVA's mix; ``raw`` writes umlauts as they are and blanks between entries."""
    for record in records:
        if "image" in record:
            photo(root / record["image"])
    content = json.dumps(records, ensure_ascii=not raw, indent=1 if raw else None)
    return text(root / "llava_v1_5_mix665k.json", content)
