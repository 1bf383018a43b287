r"""Text4Seg: image segmentation as text generation.

A picture is a grid of cells, each cell gets a label, equal labels in a row are
run-length encoded, and the text *is* the mask:

    >>> import numpy as np
    >>> from t4s_lib import codec, grid_to_mask, mask_to_grid
    >>> mask = np.zeros((480, 640), dtype=bool)
    >>> mask[:240, 320:] = True
    >>> text = codec("row-rle").encode(mask_to_grid(mask, size=2, label="kite"))
    >>> text
    'others *1| kite *1\n others *2\n'
    >>> grid, report = codec("row-rle").decode(text, size=2)
    >>> report.status, bool((grid_to_mask(grid, (480, 640)) == mask).all())
    ('exact', True)
"""

from typing import TYPE_CHECKING, Any

from t4s_lib.codecs import Codec, Fault, ParseReport, codec, codec_names, register
from t4s_lib.descriptor import OTHERS, DescriptorGrid
from t4s_lib.grid import grid_to_mask, iou, mask_to_grid, oracle_iou
from t4s_lib.prompts import ask, fold, unfold
from t4s_lib.sources.base import Sample

if TYPE_CHECKING:
    from t4s_lib.segmenter import Prediction, Segmenter

__version__ = "0.1.0"

__all__ = [
    "OTHERS",
    "Codec",
    "DescriptorGrid",
    "Fault",
    "ParseReport",
    "Prediction",
    "Sample",
    "Segmenter",
    "ask",
    "codec",
    "codec_names",
    "fold",
    "grid_to_mask",
    "iou",
    "mask_to_grid",
    "oracle_iou",
    "register",
    "unfold",
]


def __getattr__(name: str) -> Any:
    """``Segmenter`` and ``Prediction``, found when first asked for."""
    if name in ("Segmenter", "Prediction"):
        from t4s_lib import segmenter

        return getattr(segmenter, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
