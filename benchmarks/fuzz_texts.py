"""Broken texts by the million: true ones, bent by seeded accidents.

Each case follows from a seed and its number alone, so one can be made again without
those before it, and many processes share the numbers out.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from t4s_lib.codecs import codec, codec_names
from t4s_lib.descriptor import OTHERS, DescriptorGrid

SHAPES = [(1, 1), (1, 7), (4, 4), (3, 7), (16, 16), (16, 16), (9, 16), (40, 5)]
PAPER = ("full", "image-rle", "row-rle")
"""The codecs that have a parity mode."""

LABELS = ["dog", "white horse", "a|b", "x *3", "others", "<seg>", "é字", "%6F", "a=b"]
LABELS += ["(no label)", "1+2", "-", "a", "x3", "Dog", " dog", "%", "\u202edog", "0+0"]
PIECES = [" *", "| ", "\n ", "\n", "<seg>", "</seg>", "<SEG>", "<seg><seg>", "|", "*"]
PIECES += [" x", " x0", " x2", " *0", " *1", "=a", "=b", "=", "+", "-", "0+1 ", " in "]
PIECES += [" in 16x16", "16x16", ";", ",", "\\n", "\r\n", "\t", "%7C", "%", "%2", "%zz"]
PIECES += ["٣", "²", "_1", "-1", "+1", "1e9", "Sure:\n", "(no label) *2", "others *16"]
PIECES += [
    "others\n",
    " *" + "9" * 13,
    " x" + "9" * 13,
    "0+" + "9" * 13,
    "9" * 13 + "+1",
]
STRANGE = "\x00\x07\x0b\x0c\x1c\x85\xa0\xad\u0301\u034f\u061c\u200b\u200d\u200e\u2028"
STRANGE += (
    "\u2029\u202e\u2066\u2069\u3000\ufeff\ufffe\uffff\ud800\udfff\U0001f415\U000e0001"
)
STRANGE += "é字ß١੩𝟗"


@dataclass(frozen=True)
class Case:
    """One text and how it is to be read.

    Attributes:
        codec: Name of a codec.
        shape: Rows and columns asked for.
        labels: Labels asked for; None for any.
        mode: One of ``codecs.base.PARSE_MODES``.
        text: What a model might have written.
    """

    codec: str
    shape: tuple[int, int]
    labels: tuple[str, ...] | None
    mode: str
    text: str

    def as_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return asdict(self)

    @classmethod
    def of(cls, found: dict[str, Any]) -> Case:
        """A case from what ``as_dict`` gave, after JSON."""
        rows, cols = found["shape"]
        labels = None if found["labels"] is None else tuple(found["labels"])
        return cls(found["codec"], (rows, cols), labels, found["mode"], found["text"])


class Maker:
    """Makes cases.

    Args:
        seed: Of all that is drawn.
        texts: True texts to begin with, for each codec and shape.
    """

    def __init__(self, seed: int, texts: int = 12) -> None:
        self._seed = seed
        rng = random.Random(seed)
        self._true = {
            (name, shape): [_true_text(rng, name, shape) for _ in range(texts)]
            for name in codec_names()
            for shape in SHAPES
        }

    def case(self, number: int) -> Case:
        """The case of a number."""
        rng = random.Random(self._seed << 40 | number)
        name, shape = rng.choice(codec_names()), rng.choice(SHAPES)
        labels, text = rng.choice(self._true[name, shape])
        if rng.random() < 0.1:
            text = _random_text(rng)
        else:
            for _ in range(rng.choice((0, 1, 1, 1, 2, 2, 3, 5, 8))):
                text = rng.choice(ACCIDENTS)(rng, text, self)
        if rng.random() < 0.15:
            name = rng.choice(codec_names())
        mode = "parity" if name in PAPER and rng.random() < 0.2 else "repair"
        asked = rng.choice((None, None, labels, tuple(rng.sample(LABELS, 2))))
        return Case(name, _near(rng, shape), asked, mode, text)

    def other(self, rng: random.Random) -> str:
        """A true text of any codec and shape."""
        return rng.choice(self._true[rng.choice(codec_names()), rng.choice(SHAPES)])[1]


def _near(rng: random.Random, shape: tuple[int, int]) -> tuple[int, int]:
    """The text's own shape, as a rule."""
    return shape if rng.random() < 0.85 else rng.choice(SHAPES)


def _true_text(
    rng: random.Random, name: str, shape: tuple[int, int]
) -> tuple[tuple[str, ...], str]:
    """Labels, and what a codec writes of a few rectangles; often with its tags."""
    labels = tuple(rng.sample(LABELS, rng.choice((1, 1, 2, 3))))
    ids = np.zeros(shape, np.int32)
    for k in range(1, len(labels) + 1):
        (top, bottom), (left, right) = (
            sorted((rng.randrange(side + 1), rng.randrange(side + 1))) for side in shape
        )
        ids[top:bottom, left:right] = k
    body = codec(name).encode(DescriptorGrid(ids, (OTHERS, *labels)))
    before = rng.choice(("", "<seg>", "Sure, here it is:\n<seg>"))
    return labels, f"{before}{body}{'</seg>' if before else ''}"


def _random_text(rng: random.Random) -> str:
    """Pieces in any order, or characters of any kind."""
    if rng.random() < 0.6:
        return "".join(rng.choices([*PIECES, *LABELS], k=rng.randrange(40)))
    most = rng.choice((0x80, 0x3000, 0x110000))
    return "".join(chr(rng.randrange(most)) for _ in range(rng.randrange(60)))


Accident = Callable[[random.Random, str, Maker], str]


def _stretch(rng: random.Random, text: str, most: int = 40) -> tuple[int, int]:
    start = rng.randrange(len(text) + 1)
    return start, min(len(text), start + rng.randrange(1, most))


def _insert(rng: random.Random, text: str, new: str) -> str:
    at = rng.randrange(len(text) + 1)
    return text[:at] + new + text[at:]


def _drop(rng: random.Random, text: str, maker: Maker) -> str:
    start, end = _stretch(rng, text)
    return text[:start] + text[end:]


def _cut(rng: random.Random, text: str, maker: Maker) -> str:
    at = rng.randrange(len(text) + 1)
    return text[:at] if rng.random() < 0.8 else text[at:]


def _double(rng: random.Random, text: str, maker: Maker) -> str:
    start, end = _stretch(rng, text)
    times = rng.choice((1, 1, 2, 5, 60))
    return text[:end] + text[start:end] * times + text[end:]


def _swap(rng: random.Random, text: str, maker: Maker) -> str:
    (a, b), (c, d) = sorted((_stretch(rng, text, 12), _stretch(rng, text, 12)))
    if b > c:
        return text[:a] + text[a:d][::-1] + text[d:]
    return text[:a] + text[c:d] + text[b:c] + text[a:b] + text[d:]


def _piece(rng: random.Random, text: str, maker: Maker) -> str:
    return _insert(rng, text, rng.choice(PIECES))


def _strange(rng: random.Random, text: str, maker: Maker) -> str:
    return _insert(rng, text, "".join(rng.choices(STRANGE, k=rng.choice((1, 1, 3)))))


def _replace(rng: random.Random, text: str, maker: Maker) -> str:
    """One piece of the format for another, in one place or everywhere."""
    old, new = rng.choice(PIECES[:20]), rng.choice(PIECES)
    return text.replace(old, new, rng.choice((1, 1, -1)))


def _number(rng: random.Random, text: str, maker: Maker) -> str:
    """Another number in the place of one, often beyond any grid."""
    digits = [k for k, letter in enumerate(text) if letter in "0123456789"]
    if not digits:
        return text
    at = rng.choice(digits)
    ways = ("0", "00", "1", "17", "256", "999999", "10" * 6, "9" * 18, "9" * 5000)
    new = rng.choices(ways, weights=(4, 2, 4, 4, 4, 4, 4, 4, 1))[0]
    return text[:at] + new + text[at + 1 :]


def _long_label(rng: random.Random, text: str, maker: Maker) -> str:
    return _insert(rng, text, rng.choice("ax é%") * rng.choice((100, 300, 3000)))


def _splice(rng: random.Random, text: str, maker: Maker) -> str:
    other = maker.other(rng)
    at = rng.randrange(len(text) + 1)
    return text[:at] + other[rng.randrange(len(other) + 1) :]


def _lines(rng: random.Random, text: str, maker: Maker) -> str:
    """Lines in another order, or fewer, or more."""
    lines = text.split("\n")
    return "\n".join(rng.choices(lines, k=rng.randrange(2 * len(lines) + 1)))


def _letters(rng: random.Random, text: str, maker: Maker) -> str:
    start, end = _stretch(rng, text)
    return text[:start] + text[start:end].swapcase() + text[end:]


def _nest(rng: random.Random, text: str, maker: Maker) -> str:
    tags: Sequence[str] = rng.choices(("<seg>", "</seg>", "<Seg>"), k=rng.randrange(5))
    return "".join(tags) + text + "".join(tags[::-1])


ACCIDENTS: list[Accident] = [
    *(_drop, _cut, _double, _swap, _piece, _piece, _strange, _replace, _number),
    *(_number, _splice, _lines, _letters, _nest, _long_label, _drop, _piece),
]
