"""What was painted, taken out of the painter: as a sample, and as a PNG file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.colors import to_rgb
from numpy.typing import NDArray
from PIL import Image

from t4s_lib.course.figures import PALETTE
from t4s_lib.descriptor import DescriptorGrid
from t4s_lib.grid import grid_to_mask
from t4s_lib.sources.base import Sample

_CELL = 16  # pixels of a cell where no picture says how large it is


def painted_sample(
    grid: DescriptorGrid, image: Image.Image | None = None, label: str | None = None
) -> Sample:
    """What is painted as a sample, to encode, to train on, or to compare with.

    Args:
        grid: What is painted.
        image: What lies under it; a white picture where None.
        label: What is asked for; the first label where None.

    Returns:
        The sample; its mask is the cells of that label, drawn back as blocks. Of
        several labels ``extra`` holds the label map, ``classes``, and what its
        values from 1 on mean, ``class_names``.

    Raises:
        ValueError: For a label that the grid does not have.

    Examples:
        >>> one = painted_sample(DescriptorGrid([[0, 1]], ("others", "dog")))
        >>> one.image.size, int(one.mask.sum())
        ((32, 16), 256)
    """
    rows, cols = grid.shape
    under = image or Image.new("RGB", (cols * _CELL, rows * _CELL), "white")
    classes = label_map(grid, under)
    names = grid.labels[1:]
    asked = names[0] if label is None else label
    mask = grid_to_mask(grid, classes.shape, asked)
    extra = {"classes": classes, "class_names": names} if len(names) > 1 else {}
    return Sample(under.convert("RGB"), asked, mask, names, "painted", extra)


def label_map(grid: DescriptorGrid, image: Image.Image) -> NDArray[np.uint8]:
    """The grid drawn back as blocks: uint8 ``(H, W)``, k for the k-th label."""
    size = (image.height, image.width)
    classes = np.zeros(size, np.uint8)
    for k, name in enumerate(grid.labels[1:], start=1):
        classes[grid_to_mask(grid, size, name)] = k
    return classes


def save_png(classes: NDArray[np.uint8], folder: Path) -> Path:
    """Write a label map as ``painted.png``, or with the next free number.

    Pixels hold numbers, as the label maps of VOC do, and the file brings colours for
    them: 0 is black. ``t4s encode`` reads it as one mask.

    Args:
        classes: uint8 ``(H, W)``, 0 for the background.
        folder: Where it goes; no file that is there is written over.

    Returns:
        The file.

    Raises:
        OSError: If it cannot be written.
    """
    image = Image.fromarray(classes, "P")
    tones = [(0, 0, 0), *(to_rgb(colour) for colour in PALETTE)]
    image.putpalette([round(255 * part) for tone in tones for part in tone])
    number = 1
    while True:
        path = folder / (f"painted-{number}.png" if number > 1 else "painted.png")
        try:
            with path.open("xb") as file:
                image.save(file, "PNG")
        except FileExistsError:
            number += 1
        else:
            return path
