"""VOC, Context, ADE20K, COCO-Stuff: written in their exact layouts, and real ones."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from t4s_lib.grid import mask_to_grid
from t4s_lib.sources import VOID, DataError, Sample, has_image, open_benchmark
from t4s_lib.sources.class_names import (
    ADE_150,
    COCO_STUFF_171,
    COCO_STUFF_IDS,
    CONTEXT_59,
    VOC_20,
)

from . import written
from .written import HEIGHT, WIDTH

SIZES = {"voc": 20, "context": 59, "ade20k": 150, "cocostuff": 171}


def first(name: str, root: Path) -> Sample:
    return open_benchmark(name, root)[0]


def columns(sample: Sample) -> list[int]:
    values: list[int] = sample.extra["classes"][0].tolist()
    return values


@pytest.mark.parametrize(
    ("name", "write", "expected"),
    [
        ("voc:20:val", written.voc, [0, 1, 1, 1, 20, 20, 255, 255]),
        ("context:59:val", written.context, [0, 0, 1, 1, 59, 59, 59, 2]),
        ("ade20k:150:val", written.ade, [0, 1, 2, 3, 4, 5, 149, 150]),
        ("cocostuff:2017:train", written.cocostuff, [1, 1, 80, 80, 81, 81, 171, 255]),
    ],
)
def test_each_layout_is_read(
    tmp_path: Path, name: str, write: Callable[[Path], Path], expected: list[int]
) -> None:
    write(tmp_path)
    sample = first(name, tmp_path)
    assert columns(sample) == expected
    names = sample.extra["class_names"]
    assert sample.labels == names
    assert len(set(names)) == len(names) == SIZES[name.split(":")[0]]
    assert sample.source.startswith(f"{name}#")
    assert sample.expression.split("|") == ["others", *names]
    assert sample.image.size == (WIDTH, HEIGHT)
    assert sample.extra["ignore"][0].tolist() == [value == VOID for value in expected]
    assert sample.mask[0].tolist() == [0 < value < VOID for value in expected]
    third = names[expected[3] - 1]
    assert sample.extra["masks"][third][0].tolist() == [
        v == expected[3] for v in expected
    ]
    assert has_image(sample)


def test_the_label_map_makes_a_grid(tmp_path: Path) -> None:
    written.voc(tmp_path)
    sample = first("voc:20:val", tmp_path)
    names = dict(enumerate(sample.extra["class_names"], start=1))
    grid = mask_to_grid(sample.extra["classes"], (1, 8), names=names, ignore=[VOID])
    plane, tv = "aeroplane", "tv monitor"
    assert grid.cells() == [["others", plane, plane, plane, tv, tv, "others", "others"]]


def test_stuffthingmaps_number_as_coco_does(tmp_path: Path) -> None:
    written.photo(tmp_path / "coco/val2017/1.jpg")
    path = tmp_path / "cocostuff/stuffthingmaps/val2017/1.png"
    written.labels(path, [0, 12, 89, 91, 181, 255, 11, 90])
    sample = first("cocostuff:2017:val", tmp_path)
    names = sample.extra["class_names"]
    words = [names[k - 1] if k != VOID else "" for k in columns(sample)]
    # Numbers that COCO gave up (12, 91) are no class.
    assert words == ["person", "stop sign", "toothbrush", "banner", "wood", "", "", ""]


def test_the_authors_flat_folders_are_read(tmp_path: Path) -> None:
    top = tmp_path / "semantic_seg"
    written.photo(top / "ADE20K/images/ADE_val_1.jpg")
    written.labels(top / "ADE20K/annotations/ADE_val_1.png", 150)
    for folder, part, listed in (
        ("PAS20", "SegmentationClass", "val.txt"),
        ("PC59", "SegmentationClassContext", "pascalcontext_val.txt"),
    ):
        written.photo(top / folder / "JPEGImages/x.jpg")
        written.labels(top / folder / part / "x.png", 3)
        written.text(top / folder / listed, "x\n\n")
    assert columns(first("ade20k:150:val", tmp_path)) == [150] * 8
    assert columns(first("voc:20:val", tmp_path)) == [3] * 8
    assert columns(first("context:59:val", tmp_path)) == [3] * 8


def test_the_data_sets_own_folder_is_a_root(tmp_path: Path) -> None:
    top = written.ade(tmp_path)
    assert len(open_benchmark("ade20k:150:val", top)) == 1


def test_nothing_is_decoded_until_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written.voc(tmp_path)
    opened: list[str] = []
    real = Image.open

    def spy(path: Path) -> Image.Image:
        opened.append(Path(path).name)
        return real(path)

    monkeypatch.setattr(Image, "open", spy)
    sample = open_benchmark("voc:20:val", tmp_path)[1]
    assert sample.extra["image_id"] == "b"
    assert list(sample.extra["masks"]) == list(VOC_20)
    assert opened == []
    _ = sample.mask, sample.mask, sample.extra["ignore"], sample.extra["classes"]
    assert opened == ["b.png", "b.jpg"]  # the second for its size alone


# --- bad input ---------------------------------------------------------------


def fault(ask: Callable[[], object]) -> str:
    with pytest.raises(DataError) as caught:
        ask()
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_missing_photograph_is_named_and_the_mask_is_there(tmp_path: Path) -> None:
    top = written.voc(tmp_path)
    (top / "JPEGImages/a.jpg").unlink()
    sample = first("voc:20:val", tmp_path)
    assert not has_image(sample)
    assert fault(lambda: sample.image) == (
        f"a.jpg not found: looked in {top / 'JPEGImages'}"
    )
    assert sample.mask.any()


def test_a_missing_label_picture_is_named(tmp_path: Path) -> None:
    top = written.voc(tmp_path)
    (top / "SegmentationClass/a.png").unlink()
    sample = first("voc:20:val", tmp_path)
    assert fault(lambda: sample.mask) == f"{top / 'SegmentationClass/a.png'} not found"


def test_a_mask_of_another_size_is_refused_from_both_sides(tmp_path: Path) -> None:
    top = written.ade(tmp_path, ["ADE_val_1"])
    written.photo(top / "images/validation/ADE_val_1.jpg", (9, 6))
    sample = first("ade20k:150:val", tmp_path)
    assert fault(lambda: sample.mask).endswith(
        "ADE_val_1.png is (8, 6) pixels, ADE_val_1.jpg is (9, 6)"
    )
    assert fault(lambda: sample.image).endswith("is (9, 6) pixels, expected (8, 6)")


def test_a_strange_value_is_named(tmp_path: Path) -> None:
    top = written.voc(tmp_path)
    written.labels(top / "SegmentationClass/a.png", 21)
    said = fault(lambda: first("voc:20:val", tmp_path).mask)
    assert said.endswith("a.png holds the value 21, expected 0 to 20 or 255")
    ade = written.ade(tmp_path, ["x"])
    written.labels(ade / "annotations/validation/x.png", 255)
    said = fault(lambda: first("ade20k:150:val", tmp_path).mask)
    assert said.endswith("x.png holds the value 255, expected 0 to 150")


def test_a_coloured_or_broken_label_picture_is_refused(tmp_path: Path) -> None:
    top = written.voc(tmp_path)
    path = top / "SegmentationClass/a.png"
    Image.new("RGB", (WIDTH, HEIGHT)).save(path)
    said = fault(lambda: first("voc:20:val", tmp_path).mask)
    assert said == f"{path} is RGB, expected one channel, L or P"
    path.write_bytes(b"<html>")
    said = fault(lambda: first("voc:20:val", tmp_path).mask)
    assert said.startswith(f"{path} is not a readable picture")
    whole = written.labels(path, np.arange(48).reshape(6, 8) % 21).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    fault(lambda: first("voc:20:val", tmp_path).mask)


def test_an_empty_split_says_which_list(tmp_path: Path) -> None:
    top = written.voc(tmp_path)
    listed = written.text(top / "ImageSets/Segmentation/val.txt", "\n \n")
    said = fault(lambda: open_benchmark("voc:20:val", tmp_path))
    assert said == f"voc:20:val has no samples: {listed} lists nothing"
    ade = written.ade(tmp_path, [])
    (ade / "annotations/validation").mkdir(parents=True)
    said = fault(lambda: open_benchmark("ade20k:150:val", tmp_path))
    assert said.startswith("ade20k:150:val has no samples: ")


def test_what_is_not_there_says_where_it_was_looked_for(tmp_path: Path) -> None:
    (tmp_path / "junk").mkdir()
    for name, place in (
        ("voc:20:val", "expected SegmentationClass in VOCdevkit/VOC2012, VOC2012"),
        ("context:59:val", "expected SegmentationClassContext in VOCdevkit/VOC2010"),
        ("ade20k:150:val", "expected annotations/validation or annotations in ADECha"),
        ("cocostuff:2017:val", "expected cocostuff/annotations/*_labelTrainIds.png"),
    ):
        said = fault(lambda name=name: open_benchmark(name, tmp_path))  # type: ignore[misc]
        assert said.startswith(f"{name} not found in {tmp_path}: {place}")
        assert said.endswith("there is junk")
    top = written.voc(tmp_path)
    said = fault(lambda: open_benchmark("voc:20:train", tmp_path))
    assert said.startswith(f"list of voc:20:train not found in {top}: expected Image")


# --- class names and real data -----------------------------------------------


@pytest.fixture(scope="module")
def real() -> Path:
    root = os.environ.get("T4S_DATA")
    if not root:
        pytest.skip("T4S_DATA is not set: no real pictures of labels to read")
    return Path(root)


def test_the_tables_have_their_known_size_and_order() -> None:
    tables = (VOC_20, CONTEXT_59, ADE_150, COCO_STUFF_171)
    assert [len(set(table)) for table in tables] == [20, 59, 150, 171]
    assert list(CONTEXT_59) == sorted(CONTEXT_59)
    assert COCO_STUFF_IDS[:2] == (1, 2)
    assert COCO_STUFF_IDS[80:] == tuple(range(92, 183))
    assert all("|" not in name and "-" not in name for t in tables for name in t)


def test_ade_names_are_those_of_the_real_table(real: Path) -> None:
    with (real / "ade20k_150/objectInfo150.csv").open() as file:
        rows = list(csv.DictReader(file))
    for row, name in zip(rows, ADE_150, strict=True):
        words = row["Name"].split(";")
        assert all(word in words for word in name.split())
        assert words[0] == name.split()[0]


def test_real_ade_pictures(real: Path) -> None:
    samples = open_benchmark("ade20k:150:val", real / "ade20k_150/sampleData")
    assert [s.extra["image_id"] for s in samples] == [
        f"ADE_val_0000000{k}" for k in (1, 2, 3)
    ]
    for sample in samples:
        assert sample.image.size == sample.mask.shape[::-1]
        assert not sample.extra["ignore"].any()
    names = samples[0].extra["class_names"]
    seen = [names[k - 1] for k in np.unique(samples[0].extra["classes"]) if k]
    assert {"building", "sky", "tree", "road"} <= set(seen)


def test_real_voc_pictures(real: Path, tmp_path: Path) -> None:
    top = tmp_path / "VOCdevkit/VOC2012"
    top.mkdir(parents=True)
    source = real / "voc/examples/semantic_segmentation/data_dataset_voc"
    for part in ("JPEGImages", "SegmentationClass"):
        (top / part).symlink_to(source / part)
    keys = sorted(path.stem for path in (source / "JPEGImages").glob("*.jpg"))
    written.text(top / "ImageSets/Segmentation/val.txt", "\n".join(keys))
    samples = open_benchmark("voc:20:val", tmp_path)
    assert len(samples) == len(keys) == 3
    found: set[str] = set()
    for sample in samples:
        assert sample.image.size == sample.mask.shape[::-1]
        classes = np.unique(sample.extra["classes"])
        found |= {VOC_20[k - 1] for k in classes if 0 < k < VOID}
        assert sample.extra["ignore"].any() == (VOID in classes)
        masks = sample.extra["masks"]
        assert sum(int(masks[name].sum()) for name in masks) == int(sample.mask.sum())
    print(sorted(found))
    assert found
