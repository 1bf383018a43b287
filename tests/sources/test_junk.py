"""A field that holds something else is one line, or does no harm; never a crash."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from t4s_lib.sources import DataError, Sample, open_benchmark

from . import written

JUNK: list[Any] = [None, -1, 0, 1.5, True, "x", [], [None], ["a"], [[1]], {}]


def gref(root: Path) -> Path:
    content = written.instances({7: "7.jpg"}, [{"id": 11, "image_id": 7}])
    written.as_json(root / "grefcoco/instances.json", content)
    refs = [written.gref(1, "val", [11], "a cat")]
    return written.as_json(root / "grefcoco/grefs(unc).json", refs)


def instances(root: Path) -> Path:
    crowd = {"id": 2, "image_id": 7, "iscrowd": 1}
    content = written.instances({7: "7.jpg"}, [{"id": 1, "image_id": 7}, crowd])
    return written.as_json(root / "annotations/instances_val2017.json", content)


def mix(root: Path) -> Path:
    return written.mix(root, [written.talk("a", "b", "c", "d")])


LAYOUTS: list[tuple[str, Callable[[Path], Path]]] = [
    ("grefcoco:unc:val", gref),
    ("coco:instances:val", instances),
    ("coco:panoptic:val", written.panoptic),
    ("reasonseg:all:val", written.reason),
    ("llava:mix665k:train", mix),
]


def spoilt(content: Any) -> Iterable[Any]:
    """The content with each of its fields replaced by each kind of junk."""
    text = json.dumps(content)

    def places(value: Any, path: tuple[Any, ...]) -> Iterable[tuple[Any, ...]]:
        inside = value.items() if isinstance(value, dict) else enumerate(value[:2])
        for key, child in inside:
            yield (*path, key)
            if isinstance(child, dict | list) and len(path) < 4:
                yield from places(child, (*path, key))

    for path in list(places(content, ())):
        for junk in JUNK:
            again = json.loads(text)
            holder = again
            for key in path[:-1]:
                holder = holder[key]
            holder[path[-1]] = junk
            yield again


def look(sample: Sample) -> None:
    """Whatever is there."""
    if "turns" not in sample.extra:
        _ = sample.mask
    _ = [sample.extra[key] for key in sample.extra]


@pytest.mark.parametrize(("name", "write"), LAYOUTS)
def test_junk_is_refused_in_one_line_or_does_no_harm(
    tmp_path: Path, name: str, write: Callable[[Path], Path]
) -> None:
    path = write(tmp_path)
    refused: list[str] = []
    for content in spoilt(json.loads(path.read_text())):
        path.write_text(json.dumps(content))
        try:
            for sample in open_benchmark(name, tmp_path):
                look(sample)
        except DataError as fault:
            refused.append(str(fault))
    assert len(refused) > 20
    assert not any("\n" in line for line in refused)


@pytest.mark.parametrize("seed", range(40))
def test_damaged_pictures_of_labels_are_refused(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    top = written.voc(tmp_path, ["a"])
    path = top / "SegmentationClass/a.png"
    data = bytearray(path.read_bytes())
    for _ in range(rng.randint(1, 4)):
        data[rng.randrange(len(data))] = rng.randrange(256)
    path.write_bytes(bytes(data[: rng.randint(8, len(data))]))
    with suppress(DataError):
        look(open_benchmark("voc:20:val", tmp_path)[0])
