"""Batches for pretraining: scenes, what is asked about them, and the true answers."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import torch
from PIL import Image
from transformers import PreTrainedTokenizerFast

from t4s_lib.models.tiny.architecture import PATCH, PIXELS, TOKENS
from t4s_lib.models.tiny.tasks import SIDE, Exchange, Look, exchange
from t4s_lib.models.tiny.vocabulary import IMAGE, IMAGE_END, IMAGE_START
from t4s_lib.sources.scene_expressions import REFERRING, Phrase, phrases_of
from t4s_lib.sources.scene_layout import SEEN_PAIRS, build_scene
from t4s_lib.sources.scene_paint import COLOURS
from t4s_lib.sources.scene_shapes import SHAPES
from t4s_lib.sources.scene_views import view

PICTURE = f"\n\n{IMAGE_START}{IMAGE * TOKENS}{IMAGE_END}\n\n"
"""A picture in the prompt, as the processor writes it."""

SHORT: Mapping[str, float] = MappingProxyType(
    {"box": 3, "row": 8, "widths": 6, "starts": 6, "name": 2, "count": 1}
    | {"exists": 1, "along": 1, "block": 1}
)
"""Tasks with short answers and how often each is met."""

LONG: Mapping[str, float] = MappingProxyType({"columns": 9, "fill": 1})
"""Tasks that write a whole grid and how often each is met."""

SIZES: Mapping[tuple[int, int], float] = MappingProxyType(
    {(64, 64): 14, (128, 128): 3, (256, 256): 1, (96, 128): 1, (128, 96): 1}
)
"""Sizes the scenes are drawn at before they are squashed, and how often."""


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
        seen: Colour and shape of each cell, ``(images, tokens, 4, 2)``; 0 is ground.
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


@dataclass
class _Scene:
    pixels: np.ndarray
    look: Look


def _draw(rng: random.Random) -> _Scene:
    scene = build_scene(rng, None, SEEN_PAIRS, ())
    sizes, weights = zip(*SIZES.items(), strict=True)
    picture, ids = scene.render(rng.choices(sizes, weights)[0])
    rows, columns = (
        ((np.arange(SIDE) + 0.5) * n / SIDE).astype(int) for n in ids.shape
    )
    squashed = picture.resize((PIXELS, PIXELS), Image.Resampling.BILINEAR)
    cells = ids[np.ix_(rows, columns)]
    return _Scene(np.asarray(squashed), Look(view(scene), cells))


def _phrase(rng: random.Random, look: Look) -> Phrase:
    """An expression of a kind drawn at random among those the scene has."""
    while True:
        kind = rng.choice(REFERRING)
        found = phrases_of(look.view, kind, SEEN_PAIRS)
        if found:
            return rng.choice(found)


def _by_patch(cells: np.ndarray) -> np.ndarray:
    """``(16, 16, ...)`` cells as ``(tokens, cells a token, ...)``."""
    side, per, rest = PIXELS // PATCH, SIDE * PATCH // PIXELS, cells.shape[2:]
    blocks = cells.reshape(side, per, side, per, *rest).swapaxes(1, 2)
    return blocks.reshape(side * side, per * per, *rest)


class Sights:
    """Pictures with the class of each of their cells, for the tower alone.

    Drawing costs more than looking, so every scene is shown some times again,
    turned and mirrored.

    Args:
        seed: Chooses the scenes.
        images: Pictures a batch.
        fresh: How many of them are new; the others were shown before.
    """

    def __init__(self, seed: int | str, images: int, fresh: int) -> None:
        self._rng = random.Random(f"pretrain/{seed}")
        self._images, self._fresh = images, fresh
        self._known: list[tuple[np.ndarray, np.ndarray]] = []

    def __iter__(self) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        """Pixels ``(images, 3, 64, 64)`` and classes ``(images, tokens, 4, 2)``."""
        while True:
            for _ in range(self._fresh):
                scene = _draw(self._rng)
                self._known.append((scene.pixels, _classes(scene.look)))
            del self._known[:-4000]
            shown = self._rng.choices(self._known[: -self._fresh] or self._known, k=999)
            shown = [*self._known[-self._fresh :], *shown][: self._images]
            pairs = [self._turned(*pair) for pair in shown]
            yield (
                _pixels([pixels for pixels, _ in pairs]),
                torch.from_numpy(np.stack([_by_patch(cells) for _, cells in pairs])),
            )

    def _turned(self, *both: np.ndarray) -> tuple[np.ndarray, ...]:
        turns, is_mirrored = self._rng.randrange(4), self._rng.random() < 0.5
        turned = [np.rot90(one, turns) for one in both]
        return tuple(one[:, ::-1] if is_mirrored else one for one in turned)


def _pixels(pictures: Sequence[np.ndarray]) -> torch.Tensor:
    """``(images, 3, 64, 64)`` in -1 to 1."""
    stacked = np.stack(pictures).transpose(0, 3, 1, 2)
    return torch.from_numpy(stacked).float() / 127.5 - 1


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
        names, weights = list(tasks), list(tasks.values())
        while True:
            scenes = [_draw(self._rng) for _ in range(self._images)]
            asked = []
            for scene in scenes:
                for task in self._rng.choices(names, weights, k=self._questions):
                    phrase = _phrase(self._rng, scene.look)
                    asked.append(exchange(task, self._rng, scene.look, phrase))
            yield self._pack(scenes, asked, answers)

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
        self, scenes: Sequence[_Scene], asked: Sequence[Exchange], answers: bool
    ) -> Batch:
        rows = [self._sequence(one, answers) for one in asked]
        length = -(-max(row.shape[1] for row in rows) // 8) * 8
        packed = np.full((4, len(rows), length), -100, dtype=np.int64)
        packed[0] = self._tokenizer.pad_token_id
        for k, row in enumerate(rows):
            packed[:, k, length - row.shape[1] :] = row
        where = [
            np.full((TOKENS, 4), -1) if one.where is None else _by_patch(one.where)
            for one in asked
        ]
        reach = [
            np.full((TOKENS, 4, 2), -100)
            if one.where is None
            else _by_patch(reach_of(one.where))
            for one in asked
        ]
        ids, labels, line, done = map(torch.from_numpy, packed)
        return Batch(
            _pixels([scene.pixels for scene in scenes]),
            torch.arange(len(scenes)).repeat_interleave(self._questions),
            ids,
            labels,
            torch.from_numpy(np.stack(where)).float(),
            torch.from_numpy(np.stack(reach)),
            line,
            done,
            torch.from_numpy(
                np.stack([_by_patch(_classes(scene.look)) for scene in scenes])
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


def _classes(look: Look) -> np.ndarray:
    """Colour and shape of each cell, int64 ``(16, 16, 2)``; 0 is ground."""
    kinds = [(0, 0)] + [
        (1 + COLOURS.index(thing.colour), 1 + SHAPES.index(thing.shape))
        for thing in look.view.objects
    ]
    return np.array(kinds, dtype=np.int64)[look.ids]
