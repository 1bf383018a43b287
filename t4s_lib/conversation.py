"""Segment, then ask about it: several questions about one picture, all remembered.

    talk = Segmenter.load("tiny").conversation(image)
    talk.segment("the red circle")            a Prediction
    talk.ask("How many circles are there?")   words

What the model reads at each turn is the picture, every question so far with the answer
that was given, and the new question, as its chat template writes them: the same text
that a row of several turns is in training (``training.turn_rows``).

A model that has met one question a picture only, as the tiny one that ships, may lose
its way behind an earlier answer. ``remember`` says how many turns it reads again; with
0 every question is its first.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from t4s_lib.models.conversation import (
    completion_messages,
    encode_messages,
    later_messages,
    prompt_messages,
)
from t4s_lib.models.squash import squash
from t4s_lib.prediction import Prediction
from t4s_lib.prompts import ask
from t4s_lib.refine import Refiner
from t4s_lib.refine import refiner as find_refiner

if TYPE_CHECKING:
    from PIL import Image

    from t4s_lib.generation.author import Answer, Author

Read = Callable[["Answer", "Image.Image", Refiner, float], Prediction]
"""Makes a prediction of an answer, a picture, a refiner and the seconds it took."""

_ONE_TURN = ("paligemma",)
"""Families that were made for one question a picture."""


class Said(NamedTuple):
    """One turn of a conversation.

    Attributes:
        question: What was asked, in the words that the model read.
        answer: All that it wrote.
        prediction: The mask, where one was asked for.
    """

    question: str
    answer: str
    prediction: Prediction | None = None


class Conversation:
    """A talk about one picture.

    Args:
        author: Who answers.
        image: The picture, any size.
        read: Reads the answers that are masks.
        remember: How many of the last turns it reads again; all for None.

    Attributes:
        turns: What was said so far.

    Raises:
        ValueError: If ``remember`` is below 0.
    """

    def __init__(
        self,
        author: Author,
        image: Image.Image,
        read: Read,
        remember: int | None = None,
    ) -> None:
        if remember is not None and remember < 0:
            raise ValueError(f"remember is {remember}, expected 0 or more, or None")
        self.image, self.remember = image, remember
        self.turns: list[Said] = []
        self._author, self._read = author, read
        self._view = squash(image, author.backbone.processor)

    def segment(self, expression: str, refiner: str = "bilinear") -> Prediction:
        """Ask for a mask.

        Args:
            expression: What is meant, e.g. ``"the red circle"``.
            refiner: How cells become pixels, one of ``t4s_lib.refine.REFINERS``.

        Raises:
            ValueError: For an empty expression, an unknown refiner, or a talk that
                has become too long for the model.
        """
        _need_words("expression", expression)
        draw, question = find_refiner(refiner), ask(expression)
        start = time.perf_counter()
        found = self._answer(question, expression)
        seconds = time.perf_counter() - start
        prediction = self._read(found, self.image, draw, seconds)
        self.turns.append(Said(question, found.text, prediction))
        return prediction

    def ask(self, question: str) -> str:
        """Ask anything else.

        Args:
            question: In words; the model is asked exactly this.

        Returns:
            What it answers.

        Raises:
            ValueError: For an empty question, or a talk that has become too long.
        """
        _need_words("question", question)
        found = self._answer(question, None)
        self.turns.append(Said(question, found.text))
        return found.text

    def messages(self, question: str) -> list[dict[str, Any]]:
        """All that is remembered, and a question, as messages for a chat template."""
        kept = self._kept()
        asked = [*(turn.question for turn in kept), question]
        said = prompt_messages(asked[0], self._view)
        for turn, later in zip(kept, asked[1:], strict=True):
            said += completion_messages(turn.answer) + later_messages(later)
        return said

    def _kept(self) -> list[Said]:
        """The turns that are read again."""
        first = 0 if self.remember is None else len(self.turns) - self.remember
        return self.turns[max(0, first) :]

    def _answer(self, question: str, expression: str | None) -> Answer:
        author, so_far = self._author, len(self._kept())
        if so_far and author.backbone.family.name in _ONE_TURN:
            raise ValueError(
                f"{author.backbone.family.title} has read one question already, "
                "expected one a picture: start a new conversation"
            )
        prompt = encode_messages(author.backbone, [self.messages(question)])
        if author.room(prompt) < 1:
            length = prompt["input_ids"].shape[1]
            raise ValueError(
                f"conversation has {length} tokens after {so_far} turns, expected "
                f"fewer than {length + author.room(prompt)}: start a new one"
            )
        return author.answer(prompt, [expression])[0]


def _need_words(what: str, words: str) -> None:
    if not isinstance(words, str) or not words.strip():
        raise ValueError(f"{what} is {words!r}, expected words")
