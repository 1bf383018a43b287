r"""Soft masks: how sure the model was of each cell, from the passes it made anyway.

    keep = Keeper(scored_tokens(tokens, "dog"))
    written = write(backbone, prompts, "dog", watch=keep)
    soft_mask(written.tokens, keep.scores(), tokens, "dog")      float (16, 16)

What is known is, at each written token, how likely every other token was *given what
had been written before it*. From that come, at each run, how likely each label was and
each count; along a row the runs are then a chain whose edges are random, and a cell's
probability is exact for that chain (``chain.row_chances``).

What is approximated, since the model was only asked about the text it wrote:

* rows: each is conditioned on the rows that were written above it, as they stand;
* an edge does not depend on where the edge before it fell, except that it lies to the
  right of it: its distribution over columns is the one given the written edges;
* a run that was not written at all (a target in a row of background) is one cell;
* the format is kept: every distribution is taken among the labels asked for and the
  counts that fit the row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from t4s_lib.codecs import codec as find_codec
from t4s_lib.codecs.labels import escape
from t4s_lib.descriptor import OTHERS, Size, grid_size
from t4s_lib.generation.chain import Floats, row_chances
from t4s_lib.generation.choices import Scores
from t4s_lib.generation.reading import RowReader
from t4s_lib.generation.spelling import Spelling
from t4s_lib.generation.tokens import Tokens

CODECS = ("row-rle", "image-rle")
"""The formats whose runs can be taken as random."""


class Keeper:
    """Keeps the scores of some tokens while an answer is written.

    Give it to ``decode.write`` as ``watch``. It keeps four bytes for each written and
    each scored token, some kilobytes an answer, whatever the vocabulary's size.

    Args:
        ids: The tokens whose scores are wanted, see ``scored_tokens``.
    """

    def __init__(self, ids: Sequence[int]) -> None:
        self.ids = list(ids)
        self._rows: list[NDArray[np.float32]] = []

    def __call__(self, logits: Any) -> None:
        """Keep what is wanted of logits, a torch tensor ``(n, V)``."""
        self._rows.append(logits[:, self.ids].float().cpu().numpy())

    def scores(self) -> Scores:
        """All that was kept."""
        none = np.zeros((0, len(self.ids)), np.float32)
        return Scores(self.ids, np.concatenate([none, *self._rows]))


def scored_tokens(
    tokens: Tokens,
    labels: str | Sequence[str],
    size: Size = 16,
    codec: str = "row-rle",
) -> list[int]:
    """The tokens whose scores ``soft_mask`` needs: some dozens of the vocabulary.

    Raises:
        ValueError: For a codec not in ``CODECS``, or a bad size.
    """
    _, cols = _shape(size, codec)
    return Spelling(tokens, _words(_names(labels))).needed(cols)


def soft_mask(
    written: Sequence[int],
    scores: Scores,
    tokens: Tokens,
    labels: str | Sequence[str],
    size: Size = 16,
    codec: str = "row-rle",
    target: str | None = None,
) -> NDArray[np.float32]:
    """How likely each cell belongs to the target.

    Args:
        written: The answer's tokens.
        scores: What the model thought at each of them.
        tokens: Reads and writes the model's tokens.
        labels: What was asked for: the expression, or several labels.
        size: Grid side, or ``(rows, cols)``.
        codec: The format, one of ``CODECS``.
        target: Which label is meant; any but ``others`` where None.

    Returns:
        Float ``(rows, cols)``, from 0 to 1. From the first row on that is not written
        exactly as codec and tokenizer would write it, cells are taken as certain.

    Raises:
        ValueError: For another codec, a bad size, a target that was not asked for, or
            scores that are not one row a written token.
    """
    rows, cols = _shape(size, codec)
    names = _names(labels)
    _check(written, scores, names, target)
    text = tokens.decode(written)
    grid, _ = find_codec(codec).decode(text, size, names)
    reader = RowReader(Spelling(tokens, _words(names)), rows, cols, scores)
    chances = _certain(grid.ids.reshape(rows, cols), len(names))
    for k, row in enumerate(reader.read(text, written)):
        chances[:, k] = row_chances(row, cols)
    wanted = 1 - chances[0] if target is None else chances[names.index(target, 1)]
    return np.asarray(wanted.clip(0, 1).reshape(grid.shape), np.float32)


def _certain(ids: NDArray[np.int32], count: int) -> Floats:
    """Float ``(L, rows, cols)``: each cell has its label, as it is written."""
    return np.asarray(np.arange(count)[:, None, None] == ids, np.float64)


def _shape(size: Size, codec: str) -> tuple[int, int]:
    """Rows that end with a line, and their cells."""
    if codec not in CODECS:
        known = " and ".join(CODECS)
        raise ValueError(f"codec is {codec!r}, soft masks are read from {known} only")
    rows, cols = grid_size(size)
    return (rows, cols) if codec == "row-rle" else (1, rows * cols)


def _names(labels: str | Sequence[str]) -> list[str]:
    if isinstance(labels, str):
        return [OTHERS, labels]
    given = list(labels)
    return given if given[:1] == [OTHERS] else [OTHERS, *given]


def _words(names: Sequence[str]) -> list[str]:
    return [OTHERS, *map(escape, names[1:])]


def _check(
    written: Sequence[int], scores: Scores, names: list[str], target: str | None
) -> None:
    if target is not None and target not in names[1:]:
        known = ", ".join(names[1:])
        raise ValueError(f"target is {target!r}, expected one of {known}")
    if len(scores.values) != len(written):
        found = f"{len(scores.values)} rows of scores and {len(written)} tokens"
        raise ValueError(f"found {found}, expected as many of both")
