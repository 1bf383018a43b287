"""Several questions about one picture as one row: a conversation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image

from t4s_lib.codecs import codec as find_codec
from t4s_lib.models.conversation import completion_messages, later_messages
from t4s_lib.models.squash import squash
from t4s_lib.prompts import ask, fold
from t4s_lib.sources.base import Sample
from t4s_lib.training.rows import Row, exchange, true_grid

if TYPE_CHECKING:
    from t4s_lib.training.specs import Recipe

_GREY = (122, 116, 104)  # the mean of CLIP's pictures, with which LLaVA pads


class Turn(NamedTuple):
    """One question with its answer."""

    question: str
    answer: str


def conversation(image: Image.Image, turns: Sequence[Turn], side: int | None) -> Row:
    """Several questions about one picture with their answers, as a row for trl.

    Later questions stand in the completion; ``models.turns.answers_only`` keeps them
    out of the loss.

    Args:
        image: The picture.
        turns: At least one.
        side: Stretch the picture to a square of this side, in pixels.

    Examples:
        >>> made = conversation(Image.new("RGB", (2, 2)), [Turn("a?", "b")] * 2, 28)
        >>> [message["role"] for message in made["completion"]]
        ['assistant', 'user', 'assistant']
    """
    made = exchange(image, turns[0].question, turns[0].answer, side)
    for turn in turns[1:]:
        made["completion"] += later_messages(turn.question)
        made["completion"] += completion_messages(turn.answer)
    return made


def referred(sample: Sample, seed: str, recipe: Recipe) -> Turn:
    """The question for one expression, and its mask as text."""
    grid = true_grid(sample, recipe.grid, recipe.rule)
    text = find_codec(recipe.codec).encode(grid)
    question = ask(sample.expression, seed=seed)
    return Turn(question, fold(text, sample.expression, seed=seed))


def talk(sample: Sample, side: int | None) -> Row:
    """A conversation of LLaVA's as it is, the picture padded to a square."""
    turns = [Turn(*turn) for turn in sample.extra["turns"]]
    image = padded(sample.image)
    return conversation(squash(image, side) if side else image, turns, None)


def padded(image: Image.Image) -> Image.Image:
    """A picture in the middle of a square, as LLaVA pads them.

    Examples:
        >>> padded(Image.new("RGB", (4, 2))).size
        (4, 4)
    """
    size = max(image.size)
    square = Image.new("RGB", (size, size), _GREY)
    square.paste(image, ((size - image.width) // 2, (size - image.height) // 2))
    return square
