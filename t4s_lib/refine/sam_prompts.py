"""What SAM is told: the recipe, and the prompts that a coarse mask gives.

Source: the authors' ``text4seg/utils.py``; in numpy, without a model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from t4s_lib.descriptor import BoolMask

GEOMETRIES = ("aligned", "stretched")
"""How the cells become a mask prompt, see ``Recipe``."""

SURE = 1e-3
"""What is left of doubt in a cell that is sure: its logit is ln 999."""


@dataclass(frozen=True)
class Recipe:
    """How SAM is asked.

    Attributes:
        points: How many points inside, and how many outside: 10 in the paper's
            runs, 20 in the authors' later code.
        passes: How often the model is asked; its answer goes back in each time.
        geometry: ``"aligned"`` lays the mask prompt where the picture lies in the
            model's frame; ``"stretched"`` fills the frame with the cells, as the
            authors' code does since July 2025, which in SAM's padded frame misses
            the picture unless that is square.
        box: Whether the coarse mask's box is a prompt too; not the authors' way.
        seed: Seed of the points. Each picture and grid draws its own points from it,
            the same in any order and any process.

    Raises:
        ValueError: For another geometry, or a number below its least.
    """

    points: int = 10
    passes: int = 3
    geometry: str = "aligned"
    box: bool = False
    seed: int = 42

    def __post_init__(self) -> None:
        if self.geometry not in GEOMETRIES:
            known = " or ".join(GEOMETRIES)
            raise ValueError(f"geometry is {self.geometry!r}, expected {known}")
        for name, least in (("points", 1), ("passes", 1), ("seed", 0)):
            if getattr(self, name) < least:
                found = f"{name} is {getattr(self, name)}"
                raise ValueError(f"{found}, expected {least} or more")

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> Recipe:
        """A recipe from options by name.

        Raises:
            ValueError: For one that is unknown, or a bad value.

        Examples:
            >>> Recipe.of({"point": 20})
            Traceback (most recent call last):
            ValueError: option is 'point', expected points, passes, geometry, box, seed
        """
        known = [field.name for field in fields(cls)]
        for name in options:
            if name not in known:
                raise ValueError(f"option is {name!r}, expected {', '.join(known)}")
        return cls(**options)


def draw_points(
    mask: BoolMask, count: int, draw: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Points inside and outside a mask, each pixel equally likely, none twice.

    Args:
        mask: Bool ``(H, W)``.
        count: How many inside, and how many outside; all where there are fewer.
        draw: Where chance comes from.

    Returns:
        Points ``(n, 2)``, x and y, first those inside; labels ``(n,)``, 1 inside and
        0 outside.

    Examples:
        >>> mask = np.array([[True, False, False]])
        >>> points, labels = draw_points(mask, 1, np.random.default_rng(0))
        >>> points[0].tolist(), labels.tolist()
        ([0, 0], [1, 0])
    """
    inside, outside = (_drawn(side, count, draw) for side in (mask, ~mask))
    labels = np.repeat([1, 0], [len(inside), len(outside)])
    return np.concatenate([inside, outside]), labels.astype(np.int64)


def _drawn(mask: BoolMask, count: int, draw: np.random.Generator) -> NDArray[np.int64]:
    found = np.flatnonzero(mask)
    taken = draw.choice(found, min(count, found.size), replace=False)
    rows, cols = np.divmod(taken, mask.shape[1])
    return np.stack([cols, rows], axis=1).astype(np.int64)


def box_of(mask: BoolMask) -> NDArray[np.int64]:
    """The corners of a mask that is not empty: ``(2, 2)``, x and y, both inside.

    Examples:
        >>> box_of(np.array([[False, True, True]])).tolist()
        [[1, 0], [2, 0]]
    """
    rows, cols = np.nonzero(mask)
    return np.array([[cols.min(), rows.min()], [cols.max(), rows.max()]])


def to_logits(share: ArrayLike) -> NDArray[np.float32]:
    """The log odds of shares, cut at ln 999 either way.

    Examples:
        >>> to_logits([0, 0.5, 1])
        array([-6.906755,  0.      ,  6.906755], dtype=float32)
    """
    kept = np.asarray(share, dtype=np.float64).clip(SURE, 1 - SURE)
    return np.asarray(np.log(kept / (1 - kept)), dtype=np.float32)
