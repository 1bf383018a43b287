"""What segmenting a picture gives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from t4s_lib.codecs.report import ParseReport
from t4s_lib.descriptor import BoolMask, DescriptorGrid


@dataclass(frozen=True)
class Prediction:
    """What a model answered, and the mask that it means.

    Attributes:
        text: The mask's text, without sentence and tags; the whole answer where
            there are no tags.
        grid: The text read as a grid.
        report: What had to be mended to read it.
        mask: Bool ``(H, W)``, as large as the picture.
        seconds: Wall-clock time; of a batch, each prediction's even share.
        forwards: Forward passes of the model until this answer was finished.
        answer: Everything that the model wrote.
        soft: How likely each cell belongs to the target, float ``(rows, cols)``;
            None unless it was asked for.
    """

    text: str
    grid: DescriptorGrid
    report: ParseReport
    mask: BoolMask
    seconds: float
    forwards: int
    answer: str = ""
    soft: NDArray[np.float32] | None = None
