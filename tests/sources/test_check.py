"""What is complete, what is missing, and counts against the published ones."""

from __future__ import annotations

import hashlib
import os
import pickle
from pathlib import Path

import pytest

from t4s_lib.sources import DataError
from t4s_lib.sources.check import Finding, altered, blob, check, differing
from t4s_lib.sources.published_counts import PUBLISHED, Published

from . import written


def look(root: Path, name: str) -> Finding:
    return next(iter(check(root, [name])))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if VOC had two pictures."""
    two = Published(2, None, 2, "read", "a test")
    monkeypatch.setitem(PUBLISHED, "voc:20:val", two)


@pytest.mark.usefixtures("small")
def test_complete_means_all_files_and_all_samples(tmp_path: Path) -> None:
    top = written.voc(tmp_path)
    found = look(tmp_path, "voc:20:val")
    assert (found.state, found.notes) == ("complete", ())
    (top / "JPEGImages/a.jpg").unlink()
    (top / "SegmentationClass/b.png").unlink()
    found = look(tmp_path, "voc:20:val")
    assert found.state == "incomplete"
    assert found.notes == (
        f"2 files are missing: a.jpg, {top / 'SegmentationClass/b.png'}",
    )


@pytest.mark.usefixtures("small")
def test_other_counts_are_told(tmp_path: Path) -> None:
    written.voc(tmp_path, ["a"])
    found = look(tmp_path, "voc:20:val")
    assert found.state == "incomplete"
    assert found.notes == ()
    assert differing(found.tally, found.published) == ["samples", "images"]


def test_absent_and_broken_are_different(tmp_path: Path) -> None:
    found = look(tmp_path, "grefcoco:unc:val")
    assert (found.state, found.tally.samples) == ("absent", 0)
    assert found.notes[0].startswith("folder grefcoco not found")
    folder = tmp_path / "grefcoco"
    written.text(folder / "grefs(unc).json", "[")
    found = look(tmp_path, "grefcoco:unc:val")
    assert found.state == "broken"
    assert "is not JSON" in found.notes[0]


def test_all_published_benchmarks_are_looked_at(tmp_path: Path) -> None:
    found = list(check(tmp_path))
    assert [one.benchmark for one in found] == list(PUBLISHED)
    assert {one.state for one in found} == {"absent"}


def test_without_published_counts_nothing_is_called_complete(tmp_path: Path) -> None:
    content = written.instances({7: "7.jpg"}, [{"id": 1, "image_id": 7}])
    written.as_json(tmp_path / "annotations/instances_val2017.json", content)
    written.photo(tmp_path / "val2017/7.jpg")
    assert look(tmp_path, "coco:instances:val").state == "present"
    assert look(tmp_path, "coco:panoptic:val").notes[0].startswith("needs panoptic_val")


def test_bad_names_and_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="does not exist"):
        check(tmp_path / "none")
    with pytest.raises(DataError, match="unknown benchmark 'vok:20:val': nearest are"):
        check(tmp_path, ["vok:20:val"])


def test_the_hash_is_gits(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"hello\n")
    assert blob(path) == "ce013625030ba8dba906f756967f9e9ca394464a"
    assert blob(path) == hashlib.sha1(b"blob 6\0hello\n").hexdigest()


def test_another_refs_file_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "refer/refcoco"
    folder.mkdir(parents=True)
    (folder / "refs(unc).p").write_bytes(pickle.dumps([], 2))
    assert altered("refcoco:unc:val", tmp_path) == [
        "refcoco/refs(unc).p is not the file that the papers used"
    ]
    assert altered("refcocog:umd:val", tmp_path) == []
    assert altered("voc:20:val", tmp_path) == []


def test_real_samples_are_counted_and_their_gaps_told() -> None:
    root = os.environ.get("T4S_DATA")
    if not root:
        pytest.skip("T4S_DATA is not set: no real data to check")
    found = look(Path(root), "refcocog:umd:val")
    assert (found.state, found.tally.refs) == ("incomplete", 5)
    assert found.published.refs == 2_573
    assert any("is not the file that the papers used" in note for note in found.notes)
    gref = look(Path(root), "grefcoco:unc:val")
    assert (gref.tally.samples, gref.tally.lost) == (23, [])
