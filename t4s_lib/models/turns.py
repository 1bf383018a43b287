"""Conversations of several turns: the loss is on the answers, not on later questions.

A row's ``completion`` may go on after its first answer: answer, question, answer, ...
Templates and collators take all of it for what is to be learned; here the questions
between are taken out again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import takewhile
from typing import Any

Row = Mapping[str, Any]
Collate = Callable[[Sequence[Row]], Any]

_IGNORED = -100


def answers_only(collate: Collate, processor: Any) -> Collate:
    """A collator whose labels are the answers alone.

    Args:
        collate: Makes batches whose labels are whole completions.
        processor: Writes the chat; its tokenizer must be a fast one.

    Returns:
        The collator; rows of one answer pass through it unchanged.
    """

    def collated(rows: Sequence[Row]) -> Any:
        batch = collate(rows)
        for labels, row in zip(batch["labels"], rows, strict=True):
            if len(row["completion"]) > 1:
                _take_out(labels, row, processor)
        return batch

    return collated


def completion_text(row: Row, processor: Any) -> tuple[str, list[tuple[int, int]]]:
    """What a row's completion is as text, and where its questions stand in it.

    Args:
        row: With ``prompt`` and ``completion``.
        processor: Writes the chat.

    Returns:
        The text behind the prompt, and the first place of each question and the
        place behind it, with all that the template writes around it.
    """
    prompt, completion = list(row["prompt"]), list(row["completion"])
    whole = _written(processor, prompt + completion)
    start = _shared(whole, _written(processor, prompt, asks=True))
    spans = []
    for k in range(1, len(completion), 2):
        before = prompt + completion[:k]
        begin = _shared(whole, _written(processor, before))
        asked = _written(processor, [*before, completion[k]], asks=True)
        spans.append((begin - start, _shared(whole, asked) - start))
    return whole[start:], spans


def _written(processor: Any, messages: list[Any], asks: bool = False) -> str:
    text = processor.apply_chat_template(
        messages, tokenize=False, add_generation_prompt=asks
    )
    return str(text)


def _shared(one: str, two: str) -> int:
    """How many characters both begin with."""
    return sum(1 for _ in takewhile(bool, map(str.__eq__, one, two)))


def _take_out(labels: Any, row: Row, processor: Any) -> None:
    """Take the questions of one row out of its labels, in place."""
    text, spans = completion_text(row, processor)
    places = processor.tokenizer(
        text, add_special_tokens=False, return_offsets_mapping=True
    )["offset_mapping"]
    counted = (labels != _IGNORED).nonzero().flatten().tolist()
    if len(counted) != len(places):
        raise ValueError(
            f"a completion has {len(counted)} labels, expected {len(places)}: the "
            "collator and the template write it differently"
        )
    for position, (first, _) in zip(counted, places, strict=True):
        if any(begin <= first < end for begin, end in spans):
            labels[position] = _IGNORED
