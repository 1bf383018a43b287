"""Names of benchmarks: ``refcocog:umd:val``, ``scenes:synthetic:heldout``."""

from __future__ import annotations

from typing import NamedTuple

from t4s_lib.sources.errors import DataError


class Benchmark(NamedTuple):
    """The three parts of a benchmark's name.

    Attributes:
        dataset: The data set, e.g. ``refcocog`` or ``scenes``.
        variant: Which division of it, e.g. ``umd`` (REFER's ``splitBy``).
        split: Which part, e.g. ``val``.
    """

    dataset: str
    variant: str
    split: str

    def __str__(self) -> str:
        return ":".join(self)


def parse_benchmark(name: str) -> Benchmark:
    """Take a benchmark's name apart.

    Only the form is checked; whether the data exist is for the reader to say.

    Args:
        name: ``dataset:variant:split``.

    Returns:
        The parts, in an order that ``refer(root, *parse_benchmark(name))`` takes.

    Raises:
        DataError: If the name has not exactly three non-empty parts.

    Examples:
        >>> parse_benchmark("refcoco+:unc:testA")
        Benchmark(dataset='refcoco+', variant='unc', split='testA')
    """
    parts = [part.strip() for part in name.split(":")]
    if len(parts) != 3 or not all(parts):
        raise DataError(
            f"benchmark {name!r} has not the form dataset:variant:split, "
            "e.g. refcocog:umd:val"
        )
    return Benchmark(*parts)
