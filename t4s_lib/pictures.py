"""Pictures that anyone may have made: read right, or refused in one line."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

UNREADABLE = (
    OSError,
    EOFError,
    MemoryError,
    RuntimeError,
    SyntaxError,
    ValueError,
    Image.DecompressionBombError,
)
"""What Pillow raises for a file that is cut off, damaged, too large or no picture."""

_DEEP = ("I", "I;16", "I;16B", "I;16L", "I;16N")
_DEEPEST = 0xFFFF


class PictureError(ValueError):
    """A file that is no readable picture; the message is one line."""


def load_picture(path: Path, expected: str = "an image") -> Image.Image:
    """Read all pixels of a picture, of the first frame where there are several.

    Args:
        path: A file that is there.
        expected: What it should be, for the message.

    Returns:
        The picture in its own mode, turned as its EXIF note says.

    Raises:
        PictureError: If it cannot be read whole, or unpacks to more pixels than
            Pillow allows (a decompression bomb).
    """
    try:
        with warnings.catch_warnings():
            # Pillow warns at half of what it refuses; photographs get that large.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(path) as image:
                image.load()
                return ImageOps.exif_transpose(image)
    except UNREADABLE as error:
        raise PictureError(f"{path}: {reason(error)}; expected {expected}") from error


def reason(error: BaseException) -> str:
    """The first line of an error, or its kind where it says nothing."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def to_rgb(image: Image.Image) -> Image.Image:
    """A picture as it looks on white paper, 8 bits a channel.

    Args:
        image: Any size and mode.

    Returns:
        RGB. What is transparent is white; 16 bits become 8, not white as in Pillow.

    Raises:
        PictureError: For fractions, or whole numbers beyond 16 bits: nobody says
            which of them is black and which is white.

    Examples:
        >>> deep = Image.fromarray(np.array([[0, 0x8000, 0xFFFF]], np.uint16))
        >>> [to_rgb(deep).getpixel((x, 0)) for x in range(3)]
        [(0, 0, 0), (128, 128, 128), (255, 255, 255)]
        >>> to_rgb(Image.new("RGBA", (1, 1), (0, 0, 0, 0))).getpixel((0, 0))
        (255, 255, 255)
    """
    if image.mode == "RGB" and "transparency" not in image.info:
        return image
    if image.mode in _DEEP:
        return Image.fromarray(_shallow(image)).convert("RGB")
    if image.mode == "F":
        raise PictureError("picture is of fractions, expected 8 or 16 bits a channel")
    if not image.has_transparency_data:
        return image.convert("RGB")
    seen = image.convert("RGBA")
    paper = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(paper, seen).convert("RGB")


def _shallow(image: Image.Image) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    values = np.asarray(image)
    low, high = int(values.min()), int(values.max())
    if low < 0 or high > _DEEPEST:
        found = f"picture has values from {low} to {high}"
        raise PictureError(f"{found}, expected 0 to {_DEEPEST}")
    return (values >> 8).astype(np.uint8)
