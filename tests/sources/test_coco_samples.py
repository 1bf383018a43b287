"""COCO instances by category, and panoptic pictures."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from t4s_lib.sources import VOID, DataError, open_benchmark, segmentation_mask

from . import written

FAR = [[5, 0, 8, 0, 8, 2, 5, 2]]
CROWD = {"size": [6, 8], "counts": [24, 24]}  # the right half


MIXED: list[dict[str, Any]] = [
    {"id": 1, "image_id": 7},
    {"id": 2, "image_id": 7, "segmentation": FAR},
    {"id": 3, "image_id": 7, "segmentation": CROWD, "iscrowd": 1},
    {"id": 4, "image_id": 7, "category_id": 4},
    {"id": 5, "image_id": 8, "segmentation": CROWD, "iscrowd": 1},
]


def write(root: Path, found: list[dict[str, Any]], split: str = "val") -> Path:
    content = written.instances({7: "7.jpg", 8: "8.jpg"}, found)
    path = root / f"coco/annotations/instances_{split}2017.json"
    written.photo(root / f"coco/{split}2017/7.jpg")
    return written.as_json(path, content)


def fault(ask: Callable[[], object]) -> str:
    with pytest.raises(DataError) as caught:
        ask()
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_all_instances_of_a_category_are_one_sample(tmp_path: Path) -> None:
    write(tmp_path, MIXED)
    cats, dog = open_benchmark("coco:instances:val", tmp_path)
    assert (cats.expression, dog.expression) == ("cat", "dog")
    assert cats.source == "coco:instances:val#7/3"
    assert int(cats.mask.sum()) == 16 + 6
    assert cats.extra["ann_ids"] == (1, 2)
    assert (cats.extra["bbox"], dog.extra["bbox"]) == (None, [1.0, 1.0, 4.0, 4.0])
    # The crowd is ignored where no single cat is: 24 less 6 and less 4 of the square.
    assert int(cats.extra["ignore"].sum()) == 24 - 6 - 4
    assert not dog.extra["ignore"].any()
    assert cats.image.size == (8, 6)


def test_faults_of_instances(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    said = fault(lambda: open_benchmark("coco:instances:train", tmp_path))
    assert "needs instances_train2017.json: not found in" in said
    path = write(tmp_path, [])
    said = fault(lambda: open_benchmark("coco:instances:val", tmp_path))
    assert said == f"coco:instances:val has no samples: {path} has no instances"
    write(tmp_path, [{"id": 1, "image_id": 1}])
    said = fault(lambda: open_benchmark("coco:instances:val", tmp_path))
    assert "on image 1, which is not among the images" in said
    write(tmp_path, [{"id": 1, "image_id": 7, "segmentation": [[1, 1, 2, 2]]}])
    said = fault(lambda: open_benchmark("coco:instances:val", tmp_path)[0].mask)
    assert said.startswith("segmentation of annotation 1: no polygon has three points")


def test_panoptic_pictures_are_label_maps(tmp_path: Path) -> None:
    written.panoptic(tmp_path)
    sample = open_benchmark("coco:panoptic:val", tmp_path)[0]
    assert sample.labels == ("person", "wall")
    expected = [1, 1, 1, 1, VOID, VOID, 2, 2]
    assert sample.extra["classes"][0].tolist() == expected
    assert int(sample.mask.sum()) == 36
    assert int(sample.extra["ignore"].sum()) == 12
    assert sample.image.size == (8, 6)


def test_faults_of_panoptic_pictures(tmp_path: Path) -> None:
    written.panoptic(tmp_path, [{"id": 300, "category_id": 1}])
    path = tmp_path / "coco/annotations/panoptic_val2017/000000000139.png"

    def ask() -> object:
        return open_benchmark("coco:panoptic:val", tmp_path)[0].mask

    expected = "segment 70000 is not listed in panoptic_val2017.json"
    assert fault(ask) == f"{path}: {expected}"
    written.panoptic(tmp_path, [{"id": 300, "category_id": 77}])
    assert "category 77 is not listed" in fault(ask)
    Image.new("L", (8, 6)).save(path)
    assert "is L, expected RGB" in fault(ask)
    path.unlink()
    assert fault(ask) == f"{path} not found"
    file = tmp_path / "coco/annotations/panoptic_val2017.json"
    file.write_text("{}")
    assert "is not panoptic: expected annotations, categories" in fault(ask)


# --- real data ---------------------------------------------------------------


@pytest.fixture(scope="module")
def real() -> Path:
    root = os.environ.get("T4S_DATA")
    if not root:
        pytest.skip("T4S_DATA is not set: no real COCO to read")
    return Path(root)


@pytest.mark.parametrize("split", ["train", "val"])
def test_real_instances_are_all_there(real: Path, split: str) -> None:
    path = real / f"coco/annotations/instances_{split}2017.json"
    content = json.loads(path.read_text())
    samples = open_benchmark(f"coco:instances:{split}", real)
    singles = [one for one in content["annotations"] if not one["iscrowd"]]
    seen = [number for s in samples for number in s.extra["ann_ids"]]
    assert sorted(seen) == sorted(one["id"] for one in singles)
    by_id = {one["id"]: one for one in content["annotations"]}
    crowds = 0
    for sample in samples[::3]:
        height, width = sample.mask.shape
        assert sample.image.size == (width, height)
        parts = [by_id[k]["segmentation"] for k in sample.extra["ann_ids"]]
        masks = [segmentation_mask(part, height, width) for part in parts]
        assert np.array_equal(sample.mask, np.logical_or.reduce(masks))
        assert not (sample.mask & sample.extra["ignore"]).any()
        crowds += bool(sample.extra["ignore"].any())


def test_real_panoptic_segments_have_their_listed_areas(
    real: Path, tmp_path: Path
) -> None:
    source = real / "coco_panoptic/sample_data"
    folder = tmp_path / "annotations"
    folder.mkdir()
    (folder / "panoptic_val2017").symlink_to(source / "panoptic_examples")
    (folder / "panoptic_val2017.json").symlink_to(source / "panoptic_examples.json")
    (tmp_path / "val2017").symlink_to(source / "input_images")
    content = json.loads((source / "panoptic_examples.json").read_text())
    number = {kind["id"]: k for k, kind in enumerate(content["categories"], start=1)}
    samples = open_benchmark("coco:panoptic:val", tmp_path)
    assert len(samples) == 2
    assert len(set(samples[0].labels)) == 133
    for sample, record in zip(samples, content["annotations"], strict=True):
        classes = sample.extra["classes"]
        assert sample.image.size == classes.shape[::-1]
        areas = dict.fromkeys(number.values(), 0)
        for segment in record["segments_info"]:
            areas[number[segment["category_id"]]] += segment["area"]
        for k, expected in areas.items():
            assert int((classes == k).sum()) == expected
