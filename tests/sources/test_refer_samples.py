"""REFER folders as users have them: real ones (T4S_DATA) and small ones made here."""

from __future__ import annotations

import json
import os
import pickle
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from t4s_lib.sources import (
    DataError,
    has_image,
    parse_benchmark,
    refer,
)

SQUARE = [[1, 1, 5, 1, 5, 5, 1, 5]]
OVERLAP = [[0, 0, 4, 0, 4, 4, 0, 4], [2, 2, 6, 2, 6, 6, 2, 6], [1, 1, 2, 2]]
LIST_RLE = {"size": [6, 8], "counts": [6, 3, 39]}


def sentence(number: int, sent: str, raw: str) -> dict[str, Any]:
    return {"tokens": sent.split(), "raw": raw, "sent_id": number, "sent": sent}


def ref(number: int, split: str, *texts: str, image: int = 7) -> dict[str, Any]:
    sentences = [
        sentence(10 * number + k, text, text.upper()) for k, text in enumerate(texts)
    ]
    return {
        "ref_id": number,
        "ann_id": 100 + number,
        "image_id": image,
        "category_id": 3,
        "split": split,
        "file_name": f"COCO_train2014_000000000007_{number}.jpg",
        "sent_ids": [s["sent_id"] for s in sentences],
        "sentences": sentences,
    }


REFS = [
    ref(1, "train", "the cat", "left cat"),
    ref(2, "testA", "the man "),
    ref(3, "testAB", "both"),
    ref(4, "test", "it"),
]


def instances() -> dict[str, Any]:
    forms = [SQUARE, OVERLAP, LIST_RLE, [LIST_RLE, LIST_RLE]]
    return {
        "images": [{"id": 7, "file_name": "COCO_7.jpg", "height": 6, "width": 8}],
        "annotations": [
            {
                "id": 101 + k,
                "image_id": 7,
                "category_id": 3,
                "segmentation": form,
                "bbox": [1.0, 1.0, 4.0, 4.0],
                "iscrowd": 0,
            }
            for k, form in enumerate(forms)
        ],
        "categories": [{"id": 3, "name": "cat"}],
    }


def write(
    root: Path,
    refs: Any = REFS,
    content: Any = None,
    dataset: str = "refcoco",
    split_by: str = "unc",
) -> Path:
    folder = root / dataset
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"refs({split_by}).p").write_bytes(pickle.dumps(refs, protocol=2))
    (folder / "instances.json").write_text(json.dumps(content or instances()))
    return root


def test_one_sample_per_sentence(tmp_path: Path) -> None:
    samples = refer(write(tmp_path), "refcoco", "unc", "train")
    assert [s.expression for s in samples] == ["the cat", "left cat"]
    first = samples[0]
    assert first.labels == ("the cat",)
    assert first.source == "refcoco:unc:train#10"
    assert first.mask.shape == (6, 8)
    assert np.array_equal(first.mask, samples[1].mask)
    assert first.mask[1:5, 1:5].all()
    assert first.mask.sum() == 16


def test_extra_holds_the_facts(tmp_path: Path) -> None:
    extra = dict(refer(write(tmp_path), "refcoco", "unc", "train")[1].extra)
    extra.pop("image_folders")
    assert extra == {
        "ref_id": 1,
        "ann_id": 101,
        "image_id": 7,
        "sent_id": 11,
        "category": "cat",
        "bbox": [1.0, 1.0, 4.0, 4.0],
        "image_file": "COCO_7.jpg",
        "height": 6,
        "width": 8,
    }


def test_splits_are_compared_exactly(tmp_path: Path) -> None:
    root = write(tmp_path)
    assert [s.expression for s in refer(root, "refcoco", "unc", "testA")] == ["the man"]
    assert [s.expression for s in refer(root, "refcoco", "unc", "test")] == ["it"]


def test_raw_text_on_request(tmp_path: Path) -> None:
    root = write(tmp_path)
    assert refer(root, "refcoco", "unc", "train", text="raw")[0].expression == "THE CAT"
    with pytest.raises(DataError, match="unknown text 'tokens': expected raw, sent"):
        refer(root, "refcoco", "unc", "train", text="tokens")


def test_overlapping_parts_are_simply_inside(tmp_path: Path) -> None:
    mask = refer(write(tmp_path), "refcoco", "unc", "testA")[0].mask
    assert mask.dtype == bool
    assert mask.sum() == 16 + 16 - 4


def test_run_length_masks_single_and_in_a_list(tmp_path: Path) -> None:
    root = write(tmp_path)
    for split in ("testAB", "test"):
        mask = refer(root, "refcoco", "unc", split)[0].mask
        assert np.flatnonzero(mask.ravel(order="F")).tolist() == [6, 7, 8]


@pytest.mark.parametrize("above", ["", "refer", "refer_seg"])
def test_root_may_be_the_folder_above(tmp_path: Path, above: str) -> None:
    write(tmp_path / above)
    assert len(refer(tmp_path, *parse_benchmark("refcoco:unc:train"))) == 2


@pytest.mark.parametrize(
    ("dataset", "folder"),
    [
        ("refcoco", "images/coco_2014/train2014"),
        ("refcoco+", "images/mscoco/images/train2014"),
        ("refcocog", "images/train2014"),
        ("refcoco", "train2014"),
        ("refclef", "images/saiapr_tc-12"),
    ],
)
def test_images_are_found_where_people_keep_them(
    tmp_path: Path, dataset: str, folder: str
) -> None:
    write(tmp_path / "refer", dataset=dataset)
    for top in (tmp_path, tmp_path / "refer"):
        sample = refer(tmp_path, dataset, "unc", "train")[0]
        assert not has_image(sample)
        place = top / folder
        place.mkdir(parents=True)
        Image.new("L", (8, 6)).save(place / "COCO_7.jpg")
        assert has_image(sample)
        assert sample.image.mode == "RGB"
        (place / "COCO_7.jpg").unlink()


def test_a_missing_image_says_where_it_looked(tmp_path: Path) -> None:
    sample = refer(write(tmp_path), "refcoco", "unc", "train")[0]
    with pytest.raises(FileNotFoundError) as caught:
        _ = sample.image
    message = str(caught.value)
    assert message.startswith("COCO_7.jpg not found: looked in ")
    assert str(tmp_path / "images/coco_2014/train2014") in message
    assert "\n" not in message
    assert sample.mask.any()


def test_a_wrong_picture_is_refused(tmp_path: Path) -> None:
    root = write(tmp_path)
    (root / "train2014").mkdir()
    Image.new("RGB", (9, 6)).save(root / "train2014/COCO_7.jpg")
    with pytest.raises(DataError, match=r"is \(9, 6\) pixels, expected \(8, 6\)"):
        _ = refer(root, "refcoco", "unc", "train")[0].image
    (root / "train2014/COCO_7.jpg").write_bytes(b"<html>not found</html>")
    with pytest.raises(DataError, match="is not a readable picture"):
        _ = refer(root, "refcoco", "unc", "train")[0].image


def asked(root: Path, *names: str) -> str:
    with pytest.raises(DataError) as caught:
        refer(root, *names)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_wrong_names_list_what_is_there(tmp_path: Path) -> None:
    root = write(tmp_path / "data")
    write(root, split_by="google")
    nowhere = tmp_path / "nowhere"
    assert asked(nowhere, "refcoco", "unc", "val") == (
        f"data folder {nowhere} does not exist"
    )
    assert asked(root, "refcocoh", "unc", "val") == (
        "unknown REFER data set 'refcocoh': expected "
        "refclef, refcoco, refcoco+, refcocog"
    )
    assert asked(root, "refcocog", "umd", "val") == (
        f"folder refcocog not found: {root} has refcoco"
    )
    assert asked(root, "refcoco", "umd", "val") == (
        f"refs(umd).p not found in {root / 'refcoco'}: "
        "there is refs(google).p, refs(unc).p"
    )
    assert asked(root, "refcoco", "unc", "val") == (
        f"split 'val' not found in {root / 'refcoco' / 'refs(unc).p'}: "
        "there is test, testA, testAB, train"
    )


def test_missing_instances_are_named(tmp_path: Path) -> None:
    root = write(tmp_path)
    (root / "refcoco/instances.json").unlink()
    message = asked(root, "refcoco", "unc", "train")
    assert message.startswith("instances.json not found in ")
    assert message.endswith("there is refs(unc).p")


@pytest.mark.parametrize(
    "refs", [{"a": 1}, [1], [{"ref_id": 1}], [{**REFS[0], "sentences": [{}]}]]
)
def test_a_pickle_of_something_else_is_refused(tmp_path: Path, refs: Any) -> None:
    message = asked(write(tmp_path, refs), "refcoco", "unc", "train")
    assert "is not a list of refs: expected dicts with ref_id, " in message


def test_a_ref_without_its_annotation_is_named(tmp_path: Path) -> None:
    root = write(tmp_path, [ref(9, "val", "it")])
    assert "ref 9 of " in asked(root, "refcoco", "unc", "val")
    assert "annotation 109 on image 7, which is not in instances.json" in asked(
        root, "refcoco", "unc", "val"
    )
    content = instances()
    content["images"].append({**content["images"][0], "id": 8})
    write(tmp_path, [ref(1, "val", "it", image=8)], content)
    assert "on image 8, which is on image 7" in asked(root, "refcoco", "unc", "val")


def test_broken_instances_are_one_line(tmp_path: Path) -> None:
    root = write(tmp_path)
    file = root / "refcoco/instances.json"
    file.write_text('{"images": [')
    assert f"{file} is not JSON" in asked(root, "refcoco", "unc", "train")
    file.write_text('{"images": []}')
    assert "found no 'annotations'" in asked(root, "refcoco", "unc", "train")


def test_a_bad_segmentation_names_its_annotation(tmp_path: Path) -> None:
    content = instances()
    content["annotations"][0]["segmentation"] = []
    sample = refer(write(tmp_path, content=content), "refcoco", "unc", "train")[0]
    with pytest.raises(DataError, match="segmentation of annotation 101 is empty"):
        _ = sample.mask


def test_a_malicious_refs_file_does_nothing(tmp_path: Path) -> None:
    root, flag = write(tmp_path), tmp_path / "flag"
    program = f"cpathlib\nPath\n(V{flag}\ntR(tbctouch\n.".encode()
    (root / "refcoco/refs(unc).p").write_bytes(program)
    assert "asks for pathlib.Path: refused" in asked(root, "refcoco", "unc", "train")
    assert not flag.exists()


# --- real data ---------------------------------------------------------------


@pytest.fixture(scope="module")
def real() -> Path:
    root = os.environ.get("T4S_DATA")
    if not root:
        pytest.skip("T4S_DATA is not set: no real REFER data to read")
    return Path(root)


def test_real_umd_counts(real: Path) -> None:
    parts = {
        split: refer(real, "refcocog", "umd", split)
        for split in ("train", "val", "test")
    }
    refs = {k: len({s.extra["ref_id"] for s in part}) for k, part in parts.items()}
    assert refs == {"train": 5, "val": 5, "test": 5}
    assert sum(len(part) for part in parts.values()) == 28


def test_real_google_refs_have_masks_within_their_boxes(real: Path) -> None:
    samples = refer(real / "refer", "refcocog", "google", "val")
    assert len({s.extra["ref_id"] for s in samples}) == 127
    assert Counter(s.source for s in samples).most_common(1)[0][1] == 1
    for sample in samples:
        extra = sample.extra
        assert sample.mask.shape == (extra["height"], extra["width"])
        rows, columns = np.nonzero(sample.mask)
        left, top, width, height = extra["bbox"]
        assert abs(columns.min() - left) <= 2
        assert abs(rows.min() - top) <= 2
        assert abs(columns.max() + 1 - left - width) <= 2
        assert abs(rows.max() + 1 - top - height) <= 2


def test_real_images_open_where_they_are(real: Path) -> None:
    samples = refer(real, "refcocog", "google", "val")
    there = [sample for sample in samples if has_image(sample)]
    assert there
    for sample in there:
        assert sample.image.size == sample.mask.shape[::-1]


def test_real_wrong_split_lists_what_is_there(real: Path) -> None:
    with pytest.raises(DataError, match="there is test, train, val"):
        refer(real, "refcocog", "umd", "testA")
    with pytest.raises(DataError, match=r"there is refs\(google\).p, refs\(umd\).p"):
        refer(real, "refcocog", "unc", "val")
