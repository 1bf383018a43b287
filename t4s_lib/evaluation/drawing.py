"""Grids as pixels, in each of a run's ways; the last few drawings are kept.

Sentences about one object follow one another and have the same true grid.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from t4s_lib.descriptor import DescriptorGrid
from t4s_lib.grid import MODES, grid_to_label_map
from t4s_lib.refine import refiner
from t4s_lib.sources.base import Sample

IdMap = NDArray[np.int32]
"""Int ``(H, W)``: positions in a grid's label table, 0 for the background."""

Soft = NDArray[np.floating[Any]]

_KEPT = 4


class Drawer:
    """One way of drawing.

    Args:
        name: A refiner's name.

    Raises:
        ValueError: If there is no such refiner, or it cannot be had.

    Examples:
        >>> grid = DescriptorGrid([[0, 1]], ("others", "dog"))
        >>> Drawer("nearest").bare(grid, (1, 4)).tolist()
        [[0, 0, 1, 1]]
    """

    def __init__(self, name: str) -> None:
        self._refiner = refiner(name)
        self._name = name
        self._known: dict[tuple[bytes, int, tuple[int, int]], IdMap] = {}

    @property
    def looks(self) -> bool:
        """Whether it looks at the picture."""
        return self._name not in MODES

    def bare(self, grid: DescriptorGrid, size: tuple[int, int]) -> IdMap:
        """Draw a grid in a way that does not look at pictures.

        Args:
            grid: The grid.
            size: Height and width, in pixels.
        """
        key = (grid.ids.tobytes(), len(grid.labels), size)
        if key not in self._known:
            if len(self._known) >= _KEPT:
                self._known.pop(next(iter(self._known)))
            self._known[key] = grid_to_label_map(grid, size, self._name)
        return self._known[key]

    def full(
        self,
        grid: DescriptorGrid,
        sample: Sample,
        size: tuple[int, int],
        soft: Soft | None,
    ) -> IdMap:
        """Draw a grid with all that is known of it.

        Args:
            grid: The grid.
            sample: Its picture is looked at, if that is the way.
            size: Height and width, in pixels.
            soft: Chances of each cell; passed over where the answer has labels that
                they do not tell apart.
        """
        known = soft if soft is not None and _fits(soft, grid) else None
        if known is None and not self.looks:
            return self.bare(grid, size)
        picture = sample.image if self.looks else Image.new("L", (size[1], size[0]))
        return self._refiner.refine(grid, picture, known)


def _fits(soft: Soft, grid: DescriptorGrid) -> bool:
    several = (len(grid.labels), *grid.shape)
    return soft.shape == several or (several[0] == 2 and soft.shape == grid.shape)
