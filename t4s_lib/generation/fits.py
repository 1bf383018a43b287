"""Whether a question can be answered at all by a model: its words, its context."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from t4s_lib.codecs import codec as find_codec
from t4s_lib.codecs.labels import escape
from t4s_lib.descriptor import OTHERS, DescriptorGrid, Size, grid_size

if TYPE_CHECKING:
    from t4s_lib.models import Backbone

MOST_CELLS = 4096
"""A larger grid is not written out to be counted, but reckoned from two rows."""


def check_labels(tokenizer: Any, labels: Sequence[str]) -> None:
    """See that a tokenizer can write labels.

    Raises:
        ValueError: Naming the first label that it cannot, and what would be left.
    """
    for label in labels:
        text = f"{OTHERS} *1| {escape(label)} *1"
        ids = tokenizer.encode(text, add_special_tokens=False)
        said = tokenizer.decode(
            ids, skip_special_tokens=True, clean_up_tokenization_spaces=False
        )
        if said.strip() != text:
            left = said.rpartition("| ")[2].removesuffix(" *1")
            raise ValueError(
                f"label is {label!r}, of which the tokenizer keeps {left!r}: "
                "expected characters that it knows"
            )


def check_room(backbone: Backbone, codec: str, size: Size) -> None:
    """See that an empty mask, the shortest, fits the model's context.

    Raises:
        ValueError: With the tokens it takes and the tokens there are.
    """
    rows, cols = grid_size(size)
    needed = _tokens_of_nothing(backbone.tokenizer, codec, rows, cols)
    config = backbone.model.config.get_text_config()
    room = getattr(config, "max_position_embeddings", None)
    if room is not None and needed > room:
        raise ValueError(
            f"grid is {rows} x {cols}: its shortest {codec} text has {needed} tokens, "
            f"expected at most {room}, the model's context"
        )


def _tokens_of_nothing(tokenizer: Any, codec: str, rows: int, cols: int) -> int:
    if rows * cols > MOST_CELLS and rows > 2:
        one, two = (_tokens_of_nothing(tokenizer, codec, n, cols) for n in (1, 2))
        return one + (rows - 1) * (two - one)
    nothing = DescriptorGrid(np.zeros((rows, cols), np.int32), (OTHERS,))
    text = find_codec(codec).encode(nothing)
    return len(tokenizer.encode(text, add_special_tokens=False))
