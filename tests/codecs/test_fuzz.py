"""A hundred thousand random texts: none raises, none allocates, all are reported."""

import random

import pytest

from t4s_lib import codec, codec_names

PIECES = [
    *["others", "dog", "white horse", " *1", " *4", " *16", "| ", "\n ", "\n", "<seg>"],
    *["</seg>", "*", "|", ",", ";", " ", "*999999999999", "%7C", "%", "-1", "0", "\\n"],
    *["\x00", "é", "字", "\u2028", "\ud800", "<SEG>", "\r", "\t", "Sure:", "%2", "٣"],
    *[
        " x2",
        " x99999999999",
        "=a",
        "=b",
        "a *2",
        "0+1",
        " 1+2",
        "3+9 0+4",
        "-",
        " in 16x16",
    ],
]
SHAPES = [(1, 1), (4, 4), (16, 16), (3, 7)]


def texts(seed: int, n: int) -> list[str]:
    rng = random.Random(seed)
    return [
        "".join(rng.choices(PIECES, k=rng.randrange(1, 24)))
        if rng.random() < 0.9
        else "".join(chr(rng.randrange(0x3000)) for _ in range(rng.randrange(30)))
        for _ in range(n)
    ]


@pytest.mark.parametrize("seed", range(4))
def test_random_texts_never_raise(seed: int) -> None:
    rng = random.Random(seed)
    ours = codec_names()[3:]
    paper = ["row-rle", "row-rle", "image-rle", "full"]
    for text in texts(seed, 25_000):
        shape = rng.choice(SHAPES)
        labels = rng.choice([None, ["dog", "white horse"]])
        mode = "parity" if rng.random() < 0.2 else "repair"
        names = paper if mode == "parity" else [*paper, *ours]
        grid, report = codec(rng.choice(names)).decode(text, shape, labels, mode)
        assert grid.shape == shape
        assert (report.status == "exact") == (not report.faults)
        assert report.status != "failed" or not grid.foreground.any()


@pytest.mark.parametrize("name", codec_names())
def test_a_long_text_is_read_in_linear_time(name: str) -> None:
    import time

    def seconds(n: int) -> float:
        start = time.process_time()
        for unit in (" ", "* ", "dog *", "| ", "\n ", "<seg>", "; ", "*1 ;", "\\n"):
            codec(name).decode(unit * n, 16)
        for unit in ("x", "1 ", "0+1 ", "0+1\n ", "dog *1 x9\n ", "a=a *1| ", "1+1 1+"):
            codec(name).decode(unit * n, 16)
        return time.process_time() - start

    seconds(2_000)
    small, large = min(seconds(4_000) for _ in range(3)), seconds(32_000)
    assert large < 8 * small * 4 + 0.5, f"8x the text took {large / small:.0f}x as long"
