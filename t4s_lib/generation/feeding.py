"""A model that is fed many tokens at once, and can be made to forget some of them.

The first pass is ``generate``'s own, over the questions and the pictures. After it
the cache holds all that was read, and only new tokens go in.

Answers of a batch grow unevenly. What one row keeps and another does not stays in the
cache and is hidden from the other by the attention mask, and each token is told its
own position; so every row reads what it would read alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from t4s_lib.models.errors import ModelError

_TYPES = ("token_type_ids", "mm_token_type_ids")
_GROWING = ("attention_mask", "position_ids", "past_key_values", *_TYPES)


class Feeder:
    """Feeds a model with what its answers go on with.

    Args:
        model: The model itself, without an adapter's wrapping.
        input_ids: Int ``(B, L)``, the questions, padded on the left.
        config: The generation config that ``generate`` has finished.
        inputs: What ``generate`` has prepared beside them, the cache among it.

    Raises:
        ModelError: If the model's cache cannot be cut.
    """

    def __init__(
        self, model: Any, input_ids: torch.Tensor, config: Any, inputs: dict[str, Any]
    ) -> None:
        self._model, self._ids, self._config = model, input_ids, config
        self._inputs = inputs
        self._cache = croppable(inputs.get("past_key_values"), model)
        self._mask: torch.Tensor | None = inputs.get("attention_mask")
        if self._mask is None and len(input_ids) > 1:
            self._mask = torch.ones_like(input_ids)
        self._fed = 0

    def first(self) -> torch.Tensor:
        """Read the questions; logits ``(B, 1, V)`` of what may come first."""
        output = self._model._prefill(self._ids, self._config, self._inputs)
        grown = self._model._update_model_kwargs_for_generation(
            output, dict(self._inputs), num_new_tokens=1
        )
        self._start = grown["position_ids"][..., -1:]
        self._types = {
            key: grown[key][:, -1:] for key in _TYPES if grown.get(key) is not None
        }
        self._rest = {
            key: value
            for key, value in grown.items()
            if key not in _GROWING and not isinstance(value, torch.Tensor)
        }
        return _float(output.logits[:, -1:])

    def feed(self, tokens: Sequence[Sequence[int]], at: Sequence[int]) -> torch.Tensor:
        """Read more of each answer: one forward pass.

        Args:
            tokens: Of each row, the tokens that come next; at least one in all.
            at: Of each row, how many tokens of its answer it has read and kept.

        Returns:
            Logits ``(B, n, V)`` behind each token; of a row that is fed less than
            the longest, the last ones mean nothing.
        """
        self._fed = longest = max(map(len, tokens))
        padded = [[*row, *[0] * (longest - len(row))] for row in tokens]
        new = torch.tensor(padded, device=self._ids.device)
        steps = torch.arange(longest, device=new.device)
        begin = torch.tensor(at, device=new.device)[:, None]
        if self._mask is not None:
            lengths = torch.tensor([len(row) for row in tokens], device=new.device)
            self._mask = torch.cat([self._mask, _within(lengths, steps)], 1)
        prepared = self._model.prepare_inputs_for_generation(
            new,
            past_key_values=self._cache,
            attention_mask=self._mask,
            position_ids=self._start + begin + steps,
            is_first_iteration=False,
            **{key: kind.expand_as(new) for key, kind in self._types.items()},
            **self._rest,
        )
        if "logits_to_keep" in prepared:
            prepared["logits_to_keep"] = longest
        return _float(self._model(**prepared, return_dict=True).logits)

    def keep(self, counts: Sequence[int]) -> None:
        """Forget, in each row, all but so many of the tokens fed last."""
        surplus = self._fed - max(counts)
        self._cache.crop(-surplus)
        if self._mask is None:
            return
        kept = torch.tensor(counts, device=self._mask.device)
        self._mask = self._mask[:, : self._mask.shape[1] - surplus]
        steps = torch.arange(self._fed - surplus, device=self._mask.device)
        if len(steps):
            self._mask[:, -len(steps) :] *= _within(kept, steps)

    def select(self, rows: Sequence[int]) -> None:
        """Go on with some of the rows only."""
        chosen = torch.tensor(rows, device=self._ids.device)
        self._cache.batch_select_indices(chosen)
        if self._mask is not None:
            self._mask = self._mask[chosen]
        if self._start.shape[-2] > 1:
            self._start = self._start[..., chosen, :]
        self._types = {key: kind[chosen] for key, kind in self._types.items()}

    @property
    def slides(self) -> bool:
        """Whether a layer sees the last tokens only, hidden ones counted."""
        return any(getattr(layer, "is_sliding", False) for layer in self._cache.layers)


def _within(lengths: torch.Tensor, steps: torch.Tensor) -> torch.Tensor:
    """Ones for as many steps as each row has, then zeros; int ``(B, n)``."""
    return (steps < lengths[:, None]).long()


def _float(logits: torch.Tensor) -> torch.Tensor:
    return logits.float()


def croppable(cache: Any, model: Any) -> Any:
    """The cache, made ready to be cut.

    Raises:
        ModelError: If it cannot be cut: a state-space model's, a fixed one.
    """
    fixed = cache is None or not hasattr(cache, "crop") or cache.is_compileable
    if fixed or getattr(model, "_is_stateful", False):
        what = "no cache" if cache is None else f"a {type(cache).__name__}"
        found = f"{type(model).__name__} keeps {what}"
        raise ModelError(f"{found}, expected a cache that can be cut")
    cache.activate_past_recording()
    return cache
