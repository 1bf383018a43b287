r"""An edge-aware refiner for the CPU: colours decide where in a cell the edge lies.

    chance = how alike a pixel is to the cells around it, in place and colour
    ids    = the label most likely after the chances have spread, but not over edges

The first line is joint bilateral upsampling (Kopf et al., 2007) from the centres of
the cells. The second is the random walker (Grady, 2006) with the chances as its prior
and the centres as its seeds: one sparse linear system for each target.

Both run on a reduced picture of some pixels a cell; what is left to do is smooth, so
the answer is enlarged without loss that shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image, ImageCms

from t4s_lib.descriptor import DescriptorGrid
from t4s_lib.refine.base import Floats, Ids, keep_all, shares
from t4s_lib.refine.likeness import colours_at, likeness
from t4s_lib.refine.walker import spread
from t4s_lib.sampling import centres

PIXELS_A_CELL = 5
"""Least side of a cell in the reduced picture, along its longer axis."""


@dataclass(frozen=True)
class EdgeAware:
    """Joint bilateral upsampling, then a random walker.

    The defaults were chosen on the masks of every other picture of a sample of COCO;
    the other half scored alike, see the tests.

    Attributes:
        side: Longer side of the reduced picture, pixels. More costs time and gains
            little; finer grids get ``PIXELS_A_CELL`` a cell whatever this says.
        reach: How far a cell's word carries, standard deviation in cells.
        tolerance: How unlike two colours may be and still count as one thing, standard
            deviation in CIELAB units.
        contrast: How much a colour edge hinders the walker; 0 does not at all.
        trust: Pull of the chances on each pixel, beside a pull of 1 between pixels
            of one colour.
        hold: Pull of each cell on the pixel in its centre. On true grids 1 to 5 score
            alike, and 0.2 half a point less.
        hold_soft: The same where ``soft`` is given, so a model wrote the cells and may
            have erred. Of the tiny model's masks of 192 scenes, half of them held-out,
            an early version's had a cIoU .01 higher at 0.2 than at 1; those of a
            better one do not care.
        enough: How likely a pixel must belong to a single target to be drawn. Below one
            half, since a pixel missed costs more IoU than one too many.

    Raises:
        ValueError: For a number that is not above its least.
    """

    side: int = 160
    reach: float = 0.55
    tolerance: float = 20.0
    contrast: float = 5.0
    trust: float = 0.003
    hold: float = 1.0
    hold_soft: float = 0.2
    enough: float = 0.42

    def __post_init__(self) -> None:
        for name in ("side", "reach", "tolerance", "trust"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} is {getattr(self, name)}, expected above 0")
        for name in ("contrast", "hold", "hold_soft"):
            if not getattr(self, name) >= 0:
                raise ValueError(f"{name} is {getattr(self, name)}, expected 0 or more")
        if not 0 < self.enough < 1:
            raise ValueError(f"enough is {self.enough}, expected between 0 and 1")

    def refine(
        self, grid: DescriptorGrid, image: Image.Image, soft: ArrayLike | None = None
    ) -> Ids:
        """Draw the grid along the picture's edges; see ``Refiner.refine``.

        A target that has a cell keeps at least one pixel.
        """
        share = shares(grid, soft)
        targets = np.unique(grid.ids[grid.foreground])
        ids = np.zeros((image.height, image.width), dtype=np.int32)
        if not targets.size:
            return ids
        hold = self.hold if soft is None else self.hold_soft
        chances = self.chances(share[targets], image, hold)
        rest = 1 - sum(chances, start=np.float32(0))
        best = rest * np.float32(self.enough / (1 - self.enough))
        for target, chance in zip(targets, chances, strict=True):
            ids[chance > best] = target
            best = np.maximum(best, chance)
        return keep_all(ids, grid)

    def chances(
        self, share: Floats, image: Image.Image, hold: float | None = None
    ) -> list[Floats]:
        """How likely each pixel belongs to each target.

        Args:
            share: Float ``(targets, rows, cols)``, how much of each cell is whose.
            image: The picture.
            hold: Pull of each cell; by default that of cells without ``soft``.

        Returns:
            For each target, float ``(H, W)``.
        """
        rows, cols = share.shape[1:]
        colour = lab(_reduced(image, max(self.side, PIXELS_A_CELL * max(rows, cols))))
        alike = likeness(
            share, colour, colours_at(colour, rows, cols), self.reach, self.tolerance
        )
        height, width = colour.shape[:2]
        at = np.ix_(centres(height, rows), centres(width, cols))
        held = self.hold if hold is None else hold
        found = spread(alike, share, at, colour, self.contrast, self.trust, held)
        return [_enlarged(chance, image.size) for chance in found]


@lru_cache(maxsize=1)
def _to_lab() -> Any:
    make = ImageCms.createProfile
    return ImageCms.buildTransform(make("sRGB"), make("LAB"), "RGB", "LAB")


def lab(image: Image.Image) -> Floats:
    """A picture's colours in CIELAB, float ``(H, W, 3)``: as far apart as they look.

    Examples:
        >>> lab(Image.new("RGB", (1, 1), "white")).tolist()
        [[[100.0, 0.0, 0.0]]]
    """
    made = ImageCms.applyTransform(image.convert("RGB"), _to_lab())
    stored = np.asarray(made)  # lightness in 255ths, the others signed
    colours = stored.view(np.int8).astype(np.float32)
    colours[..., 0] = stored[..., 0] * np.float32(100 / 255)
    return colours


def _reduced(image: Image.Image, side: int) -> Image.Image:
    """The picture with its longer side at most ``side``."""
    scale = min(1.0, side / max(image.size))
    width, height = (max(1, round(edge * scale)) for edge in image.size)
    return image.convert("RGB").resize((width, height), Image.Resampling.BOX)


def _enlarged(chance: NDArray[np.floating[Any]], size: tuple[int, int]) -> Floats:
    """Bilinear interpolation to ``size``, width and height."""
    picture = Image.fromarray(chance.astype(np.float32))
    return np.asarray(picture.resize(size, Image.Resampling.BILINEAR))
