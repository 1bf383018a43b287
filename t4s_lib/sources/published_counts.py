"""How many samples, refs and pictures each benchmark has, by published counts.

``trust``: ``read`` where the number stands in a public place that is named,
``recalled`` where it is widely quoted and was not looked up.
"""

from __future__ import annotations

from typing import Literal, NamedTuple


class Published(NamedTuple):
    """The size of a benchmark.

    Attributes:
        samples: Expressions, or whatever else its samples are; None if unknown.
        refs: Objects that are referred to; None where there are none or unknown.
        images: Pictures.
        trust: How far to trust it.
        source: Where it is from.
    """

    samples: int | None
    refs: int | None
    images: int | None
    trust: Literal["read", "recalled"]
    source: str


_TFDS = "refs and pictures: TensorFlow Datasets, ref_coco"
_MOLMO = (
    f"{_TFDS}; expressions: Molmo's size table; for val and test together Ref-L4's "
    "README has the same sums"
)


def _read(
    samples: int | None, refs: int | None, images: int | None, source: str
) -> Published:
    return Published(samples, refs, images, "read", source)


def _recalled(samples: int | None, images: int | None, source: str) -> Published:
    return Published(samples, None, images, "recalled", source)


PUBLISHED: dict[str, Published] = {
    "refcoco:unc:train": _read(120_624, 42_404, 16_994, _MOLMO),
    "refcoco:unc:val": _read(10_834, 3_811, 1_500, _MOLMO),
    "refcoco:unc:testA": _read(5_657, 1_975, 750, _MOLMO),
    "refcoco:unc:testB": _read(5_095, 1_810, 750, _MOLMO),
    "refcoco:google:train": _read(None, 40_000, 19_213, _TFDS),
    "refcoco:google:val": _read(None, 5_000, 4_559, _TFDS),
    "refcoco:google:test": _read(None, 5_000, 4_527, _TFDS),
    "refcoco+:unc:train": _read(120_191, 42_278, 16_992, _MOLMO),
    "refcoco+:unc:val": _read(10_758, 3_805, 1_500, _MOLMO),
    "refcoco+:unc:testA": _read(5_726, 1_975, 750, _MOLMO),
    "refcoco+:unc:testB": _read(4_889, 1_798, 750, _MOLMO),
    "refcocog:umd:train": _read(80_512, 42_226, 21_899, _MOLMO),
    "refcocog:umd:val": _read(4_896, 2_573, 1_300, _MOLMO),
    "refcocog:umd:test": _read(9_602, 5_023, 2_600, _MOLMO),
    "refcocog:google:train": _read(None, 44_822, 24_698, _TFDS),
    "refcocog:google:val": _read(9_536, 5_000, 4_650, _TFDS),
    "grefcoco:unc:train": _recalled(209_344, None, "259,859 in the public file"),
    "grefcoco:unc:val": _recalled(16_870, 1_500, "quoted widely; pictures: RefCOCO's"),
    "grefcoco:unc:testA": _recalled(18_712, 750, "quoted widely; pictures: RefCOCO's"),
    "grefcoco:unc:testB": _recalled(14_933, 750, "quoted widely; pictures: RefCOCO's"),
    "ade20k:150:train": _recalled(20_210, 20_210, "the benchmark's page"),
    "ade20k:150:val": _recalled(2_000, 2_000, "the benchmark's page"),
    "context:59:train": _recalled(4_998, 4_998, "the data set's page"),
    "context:59:val": _recalled(5_105, 5_105, "the data set's page"),
    "voc:20:train": _recalled(1_464, 1_464, "VOC 2012's page"),
    "voc:20:val": _recalled(1_449, 1_449, "VOC 2012's page"),
    "reasonseg:all:train": _read(None, None, 239, "LISA's README"),
    "reasonseg:all:val": _read(200, None, 200, "LISA's README"),
    "reasonseg:all:test": _read(779, None, 779, "LISA's README"),
    "coco:panoptic:train": _recalled(118_287, 118_287, "COCO 2017"),
    "coco:panoptic:val": _recalled(5_000, 5_000, "COCO 2017"),
    "coco:instances:train": _recalled(None, None, "not published in this form"),
    "coco:instances:val": _recalled(None, None, "not published in this form"),
    "cocostuff:2017:train": _recalled(118_287, 118_287, "COCO 2017"),
    "cocostuff:2017:val": _recalled(5_000, 5_000, "COCO 2017"),
    "llava:mix665k:train": _recalled(
        624_610, None, "665,298 entries less 40,688 without a picture"
    ),
}
"""Benchmark to its size. ReasonSeg's train pictures have up to five questions each."""

BLOBS: dict[str, str] = {
    "refcoco/refs(unc).p": "3cf679c6d5e3e383ac235b6b55e6a7aa69394971",
    "refcoco/refs(google).p": "dc251a6fabd15ab7321779db9fbea0b19f5b4484",
    "refcoco+/refs(unc).p": "6b44c23d8970ac578f4a8971bd6c35a14617e834",
    "refcocog/refs(umd).p": "997963a1c335ecb7f3e3fbdb364ef7099137dc2a",
    "refcocog/refs(google).p": "9fe1f574e25c65ac2f9b8ebb8444eb701f5c9328",
    "refclef/refs(unc).p": "5a137834443029621bdf7170fbac8cc0eb7aac25",
    "refclef/refs(berkeley).p": "dc6b83ea25b61581732ff5aa52429587547ee6ae",
}
"""The refs files that the papers used, by ``git hash-object --no-filters``."""
