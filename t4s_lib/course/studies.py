"""The measurements that the lessons plot and ``make bench`` records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from t4s_lib.codecs import codec
from t4s_lib.descriptor import DescriptorGrid, Size
from t4s_lib.grid import mask_to_grid, oracle_iou
from t4s_lib.sources import Sample

Scores = dict[str, list[float]]
Counter = Callable[[str], int]


def oracle_scores(
    samples: Sequence[Sample], grids: Sequence[int], ways: Iterable[tuple[str, str]]
) -> Scores:
    """Mean oracle IoU by grid side, for ways there and back.

    Args:
        samples: With targets; no-target samples are left out.
        grids: Grid sides.
        ways: Pairs of a rule and a mode, e.g. ``("nearest", "bilinear")``.

    Returns:
        For each way, named ``"rule, mode back"``, one mean a grid side.
    """
    masks = [s.mask for s in samples if s.mask.any()]
    return {
        f"{rule}, {mode} back": [
            float(np.mean([oracle_iou(mask, n, rule, mode) for mask in masks]))
            for n in grids
        ]
        for rule, mode in ways
    }


def lost_targets(samples: Sequence[Sample], grids: Sequence[int]) -> list[float]:
    """Share of targets that get no cell, by grid side (nearest)."""
    masks = [s.mask for s in samples if s.mask.any()]
    return [
        float(np.mean([bool(mask_to_grid(m, n).lost) for m in masks])) for n in grids
    ]


def mean_tokens(
    samples: Iterable[Sample], names: Sequence[str], count: Counter, size: Size = 16
) -> dict[str, float]:
    """Mean tokens a mask, by codec; the raw expression is the label.

    Args:
        samples: Whose masks are written.
        names: Codecs.
        count: Counts the tokens of a text.
        size: Grid size.
    """
    grids = [mask_to_grid(s.mask, size, s.expression) for s in samples]
    return {
        name: float(np.mean([count(codec(name).encode(grid)) for grid in grids]))
        for name in names
    }


@dataclass(frozen=True)
class Damage:
    """What one edited character does, for each character of a text.

    Attributes:
        text: The text before the edit.
        repair: Wrong cells after editing each character, read row by row.
        parity: The same, read the authors' way.
    """

    text: str
    repair: list[int]
    parity: list[int]

    @property
    def worst(self) -> int:
        """The position whose edit costs the flat reading most."""
        return int(np.argmax(self.parity))


def damage(grid: DescriptorGrid, edit: Callable[[str], str]) -> Damage:
    """Edit each character of a grid's R-RLE text in turn and count wrong cells.

    Args:
        grid: The true grid.
        edit: Maps a character to what is written in its place.
    """
    text = codec("row-rle").encode(grid)
    wrong: dict[str, list[int]] = {"repair": [], "parity": []}
    for k, character in enumerate(text):
        broken = text[:k] + edit(character) + text[k + 1 :]
        for mode, found in wrong.items():
            read, _ = codec("row-rle").decode(broken, grid.shape, grid.labels, mode)
            found.append(int(np.count_nonzero(read.foreground != grid.foreground)))
    return Damage(text, wrong["repair"], wrong["parity"])


def slip(character: str) -> str:
    """A likely slip of a model: a digit one too low, any other character left out.

    Examples:
        >>> slip("5"), slip("0"), slip("|")
        ('4', '9', '')
    """
    return str((int(character) - 1) % 10) if character in "0123456789" else ""
