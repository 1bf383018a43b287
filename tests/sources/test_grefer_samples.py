"""gRefCOCO: one, several and no targets, in the exact layout and on real masks."""

from __future__ import annotations

import json
import os
import pickle
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from t4s_lib.sources import DataError, has_image, open_benchmark, segmentation_mask

from . import written
from .written import SQUARE, gref

OTHER = [[5, 0, 8, 0, 8, 2, 5, 2]]  # 6 pixels, apart from SQUARE
CROWD = {"size": [6, 8], "counts": [40, 8]}
REFS = [
    gref(1, "val", [11], "the cat"),
    gref(2, "val", [11, 12], "both cats ", "all of them"),
    gref(3, "val", [-1], "the horse"),
    gref(4, "val", -1, "no list either"),
    gref(5, "val", 12, "a number alone"),
    gref(6, "val", [12, 13], "a cat and a crowd"),
    gref(7, "valB", [12], "of another split"),
]
ANNOTATIONS: list[dict[str, Any]] = [
    {"id": 11, "image_id": 7},
    {"id": 12, "image_id": 7, "segmentation": OTHER, "bbox": [5.0, 0.0, 3.0, 2.0]},
    {"id": 13, "image_id": 7, "segmentation": CROWD, "iscrowd": 1},
    {"id": 14, "image_id": 8},
]


def write(root: Path, refs: Any = REFS, ending: str = "json") -> Path:
    folder = root / "refer_seg/grefcoco"
    content = written.instances({7: "COCO_7.jpg", 8: "COCO_8.jpg"}, ANNOTATIONS)
    written.as_json(folder / "instances.json", content)
    path = folder / f"grefs(unc).{ending}"
    data = json.dumps(refs).encode() if ending == "json" else pickle.dumps(refs, 2)
    path.write_bytes(data)
    written.photo(root / "refer_seg/images/coco_2014/train2014/COCO_7.jpg")
    return root


@pytest.mark.parametrize("ending", ["json", "p"])
def test_one_sample_a_sentence_with_all_its_targets(
    tmp_path: Path, ending: str
) -> None:
    samples = open_benchmark("grefcoco:unc:val", write(tmp_path, ending=ending))
    assert [s.expression for s in samples] == [
        "the cat", "both cats", "all of them", "the horse", "no list either",
        "a number alone", "a cat and a crowd",
    ]  # fmt: skip
    assert [int(s.mask.sum()) for s in samples] == [16, 22, 22, 0, 0, 6, 6]
    assert [s.is_no_target for s in samples] == [s.extra["no_target"] for s in samples]
    assert len({s.source for s in samples}) == len(samples)
    assert samples[1].source == "grefcoco:unc:val#2/20"
    assert has_image(samples[0])
    assert samples[0].image.size == (8, 6)


def test_facts_of_several_one_and_no_targets(tmp_path: Path) -> None:
    samples = open_benchmark("grefcoco:unc:val", write(tmp_path))
    one, both, _, none = (samples[k].extra for k in range(4))
    assert (one["ann_ids"], one["bbox"]) == ((11,), [1.0, 1.0, 4.0, 4.0])
    assert (both["ann_ids"], both["bbox"]) == ((11, 12), None)
    assert both["boxes"] == [[1.0, 1.0, 4.0, 4.0], [5.0, 0.0, 3.0, 2.0]]
    assert both["categories"] == ("cat", "cat")
    assert (none["ann_ids"], none["boxes"], none["bbox"]) == ((), [], None)
    assert (none["height"], none["width"]) == (6, 8)


def fault(root: Path, name: str = "grefcoco:unc:val") -> str:
    with pytest.raises(DataError) as caught:
        open_benchmark(name, root)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_ref_that_leads_nowhere_is_named(tmp_path: Path) -> None:
    said = fault(write(tmp_path, [gref(9, "val", [11, 99], "x")]))
    assert "ref 9 of " in said
    assert said.endswith("means annotation 99, which is not in instances.json")
    said = fault(write(tmp_path, [gref(9, "val", [14], "x")]))
    assert said.endswith("means annotation 14 on image 7, which is on image 8")
    said = fault(write(tmp_path, [gref(9, "val", [-1], "x", image=1)]))
    assert said.endswith("means image 1, which is not in instances.json")


@pytest.mark.parametrize(
    "refs",
    [{}, [1], [{"ref_id": 1}], [{**REFS[0], "ann_id": ["a"]}],
     [{**REFS[0], "sentences": [{}]}]],
)  # fmt: skip
def test_something_else_than_refs_is_refused(tmp_path: Path, refs: Any) -> None:
    assert "is not a list of refs: expected dicts with" in fault(write(tmp_path, refs))


def test_missing_files_and_splits_are_named(tmp_path: Path) -> None:
    root = write(tmp_path)
    assert "split 'testA' not found" in fault(root, "grefcoco:unc:testA")
    said = fault(root, "grefcoco:umd:val")
    assert "expected grefs(umd).json or grefs(umd).p" in said
    (root / "refer_seg/grefcoco/instances.json").unlink()
    assert "instances.json not found in" in fault(root)
    assert fault(tmp_path / "none") == f"data folder {tmp_path / 'none'} does not exist"


# --- real masks --------------------------------------------------------------


@pytest.fixture(scope="module")
def real() -> Path:
    root = os.environ.get("T4S_DATA")
    if not root:
        pytest.skip("T4S_DATA is not set: no gRefCOCO layout to read")
    return Path(root)


def test_real_masks_are_the_union_of_their_annotations(real: Path) -> None:
    content = json.loads((real / "refer/grefcoco/instances.json").read_text())
    by_id = {one["id"]: one for one in content["annotations"]}
    samples = [*open_benchmark("grefcoco:unc:train", real)]
    samples += open_benchmark("grefcoco:unc:val", real)
    assert len(samples) == 33
    sizes = Counter(len(s.extra["ann_ids"]) for s in samples)
    assert sizes == {0: 1, 1: 20, 2: 5, 3: 4, 4: 3}
    for sample in samples:
        height, width = sample.extra["height"], sample.extra["width"]
        union = np.zeros((height, width), dtype=bool)
        for number in sample.extra["ann_ids"]:
            form = by_id[number]["segmentation"]
            union |= segmentation_mask(form, height, width)
        assert np.array_equal(sample.mask, union)
        assert sample.image.size == (width, height)


def test_square_is_sixteen_pixels() -> None:
    assert segmentation_mask(SQUARE, 6, 8).sum() == 16
