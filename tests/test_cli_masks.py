"""Mask files and bad input on the command line."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from t4s_lib.cli import main
from t4s_lib.cli_masks import read_mask


def picture(mode: str) -> Image.Image:
    """The left pixel is background, the right one target."""
    if mode == "I;16":
        return Image.fromarray(np.array([[0, 256]], dtype=np.uint16))
    if mode == "RGBA":
        pixels = np.array([[[255, 255, 255, 0], [0, 9, 0, 255]]], dtype=np.uint8)
        return Image.fromarray(pixels)
    image = Image.new(mode, (2, 1))
    image.putpixel((1, 0), (0, 0, 9) if mode == "RGB" else 1)
    if mode == "P":
        image.putpalette([255, 255, 255, 0, 0, 0])
    return image


@pytest.mark.parametrize("mode", ["1", "L", "P", "I;16", "RGB", "RGBA"])
def test_every_kind_of_image_is_read_as_documented(tmp_path: Path, mode: str) -> None:
    picture(mode).save(tmp_path / "m.png")
    assert read_mask(tmp_path / "m.png").tolist() == [[False, True]]


def write_inputs(folder: Path) -> None:
    (folder / "text.txt").write_text("others *16\n" * 16)
    (folder / "latin.txt").write_bytes(b"caf\xe9 *16")
    Image.new("1", (4, 4)).save(folder / "m.png")
    (folder / "cut.png").write_bytes((folder / "m.png").read_bytes()[:40])
    np.save(folder / "float.npy", np.zeros((2, 2)))
    np.save(folder / "cube.npy", np.zeros((2, 2, 2), dtype=bool))
    objects: Any = np.array([[{}]], dtype=object)
    np.save(folder / "pickle.npy", objects, allow_pickle=True)


BAD = [
    ("encode none.png --label x", "none.png"),
    ("encode . --label x", "expected a file"),
    ("encode text.txt --label x", "expected an image or a .npy"),
    ("encode cut.png --label x", "cut.png"),
    ("encode float.npy --label x", "expected bool (H, W)"),
    ("encode cube.npy --label x", "(2, 2, 2)"),
    ("encode pickle.npy --label x", "pickle"),
    ("encode m.png", "--label"),
    ("encode m.png --label=", "label"),
    ("encode m.png --label x --grid 0", "'0'"),
    ("encode m.png --label x --grid 9999999", "4096"),
    ("encode m.png --label x --grid 4by4", "ROWSxCOLS"),
    ("encode m.png --label x --rule best", "'best'"),
    ("encode m.png --label x --codec rle", "row-rle"),
    ("encode m.png --label x --what", "--what"),
    ("decode none.txt --size 4x4 -o o.png", "none.txt"),
    ("decode . --size 4x4 -o o.png", "expected a file"),
    ("decode latin.txt --size 4x4 -o o.png", "UTF-8"),
    ("decode text.txt --size 4 -o o.png", "WIDTHxHEIGHT"),
    ("decode text.txt --size 0x4 -o o.png", "'0x4'"),
    ("decode text.txt --size 99999x99999 -o o.png", "pixels"),
    ("decode text.txt --size 4x4 -o o.jpg", ".png"),
    ("decode text.txt --size 4x4 -o none/o.png", "folder"),
    ("decode text.txt --size 4x4", "-o"),
    ("decode text.txt --size 4x4 -o o.png --mode x", "parity"),
    ("decode text.txt --size 4x4 -o o.png --up x", "--up is 'x'"),
    ("course --profile cloud --source .", "ci, laptop, gpu"),
    ("course --source none", "none"),
    ("course --source .", "NN-*.ipynb"),
    ("paint", "paint"),
]


@pytest.mark.parametrize(("line", "named"), BAD, ids=[line for line, _ in BAD])
def test_bad_input_is_one_line_and_exit_code_2(
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    line: str,
    named: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    write_inputs(tmp_path)
    code = main(line.split())
    done = capfd.readouterr()
    assert (code, done.out) == (2, "")
    assert done.err.startswith("t4s: ")
    assert done.err.count("\n") == 1
    assert named in done.err
    assert not list(tmp_path.glob("o.*"))
    assert not list(tmp_path.glob(".*"))
