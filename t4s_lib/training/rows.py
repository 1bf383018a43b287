"""Samples as what trl trains on: a picture, a question, and the answer to learn.

    row       one sample as {"images": [...], "prompt": [...], "completion": [...]}
    RowSet    a whole training set of them, each made when it is its turn

Only the completion is in the loss; see ``models.conversation.collator``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from PIL import Image

from t4s_lib.codecs import codec as find_codec
from t4s_lib.descriptor import DescriptorGrid, Size
from t4s_lib.grid import mask_to_grid
from t4s_lib.instances import instances_to_grid
from t4s_lib.models.conversation import completion_messages, prompt_messages
from t4s_lib.models.squash import squash
from t4s_lib.prompts import ask, fold
from t4s_lib.sources.base import Sample

Row = dict[str, Any]
_LOOKS = 50
_FAR = 1_000_003


def row(
    sample: Sample,
    *,
    codec: str = "row-rle",
    grid: Size = 16,
    rule: str = "nearest",
    kind: str = "partial",
    seed: int | str = 0,
    side: int | None = None,
) -> Row:
    """One sample as a question with its answer.

    Args:
        sample: What is asked, and the true mask.
        codec: The answer's format.
        grid: Grid side, or ``(rows, cols)``.
        rule: How a cell gets its label, see ``mask_to_grid``.
        kind: The kind of question, see ``prompts.QUESTIONS``.
        seed: Chooses the wording, together with the sample's ``source``.
        side: Stretch the picture to a square of this side (``squash.side_of`` of
            the processor); as it is for None.

    Returns:
        ``images``, ``prompt`` and ``completion``, as trl wants them.

    Examples:
        >>> from t4s_lib.sources import scenes
        >>> made = row(scenes(1)[0], grid=2, seed=1)
        >>> sorted(made), made["completion"][0]["role"]
        (['completion', 'images', 'prompt'], 'assistant')
    """
    words = f"{sample.source}/{seed}"
    text = find_codec(codec).encode(true_grid(sample, grid, rule))
    question = ask(sample.expression, kind, words)
    return exchange(
        sample.image, question, fold(text, sample.expression, kind, words), side
    )


def exchange(
    image: Image.Image, question: str, answer: str, side: int | None = None
) -> Row:
    """Any question about a picture with its answer, as a row for trl."""
    return {
        "images": [squash(image, side) if side else image],
        "prompt": prompt_messages(question),
        "completion": completion_messages(answer),
    }


def true_grid(sample: Sample, grid: Size = 16, rule: str = "nearest") -> DescriptorGrid:
    """The grid that a perfect model writes.

    Where a sample has several labels, ``extra["masks"]`` says which is where; where it
    asks for each of a kind, ``extra["instances"]`` are numbered as on this grid.

    Raises:
        ValueError: If it has several labels but not a mask for each.
    """
    if "each" in sample.extra:
        each = sample.extra["each"]
        return instances_to_grid(sample.extra["instances"], each, grid, rule)
    if len(sample.labels) < 2:
        label = sample.labels[0] if sample.labels else sample.expression
        return mask_to_grid(sample.mask, grid, label, rule)
    masks: Mapping[str, Any] = sample.extra.get("masks", {})
    missing = [label for label in sample.labels if label not in masks]
    if missing:
        raise ValueError(
            f"{sample.source} has no mask of {missing[0]!r}, expected one a label"
        )
    return mask_to_grid({k: masks[k] for k in sample.labels}, grid, rule=rule)


class RowSet:
    """An endless series of rows; row ``i`` depends on ``i`` alone.

    So the order of training is a function of seed and step, and a training that
    was cut off goes on with the very rows that would have come next.

    Args:
        make: Makes the row of a position; any position from 0 is fine.
        fits: Whether a row may be used; another takes the place of one that does
            not. All fit for None.

    Raises:
        ValueError: When a row is asked for and none of many tried fits.

    Examples:
        >>> rows = RowSet(lambda i: {"at": i}, fits=lambda row: row["at"] != 1)
        >>> rows[0]["at"], rows[1]["at"]
        (0, 1000004)
    """

    def __init__(
        self, make: Callable[[int], Row], fits: Callable[[Row], bool] | None = None
    ) -> None:
        self._make = make
        self._fits = fits

    def __getitem__(self, index: int) -> Row:
        for k in range(_LOOKS):
            made = self._make(index + k * _FAR)
            if self._fits is None or self._fits(made):
                return made
        raise ValueError(
            f"row {index} and {_LOOKS - 1} others are too long, expected shorter "
            "answers: raise max_tokens or take a coarser grid"
        )

    def dataset(self, n: int) -> Any:
        """The first ``n`` rows as a ``datasets.Dataset`` that makes them lazily.

        trl insists on one. Train with ``train_sampling_strategy="sequential"`` and
        ``remove_unused_columns=False``.
        """
        from datasets import Dataset

        positions = Dataset.from_dict({"at": np.arange(n, dtype=np.int64)})
        return positions.with_transform(self._columns)

    def _columns(self, batch: Mapping[str, Sequence[int]]) -> dict[str, list[Any]]:
        made = [self[int(at)] for at in batch["at"]]
        return {key: [one[key] for one in made] for key in made[0]}
