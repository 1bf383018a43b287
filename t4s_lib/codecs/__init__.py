"""Grids as text and back: one file per format, one report for all.

    full       every cell's label                     Text4Seg, section 3
    image-rle  runs over the whole picture            Text4Seg, section 3
    row-rle    runs within each row (the default)     Text4Seg, section 3

``codec(name)`` finds one; ``register(...)`` adds one of yours, which then works
wherever a codec's name is asked for.
"""

from __future__ import annotations

from t4s_lib.codecs.base import Codec, Reading
from t4s_lib.codecs.full import Full
from t4s_lib.codecs.image_rle import ImageRle
from t4s_lib.codecs.labels import escape, unescape
from t4s_lib.codecs.report import Fault, ParseReport
from t4s_lib.codecs.row_rle import RowRle

__all__ = [
    "Codec",
    "Fault",
    "ParseReport",
    "Reading",
    "codec",
    "codec_names",
    "escape",
    "register",
    "unescape",
]

_CODECS: dict[str, Codec] = {}


def codec(name: str) -> Codec:
    """The codec of this name.

    Raises:
        ValueError: If there is none, with the names that there are.

    Examples:
        >>> codec("row-rle")
        <codec 'row-rle'>
        >>> codec("rle")
        Traceback (most recent call last):
        ValueError: codec is 'rle', expected one of full, image-rle, row-rle
    """
    if name not in _CODECS:
        known = ", ".join(_CODECS)
        raise ValueError(f"codec is {name!r}, expected one of {known}")
    return _CODECS[name]


def codec_names() -> tuple[str, ...]:
    """The names of all codecs, in the order they were registered."""
    return tuple(_CODECS)


def register(new: Codec) -> Codec:
    """Add a codec, or replace the one of the same name.

    A cell that defines a codec can so be run again and again.

    Raises:
        ValueError: If it has no name.
    """
    if not new.name:
        raise ValueError(f"{type(new).__name__} has no name, expected a short word")
    _CODECS[new.name] = new
    return new


for _builtin in (Full(), ImageRle(), RowRle()):
    register(_builtin)
