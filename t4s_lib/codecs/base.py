"""What every codec is: a name, ``encode``, and a ``decode`` that reports.

A codec of your own needs ``encode`` and ``read``; everything else (tags, the
report, the exact-or-repaired verdict) comes from here:

    class Columns(Codec):
        name = "columns"
        def encode(self, grid): ...
        def read(self, tagged, shape, table): ...
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from t4s_lib.codecs.labels import BLANKS, LabelTable, escape
from t4s_lib.codecs.parity import flat_grid
from t4s_lib.codecs.report import Fault, ParseReport, Status
from t4s_lib.codecs.tags import Tagged, cut, prose
from t4s_lib.descriptor import OTHERS, DescriptorGrid, Size, grid_size

PARSE_MODES = ("repair", "parity")


class Reading(NamedTuple):
    """What a codec made of a text.

    Attributes:
        ids: Int ``(rows, cols)``, positions in the label table; None where
            nothing could be read.
        faults: What was mended on the way.
    """

    ids: NDArray[np.int32] | None
    faults: Sequence[Fault] = ()


class Codec(ABC):
    """One way to write a grid as text, and to read it back."""

    name: str = ""
    row_end: str = "\n"
    """What stands behind a row; a text is shown in pieces that end with it."""

    @abstractmethod
    def encode(self, grid: DescriptorGrid) -> str:
        """Write a grid as text, without tags."""

    @abstractmethod
    def read(
        self, tagged: Tagged, shape: tuple[int, int], table: LabelTable
    ) -> Reading:
        """Read a text tolerantly: never raise, report every fault.

        Args:
            tagged: The text, cut at its tags; ``tagged.body`` is the mask.
            shape: Rows and columns of the grid.
            table: Gives each written label its number.
        """

    def read_exact(
        self, body: str, shape: tuple[int, int], table: LabelTable
    ) -> NDArray[np.int32] | None:
        """Read a text that is exactly as ``encode`` writes it; None if it is not.

        A fast way past ``read``. Leaving it out costs speed, nothing else.
        """
        return None

    def read_flat(self, body: str) -> list[tuple[str, int]]:
        """Read as the authors' decoder does: one flat list of labels and counts.

        Raises:
            Unexpected: Where their decoder gives up.
            ValueError: If this codec is not one of theirs.
        """
        raise ValueError(
            f"codec {self.name!r} has no parity mode: it is not the authors'"
        )

    def decode(
        self,
        text: str,
        size: Size = 16,
        labels: Sequence[str] | str | None = None,
        mode: str = "repair",
    ) -> tuple[DescriptorGrid, ParseReport]:
        """Read a text that a model wrote; see ``t4s_lib.codecs.report``.

        Args:
            text: The mask's text, or a whole answer with its tags.
            size: Grid side, or ``(rows, cols)``.
            labels: The label that was asked for, or several, with or without
                ``others`` in front; all else then counts as ``others``. None: any.
            mode: ``"repair"`` keeps a fault in its row. ``"parity"`` does what
                the authors' decoder does: one flat list, padded with its last
                label or cut, and an empty mask for anything unexpected; it
                takes any label, whatever ``labels`` says.

        Returns:
            The grid and the report. Nothing in ``text`` raises.

        Raises:
            ValueError: For a bad ``size``, ``mode`` or ``labels``; if a codec's
                ``read`` gives a grid of another shape.
        """
        shape = grid_size(size)
        if mode not in PARSE_MODES:
            raise ValueError(f"mode is {mode!r}, expected one of {PARSE_MODES}")
        if mode == "parity":
            if type(self).read_flat is Codec.read_flat:
                self.read_flat(text)  # says why not, whatever the text
            return flat_grid(text, self.read_flat, shape)
        tagged = cut(text)
        table = LabelTable(labels)
        faults = [*tagged.faults, *prose(tagged)]
        ids = self.read_exact(tagged.body, shape, table)
        if ids is None:
            table = LabelTable(labels)
            ids, mended = self._read(tagged, shape, table)
            faults += mended
        status: Status = "failed" if ids is None else "repaired" if faults else "exact"
        ids = np.zeros(shape, np.int32) if ids is None else ids
        return DescriptorGrid(ids, tuple(table.names)), ParseReport(
            status, tuple(faults)
        )

    def _read(
        self, tagged: Tagged, shape: tuple[int, int], table: LabelTable
    ) -> tuple[NDArray[np.int32] | None, list[Fault]]:
        ids, mended = self.read(tagged, shape, table)
        if ids is not None and ids.shape != shape:
            found = f"codec {self.name!r} read a grid of shape {ids.shape}"
            raise ValueError(f"{found}, expected {shape}")
        faults = list(mended)
        if ids is not None and not faults and not self._writes(ids, table, tagged.body):
            faults.append(Fault("other_spelling"))
        return ids, faults

    def _writes(self, ids: NDArray[np.int32], table: LabelTable, body: str) -> bool:
        text = self.encode(DescriptorGrid(ids, tuple(table.names)))
        return text.strip(BLANKS) == body.strip(BLANKS)

    def __repr__(self) -> str:
        return f"<codec {self.name!r}>"


def written_labels(grid: DescriptorGrid) -> list[str]:
    """How each entry of the label table is written; the first is ``others``."""
    return [OTHERS, *(escape(label) for label in grid.labels[1:])]
