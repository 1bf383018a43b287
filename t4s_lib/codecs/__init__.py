"""Grids as text and back: one file per format, one report for all.

    full          every cell's label                     Text4Seg, section 3
    image-rle     runs over the whole picture            Text4Seg, section 3
    row-rle       runs within each row (the default)     Text4Seg, section 3
    row-repeat    R-RLE, equal rows folded               ours
    alias         R-RLE, each label named once           ours
    alias-repeat  both                                   ours
    box           a box, then alias-repeat inside        ours, after Text4Seg++
    spans         only where the targets are             ours
    gaps          each label once, then R-RLE's counts   ours

``codec(name)`` finds one; ``register(...)`` adds one of yours, which then works
wherever a codec's name is asked for.
"""

from __future__ import annotations

from typing import TypeVar

from t4s_lib.codecs.alias import Alias, AliasRepeat
from t4s_lib.codecs.base import Codec, Reading
from t4s_lib.codecs.box import BoxRows
from t4s_lib.codecs.full import Full
from t4s_lib.codecs.gaps import Gaps
from t4s_lib.codecs.image_rle import ImageRle
from t4s_lib.codecs.labels import escape, unescape
from t4s_lib.codecs.report import Fault, ParseReport
from t4s_lib.codecs.row_repeat import RowRepeat
from t4s_lib.codecs.row_rle import RowRle
from t4s_lib.codecs.spans import Spans

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

New = TypeVar("New", bound=Codec | type[Codec])

_CODECS: dict[str, Codec] = {}


def codec(name: str) -> Codec:
    """The codec of this name.

    Raises:
        ValueError: If there is none, with the names that there are.

    Examples:
        >>> codec("row-rle")
        <codec 'row-rle'>
        >>> codec("rle")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ValueError: codec is 'rle', expected one of full, image-rle, row-rle, ...
    """
    if name not in _CODECS:
        known = ", ".join(_CODECS)
        raise ValueError(f"codec is {name!r}, expected one of {known}")
    return _CODECS[name]


def codec_names() -> tuple[str, ...]:
    """The names of all codecs, in the order they were registered."""
    return tuple(_CODECS)


def register(new: New) -> New:
    """Add a codec, or replace the one of the same name.

    A cell that defines a codec can so be run again and again. It may be called with a
    codec, or stand above a class as ``@register``. What it needs is ``name``,
    ``encode`` and ``read``. Whoever wants a model held to it, or drafts, adds them with
    ``generation.mask_rules.add_rules`` and ``generation.mask_text.add_guess``.

    Returns:
        What was given.

    Raises:
        ValueError: If it is no codec, is not finished, or has no name.

    Examples:
        >>> @register
        ... class Count(Codec):
        ...     name = "count-of-an-example"
        ...     def encode(self, grid):
        ...         return f"{int(grid.foreground.sum())}"
        Traceback (most recent call last):
        ValueError: Count is not finished, expected a method read
    """
    missing = _missing(new)
    if missing:
        raise ValueError(f"{_name(new)} is not finished, expected a method {missing}")
    made = new() if isinstance(new, type) else new
    if not isinstance(made, Codec):
        raise ValueError(f"codec is {new!r}, expected a Codec or a class of its kind")
    if not made.name:
        raise ValueError(f"{_name(new)} has no name, expected a short word")
    _CODECS[made.name] = made
    return new


def _missing(new: object) -> str:
    """The methods that a class of codecs lacks, as words."""
    return " and ".join(sorted(getattr(new, "__abstractmethods__", ())))


def _name(new: object) -> str:
    return new.__name__ if isinstance(new, type) else type(new).__name__


for _builtin in (
    Full(),
    ImageRle(),
    RowRle(),
    RowRepeat(),
    Alias(),
    AliasRepeat(),
    BoxRows(),
    Spans(),
    Gaps(),
):
    register(_builtin)
