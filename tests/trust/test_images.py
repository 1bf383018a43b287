"""Pictures and masks of every kind: read right, or refused in one clear line."""

from __future__ import annotations

import io
import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from t4s_lib.cli import main
from t4s_lib.cli_masks import read_mask, read_picture
from t4s_lib.pictures import PictureError, load_picture, to_rgb
from t4s_lib.sources import DataError, open_benchmark

from .made_pictures import BROKEN, READABLE, TURNED, deep, frames, noise


@pytest.mark.parametrize("name", READABLE)
def test_every_kind_of_picture_is_read(tmp_path: Path, name: str) -> None:
    READABLE[name](tmp_path / name)
    with Image.open(tmp_path / name) as stored:
        width, height = stored.size
    found = read_picture(tmp_path / name)
    expected = (height, width) if name == "turned.jpg" else (width, height)
    assert (found.mode, found.size) == ("RGB", expected)
    colours = np.asarray(found).reshape(-1, 3)
    assert len(np.unique(colours, axis=0)) >= min(width * height, 12)


def test_sixteen_bits_become_eight_and_are_not_cut_to_white(tmp_path: Path) -> None:
    deep(tmp_path / "a.png")
    grey = np.asarray(read_picture(tmp_path / "a.png"))[0, :, 0]
    assert grey.tolist() == [int(v) >> 8 for v in np.linspace(0, 65535, 12)]


def test_what_is_transparent_is_white() -> None:
    clear = noise("RGBA")
    clear.putalpha(0)
    assert np.asarray(to_rgb(clear)).min() == 255
    clear.putalpha(255)
    assert np.array_equal(np.asarray(to_rgb(clear)), np.asarray(clear)[..., :3])


def test_of_several_frames_the_first_is_taken(tmp_path: Path) -> None:
    frames(tmp_path / "a.gif")
    assert np.asarray(read_picture(tmp_path / "a.gif")).max() > 200


def test_a_picture_is_turned_as_it_is_meant_to_be_seen(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = TURNED
    image = Image.new("RGB", (40, 20))
    image.paste("white", (0, 0, 10, 20))  # its left edge is to be seen on top
    image.save(tmp_path / "a.png", exif=exif)
    seen = np.asarray(read_picture(tmp_path / "a.png"))[..., 0]
    assert seen.shape == (40, 20)
    assert seen[:10].min() == 255
    assert seen[10:].max() == 0
    assert np.array_equal(read_mask(tmp_path / "a.png"), seen > 0)


def test_numbers_that_nobody_can_show_are_refused() -> None:
    with pytest.raises(PictureError, match="of fractions, expected 8 or 16 bits"):
        to_rgb(Image.fromarray(np.zeros((2, 2), np.float32)))
    with pytest.raises(PictureError, match="values from -1 to 7, expected 0 to 65535"):
        to_rgb(Image.fromarray(np.array([[-1, 7]], np.int32)))


MASKS: dict[str, Image.Image] = {
    "one": Image.fromarray(np.array([[0, 1]], np.uint8)),
    "white": Image.fromarray(np.array([[0, 255]], np.uint8)),
    "bool": Image.fromarray(np.array([[False, True]])),
    "deep": Image.fromarray(np.array([[0, 256]], np.uint16)),
    "rgb": Image.fromarray(np.array([[[0, 0, 0], [0, 0, 1]]], np.uint8)),
}


@pytest.mark.parametrize("name", MASKS)
def test_a_mask_is_what_is_not_zero(tmp_path: Path, name: str) -> None:
    for ending in ("png", "tif"):
        MASKS[name].save(tmp_path / f"m.{ending}")
        assert read_mask(tmp_path / f"m.{ending}").tolist() == [[False, True]]


def test_a_mask_in_printers_colours_is_what_is_inked(tmp_path: Path) -> None:
    inked = np.array([[[0, 0, 0, 255], [0, 0, 0, 0]]], np.uint8)
    Image.frombytes("CMYK", (2, 1), inked.tobytes()).save(tmp_path / "m.tif")
    assert read_mask(tmp_path / "m.tif").tolist() == [[False, True]]


@pytest.mark.parametrize("size", [(1, 1), (20_000, 3), (3, 20_000)])
def test_masks_of_any_size_are_encoded(
    tmp_path: Path, size: tuple[int, int], capsys: pytest.CaptureFixture[str]
) -> None:
    Image.new("1", size, 1).save(tmp_path / "m.png")
    assert main(["encode", str(tmp_path / "m.png"), "--label", "all"]) == 0
    assert capsys.readouterr().out == "all *16\n " * 15 + "all *16\n"


@pytest.mark.parametrize("command", ["encode", "segment"])
@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_picture_is_one_line_that_names_it(
    tmp_path: Path, name: str, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = tmp_path / name, tmp_path / "o.png"
    BROKEN[name](file)
    how = {"encode": ["--label", "x"], "segment": ["the dog", "-o", str(out)]}
    assert main([command, str(file), *how[command]]) == 2
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert said.err.startswith(f"t4s: {file}: ")
    assert not out.exists()


def test_damaged_files_of_all_formats_raise_nothing_else(tmp_path: Path) -> None:
    rng, whole = random.Random(0), []
    for kind in ("PNG", "GIF", "WEBP", "BMP", "PPM", "TGA", "JPEG"):
        saved = io.BytesIO()
        noise("RGB", 24, 31).save(saved, kind)
        whole.append(saved.getvalue())
    path, refused = tmp_path / "a.png", list[str]()
    for _ in range(1500):
        data = bytearray(rng.choice(whole))
        for _ in range(rng.randint(1, 5)):
            data[rng.randrange(min(len(data), 200))] = rng.randrange(256)
        path.write_bytes(bytes(data[: rng.randint(8, 2 * len(data))]))
        try:
            to_rgb(load_picture(path))
        except PictureError as error:
            refused.append(str(error))
    assert len(refused) > 500
    assert not any("\n" in said for said in refused)


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_picture_of_a_data_set_is_a_fault_of_its_sample(
    tmp_path: Path, name: str
) -> None:
    folder = tmp_path / "ReasonSeg" / "val"
    folder.mkdir(parents=True)
    target = {"label": "target", "points": [[1, 1], [9, 1], [9, 9]]}
    told = {"text": ["a"], "is_sentence": False, "shapes": [target]}
    size = {"imageWidth": 200, "imageHeight": 200}
    (folder / "a.json").write_text(json.dumps({**told, **size}))
    BROKEN[name](folder / "a.jpg")
    (sample,) = open_benchmark("reasonseg:all:val", tmp_path)
    with pytest.raises(DataError, match=r"a\.jpg is not a readable picture|it is"):
        _ = sample.image


@pytest.fixture(scope="module")
def segmenter() -> Any:
    pytest.importorskip("torch")
    from t4s_lib import Segmenter

    return Segmenter.load("tiny", device="cpu")


def test_the_model_sees_every_kind_of_picture(segmenter: Any, tmp_path: Path) -> None:
    sizes = []
    images = []
    for name, write in READABLE.items():
        write(tmp_path / name)
        image = Image.open(tmp_path / name)
        images.append(image)
        sizes.append((image.height, image.width))
    found = segmenter.batch(images, ["the red circle"] * len(images), "bilinear")
    assert [p.mask.shape for p in found] == sizes
    assert {p.report.status for p in found} <= {"exact", "repaired", "failed"}


@pytest.mark.parametrize("refiner", ["nearest", "edge"])
def test_every_refiner_bears_the_thinnest_pictures(
    segmenter: Any, refiner: str
) -> None:
    for size in ((1, 1), (2000, 3), (3, 2000)):
        image = noise("RGBA", *size)
        found = segmenter(image, "the red circle", refiner)
        assert found.mask.shape == size[::-1]
