"""LLaVA's mix: read one conversation at a time, from their places in the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from t4s_lib.sources import DataError, open_benchmark
from t4s_lib.sources.instruct import instruct

from . import written
from .written import talk

RECORDS = [
    talk("<image>\nWhat is it?", "A dog.", "Its colour?", "Bräunlich, “brown”."),
    talk("Words alone?", "Yes.", image=None),
    talk("Where?\n<image>", "In {\"a\": [1]}, there.", image="gqa/images/b.jpg"),
]  # fmt: skip


@pytest.mark.parametrize("raw", [False, True])
def test_each_conversation_is_found_in_its_place(tmp_path: Path, raw: bool) -> None:
    written.mix(tmp_path, RECORDS, raw)
    samples = open_benchmark("llava:mix665k:train", tmp_path)
    assert len(samples) == 2
    first, second = samples
    assert first.expression == "What is it?"
    assert first.extra["turns"] == (
        ("What is it?", "A dog."),
        ("Its colour?", "Bräunlich, “brown”."),
    )
    assert second.extra["turns"] == (("Where?", 'In {"a": [1]}, there.'),)
    assert second.image.size == (8, 6)
    assert first.source != second.source
    assert len(instruct(tmp_path, has_image=False)) == 3


def test_there_is_no_mask_and_it_says_so(tmp_path: Path) -> None:
    written.mix(tmp_path, RECORDS)
    sample = open_benchmark("llava:mix665k:train", tmp_path)[0]
    with pytest.raises(DataError, match="has no mask: it is a conversation"):
        _ = sample.mask
    words = instruct(tmp_path, has_image=False)[1]
    with pytest.raises(DataError, match="has no picture: it is a conversation in word"):
        _ = words.image


def test_a_missing_picture_is_named(tmp_path: Path) -> None:
    written.mix(tmp_path, RECORDS)
    (tmp_path / "gqa/images/b.jpg").unlink()
    sample = open_benchmark("llava:mix665k:train", tmp_path)[1]
    with pytest.raises(FileNotFoundError, match=r"gqa/images/b.jpg not found: looked"):
        _ = sample.image


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{}", "is not a JSON list: expected [ at character 0"),
        ("[1]", "has no conversations at byte 1"),
        ('[{"conversations": []} {}]', "expected , at character 23"),
        ('[{"conversations": ', "is not a JSON list: "),
        ("[", "is not a JSON list: "),
        ("[]", "llava:mix665k:train has no samples: "),
    ],
)
def test_a_broken_file_is_one_line(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "llava_v1_5_mix665k.json").write_text(content)
    with pytest.raises(DataError) as caught:
        open_benchmark("llava:mix665k:train", tmp_path)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_speakers_out_of_turn_are_refused(tmp_path: Path) -> None:
    record = talk("<image>a", "b", "c")
    written.mix(tmp_path, [record])
    with pytest.raises(DataError, match="expected human and gpt by turns"):
        open_benchmark("llava:mix665k:train", tmp_path)[0]
