"""Mask files for the command line: read any, write without loss, never half.

What counts as target, by kind of file:

    1-bit, grey, 16-bit, float   every pixel that is not 0
    palette                      every pixel whose palette number is not 0
    colour                       every pixel that is not black
    with alpha                   of these, every pixel that is not transparent
    .npy                         True, or every whole number that is not 0
"""

from __future__ import annotations

import io
import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from t4s_lib.pictures import UNREADABLE, load_picture, reason, to_rgb
from t4s_lib.whole_files import written_beside

BoolMask = NDArray[np.bool_]

LOSSLESS = (".png", ".bmp", ".tif", ".tiff", ".npy")
"""The endings a mask is written with."""

MAX_PIXELS = 1 << 27
"""The largest picture written: a bound, so that a slip allocates little."""

_PAIR = re.compile(r"(\d{1,9})[xX](\d{1,9})")
_PLAIN = {"1", "L", "P", "I", "F", "I;16", "I;16L", "I;16B", "I;16N"}


def read_mask(path: Path) -> BoolMask:
    """Read a mask file.

    Returns:
        Bool ``(H, W)``.

    Raises:
        ValueError: If the file is not there, or holds no mask.
    """
    if not path.is_file():
        raise ValueError(f"mask is {path}, expected a file that exists")
    return _from_numpy(path) if path.suffix.lower() == ".npy" else _from_image(path)


def write_mask(mask: BoolMask, path: Path) -> None:
    """Write a mask beside ``path``, then rename it.

    Args:
        mask: Bool ``(H, W)``; a target pixel is written as 255, in ``.npy`` as
            True.
        path: The file; its ending says the format.

    Raises:
        ValueError: If the ending is not of a lossless format, or there is no
            such folder.
    """
    check_output(path)
    if path.suffix.lower() != ".npy":
        _write_image(Image.fromarray(mask.astype(np.uint8) * 255), path)
        return
    array = io.BytesIO()  # numpy itself does not say why it could not write
    np.save(array, mask, allow_pickle=False)
    with written_beside(path) as beside:
        beside.write_bytes(array.getbuffer())


def read_picture(path: Path) -> Image.Image:
    """Read a picture, RGB, turned as its EXIF note says.

    Raises:
        ValueError: If the file is not there, or is no picture.
    """
    if not path.is_file():
        raise ValueError(f"picture is {path}, expected a file that exists")
    return to_rgb(load_picture(path))


def write_overlay(picture: Image.Image, mask: BoolMask, path: Path) -> None:
    """Write a picture with everything but the mask dimmed, beside, then rename.

    Args:
        picture: RGB.
        mask: Bool ``(H, W)``, as large as the picture.
        path: The file; its ending says the format.
    """
    seen = np.asarray(picture, dtype=np.float32)
    shown = np.where(mask[..., None], seen, 0.35 * seen).astype(np.uint8)
    _write_image(Image.fromarray(shown), path)


def _write_image(image: Image.Image, path: Path) -> None:
    with written_beside(path) as beside:
        image.save(beside)


def check_output(path: Path) -> None:
    """Check a mask's file name before any work is done.

    Raises:
        ValueError: If no mask can be written there.
    """
    if path.suffix.lower() not in LOSSLESS:
        known = ", ".join(LOSSLESS)
        raise ValueError(f"output is {path}, expected a name ending in one of {known}")
    if path.is_dir() or not path.parent.is_dir():
        raise ValueError(f"output is {path}, expected a file in a folder that exists")


def parse_grid(text: str) -> tuple[int, int]:
    """Rows and columns from ``16`` or ``9x16``.

    Examples:
        >>> parse_grid("16"), parse_grid("9x16")
        ((16, 16), (9, 16))
    """
    pair = f"{text}x{text}" if text.isdecimal() else text
    return _pair(pair, f"grid is {text!r}, expected 16 or ROWSxCOLS")


def parse_size(text: str) -> tuple[int, int]:
    """Height and width from ``WIDTHxHEIGHT``.

    Examples:
        >>> parse_size("640x480")
        (480, 640)
    """
    width, height = _pair(text, f"size is {text!r}, expected WIDTHxHEIGHT")
    if width * height > MAX_PIXELS:
        raise ValueError(f"size is {text!r}, expected at most {MAX_PIXELS:,} pixels")
    return height, width


def _pair(text: str, problem: str) -> tuple[int, int]:
    match = _PAIR.fullmatch(text)
    one, two = (int(match[1]), int(match[2])) if match else (0, 0)
    if one < 1 or two < 1:
        raise ValueError(f"{problem}, whole numbers from 1")
    return one, two


def _from_numpy(path: Path) -> BoolMask:
    try:
        array = np.load(path, allow_pickle=False)
    except UNREADABLE as error:  # cut off, or holding objects
        found = f"mask {path}: {reason(error)}"
        raise ValueError(f"{found}; expected one bool array") from error
    if not isinstance(array, np.ndarray):
        raise ValueError(f"mask {path} is an archive, expected one bool array")
    if array.ndim != 2 or array.dtype.kind not in "bui":
        found = f"{array.dtype} of shape {array.shape}"
        raise ValueError(f"mask {path} is {found}, expected bool (H, W)")
    return np.asarray(array != 0)


def _from_image(path: Path) -> BoolMask:
    image = load_picture(path, "an image or a .npy array")
    if image.mode in _PLAIN:
        return np.asarray(np.asarray(image) != 0)
    colours = np.asarray(image.convert("RGBA"))
    return np.asarray(colours[..., :3].any(axis=-1) & (colours[..., 3] > 0))
