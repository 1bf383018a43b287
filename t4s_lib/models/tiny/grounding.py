"""Dense losses for pretraining: what a cell shows, what is meant, how far it reaches.

The text alone teaches referring and counting very slowly: nine tokens in ten say
"others". Linear heads, thrown away afterwards, teach the skills directly. Colour and
shape have a head each, so that a pair never shown is still made of known parts.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from torch.nn import functional

from t4s_lib.models.tiny.architecture import LAYERS, TOKENS, WIDTH
from t4s_lib.models.tiny.lessons import Batch
from t4s_lib.models.tiny.tasks import SIDE
from t4s_lib.sources.scene_paint import COLOURS
from t4s_lib.sources.scene_shapes import SHAPES

LOOK_LAYERS = 3
"""After this many decoder layers the picture's tokens must know what is meant."""

REACH_LAYER = LAYERS - 1
"""After this many, the picture's tokens must know how far what they show reaches, and
the answer's where they are: one layer is left to fetch the one with the other."""

KINDS = (1 + len(COLOURS), 1 + len(SHAPES))
"""Colours and shapes a cell can have, ground among them."""


class Grounded(nn.Module):  # type: ignore[misc]
    """The model with its dense heads.

    Args:
        model: A ``Gemma3ForConditionalGeneration``.
    """

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model
        self.where = nn.Linear(WIDTH, 4)
        self.reach = nn.Linear(WIDTH, 4 * 2 * SIDE)
        self.clock = nn.Linear(WIDTH, SIDE + SIDE + 1)
        self.parts = nn.ModuleList(nn.Linear(WIDTH, 4 * kinds) for kinds in KINDS)

    def forward(self, batch: Batch, answers: bool) -> dict[str, torch.Tensor]:
        """Losses by name, and the intersection and union of the ``where`` head."""
        towers = self.model.model.vision_tower(pixel_values=batch.pixels)
        seen = towers.last_hidden_state
        losses = {"classes": self._classes_loss(self._name(seen), batch.seen)}
        hidden, keys = self._embed(seen, batch)
        decoder = self.model.model.language_model
        places = keys.long().cumsum(-1).sub(1).clamp(min=0)
        turns = decoder.rotary_emb(hidden, places, "full_attention")
        mask = _mask(batch.ids == self.model.config.image_token_id, keys)
        depth = len(decoder.layers) if answers else REACH_LAYER
        for number, layer in enumerate(decoder.layers[:depth]):
            hidden = layer(
                hidden,
                attention_mask=mask,
                position_embeddings=turns,
                position_ids=places,
            )
            if number + 1 == LOOK_LAYERS:
                losses |= self._where_loss(hidden, batch)
            if number + 1 == REACH_LAYER:
                losses |= self._reach_loss(_level(hidden), batch)
                losses |= self._clock_loss(_level(hidden), batch)
        if answers:
            losses |= self._text_loss(decoder.norm(hidden), batch)
        return losses

    def see(self, pixels: torch.Tensor, truth: torch.Tensor) -> dict[str, torch.Tensor]:
        """The loss of the tower alone, and the share of shapes' cells it names."""
        seen = self.model.model.vision_tower(pixel_values=pixels).last_hidden_state
        scores = self._name(seen)
        with torch.no_grad():
            guess = torch.stack([part.argmax(-1) for part in scores], dim=-1)
            is_right = ((guess == truth) | (truth < 0)).all(-1)
            named = is_right[truth[..., 1] > 0].float().mean()
        return {"classes": self._classes_loss(scores, truth), "named": named}

    def _name(self, seen: torch.Tensor) -> list[torch.Tensor]:
        """Scores of colours and of shapes, each ``(images, tokens, 4, kinds)``."""
        return [head(seen).unflatten(-1, (4, -1)) for head in self.parts]

    def _embed(
        self, seen: torch.Tensor, batch: Batch
    ) -> tuple[torch.Tensor, torch.Tensor]:
        decoder = self.model.model.language_model
        pictures = self.model.model.multi_modal_projector(seen)[batch.image_of]
        spots = (batch.ids == self.model.config.image_token_id).unsqueeze(-1)
        words = decoder.embed_tokens(batch.ids)
        return words.masked_scatter(spots, pictures), batch.ids != 0

    def _classes_loss(
        self, scores: list[torch.Tensor], truth: torch.Tensor
    ) -> torch.Tensor:
        losses = [
            functional.cross_entropy(guess.flatten(0, -2), true.flatten())
            for guess, true in zip(scores, truth.unbind(-1), strict=True)
        ]
        return torch.stack(losses).sum()

    def _where_loss(
        self, hidden: torch.Tensor, batch: Batch
    ) -> dict[str, torch.Tensor]:
        spots = batch.ids == self.model.config.image_token_id
        scores = self.where(hidden[spots]).view(-1, TOKENS, 4)
        loss = functional.binary_cross_entropy_with_logits(
            scores, batch.where, pos_weight=torch.tensor(2.0)
        )
        with torch.no_grad():
            guess, truth = scores > 0, batch.where > 0.5
            overlap = (guess & truth).sum().float()
            union = (guess | truth).sum().float()
        return {"where": loss, "overlap": overlap, "union": union}

    def _reach_loss(
        self, hidden: torch.Tensor, batch: Batch
    ) -> dict[str, torch.Tensor]:
        spots = batch.ids == self.model.config.image_token_id
        scores = self.reach(hidden[spots]).view(-1, TOKENS, 4, 2, SIDE)
        truth = batch.reach.flatten()
        loss = functional.cross_entropy(scores.flatten(0, -2), truth, reduction="sum")
        return {"reach": loss / (truth >= 0).sum().clamp(min=1)}

    def _clock_loss(
        self, hidden: torch.Tensor, batch: Batch
    ) -> dict[str, torch.Tensor]:
        inside = batch.line != -100
        if not inside.any():
            return {}
        line, done = self.clock(hidden[inside]).split([SIDE, SIDE + 1], dim=-1)
        clock = functional.cross_entropy(line, batch.line[inside])
        return {"clock": clock + functional.cross_entropy(done, batch.done[inside])}

    def _text_loss(self, hidden: torch.Tensor, batch: Batch) -> dict[str, torch.Tensor]:
        wanted = batch.labels[:, 1:] != -100
        scores = self.model.lm_head(hidden[:, :-1][wanted])
        return {"text": functional.cross_entropy(scores, batch.labels[:, 1:][wanted])}


def _level(hidden: torch.Tensor) -> torch.Tensor:
    """What stands between layers, at the size that a head expects."""
    return functional.rms_norm(hidden, hidden.shape[-1:])


def _mask(pictures: torch.Tensor, keys: torch.Tensor) -> torch.Tensor:
    """Who may look at whom, bool ``(sequences, 1, length, length)``.

    As Gemma 3 does: words look back, the picture's tokens also look ahead within
    the picture. Padding may look at itself, so that no row is empty.
    """
    length = keys.shape[1]
    back = torch.ones(length, length, dtype=torch.bool).tril()
    both = pictures.unsqueeze(1) & pictures.unsqueeze(2)
    own = torch.eye(length, dtype=torch.bool)
    return ((back | both) & keys.unsqueeze(1) | own).unsqueeze(1)
