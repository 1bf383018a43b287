"""Mean tokens a mask, by codec and tokenizer, at 16 x 16; what R-RLE saves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from t4s_lib import codec_names
from t4s_lib.course import studies, tokens
from t4s_lib.sources import Sample


def measure_tokens(samples: Sequence[Sample]) -> dict[str, Any]:
    """For each tokenizer: mean tokens by codec, and the share that R-RLE saves."""
    found: dict[str, Any] = {}
    for name in tokens.NAMES:
        count = tokens.token_counter(name)
        mean = studies.mean_tokens(samples, codec_names(), count)
        found[name] = {codec: round(value, 1) for codec, value in mean.items()}
        found[name]["row_rle_saves"] = round(1 - mean["row-rle"] / mean["full"], 4)
    return found
