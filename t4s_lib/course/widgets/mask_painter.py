"""Mask painter: paint cells with a hand or the keyboard, and read them as text."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
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

MOST_LABELS = 7
"""As many as there are colours that stay apart."""

_PICTURE_SIDE = 512  # pixels; a larger picture is made smaller before it is sent
_FOLDER = Path(__file__).parent
_SCRIPTS = ("mask_painter_parts.js", "mask_painter_palette.js", "mask_painter.js")


class MaskPainter(anywidget.AnyWidget):  # type: ignore[misc]
    r"""A grid of cells to paint.

    Args:
        rows: Rows of the grid.
        cols: Its columns.
        label: What a painted cell says; several make a palette.
        image: A picture to paint over.
        mask: Bool ``(H, W)`` to begin with, of any size.

    Attributes:
        cells: Rows of 0 for ``others`` and k for the k-th label; setting repaints.
        labels: The palette, 1 to ``MOST_LABELS`` names.
        active: Number of the label that the brush paints, from 1.
        picture: What lies under the cells, as a data URI.
        aspect: Its width over its height.

    Raises:
        ValueError: If the grid's size or the label is not one.

    Examples:
        >>> painter = MaskPainter(2, 4, label=["dog", "cat"])
        >>> painter.cells = [[0, 1, 1, 0], [2, 2, 0, 0]]
        >>> painter.text
        'others *1| dog *2| others *1\n cat *2| others *2\n'
    """

    _esm = "".join((_FOLDER / name).read_text(encoding="utf-8") for name in _SCRIPTS)
    _css = _FOLDER / "mask_painter.css"

    rows = traitlets.Int(read_only=True).tag(sync=True)
    cols = traitlets.Int(read_only=True).tag(sync=True)
    cells = traitlets.List().tag(sync=True)
    labels = traitlets.List(traitlets.Unicode(), ["dog"]).tag(sync=True)
    active = traitlets.Int(1).tag(sync=True)
    picture = traitlets.Unicode("").tag(sync=True)
    aspect = traitlets.Float(1.0).tag(sync=True)

    def __init__(
        self,
        rows: int = 16,
        cols: int = 16,
        label: str | Sequence[str] = "dog",
        image: Image.Image | None = None,
        mask: ArrayLike | None = None,
    ) -> None:
        rows, cols = grid_size((rows, cols))
        labels = [label] if isinstance(label, str) else list(label)
        if not labels or not all(labels):
            raise ValueError("label is empty, expected a word or more")
        if len(labels) > MOST_LABELS:
            raise ValueError(
                f"got {len(labels)} labels, expected {MOST_LABELS} or less"
            )
        self.set_trait("rows", rows)
        self.set_trait("cols", cols)
        self.clear()
        super().__init__(labels=labels)
        self.show_picture(image)
        if mask is not None:
            self.load(mask)

    @traitlets.validate("cells")  # type: ignore[untyped-decorator]
    def _check_cells(self, proposal: Any) -> list[list[int]]:
        cells: list[list[int]] = proposal["value"]
        fits = len(cells) == self.rows and {len(row) for row in cells} == {self.cols}
        most = len(self.labels)
        known = range(most + 1)
        if not fits or not all(cell in known for row in cells for cell in row):
            size = f"{self.rows} rows of {self.cols}"
            raise traitlets.TraitError(f"cells are not {size} numbers from 0 to {most}")
        return cells

    @traitlets.validate("active")  # type: ignore[untyped-decorator]
    def _check_active(self, proposal: Any) -> int:
        active: int = proposal["value"]
        if not 1 <= active <= len(self.labels):
            raise traitlets.TraitError(
                f"active is {active}, expected a label from 1 to {len(self.labels)}"
            )
        return active

    @property
    def names(self) -> list[str]:
        """What each label of the palette is called; ``target`` where it has no name."""
        return [name or "target" for name in self.labels]

    @property
    def grid(self) -> DescriptorGrid:
        """What is painted, as a grid; labels of one name are one label."""
        names = list(dict.fromkeys(self.names))
        number = np.array([0, *(names.index(name) + 1 for name in self.names)])
        return DescriptorGrid(number[np.array(self.cells)], (OTHERS, *names))

    @property
    def text(self) -> str:
        """What is painted, as R-RLE."""
        return codec("row-rle").encode(self.grid)

    def show_picture(self, image: Image.Image | None) -> None:
        """Lay a picture under the cells, which take its shape; None for none."""
        self.picture = _data_uri(image) if image else ""
        self.aspect = image.width / image.height if image else 1.0

    def show_labels(self, labels: Sequence[str]) -> None:
        """Begin anew with these labels: an empty board, and the first in the brush."""
        self.clear()
        self.active = 1
        self.labels = list(labels)

    def rename(self, name: str) -> None:
        """Call the label that is in the brush something else."""
        self.labels = [
            name if k == self.active else old for k, old in enumerate(self.labels, 1)
        ]

    def add_label(self, name: str) -> None:
        """Put one more label into the palette, and into the brush.

        Raises:
            ValueError: If the palette is full.
        """
        if len(self.labels) >= MOST_LABELS:
            raise ValueError(f"there are {MOST_LABELS} labels, expected fewer")
        self.labels = [*self.labels, name]
        self.active = len(self.labels)

    def clear(self) -> None:
        """Paint no cell."""
        self.cells = np.zeros((self.rows, self.cols), int).tolist()

    def load(self, mask: ArrayLike) -> None:
        """Paint a mask's own grid (rule nearest) with the label in the brush.

        Args:
            mask: Bool ``(H, W)``, of any size.
        """
        cells = mask_to_grid(mask, (self.rows, self.cols)).foreground
        self.cells = (cells * self.active).tolist()


def _data_uri(image: Image.Image) -> str:
    """A picture as a data URI, made smaller where it is large."""
    small = image.convert("RGB")
    small.thumbnail((_PICTURE_SIDE, _PICTURE_SIDE))
    raw = io.BytesIO()
    small.save(raw, "PNG")
    return "data:image/png;base64," + base64.b64encode(raw.getvalue()).decode()
