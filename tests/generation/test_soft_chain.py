"""The chain along a row, against every row it can draw, one by one."""

from collections.abc import Iterator

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from t4s_lib.generation.chain import Choice, Floats, row_chances

Path = tuple[float, list[int]]


def all_rows(row: list[Choice], cols: int) -> Iterator[Path]:
    """Each row that the chain can draw, with its probability."""
    count = len(row[0].labels)

    def ends_behind(ends: Floats, at: int) -> list[tuple[int, float]]:
        total = sum(ends[at + 1 :])
        if not total:
            return [(at + 1, 1.0)]
        return [(e, ends[e] / total) for e in range(at + 1, cols + 1) if ends[e]]

    def draw(place: int, labels: Floats, cells: list[int], p: float) -> Iterator[Path]:
        for label in range(count):
            if labels[label]:
                yield from go_on(place, label, cells, p * labels[label])

    def go_on(place: int, label: int, cells: list[int], p: float) -> Iterator[Path]:
        at = len(cells)
        while place < len(row) and row[place].label != label:
            place += 1
        if place == len(row):
            if label == 0:
                yield p, cells + [0] * (cols - at)
                return
            yield p, cells + [label] + [0] * (cols - at - 1)
            return
        for end, q in ends_behind(row[place].ends, at):
            filled = cells + [label] * (end - at)
            if end == cols:
                yield p * q, filled
            elif place + 1 < len(row):
                yield from draw(place + 1, row[place + 1].labels, filled, p * q)
            else:
                rest = np.array([float(k != label) for k in range(count)])
                yield from draw(place + 1, rest / rest.sum(), filled, p * q)

    yield from draw(0, row[0].labels, [], 1.0)


def by_enumeration(row: list[Choice], cols: int) -> Floats:
    chances = np.zeros((len(row[0].labels), cols))
    for p, cells in all_rows(row, cols):
        chances[cells, np.arange(cols)] += p
    return chances


def weights(size: int) -> st.SearchStrategy[list[int]]:
    return st.lists(st.integers(0, 4), min_size=size, max_size=size)


def spread(counts: list[int], sure: int) -> Floats:
    """Chances in proportion to counts; the one that was written is never nought."""
    values = np.array(counts, float)
    values[sure] += 1
    found: Floats = values / values.sum()
    return found


@st.composite
def rows(draw: st.DrawFn) -> tuple[list[Choice], int]:
    cols, count = draw(st.integers(1, 6)), draw(st.integers(2, 3))
    found: list[Choice] = []
    at, before = 0, None
    while at < cols:
        label = draw(st.sampled_from([k for k in range(count) if k != before]))
        end = draw(st.integers(at + 1, cols))
        labels, ends = draw(weights(count)), draw(weights(cols + 1))
        ends[: at + 1] = [0] * (at + 1)
        if before is not None:
            labels[before] = 0
        found.append(Choice(label, spread(labels, label), spread(ends, end)))
        at, before = end, label
    return found, cols


@given(rows())
@settings(max_examples=200)
def test_it_is_what_all_rows_together_say(case: tuple[list[Choice], int]) -> None:
    row, cols = case
    found = row_chances(row, cols)
    np.testing.assert_allclose(found, by_enumeration(row, cols), atol=1e-12)
    np.testing.assert_allclose(found.sum(0), 1)
    assert ((found >= 0) & (found <= 1)).all()


def certain(label: int, end: int, cols: int) -> Choice:
    return Choice(label, np.eye(2)[label], np.eye(cols + 1)[end])


def test_a_row_without_doubt_is_the_row() -> None:
    row = [certain(0, 2, 6), certain(1, 5, 6), certain(0, 6, 6)]
    assert row_chances(row, 6)[1].tolist() == [0, 0, 1, 1, 1, 0]


def test_an_edge_in_doubt_makes_a_slope() -> None:
    first = Choice(0, np.array([1.0, 0]), np.array([0, 0.25, 0.5, 0.25, 0]))
    found = row_chances([first, certain(1, 4, 4)], 4)
    assert found[1].tolist() == [0, 0.25, 0.75, 1]


def test_a_run_that_was_not_written_is_one_cell() -> None:
    alone = Choice(0, np.array([1.0, 0]), np.array([0, 0.4, 0, 0, 0.6]))
    assert row_chances([alone], 4)[1].tolist() == [0, 0.4, 0, 0]


def test_a_label_whose_turn_it_was_not_leaves_out_the_runs_before_its_own() -> None:
    first = Choice(1, np.array([0.5, 0.5]), np.array([0, 0, 1.0, 0]))
    found = row_chances([first, certain(0, 3, 3)], 3)
    assert found[1].tolist() == [0.5, 0.5, 0]
