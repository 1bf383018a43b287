"""How many samples the real data sets have, by published counts, with their source.

For a dry run on a machine that has none of the data. Each number says how far to
trust it: ``read`` where it stands in a public place that is named, ``recalled`` where
it is widely quoted and only its sums could be checked, ``estimated`` where it is
derived, as the note says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Count:
    """What one pass over a benchmark has.

    Attributes:
        sentences: Expressions, or whole samples where there are none.
        refs: Objects that are referred to.
        trust: ``read``, ``recalled`` or ``estimated``.
        source: Where the number is from, or how it was derived.
    """

    sentences: int
    refs: int | None
    trust: Literal["read", "recalled", "estimated"]
    source: str


# ReferItGame's paper: 130,525 expressions for 96,654 objects. Of the 19,997 pictures
# in UNC's cleaned release (README of lichengunc/refer) 17,978 are in the train split
# (size table of Molmo's data loader). The authors take every ref of those pictures,
# whatever its own split; how many that are is published nowhere. Here: their share.
_CLEF_SHARE = 17_978 / 19_997
_CLEF = round(130_525 * _CLEF_SHARE)
_CLEF_REFS = round(96_654 * _CLEF_SHARE)

CLEF_BOUNDS = (130_525 - 12_029 - 9_536, 130_525 - 12_029)
"""Least and most expressions on RefClef's train pictures: the total without val and
all five test splits, and without val alone (their sizes: Molmo's table)."""

COUNTS: dict[str, Count] = {
    "refcoco:unc:train": Count(
        120_624,
        42_404,
        "read",
        "FlagEval's page on RefCOCO; refs: TensorFlow Datasets, ref_coco",
    ),
    "refcoco+:unc:train": Count(
        120_191,
        42_278,
        "read",
        "141,564 expressions in all (REFER) less 10,758, 5,726 and 4,889 of val, "
        "testA and testB (Molmo's size table)",
    ),
    "refcocog:umd:train": Count(
        80_512,
        42_226,
        "read",
        "95,010 expressions in all (luogen1996/MCN issue 7) less 4,896 and 9,602 of "
        "val and test (Molmo's size table)",
    ),
    "refclef:unc:train": Count(
        _CLEF,
        _CLEF_REFS,
        "estimated",
        "130,525 expressions (ReferItGame) times 17,978 of 19,997 pictures; bounds "
        f"{CLEF_BOUNDS[0]:,} and {CLEF_BOUNDS[1]:,}",
    ),
    "grefcoco:unc:train": Count(
        209_344,
        None,
        "recalled",
        "259,859 expressions in the public file (henghuiding/gRefCOCO issue 6) less "
        "16,870, 18,712 and 14,933 of val, testA and testB (recalled)",
    ),
    "llava:mix665k:train": Count(
        665_298, None, "recalled", "entries of llava_v1_5_mix665k.json"
    ),
    "cocostuff:2017:train": Count(
        118_287, None, "read", "pictures of COCO train2017; crops of one value skipped"
    ),
}
"""Benchmark to what one pass over it has."""

CHECKPOINTS = {"res": 33_925, "gres": 6_476}
"""Last steps of the authors' runs, from the names of their released checkpoints."""
