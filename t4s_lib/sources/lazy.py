"""A list of samples that makes each one when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import overload

from t4s_lib.sources.base import Sample


class LazySamples(Sequence[Sample]):
    """Samples made on demand; indexing and slicing cost next to nothing.

    Asking twice for an index makes two equal samples: keep the sample if its
    picture is needed again.

    Args:
        make: Makes the sample of a position; the same each time.
        positions: The positions of this list, in order.

    Examples:
        >>> import numpy as np
        >>> from PIL import Image
        >>> blank = np.zeros((2, 2), dtype=bool)
        >>> def make(i):
        ...     return Sample(Image.new("RGB", (2, 2)), "it", blank, [], f"demo#{i}")
        >>> samples = LazySamples(make, range(100))
        >>> len(samples), samples[-1].source, samples[10:20][0].source
        (100, 'demo#99', 'demo#10')
    """

    def __init__(self, make: Callable[[int], Sample], positions: Sequence[int]) -> None:
        self._make = make
        self._positions = positions

    def __len__(self) -> int:
        return len(self._positions)

    @overload
    def __getitem__(self, index: int) -> Sample: ...

    @overload
    def __getitem__(self, index: slice) -> LazySamples: ...

    def __getitem__(self, index: int | slice) -> Sample | LazySamples:
        if isinstance(index, slice):
            return LazySamples(self._make, self._positions[index])
        return self._make(self._positions[index])

    def __repr__(self) -> str:
        return f"LazySamples({len(self)} samples)"
