"""Where a picture, its points and its mask prompt lie in a model's frame."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("torch")

import torch

from t4s_lib.refine.frames import Frame, stretched_prompt
from t4s_lib.refine.sam_weights import CENTRED, FAMILIES, IMAGENET

PADDED = Frame((40, 60), 64, 16, padded=True)
SQUARE = Frame((40, 60), 64, 16, padded=False)


def test_pictures_are_prepared_as_transformers_own_processor_does(
    picture: Image.Image,
) -> None:
    hf = pytest.importorskip("transformers")
    own = hf.SamImageProcessorPil(
        size={"longest_edge": 64}, pad_size={"height": 64, "width": 64}
    )
    expected = own(picture, return_tensors="pt")
    found = PADDED.pixels(picture, *IMAGENET)
    assert tuple(expected["reshaped_input_sizes"][0].tolist()) == PADDED.inside(64)
    torch.testing.assert_close(found, expected["pixel_values"], atol=0.02, rtol=0)


def test_a_square_frame_is_filled(picture: Image.Image) -> None:
    found = SQUARE.pixels(picture, *CENTRED)
    small = np.asarray(picture.resize((64, 64), Image.Resampling.BILINEAR))
    np.testing.assert_allclose(found[0].permute(1, 2, 0), small / 127.5 - 1, atol=1e-6)


@pytest.mark.parametrize("frame", [PADDED, SQUARE])
def test_points_keep_their_place_in_the_picture(frame: Frame) -> None:
    height, width = frame.inside(64)
    corners = np.array([[0, 0], [60, 40], [30, 10]])
    expected = np.array([[0, 0], [width, height], [width / 2, height / 4]])
    np.testing.assert_allclose(frame.places(corners), expected, rtol=1e-6)


@pytest.mark.parametrize("frame", [PADDED, SQUARE])
def test_a_prompt_lies_where_the_picture_lies_and_comes_back(frame: Frame) -> None:
    logits = np.full((40, 60), -6.9, np.float32)
    logits[10:30, 15:45] = 6.9
    prompt = frame.prompt(logits)
    assert prompt.shape == (1, 1, 16, 16)
    back = frame.back(prompt).numpy() > 0
    wrong = np.count_nonzero(back != (logits > 0))
    assert wrong / (logits > 0).sum() < 0.25  # 16 pixels are coarse


def test_the_padding_of_a_prompt_says_nothing() -> None:
    prompt = PADDED.prompt(np.full((40, 60), 6.9, np.float32))
    height, width = PADDED.inside(16)
    assert (height, width) == (11, 16)
    assert prompt[0, 0, :height].numpy() == pytest.approx(6.9)
    assert (prompt[0, 0, height:] == 0).all()


def test_the_stretched_prompt_fills_the_frame() -> None:
    cells = np.array([[-6.9, 6.9], [-6.9, 6.9]], np.float32)
    prompt = stretched_prompt(cells, 16)
    assert prompt.shape == (1, 1, 16, 16)
    assert (prompt[0, 0, :, :4] == -6.9).all()
    assert (prompt[0, 0, :, 12:] == 6.9).all()


def test_both_geometries_agree_in_a_square_frame_and_differ_in_a_padded_one() -> None:
    cells = np.array([[-6.9, 6.9], [6.9, -6.9]], np.float32)
    whole = cells.repeat(20, axis=0).repeat(30, axis=1)
    stretched = stretched_prompt(cells, 16) > 0
    assert ((SQUARE.prompt(whole) > 0) == stretched).float().mean() > 0.85
    assert ((PADDED.prompt(whole) > 0) == stretched).float().mean() < 0.75


@pytest.mark.parametrize("size", [(1, 500), (500, 1), (3, 3)])
def test_thin_pictures_stay_in_the_frame(size: tuple[int, int]) -> None:
    for padded in (True, False):
        frame = Frame(size, 64, 16, padded)
        image = Image.new("RGB", (size[1], size[0]))
        assert frame.pixels(image, *IMAGENET).shape == (1, 3, 64, 64)
        assert frame.back(torch.zeros(1, 1, 16, 16)).shape == size


def test_the_first_sam_alone_pads() -> None:
    assert [name for name, family in FAMILIES.items() if family.padded] == ["sam"]
