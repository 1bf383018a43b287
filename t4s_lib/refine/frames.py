"""The frame in which a model of the SAM family sees a picture, and the ways in and out.

``padded``: the longer side fills the frame, the rest below or to the right is padding
(SAM). ``square``: the picture is stretched to fill the frame (SAM 2, SAM 3). Prompts
must be laid into the same frame as the picture, or they point elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor


@dataclass(frozen=True)
class Frame:
    """A picture of one size in the frame of one model.

    Attributes:
        size: Height and width of the picture, pixels.
        side: Side of the model's square input, pixels.
        low: Side of its mask prompts and answers, pixels.
        padded: Whether the picture keeps its shape.
    """

    size: tuple[int, int]
    side: int
    low: int
    padded: bool

    def inside(self, side: int) -> tuple[int, int]:
        """Height and width of the picture in a frame of ``side``.

        Examples:
            >>> Frame((480, 640), 1024, 256, padded=True).inside(1024)
            (768, 1024)
            >>> Frame((480, 640), 1024, 256, padded=False).inside(1024)
            (1024, 1024)
        """
        if not self.padded:
            return side, side
        scale = side / max(self.size)
        height, width = (max(1, int(edge * scale + 0.5)) for edge in self.size)
        return height, width

    def pixels(
        self, image: Image.Image, mean: tuple[float, ...], std: tuple[float, ...]
    ) -> Tensor:
        """The picture as the model takes it: float ``(1, 3, side, side)``."""
        height, width = self.inside(self.side)
        small = image.convert("RGB").resize((width, height), Image.Resampling.BILINEAR)
        values = np.asarray(small, dtype=np.float32) / 255
        normal = (values - np.array(mean, np.float32)) / np.array(std, np.float32)
        picture = torch.from_numpy(normal.transpose(2, 0, 1).copy())[None]
        return self._pad(picture, self.side)

    def places(self, points: NDArray[np.generic]) -> Tensor:
        """Where points of the picture are in the frame.

        Args:
            points: ``(n, 2)``, x and y, pixels of the picture.

        Returns:
            Float ``(n, 2)``, pixels of the frame.
        """
        height, width = self.inside(self.side)
        scale = np.array([width / self.size[1], height / self.size[0]], np.float32)
        return torch.from_numpy(points.astype(np.float32) * scale)

    def prompt(self, logits: NDArray[np.float32]) -> Tensor:
        """A mask prompt that lies where the picture lies.

        Args:
            logits: Float ``(H, W)``, as large as the picture.

        Returns:
            Float ``(1, 1, low, low)``; 0, which says nothing, in the padding.
        """
        whole = torch.from_numpy(logits)[None, None]
        return self._pad(_resized(whole, self.inside(self.low)), self.low)

    def back(self, low: Tensor) -> Tensor:
        """A model's answer ``(1, 1, low, low)`` as large as the picture, ``(H, W)``."""
        if self.padded:
            height, width = self.inside(self.side)
            low = _resized(low, (self.side, self.side))[..., :height, :width]
        return _resized(low, self.size)[0, 0]

    def _pad(self, inner: Tensor, side: int) -> Tensor:
        below, right = side - inner.shape[-2], side - inner.shape[-1]
        return F.pad(inner, (0, right, 0, below))


def stretched_prompt(logits: NDArray[np.float32], low: int) -> Tensor:
    """A mask prompt that fills the frame whatever the picture's shape.

    In a padded frame it does not lie where the picture lies, unless that is square.

    Args:
        logits: Float ``(rows, cols)``, one a cell.
        low: Side of the model's mask prompts.

    Returns:
        Float ``(1, 1, low, low)``.
    """
    grown = Image.fromarray(logits).resize((low, low), Image.Resampling.BILINEAR)
    return torch.from_numpy(np.array(grown))[None, None]


def _resized(values: Tensor, size: tuple[int, int]) -> Tensor:
    return F.interpolate(
        values, size=size, mode="bilinear", align_corners=False, antialias=False
    )
