"""Pictures of every kind, whole and broken, made for the tests that read them."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

TURNED = 6
"""Exif's word for: the top of the picture is on its right side in the file."""

Write = Callable[[Path], object]


def bomb(path: Path, side: int = 50_000) -> None:
    """A PNG of some kilobytes that unpacks to gigabytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + crc

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes(4_000_000), 9)
    parts = [chunk(b"IHDR", head), chunk(b"IDAT", rows), chunk(b"IEND", b"")]
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(parts))


def noise(mode: str, width: int = 12, height: int = 8) -> Image.Image:
    """A picture whose every pixel differs from the next."""
    bands = len(Image.new(mode, (1, 1)).getbands())
    shape = (height, width, bands) if bands > 1 else (height, width)
    values = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    image = Image.frombytes(mode, (width, height), values.tobytes())
    if mode == "P":
        image.putpalette(list(np.random.default_rng(1).bytes(768)))
    return image


def deep(path: Path) -> None:
    """A ramp of 16 bits."""
    ramp = np.linspace(0, 65535, 12, dtype=np.uint16)
    Image.fromarray(np.tile(ramp, (8, 1))).save(path)


def turned(path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = TURNED
    noise("RGB").save(path, exif=exif)


def frames(path: Path) -> None:
    noise("RGB").save(path, save_all=True, append_images=[Image.new("RGB", (12, 8))])


READABLE: dict[str, Write] = {
    "one-pixel.png": lambda path: Image.new("RGB", (1, 1), "red").save(path),
    "long.png": lambda path: noise("RGB", 20_000, 3).save(path),
    "tall.png": lambda path: noise("RGB", 1, 20_000).save(path),
    "palette.png": lambda path: noise("P").save(path),
    "palette-clear.png": lambda path: noise("P").save(path, transparency=3),
    "alpha.png": lambda path: noise("RGBA").save(path),
    "grey-alpha.png": lambda path: noise("LA").save(path),
    "grey.png": lambda path: noise("L").save(path),
    "sixteen-bits.png": deep,
    "sixteen-bits.tif": deep,
    "cmyk.jpg": lambda path: noise("CMYK").save(path),
    "turned.jpg": turned,
    "frames.gif": frames,
    "frames.webp": frames,
    "with blanks, größe 图.png": lambda path: noise("RGB").save(path),
}


def cut_png(path: Path) -> None:
    noise("RGB", 200, 200).save(path)
    path.write_bytes(path.read_bytes()[:-5000])


def cut_jpeg(path: Path) -> None:
    noise("RGB", 200, 200).save(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


BROKEN: dict[str, Write] = {
    "bomb.png": bomb,
    "cut.png": cut_png,
    "cut.jpg": cut_jpeg,
    "empty.png": lambda path: path.touch(),
    "words.png": lambda path: path.write_text("no picture"),
}
