"""The picture, stretched to the square that a backbone sees: one map for both.

The mask's grid stretches over the whole picture, so the visual tokens must too. A
processor left alone crops the middle (LLaVA), pads to a square (DeepSeek-VL), cuts
tiles (InternVL, Idefics3) or keeps the aspect (Qwen-VL), and cell (r, c) of the grid
is then no longer what token (r, c) sees. The authors patched their training tool to
stretch; stock versions of it do not. Source: ``template.py`` in their ms-swift.
"""

from __future__ import annotations

from math import isqrt
from typing import Any

from PIL import Image

from t4s_lib.models.families import Family
from t4s_lib.pictures import to_rgb

_MANY_VIEWS = ("do_image_splitting", "crop_to_patches", "do_pan_and_scan")


def squash(image: Image.Image, to: Any) -> Image.Image:
    """Stretch a picture to the square that a backbone sees whole.

    Args:
        image: Any size, any mode.
        to: The side in pixels, or a backbone, or a processor from ``one_view``.

    Returns:
        RGB, square. The processor then neither crops, pads nor cuts it.

    Examples:
        >>> squash(Image.new("L", (64, 48)), 28).size
        (28, 28)
    """
    side = to if isinstance(to, int) else side_of(getattr(to, "processor", to))
    if image.size == (side, side) and image.mode == "RGB":
        return image
    return to_rgb(image).resize((side, side), Image.Resampling.BICUBIC)


def one_view(processor: Any, family: Family) -> Any:
    """Switch off all that makes several views of a picture, or a part of it.

    Args:
        processor: A processor of transformers; changed in place.
        family: Its family; the side of its picture counts where any is possible.

    Returns:
        The processor.

    Raises:
        ValueError: If what the processor hands on is no square.
    """
    images = processor.image_processor
    for name in _MANY_VIEWS:
        if hasattr(images, name):
            setattr(images, name, False)
    ours = dict(getattr(processor, "images_kwargs", {}))
    processor_wide = [name for name in _MANY_VIEWS if ours.get(name)]
    if processor_wide:
        processor.images_kwargs = {**ours, **dict.fromkeys(processor_wide, False)}
    if hasattr(images, "merge_size") and not _free_side(images):
        tile = images.patch_size * images.merge_size
        side = max(family.image_side // tile, 1) * tile
        _resize_to(images, shortest_edge=side * side, longest_edge=side * side)
    elif hasattr(images, "max_image_size"):
        _resize_to(images, longest_edge=side_of(processor))
    elif getattr(images, "do_center_crop", None):
        _resize_to(images, shortest_edge=side_of(processor))
    side_of(processor)
    return processor


def side_of(processor: Any) -> int:
    """The side of the square picture that a processor hands on whole, in pixels.

    Args:
        processor: From ``one_view``.

    Raises:
        ValueError: If what it hands on is no square.
    """
    images = processor.image_processor
    if hasattr(images, "merge_size"):  # Qwen-VL: any size, so many pixels
        return _free_side(images) or _refuse(images.size)
    if hasattr(images, "max_image_size"):  # Idefics3
        return int(images.max_image_size["longest_edge"])
    if hasattr(images, "high_res_size"):  # DeepSeek-VL-7B: the finer of its two
        return _square(images.high_res_size)
    is_cropped = getattr(images, "do_center_crop", None)  # LLaVA
    return _square(images.crop_size if is_cropped else images.size)


def _free_side(images: Any) -> int:
    """The side if just one square of whole tiles is possible, else 0."""
    tile = images.patch_size * images.merge_size
    least, most = images.size.get("shortest_edge"), images.size.get("longest_edge")
    side = isqrt(most or 0)
    return side if least == most == side * side and side % tile == 0 else 0


def _resize_to(images: Any, **size: int) -> None:
    images.size = type(images.size)(**size)


def _square(size: Any) -> int:
    height, width = size["height"], size["width"]
    return int(height) if height == width else _refuse(size)


def _refuse(size: Any) -> int:
    raise ValueError(f"the processor's picture is {dict(size)}, expected one square")
