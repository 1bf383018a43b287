"""Every codec on the same masks: how many tokens, and how much of the mask is left.

    found = compare(samples, ("row-rle", "spans"), (16, 24), count, "SentencePiece 32k")
    found[0].tokens, found[0].oracle_iou

Each text is read back, and the oracle IoU is that of what was read: a codec that loses
cells is charged for them. ``box 4x`` is the box codec on masks whose box is placed on a
grid four times as fine as its own (``codecs.box_grid``), which no other codec can say
in few words.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from t4s_lib.codecs import codec as find_codec
from t4s_lib.codecs.box_grid import boxed_grid
from t4s_lib.course.studies import Counter
from t4s_lib.descriptor import DescriptorGrid
from t4s_lib.evaluation.progress import Look, Progress
from t4s_lib.grid import grid_to_mask, mask_to_grid
from t4s_lib.sources import Sample

OWN_GRID = "box 4x"
"""The box codec with its box placed on a grid four times as fine as the rows in it."""

FINER = 4

_DRAWS, _SEED = 1000, 0


@dataclass(frozen=True)
class Point:
    """One codec on one grid.

    Attributes:
        codec: Its name, or ``OWN_GRID``.
        grid: Grid side; for ``OWN_GRID``, of the box's own grid.
        tokens: Mean tokens of a mask's text.
        tokens_95: A bootstrap interval of that mean over samples.
        oracle_iou: Mean IoU of the mask with what its text says.
        oracle_ciou: Summed intersections over summed unions.
        exact: Share of texts read back as exactly the grid that was written.
        saves: Share of the tokens of ``full`` on the same grid that are saved; None
            where ``full`` was not asked for.
    """

    codec: str
    grid: int
    tokens: float
    tokens_95: tuple[float, float]
    oracle_iou: float
    oracle_ciou: float
    exact: float
    saves: float | None = None


def compare(
    samples: Sequence[Sample],
    names: Sequence[str],
    grids: Sequence[int],
    count: Counter,
    look: Look | None = None,
) -> list[Point]:
    """Write every mask with every codec on every grid, and read it back.

    Args:
        samples: Whose masks and expressions are written; no-target ones count too,
            as an IoU of 1 where nothing is drawn.
        names: Codecs, and ``OWN_GRID``.
        grids: Grid sides.
        count: Counts the tokens of a text.
        look: Is shown how far it is.

    Returns:
        A point for each codec and grid, grids inside codecs.

    Raises:
        ValueError: For no samples, an unknown codec, or a bad grid side.
    """
    if not samples:
        raise ValueError("found no samples, expected one at least")
    for name in names:
        find_codec(_spoken(name))
    pairs = [(name, side) for name in names for side in grids]
    rows: dict[tuple[str, int], list[tuple[float, ...]]] = {pair: [] for pair in pairs}
    for sample in _watched(samples, look):
        for name, side in pairs:
            rows[name, side].append(_measured(sample, name, side, count))
    full = {side: _mean(rows["full", side]) for side in grids if ("full", side) in rows}
    return [_point(*pair, np.array(found), full) for pair, found in rows.items()]


def grid_of(sample: Sample, name: str, side: int) -> DescriptorGrid:
    """The grid that a codec is given of a sample's mask."""
    if name == OWN_GRID:
        return boxed_grid(sample.mask, FINER * side, sample.expression, side)
    return mask_to_grid(sample.mask, side, sample.expression)


def _spoken(name: str) -> str:
    return "box" if name == OWN_GRID else name


def _measured(
    sample: Sample, name: str, side: int, count: Counter
) -> tuple[float, float, float, float]:
    """Tokens, intersection, union, and whether the text came back."""
    grid, codec = grid_of(sample, name, side), find_codec(_spoken(name))
    text = codec.encode(grid)
    back, _ = codec.decode(text, grid.shape, labels=sample.expression)
    drawn = grid_to_mask(back, (sample.mask.shape[0], sample.mask.shape[1]))
    both = float(np.count_nonzero(drawn & sample.mask))
    either = float(np.count_nonzero(drawn | sample.mask))
    return float(count(text)), both, either, float(back == grid)


def _point(
    name: str, side: int, found: NDArray[np.float64], full: dict[int, float]
) -> Point:
    tokens, both, either, exact = found.T
    ious = np.where(either > 0, both / np.maximum(either, 1), 1.0)
    mean = float(tokens.mean())
    return Point(
        name,
        side,
        mean,
        _interval(tokens),
        float(ious.mean()),
        float(both.sum() / either.sum()) if either.any() else 1.0,
        float(exact.mean()),
        1 - mean / full[side] if side in full else None,
    )


def _mean(found: Sequence[tuple[float, ...]]) -> float:
    return float(np.mean([row[0] for row in found]))


def _interval(values: NDArray[np.float64]) -> tuple[float, float]:
    """Where 95 in 100 means of samples drawn again lie."""
    rng = np.random.default_rng(_SEED)
    drawn = rng.integers(0, len(values), (_DRAWS, len(values)))
    low, high = np.quantile(values[drawn].mean(axis=1), (0.025, 0.975))
    return float(low), float(high)


def _watched(samples: Sequence[Sample], look: Look | None) -> Iterator[Sample]:
    """Each sample, with a word on how far it is behind it."""
    show: Callable[[Progress], None] = look or (lambda progress: None)
    start, total = time.monotonic(), len(samples)
    for done in range(total):
        yield samples[done]
        seconds = time.monotonic() - start
        show(Progress(done + 1, total, done + 1, seconds))
