"""Who writes a backbone's answers: in one mode, one format, up to one length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from t4s_lib.generation.decode import MODES, tokens_of, write_batch

if TYPE_CHECKING:
    from t4s_lib.generation.engine import Grammar
    from t4s_lib.generation.soft import Keeper
    from t4s_lib.models.loading import Backbone


class Answer(NamedTuple):
    """What was written, and what it took.

    Attributes:
        text: The whole answer, without special tokens.
        forwards: Forward passes until it was finished.
        soft: How likely each cell belongs to the target, float ``(rows, cols)``;
            None where it was not asked for.
    """

    text: str
    forwards: int
    soft: NDArray[np.float32] | None = None


@dataclass(frozen=True)
class Author:
    """Writes answers with a backbone.

    Attributes:
        backbone: The model with its processor.
        codec: The format it is asked for.
        grid: Rows and columns.
        max_new_tokens: Longest answer, in tokens.
        mode: One of ``decode.MODES``.
        valid: Whether a grammar holds it to masks of the expression asked for.

    Raises:
        ValueError: For an unknown mode.
    """

    backbone: Backbone
    codec: str = "row-rle"
    grid: tuple[int, int] = (16, 16)
    max_new_tokens: int = 2048
    mode: str = "rows"
    valid: bool = False

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            known = ", ".join(MODES)
            raise ValueError(f"mode is {self.mode!r}, expected one of {known}")

    def answer(
        self, prompts: Any, labels: Sequence[str | None], soft: bool = False
    ) -> list[Answer]:
        """Answer questions.

        Args:
            prompts: From ``encode_prompts`` or ``shared_prompts``.
            labels: The expression each asks for; None where it asks for no mask.
            soft: Whether soft masks are wanted too.

        Raises:
            ValueError: If the tokenizer cannot write a label or the model's context
                is too short for a valid answer; for soft masks of a codec that has
                none.
        """
        import torch

        keepers = [self._keeper(label) if soft else None for label in labels]
        with torch.inference_mode():
            written = write_batch(
                self.backbone,
                prompts,
                labels,
                mode=self.mode,
                codec=self.codec,
                size=self.grid,
                grammars=[self._grammar(label) for label in labels],
                max_new_tokens=self._most(prompts),
                watch=keepers,
            )
        texts = self.backbone.tokenizer.batch_decode(
            [found.tokens for found in written],
            skip_special_tokens=True,
            clean_up_tokenization_spaces=False,
        )
        return [
            Answer(
                text, found.counters.forwards, self._soft(found.tokens, keeper, label)
            )
            for text, found, keeper, label in zip(
                texts, written, keepers, labels, strict=True
            )
        ]

    def room(self, prompts: Any) -> int:
        """How many tokens the model can read and write behind the questions."""
        text = self.backbone.model.config.get_text_config()
        most = int(getattr(text, "max_position_embeddings", 4096))
        return most - int(prompts["input_ids"].shape[1])

    def _most(self, prompts: Any) -> int:
        """How many tokens of an answer are written."""
        return min(self.max_new_tokens, self.room(prompts))

    def _grammar(self, label: str | None) -> Grammar | None:
        if label is None or not (self.valid or self.mode in ("grammar", "forced")):
            return None
        from t4s_lib.generation.engine import Grammar

        return Grammar.of(self.codec, self.grid, label, self.backbone)

    def _keeper(self, label: str | None) -> Keeper | None:
        if label is None:
            return None
        from t4s_lib.generation.soft import Keeper, scored_tokens

        tokens = tokens_of(self.backbone.tokenizer)
        return Keeper(scored_tokens(tokens, label, self.grid, self.codec))

    def _soft(
        self, written: list[int], keeper: Keeper | None, label: str | None
    ) -> NDArray[np.float32] | None:
        if keeper is None or label is None:
            return None
        from t4s_lib.generation.soft import soft_mask

        tokens = tokens_of(self.backbone.tokenizer)
        return soft_mask(written, keeper.scores(), tokens, label, self.grid, self.codec)


def merged(backbone: Backbone) -> Backbone:
    """The backbone with its adapter added to its weights: a third faster.

    In half precision, or quantized, that would round them, so there it stays apart.
    """
    model = backbone.model
    is_rounded = hasattr(model.config, "quantization_config")
    if not hasattr(model, "peft_config") or is_rounded or model.dtype.itemsize < 4:
        return backbone
    return replace(backbone, model=model.merge_and_unload())
