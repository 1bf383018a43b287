"""Mask painter: paint cells with a hand or the keyboard, and read them as text."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import traitlets
from numpy.typing import ArrayLike
from PIL import Image

from t4s_lib.codecs import codec
from t4s_lib.descriptor import OTHERS, DescriptorGrid, grid_size
from t4s_lib.grid import mask_to_grid

_PICTURE_SIDE = 512  # pixels; a larger picture is made smaller before it is sent


class MaskPainter(anywidget.AnyWidget):  # type: ignore[misc]
    r"""A grid of cells to paint.

    Args:
        rows: Rows of the grid.
        cols: Its columns.
        label: What a painted cell says.
        image: A picture to paint over.
        mask: Bool ``(H, W)`` to begin with, of any size.

    Attributes:
        cells: Rows of 0 and 1; setting them repaints.
        picture: What lies under the cells, as a data URI.
        aspect: Its width over its height.

    Raises:
        ValueError: If the grid's size or the label is not one.

    Examples:
        >>> painter = MaskPainter(2, 4, label="dog")
        >>> painter.cells = [[0, 1, 1, 0], [0, 0, 0, 0]]
        >>> painter.text
        'others *1| dog *2| others *1\n others *4\n'
    """

    _esm = Path(__file__).with_name("mask_painter.js")
    _css = Path(__file__).with_name("mask_painter.css")

    rows = traitlets.Int(read_only=True).tag(sync=True)
    cols = traitlets.Int(read_only=True).tag(sync=True)
    cells = traitlets.List().tag(sync=True)
    label = traitlets.Unicode("dog").tag(sync=True)
    picture = traitlets.Unicode("").tag(sync=True)
    aspect = traitlets.Float(1.0).tag(sync=True)

    def __init__(
        self,
        rows: int = 16,
        cols: int = 16,
        label: str = "dog",
        image: Image.Image | None = None,
        mask: ArrayLike | None = None,
    ) -> None:
        rows, cols = grid_size((rows, cols))
        if not label:
            raise ValueError("label is empty, expected a word or more")
        self.set_trait("rows", rows)
        self.set_trait("cols", cols)
        self.clear()
        super().__init__(label=label)
        self.show_picture(image)
        if mask is not None:
            self.load(mask)

    @traitlets.validate("cells")  # type: ignore[untyped-decorator]
    def _check_cells(self, proposal: Any) -> list[list[int]]:
        cells: list[list[int]] = proposal["value"]
        fits = len(cells) == self.rows and {len(row) for row in cells} == {self.cols}
        if not fits or not all(cell in (0, 1) for row in cells for cell in row):
            raise traitlets.TraitError(
                f"cells are not {self.rows} rows of {self.cols} times 0 or 1"
            )
        return cells

    @property
    def grid(self) -> DescriptorGrid:
        """What is painted, as a grid."""
        return DescriptorGrid(self.cells, (OTHERS, self.label or "target"))

    @property
    def text(self) -> str:
        """What is painted, as R-RLE."""
        return codec("row-rle").encode(self.grid)

    def show_picture(self, image: Image.Image | None) -> None:
        """Lay a picture under the cells, which take its shape; None for none."""
        self.picture = _data_uri(image) if image else ""
        self.aspect = image.width / image.height if image else 1.0

    def clear(self) -> None:
        """Paint no cell."""
        self.cells = np.zeros((self.rows, self.cols), int).tolist()

    def load(self, mask: ArrayLike) -> None:
        """Paint a mask's own grid (rule nearest).

        Args:
            mask: Bool ``(H, W)``, of any size.
        """
        cells = mask_to_grid(mask, (self.rows, self.cols)).foreground
        self.cells = cells.astype(int).tolist()


def _data_uri(image: Image.Image) -> str:
    """A picture as a data URI, made smaller where it is large."""
    small = image.convert("RGB")
    small.thumbnail((_PICTURE_SIDE, _PICTURE_SIDE))
    raw = io.BytesIO()
    small.save(raw, "PNG")
    return "data:image/png;base64," + base64.b64encode(raw.getvalue()).decode()
