"""One picture, many questions: what all of them share is read once.

The picture goes through its tower once. Where it stands before the question, as in
most families, everything up to the first word that differs is read once too, and each
answer goes on from a copy. The tiny model reads the question first, so there it is the
picture's features alone that are shared.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import torch
from transformers.generation.utils import MULTIMODAL_INPUTS_TO_DROP_OUTSIDE_PREFILL

from t4s_lib.generation.decode import inner_model, picture_tokens
from t4s_lib.models.conversation import encode_prompts

if TYPE_CHECKING:
    from PIL import Image

    from t4s_lib.models.loading import Backbone

_KINDS = ("token_type_ids", "mm_token_type_ids")
_BOTH_WAYS = ("paligemma",)
"""Families whose pictures see the question behind them."""


def shared_prompts(
    backbone: Backbone, image: Image.Image, questions: Sequence[str]
) -> dict[str, Any]:
    """Many questions on one picture, with what they share read already.

    Args:
        backbone: Who will answer.
        image: The picture, any size.
        questions: What is asked; one at least.

    Returns:
        A batch for ``model.generate`` and ``write_batch``, to be used once.

    Raises:
        ValueError: If there is no question.
    """
    if not questions:
        raise ValueError("found no question, expected one at least")
    whole = encode_prompts(backbone, [image] * len(questions), questions)
    one = encode_prompts(backbone, [image], questions[:1])
    with torch.no_grad():
        features = _features(backbone, one)
        length = _common(backbone, whole)
        if length == 0:
            return {**_without_pixels(whole), **_repeated(features, len(questions))}
        cache = _read(backbone, one, features, length)
    return _behind(whole, length, cache)


def _features(backbone: Backbone, one: Any) -> dict[str, Any]:
    """What the tower makes of the picture, as ``generate`` would ask for it."""
    model = inner_model(backbone.model)
    inputs = model._prepare_multimodal_encoder_kwargs_for_generation(dict(one))
    return {"mm_encoder_outputs": inputs["mm_encoder_outputs"]}


def _repeated(features: dict[str, Any], times: int) -> dict[str, Any]:
    """The features once for each question."""
    found = features["mm_encoder_outputs"]["image"]
    for name in ("pooler_output", "deepstack_features"):
        if (value := getattr(found, name, None)) is not None:
            found[name] = _tiled(value, times, name == "deepstack_features")
    return {"mm_encoder_outputs": {"image": found}}


def _tiled(value: Any, times: int, by_layer: bool) -> Any:
    if isinstance(value, torch.Tensor):
        return torch.cat([value] * times)
    if by_layer:
        return [_tiled(layer, times, False) for layer in value]
    return [*value] * times


def _common(backbone: Backbone, whole: Any) -> int:
    """How many tokens all questions begin with; 0 if not the whole picture is there."""
    if backbone.family.name in _BOTH_WAYS or _slides(backbone):
        return 0
    rows = [ids[mask.bool()].tolist() for ids, mask in _rows(whole, "input_ids")]
    shortest = min(map(len, rows)) - 1  # one token at least is left to be read
    equal = (len({row[k] for row in rows}) == 1 for k in range(shortest))
    length = next((k for k, same in enumerate(equal) if not same), shortest)
    pictures = set(picture_tokens(backbone))
    return 0 if pictures & set(rows[0][length:]) else length


def _slides(backbone: Backbone) -> bool:
    """Whether a layer sees the last tokens only, so that padding must come first."""
    text = backbone.model.config.get_text_config()
    return "sliding_attention" in (getattr(text, "layer_types", None) or ())


def _read(backbone: Backbone, one: Any, features: dict[str, Any], length: int) -> Any:
    """The cache of a model that has read the first tokens."""
    kept = ("input_ids", "attention_mask", *_KINDS)
    begin = {key: one[key][:, :length] for key in kept if key in one}
    rest = {key: v for key, v in _without_pixels(one).items() if key not in kept}
    output = inner_model(backbone.model)(**begin, **rest, **features, use_cache=True)
    return output.past_key_values


def _behind(whole: Any, length: int, cache: Any) -> dict[str, Any]:
    """The questions; padding stands between what is shared and what is not."""
    cache.batch_repeat_interleave(len(whole["input_ids"]))
    moved = {
        key: torch.stack([_moved(row, mask, length) for row, mask in _rows(whole, key)])
        for key in ("input_ids", "attention_mask", *_KINDS)
        if key in whole
    }
    return {**moved, "past_key_values": cache}


def _moved(row: torch.Tensor, mask: torch.Tensor, length: int) -> torch.Tensor:
    """A row whose padding is moved from its beginning to behind the first tokens."""
    padding, text = row[mask == 0], row[mask == 1]
    return torch.cat([text[:length], padding, text[length:]])


def _rows(whole: Any, key: str) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    return zip(whole[key], whole["attention_mask"], strict=True)


def _without_pixels(inputs: Any) -> dict[str, Any]:
    """Inputs without what the tower has seen."""
    seen = MULTIMODAL_INPUTS_TO_DROP_OUTSIDE_PREFILL
    return {key: value for key, value in inputs.items() if key not in seen}
