"""Cell (r, c) of the grid is what visual token (r, c) sees, in every family."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("transformers")

import torch
from PIL import Image, ImageDraw
from transformers import AutoProcessor

from t4s_lib.models import FAMILIES, Backbone
from t4s_lib.models.conversation import encode_prompts, prompt_messages
from t4s_lib.models.squash import one_view, side_of, squash
from t4s_lib.models.toys import GRID, toy

WIDE, TALL = (128, 80), (80, 128)
CELLS = [(r, c) for r in range(GRID) for c in range(GRID)]


def picture(cell: tuple[int, int], size: tuple[int, int]) -> Image.Image:
    """A picture, not square, with an object well inside one cell."""
    row, column = cell
    width, height = size[0] / GRID, size[1] / GRID
    image = Image.new("RGB", size, "gray")
    left, top = (column + 0.3) * width, (row + 0.3) * height
    box = (left, top, left + 0.4 * width, top + 0.4 * height)
    ImageDraw.Draw(image).rectangle(box, fill="red")
    return image


def batch_as_it_is(backbone: Backbone, images: Sequence[Image.Image]) -> Any:
    """What the processor makes of pictures that nobody squashed."""
    batch = backbone.processor.apply_chat_template(
        [prompt_messages("?", image) for image in images],
        tokenize=True,
        add_generation_prompt=True,
        return_dict=True,
        return_tensors="pt",
        processor_kwargs={"padding": True},
    )
    batch.pop("labels", None)
    return batch


def visual_tokens(backbone: Backbone, batch: Any) -> torch.Tensor:
    """What the language model reads at the picture's places: (B, tokens, width).

    Attention between patches is switched off in the vision part, so that a token
    knows its own place alone; order, merging and projecting are as ever.
    """
    model, seen = backbone.model, []
    hooks = [
        module.register_forward_hook(_nothing_from_elsewhere)
        for name, module in model.named_modules()
        if "Attention" in type(module).__name__
        and "language_model" not in name
        and "text_model" not in name
    ]
    hooks.append(
        model.get_decoder().register_forward_pre_hook(
            lambda _, args, kwargs: seen.append(kwargs["inputs_embeds"]),
            with_kwargs=True,
        )
    )
    with torch.no_grad():
        model(**batch)
    for hook in hooks:
        hook.remove()
    token = model.config.image_token_id
    places = batch["input_ids"] == token
    return seen[0][places].reshape(len(places), -1, seen[0].shape[-1])


def _nothing_from_elsewhere(_: Any, __: Any, output: Any) -> Any:
    if isinstance(output, tuple):
        return (output[0] * 0, *output[1:])
    return output * 0


def changed(one: torch.Tensor, other: torch.Tensor) -> set[tuple[int, int]]:
    """The cells whose tokens differ clearly, as if there were GRID by GRID."""
    difference = (one - other).abs().sum(-1)
    clearly = difference > 0.25 * difference.max()
    return {divmod(i, GRID) for i in clearly.nonzero().flatten().tolist()}


def moves_that_go_wrong(tokens: torch.Tensor) -> list[str]:
    """Moves by one cell, down or right, after which other tokens than those change."""
    seen, wrong = dict(zip(CELLS, tokens, strict=True)), []
    for row, column in CELLS:
        for to in ((row, column + 1), (row + 1, column)):
            if to in seen:
                found = changed(seen[row, column], seen[to])
                if found != {(row, column), to}:
                    wrong.append(f"{(row, column)} to {to} changed {sorted(found)}")
    return wrong


@pytest.mark.parametrize("size", [WIDE, TALL], ids=["wide", "tall"])
@pytest.mark.parametrize("name", FAMILIES)
def test_moving_an_object_by_a_cell_changes_those_two_tokens(
    name: str, size: tuple[int, int]
) -> None:
    backbone = toy(name)
    images = [picture(cell, size) for cell in CELLS]
    batch = encode_prompts(backbone, images, ["?"] * len(images))
    tokens = visual_tokens(backbone, batch)
    assert tokens.shape[1] == GRID * GRID
    assert moves_that_go_wrong(tokens) == []


@pytest.mark.parametrize(
    "name", ["llava", "deepseek_vl", "deepseek_vl_hybrid", "qwen2_vl", "qwen3_vl"]
)
def test_the_processor_alone_crops_or_pads_or_keeps_the_aspect(name: str) -> None:
    """The test above would see it: without the squash it fails."""
    backbone = toy(name)
    batch = batch_as_it_is(backbone, [picture(cell, WIDE) for cell in CELLS])
    assert len(moves_that_go_wrong(visual_tokens(backbone, batch))) > 3


@pytest.mark.parametrize("name", ["internvl", "idefics3", "smolvlm"])
def test_one_view_switches_tiles_off(name: str) -> None:
    backbone = toy(name)
    assert count_tokens(backbone, Image.new("RGB", (336, 112))) == GRID * GRID
    images = backbone.processor.image_processor
    if name == "internvl":
        backbone.processor.images_kwargs = {"crop_to_patches": True}
    else:
        images.do_image_splitting, images.size = True, {"longest_edge": 336}
    assert count_tokens(backbone, Image.new("RGB", (336, 112))) > GRID * GRID


def count_tokens(backbone: Backbone, image: Image.Image) -> int:
    ids = batch_as_it_is(backbone, [image])["input_ids"]
    return int((ids == backbone.model.config.image_token_id).sum())


@pytest.mark.parametrize("name", FAMILIES)
def test_a_saved_processor_hands_the_square_on_whole(name: str, tmp_path: Path) -> None:
    """Also for those who load it with transformers alone."""
    backbone = toy(name)
    backbone.processor.save_pretrained(tmp_path)
    loaded = Backbone(
        backbone.model,
        AutoProcessor.from_pretrained(tmp_path),
        backbone.family,
        str(tmp_path),
    )
    assert loaded.side == backbone.side
    image = squash(picture((1, 2), WIDE), backbone)
    one, other = (batch_as_it_is(b, [image]) for b in (backbone, loaded))
    assert list(one) == list(other)
    assert all(torch.equal(one[key], other[key]) for key in one)


@pytest.mark.parametrize("name", ["qwen2_vl", "qwen2_5_vl", "qwen3_vl"])
def test_where_any_size_is_possible_the_familys_square_is_taken(name: str) -> None:
    backbone = toy(name)
    backbone.processor.image_processor.size = {
        "shortest_edge": 56 * 56,
        "longest_edge": 28 * 28 * 1280,
    }
    with pytest.raises(ValueError, match="expected one square"):
        side_of(backbone.processor)
    one_view(backbone.processor, backbone.family)
    assert backbone.side == backbone.family.image_side
    tile = 28 if name != "qwen3_vl" else 32
    assert backbone.side == 16 * tile
    assert count_tokens(backbone, squash(Image.new("RGB", WIDE), backbone)) == 256


def test_squash_takes_any_picture_and_a_side() -> None:
    assert squash(Image.new("L", (64, 48)), 28).mode == "RGB"
    square = Image.new("RGB", (56, 56))
    assert squash(square, toy("llava")) is square
    assert squash(Image.new("RGBA", (9, 99)), toy("llava").processor).size == (56, 56)


def test_a_processor_that_hands_on_no_square_is_refused() -> None:
    processor = toy("paligemma").processor
    processor.image_processor.size = {"height": 28, "width": 56}
    with pytest.raises(ValueError, match="expected one square"):
        one_view(processor, FAMILIES["paligemma"])


def test_both_towers_of_the_hybrid_see_the_whole_picture() -> None:
    """Its fine tower mixes neighbours, so its pixels are looked at instead."""
    backbone = toy("deepseek_vl_hybrid")
    for key in ("pixel_values", "high_res_pixel_values"):
        views = encode_prompts(
            backbone, [picture(c, WIDE) for c in CELLS], ["?"] * len(CELLS)
        )[key]
        cell = views.shape[-1] // GRID
        spread = (views - views.median(dim=0).values).abs().sum(1)
        found = spread.unfold(1, cell, cell).unfold(2, cell, cell).sum((-1, -2))
        strongest = found.flatten(1).argmax(1).tolist()
        assert [divmod(i, GRID) for i in strongest] == CELLS
