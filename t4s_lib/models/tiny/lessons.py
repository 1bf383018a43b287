"""Batches for pretraining: what is asked about scenes, and the true answers."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import torch
from transformers import PreTrainedTokenizerFast

from t4s_lib.models.tiny.architecture import TOKENS
from t4s_lib.models.tiny.sights import (
    Sight,
    by_patch,
    classes_of,
    draw_sight,
    phrase_for,
    pixels_of,
)
from t4s_lib.models.tiny.tasks import Exchange, exchange
from t4s_lib.models.tiny.vocabulary import IMAGE, IMAGE_END, IMAGE_START

PICTURE = f"\n\n{IMAGE_START}{IMAGE * TOKENS}{IMAGE_END}\n\n"
"""A picture in the prompt, as the processor writes it."""

SHORT: Mapping[str, float] = MappingProxyType(
    {"box": 3, "row": 8, "widths": 6, "starts": 6, "name": 2, "count": 1}
    | {"exists": 1, "along": 1, "block": 1}
)
"""Tasks with short answers and how often each is met."""

LONG: Mapping[str, float] = MappingProxyType({"columns": 9, "fill": 1})
"""Tasks that write a whole grid and how often each is met."""

_NAMING = ("name", "count", "along")
"""Tasks whose questions or answers name colours, whatever the expression."""


@dataclass
class Batch:
    """Tensors of one step, padded on the left.

    Attributes:
        pixels: ``(images, 3, 64, 64)`` in -1 to 1.
        image_of: Which image each sequence is about, ``(sequences,)``.
        ids: Tokens, ``(sequences, length)``; padding is 0.
        labels: The same where a token is the answer's, else -100.
        where: ``(sequences, tokens, 4)``: which of a patch's cells are meant;
            negative where the task says nothing.
        reach: ``(sequences, tokens, 4, 2)``: how many cells further a cell's row, and
            column, goes on like it; -100 in lines without anything meant.
        line: Line of the next token, ``(sequences, length)``, or -100.
        done: Cells of that line already written, likewise.
        seen: Colour and shape of each cell, ``(images, tokens, 4, 2)``; 0 is ground,
            -100 a colour without a name.
    """

    pixels: torch.Tensor
    image_of: torch.Tensor
    ids: torch.Tensor
    labels: torch.Tensor
    where: torch.Tensor
    reach: torch.Tensor
    line: torch.Tensor
    done: torch.Tensor
    seen: torch.Tensor


class Lessons:
    """An endless series of batches; the same for the same seed.

    Args:
        tokenizer: Turns texts into tokens.
        seed: Chooses scenes and questions.
        images: Scenes a batch.
        questions: Questions a scene.
    """

    def __init__(
        self,
        tokenizer: PreTrainedTokenizerFast,
        seed: int | str,
        images: int,
        questions: int,
    ) -> None:
        self._tokenizer = tokenizer
        self._rng = random.Random(f"pretrain/{seed}")
        self._images, self._questions = images, questions
        self._known: dict[str, list[int]] = {}

    def batches(self, tasks: Mapping[str, float], answers: bool) -> Iterator[Batch]:
        """Batches of some tasks, with their answers or the prompts alone."""
        nameless = {task: n for task, n in tasks.items() if task not in _NAMING}
        while True:
            sights = [draw_sight(self._rng) for _ in range(self._images)]
            asked = []
            for sight in sights:
                fit = tasks if sight.is_named else nameless
                chosen = self._rng.choices([*fit], [*fit.values()], k=self._questions)
                for task in chosen:
                    phrase = phrase_for(self._rng, sight)
                    asked.append(exchange(task, self._rng, sight.look, phrase))
            yield self._pack(sights, asked, answers)

    def _tokens(self, text: str) -> list[int]:
        if text not in self._known:
            if len(self._known) > 200_000:
                self._known.clear()
            self._known[text] = self._tokenizer(text).input_ids
        return self._known[text]

    def _prompt(self, question: str) -> list[int]:
        start = self._tokenizer.bos_token_id
        return [
            start,
            *self._tokens(f"User: {question}"),
            *self._tokens(f"{PICTURE}Assistant:"),
        ]

    def _sequence(self, asked: Exchange, answers: bool) -> np.ndarray:
        """Rows: token, label, line, done."""
        prompt = self._prompt(asked.question)
        columns = [(token, -100, -100, -100) for token in prompt]
        if answers:
            for text, line, done in asked.pieces:
                inside = line >= 0
                # The token before a piece must know where the piece begins.
                token, label, *_ = columns[-1]
                columns[-1] = (token, label, *((line, done) if inside else (-100,) * 2))
                for token in self._tokens(text):
                    mark = (line, done) if inside else (-100, -100)
                    columns.append((token, token, *mark))
            columns.append((end := self._tokenizer.eos_token_id, end, -100, -100))
        return np.array(columns, dtype=np.int64).T

    def _pack(
        self, sights: Sequence[Sight], asked: Sequence[Exchange], answers: bool
    ) -> Batch:
        rows = [self._sequence(one, answers) for one in asked]
        length = -(-max(row.shape[1] for row in rows) // 8) * 8
        packed = np.full((4, len(rows), length), -100, dtype=np.int64)
        packed[0] = self._tokenizer.pad_token_id
        for k, row in enumerate(rows):
            packed[:, k, length - row.shape[1] :] = row
        where = [
            np.full((TOKENS, 4), -1) if one.where is None else by_patch(one.where)
            for one in asked
        ]
        reach = [
            np.full((TOKENS, 4, 2), -100)
            if one.where is None
            else by_patch(reach_of(one.where))
            for one in asked
        ]
        ids, labels, line, done = map(torch.from_numpy, packed)
        return Batch(
            pixels_of([sight.pixels for sight in sights]),
            torch.arange(len(sights)).repeat_interleave(self._questions),
            ids,
            labels,
            torch.from_numpy(np.stack(where)).float(),
            torch.from_numpy(np.stack(reach)),
            line,
            done,
            torch.from_numpy(
                np.stack([by_patch(classes_of(sight)) for sight in sights])
            ),
        )


def reach_of(cells: np.ndarray) -> np.ndarray:
    """How many cells further each cell's row, and its column, goes on like it.

    Args:
        cells: Which cells are meant, bool ``(rows, cols)``.

    Returns:
        ``int64 (rows, cols, 2)``; -100 in rows, and columns, without a meant cell.

    Examples:
        >>> reach_of(np.array([[False, True, True], [False] * 3]))[0, :, 0]
        array([0, 1, 0])
    """
    return np.stack([_along(cells), _along(cells.T).T], axis=-1)


def _along(cells: np.ndarray) -> np.ndarray:
    further = np.zeros(cells.shape, dtype=np.int64)
    for k in range(cells.shape[1] - 2, -1, -1):
        is_same = cells[:, k] == cells[:, k + 1]
        further[:, k] = np.where(is_same, further[:, k + 1] + 1, 0)
    further[~cells.any(axis=1)] = -100
    return further
