"""Training rows as a stream of ``datasets``, for engines other than ``t4s train``.

    stream = row_stream(training_set(recipe, data=root).rows, n, rank=r, world=w)
    for row in stream: ...           {"images": [...], "prompt": [...], ...}
    stream.state_dict()              where it is; load_state_dict goes on from there

``t4s train`` needs none of it: its rows are made by position, one at a time, and each
process makes those of its own batches.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Any

from t4s_lib.training.levels import Rows
from t4s_lib.training.rows import Row

SHARDS = 16
"""Parts of each process's share, for the workers of a data loader."""


def row_stream(rows: Rows, n: int, *, rank: int = 0, world: int = 1) -> Any:
    """One process's share of the first ``n`` rows, as a ``datasets.IterableDataset``.

    Each row is made when it is asked for and kept by nobody. Of all processes'
    streams together each row comes once.

    Args:
        rows: Rows by position.
        n: How many, over all processes; a multiple of ``world``, so that none waits
            for another at the end.
        rank: Which process, from 0.
        world: How many there are.

    Raises:
        ValueError: If there is no such process, or the rows cannot be shared evenly.
    """
    from datasets import IterableDataset
    from datasets.distributed import split_dataset_by_node

    if not 0 <= rank < world:
        raise ValueError(f"rank is {rank} of {world}, expected 0 to world - 1")
    if n % world:
        raise ValueError(f"n is {n}, expected a multiple of {world} processes")
    whole = IterableDataset.from_generator(
        _made, gen_kwargs={"rows": rows, "spans": _spans(n, world)}
    )
    return split_dataset_by_node(whole, rank=rank, world_size=world)


def _spans(n: int, world: int) -> list[tuple[int, int]]:
    """Stretches of positions; ``datasets`` deals them out to processes by turns."""
    each = n // world
    cuts = [each * k // SHARDS for k in range(SHARDS + 1)]
    sizes = [b - a for a, b in pairwise(cuts)]
    ends = [0, *accumulate(size for size in sizes for _ in range(world))]
    return list(pairwise(ends))


def _made(rows: Rows, spans: Sequence[tuple[int, int]]) -> Iterator[Row]:
    for start, end in spans:
        for position in range(start, end):
            yield rows[position]
