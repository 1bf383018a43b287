"""Masks as COCO's compressed run lengths, to be stored in a line."""

from __future__ import annotations

from typing import Any

import numpy as np

from t4s_lib.descriptor import BoolMask
from t4s_lib.sources.errors import DataError


def encode_mask(mask: BoolMask) -> dict[str, Any]:
    """A mask as ``size`` and ``counts``; ``segmentation_mask`` reads it back.

    Args:
        mask: Bool ``(H, W)``.

    Raises:
        DataError: If pycocotools is not installed.

    Examples:
        >>> encode_mask(np.array([[False, True]]))
        {'size': [1, 2], 'counts': '11'}
    """
    try:
        from pycocotools import mask as tools
    except ImportError as missing:
        raise DataError(
            "masks of this refiner are stored by pycocotools: pip install pycocotools"
        ) from missing
    coded = tools.encode(np.asfortranarray(mask, dtype=np.uint8))
    return {"size": list(coded["size"]), "counts": coded["counts"].decode()}
