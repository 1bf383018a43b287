"""Rows over processes: each row on one process, once, and no more memory for more."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np
import pytest

pytest.importorskip("datasets")
pytest.importorskip("trl")

from accelerate.data_loader import prepare_data_loader, skip_first_batches
from PIL import Image
from torch.utils.data import DataLoader

from t4s_lib.training.order import Epochs
from t4s_lib.training.rows import Row, RowSet
from t4s_lib.training.scaling_stream import row_stream
from t4s_lib.training.sft import FirstRows

MANY = 100_000


class Counted:
    """Rows of an epoch, and how many were made."""

    def __init__(self, size: int) -> None:
        self.order = Epochs([size], [1], seed=0)
        self.made = 0

    def __call__(self, position: int) -> Row:
        self.made += 1
        place = self.order.at(position)
        picture = Image.fromarray(np.zeros((32, 32, 3), np.uint8))
        return {"images": [picture], "sample": place.sample}


def loader(counted: Counted, n: int, rank: int, world: int) -> Any:
    """What trl's trainer makes of rows: sequential batches, shared out."""
    rows = FirstRows(RowSet(counted), n)
    made = DataLoader(rows, batch_size=4, shuffle=False, collate_fn=list)
    return prepare_data_loader(made, num_processes=world, process_index=rank)


def samples(batches: Iterator[Any]) -> list[int]:
    return [row["sample"] for batch in batches for row in batch]


def test_the_trainers_loader_gives_each_row_to_one_process_once() -> None:
    counted = [Counted(400), Counted(400)]
    seen = [samples(iter(loader(counted[k], 400, k, 2))) for k in (0, 1)]
    assert not set(seen[0]) & set(seen[1])
    assert sorted(seen[0] + seen[1]) == list(range(400))
    assert [one.made for one in counted] == [200, 200]  # a process makes its own only


def test_after_a_resume_too() -> None:
    before, after = [], []
    for rank in (0, 1):
        whole = loader(Counted(400), 400, rank, 2)
        before += samples(islice(iter(whole), 17))
        rest = skip_first_batches(loader(Counted(400), 400, rank, 2), 17)
        after += samples(iter(rest))
    assert len(before) == 2 * 17 * 4
    assert sorted(before + after) == list(range(400))


def test_a_stream_gives_each_row_to_one_process_once() -> None:
    rows = RowSet(Counted(1000))
    seen = [
        [row["sample"] for row in row_stream(rows, 1000, rank=rank, world=2)]
        for rank in (0, 1)
    ]
    assert [len(one) for one in seen] == [500, 500]
    assert sorted(seen[0] + seen[1]) == list(range(1000))


def test_a_stream_goes_on_from_where_it_stopped() -> None:
    seen = []
    for rank in (0, 1):
        cut = row_stream(RowSet(Counted(1000)), 1000, rank=rank, world=2)
        seen += [row["sample"] for row in islice(iter(cut), 137)]
        rest = row_stream(RowSet(Counted(1000)), 1000, rank=rank, world=2)
        rest.load_state_dict(cut.state_dict())
        seen += [row["sample"] for row in rest]
    assert sorted(seen) == list(range(1000))


def test_a_stream_of_many_rows_takes_no_more_memory() -> None:
    counted = Counted(MANY)
    stream = iter(row_stream(RowSet(counted), MANY, rank=0, world=2))
    warm = sum(1 for _ in islice(stream, 1000))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    left = sum(1 for _ in stream)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert warm + left == counted.made == MANY // 2
    # 49,000 pictures of 3 KiB would be 144 MiB.
    assert grown < 20 * 1024, f"{grown / 1024:.0f} MiB more"


@pytest.mark.parametrize(("rank", "world"), [(2, 2), (-1, 2), (0, 0)])
def test_a_process_that_is_none(rank: int, world: int) -> None:
    with pytest.raises(ValueError, match="expected 0 to world - 1"):
        row_stream(RowSet(Counted(8)), 8, rank=rank, world=world)


def test_rows_that_cannot_be_shared_evenly() -> None:
    with pytest.raises(ValueError, match="n is 9, expected a multiple of 2"):
        row_stream(RowSet(Counted(9)), 9, rank=0, world=2)
