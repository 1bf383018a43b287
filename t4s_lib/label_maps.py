"""The three kinds of mask a caller may hold, brought to one: ids over pixels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from t4s_lib.descriptor import OTHERS, BoolMask

LabelMap = NDArray[Any]
"""Bool or int ``(H, W)``: positions in a label table, 0 for the background."""


def to_label_map(
    mask: ArrayLike | Mapping[str, ArrayLike],
    label: str,
    names: Mapping[int, str] | None,
    ignore: Sequence[int],
) -> tuple[LabelMap, tuple[str, ...]]:
    """Bring a mask, labelled masks or a label map to ids and a label table.

    Args and errors are those of ``t4s_lib.grid.mask_to_grid``.

    Returns:
        Ids over pixels ``(H, W)`` and the table they point into, ``others`` first.
    """
    if isinstance(mask, Mapping):
        return _paint(mask)
    if names is None and len(ignore):
        raise ValueError(f"ignore is {ignore}, which needs names: a label map")
    if names is not None:
        return _renumber(_picture(mask), names, ignore)
    return as_bool(mask), (OTHERS, label)


def _paint(masks: Mapping[str, ArrayLike]) -> tuple[LabelMap, tuple[str, ...]]:
    layers = [as_bool(mask) for mask in masks.values()]
    shapes = {layer.shape for layer in layers}
    if len(shapes) != 1:
        raise ValueError(f"masks have shapes {sorted(shapes)}, expected one shape")
    ids = np.zeros(shapes.pop(), np.int32)
    for k, layer in enumerate(layers, start=1):
        ids[layer] = k
    return ids, (OTHERS, *masks)


def _renumber(
    values: LabelMap, names: Mapping[int, str], ignore: Sequence[int]
) -> tuple[LabelMap, tuple[str, ...]]:
    if values.dtype.kind not in "iu":
        raise ValueError(f"label map has dtype {values.dtype}, expected integers")
    labels = tuple(dict.fromkeys(n for n in names.values() if n != OTHERS))
    number = {0: 0, **{v: labels.index(n) + 1 for v, n in names.items() if n != OTHERS}}
    number |= dict.fromkeys(ignore, 0)
    found, back = np.unique(values, return_inverse=True)
    unknown = [int(value) for value in found if int(value) not in number]
    if unknown:
        raise ValueError(
            f"label map holds {unknown}, which are neither named nor ignored"
        )
    table = np.array([number[int(value)] for value in found], np.int32)
    return table[back.reshape(values.shape)], (OTHERS, *labels)


def _picture(mask: ArrayLike) -> LabelMap:
    array = np.asarray(mask)
    if array.ndim != 2 or array.size == 0:
        raise ValueError(f"mask has shape {array.shape}, expected (height, width)")
    return array


def as_bool(mask: ArrayLike) -> BoolMask:
    """A mask as bool ``(H, W)``; integers count as True where above 0.

    Raises:
        ValueError: For any other shape or dtype.
    """
    array = _picture(mask)
    if array.dtype.kind not in "biu":
        raise ValueError(f"mask has dtype {array.dtype}, expected bool or integers")
    return array if array.dtype == np.bool_ else array > 0
