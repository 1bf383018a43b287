"""Write an answer with a backbone: plain, or faster with the same outcome.

The core, which knows no model, is ``loop.write_tokens``:

    write_tokens(scorer, drafter, *, ends, limit, gate, force, banned, reach)
        -> Written(tokens, by, counters)
    scorer.score(draft: Sequence[int]) -> list[int]     len(draft) + 1 arg-max tokens
    scorer.keep(count: int, token: int) -> None         count of the draft, then token
    scorer.choose(place: int, gate) -> int              arg-max that the grammar allows
    drafter(written: list[int]) -> list[int]

A stand-in for a model needs these three methods and no torch.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

from t4s_lib.descriptor import Size
from t4s_lib.generation.drafts import (
    Drafter,
    RowDrafter,
    lookup_drafter,
    no_drafter,
)
from t4s_lib.generation.loop import REACH, Gate, Plan, Watcher, Writer, Written
from t4s_lib.generation.mask_text import FORMATS
from t4s_lib.generation.tokens import Tokens

if TYPE_CHECKING:
    from t4s_lib.models.loading import Backbone

MODES = ("plain", "grammar", "forced", "lookup", "rows")
"""Each does what those before it do, and more: one token a pass; only what a grammar
allows; what the grammar forces without a pass of its own; what followed the last
tokens earlier; whole rows as the row above."""


class Grammar(Protocol):
    """What is needed of a compiled grammar."""

    def matcher(self) -> Gate:
        """A matcher at the grammar's beginning."""


def write(
    backbone: Backbone,
    prompts: Any,
    labels: str | Sequence[str] | None = None,
    *,
    grammar: Grammar | None = None,
    watch: Watcher | None = None,
    **how: Any,
) -> Written:
    """Write one answer, greedily.

    Args:
        backbone: Who writes.
        prompts: One question with its picture, from ``encode_prompts``.
        labels: What is asked for; rows are drafted only where it is known.
        grammar: What may be written; needed by ``"grammar"`` and ``"forced"``.
        watch: Is given the logits of the tokens kept, pass by pass.
        how: See ``write_batch``.

    Returns:
        The tokens, who chose each, and what they took.

    Raises:
        ValueError: For an unknown mode, a mode without its grammar, several
            questions, or a model whose cache cannot be cut.
    """
    return write_batch(
        backbone, prompts, [labels], grammars=[grammar], watch=[watch], **how
    )[0]


def write_batch(
    backbone: Backbone,
    prompts: Any,
    labels: Sequence[str | Sequence[str] | None],
    *,
    mode: str = "rows",
    codec: str = "row-rle",
    size: Size = 16,
    kind: str = "partial",
    grammars: Sequence[Grammar | None] = (),
    max_new_tokens: int = 2048,
    watch: Sequence[Watcher | None] = (),
    reach: int = REACH,
    ragged: bool = True,
) -> list[Written]:
    """Write several answers at once, greedily.

    Args:
        backbone: Who writes.
        prompts: The questions with their pictures, from ``encode_prompts``.
        labels: What each asks for.
        mode: One of ``MODES``. All write the same wherever plain writing gives what
            the grammar allows (up to rounding: a pass over many tokens may add up
            in another order, which fp16 and bf16 show at near ties).
        codec: The format asked for.
        size: Grid side, or ``(rows, cols)``.
        kind: The kind of question, see ``prompts.ask``.
        grammars: What may be written, of each.
        max_new_tokens: Longest answer, in tokens.
        watch: Of each, who is given the logits of the tokens kept, pass by pass.
        reach: Tokens proposed at a time, see ``loop.Plan``.
        ragged: See ``batch``; level all the same where layers see the last tokens only.

    Returns:
        Of each: the tokens, who chose them, and what they took.

    Raises:
        ValueError: See ``write``; and if there is not one label a question.
    """
    allowed = list(grammars) or [None] * len(labels)
    _check(mode, allowed, labels, prompts)
    banned, ends = picture_tokens(backbone), end_tokens(backbone)
    writers = [
        Writer(
            drafter_for(backbone, named, mode, codec, size, kind),
            Plan(
                ends,
                max_new_tokens,
                gate=grammar.matcher() if grammar and mode != "plain" else None,
                force=mode != "grammar",
                banned=banned,
                reach=reach,
            ),
        )
        for named, grammar in zip(labels, allowed, strict=True)
    ]

    def loop(
        model: Any,
        input_ids: Any,
        logits_processor: Any,
        stopping_criteria: Any,
        generation_config: Any,
        **inputs: Any,
    ) -> Any:
        from t4s_lib.generation.batch import Rows
        from t4s_lib.generation.feeding import Feeder

        feeder = Feeder(model, input_ids, generation_config, inputs)
        Rows(feeder, writers, banned, watch, ragged and not feeder.slides).write()
        return input_ids

    backbone.model.generate(
        **prompts,
        custom_generate=loop,
        do_sample=False,
        max_new_tokens=max_new_tokens,
        pad_token_id=backbone.tokenizer.pad_token_id,
    )
    return [writer.out for writer in writers]


def drafter_for(
    backbone: Backbone,
    labels: str | Sequence[str] | None,
    mode: str,
    codec: str = "row-rle",
    size: Size = 16,
    kind: str = "partial",
) -> Drafter:
    """The drafter of a mode; prompt lookup where rows cannot be drafted."""
    if mode in ("plain", "grammar", "forced"):
        return no_drafter
    if mode == "lookup" or labels is None or codec not in FORMATS:
        return lookup_drafter()
    tokens, end = tokens_of(backbone.tokenizer), end_tokens(backbone)[0]
    return RowDrafter(tokens, labels, codec, size, end, kind)


@lru_cache(maxsize=8)
def tokens_of(tokenizer: Any) -> Tokens:
    """A tokenizer's tokens, with what was learned of them; of the last few used."""
    return Tokens.of(tokenizer)


def end_tokens(backbone: Backbone) -> list[int]:
    """The tokens that end an answer, the tokenizer's own first."""
    known = backbone.model.generation_config.eos_token_id
    ends = list(known) if isinstance(known, (list, tuple)) else [known]
    own = backbone.tokenizer.eos_token_id
    return sorted(ends, key=lambda token: token != own)


def inner_model(model: Any) -> Any:
    """A model of transformers, out of an adapter's wrapping if it is in one."""
    return model.get_base_model() if hasattr(model, "peft_config") else model


def picture_tokens(backbone: Backbone) -> list[int]:
    """The tokens that hold a picture's place; an answer never has them."""
    config, limit = backbone.model.config, len(backbone.tokenizer)
    names = ("image_token_id", "image_token_index", "video_token_id")
    found = {getattr(config, name, None) for name in names}
    return sorted(token for token in found if token is not None and token < limit)


def _check(
    mode: str, grammars: Sequence[Grammar | None], labels: Sequence[Any], prompts: Any
) -> None:
    if mode not in MODES:
        raise ValueError(f"mode is {mode!r}, expected one of {', '.join(MODES)}")
    if mode in ("grammar", "forced") and None in grammars:
        raise ValueError(f"mode {mode!r} needs a grammar, found none")
    rows = prompts["input_ids"].shape[0]
    if not rows == len(labels) == len(grammars):
        found = f"{rows} questions, {len(labels)} labels, {len(grammars)} grammars"
        raise ValueError(f"found {found}, expected as many of each")
