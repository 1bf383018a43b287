r"""A picture and an expression go in, a model writes a text, the text is the mask.

>>> from t4s_lib import Segmenter
>>> from t4s_lib.sources import scenes
>>> sample = scenes(1, "heldout")[0]
>>> segment = Segmenter.load("tiny")                       # doctest: +SKIP
>>> segment(sample.image, sample.expression).mask.shape    # doctest: +SKIP
(64, 64)
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from t4s_lib.answers import read_answer
from t4s_lib.codecs import codec as find_codec
from t4s_lib.descriptor import grid_size
from t4s_lib.generation.author import Answer, Author, merged
from t4s_lib.models.checkpoints import noted_format
from t4s_lib.pictures import to_rgb
from t4s_lib.prediction import Prediction as Prediction
from t4s_lib.prompts import ask
from t4s_lib.refine import Refiner
from t4s_lib.refine import refiner as find_refiner

if TYPE_CHECKING:
    from PIL import Image

    from t4s_lib.conversation import Conversation
    from t4s_lib.models import Backbone


class Segmenter:
    """Segments pictures by asking a model for text.

    Args:
        backbone: The model with its processor, see ``load_backbone``.
        codec: The format the model writes.
        grid: Grid side, or ``(rows, cols)``, that it writes.
        max_new_tokens: Longest answer, in tokens; a longer one is cut, and the
            report says so.
        mode: How answers are written, one of ``generation.decode.MODES``. ``"rows"``
            drafts each row from the one above, several times as fast as ``"plain"``
            and with the same outcome.
        valid: Whether a grammar lets it write masks of the expression only. What is
            valid anyway stays the same.
    """

    def __init__(
        self,
        backbone: Backbone,
        codec: str = "row-rle",
        grid: int | tuple[int, int] = 16,
        max_new_tokens: int = 2048,
        mode: str = "rows",
        valid: bool = False,
    ) -> None:
        self.backbone = backbone
        self.codec = find_codec(codec).name
        self.grid = grid_size(grid)
        self._author = Author(
            backbone, self.codec, self.grid, max_new_tokens, mode, valid
        )

    @classmethod
    def load(
        cls,
        name: str | Path = "tiny",
        *,
        codec: str | None = None,
        grid: int | tuple[int, int] | None = None,
        max_new_tokens: int = 2048,
        mode: str = "rows",
        valid: bool = False,
        **how: Any,
    ) -> Segmenter:
        """Load a model that writes masks.

        Args:
            name: ``"tiny"``, the model that ships with the package; a folder with
                a model, or with an adapter, as ``t4s train`` leaves it; or a Hub id.
            codec: Format it writes; by default what is noted beside its adapter,
                else ``row-rle``.
            grid: Grid it writes; likewise, else 16.
            max_new_tokens: Longest answer, in tokens.
            mode: How answers are written, see above.
            valid: Whether it can write masks only, see above.
            how: Passed to ``load_backbone``: ``dtype``, ``quantize``, ``device``.

        Raises:
            ValueError: If the model cannot be had; the line says why.
        """
        from t4s_lib.models import load_backbone

        noted = noted_format(name)
        return cls(
            merged(load_backbone(name, **how)),
            codec or noted.get("codec", "row-rle"),
            grid or noted.get("grid", 16),
            max_new_tokens,
            mode,
            valid,
        )

    def __call__(
        self,
        image: Image.Image,
        expression: str,
        refiner: str = "bilinear",
        *,
        soft: bool = False,
    ) -> Prediction:
        """Segment one picture by one expression.

        Args:
            image: The picture, any size.
            expression: What is meant, e.g. ``"the red circle"``.
            refiner: How cells become pixels, one of ``t4s_lib.refine.REFINERS``.
            soft: Whether the prediction says how sure the model was of each cell;
                the refiner then uses it.

        Raises:
            ValueError: For an empty expression or an unknown refiner.
        """
        return self.batch([image], [expression], refiner, soft=soft)[0]

    def batch(
        self,
        images: Sequence[Image.Image],
        expressions: Sequence[str],
        refiner: str = "bilinear",
        *,
        soft: bool = False,
    ) -> list[Prediction]:
        """Segment several pictures at once, one expression each.

        Answers are written greedily, all at the same time; they are what they
        would be one by one, up to rounding.
        """
        from t4s_lib.models.conversation import encode_prompts

        def encode(questions: Sequence[str]) -> Any:
            return encode_prompts(self.backbone, images, questions)

        return self._segment(images, expressions, refiner, soft, encode)

    def segment_many(
        self,
        image: Image.Image,
        expressions: Sequence[str],
        refiner: str = "bilinear",
        *,
        soft: bool = False,
    ) -> list[Prediction]:
        """Segment one picture by several expressions; it is looked at once."""
        from t4s_lib.generation.shared import shared_prompts

        def encode(questions: Sequence[str]) -> Any:
            return shared_prompts(self.backbone, image, questions)

        images = [image] * len(expressions)
        return self._segment(images, expressions, refiner, soft, encode)

    def conversation(
        self, image: Image.Image, remember: int | None = None
    ) -> Conversation:
        """A talk about one picture.

        Args:
            image: The picture, any size.
            remember: How many of the last turns the model reads again; all for None.

        Raises:
            ValueError: If ``remember`` is below 0.
        """
        from t4s_lib.conversation import Conversation

        return Conversation(self._author, image, self._read, remember)

    def write(
        self,
        images: Sequence[Image.Image],
        questions: Sequence[str],
        expressions: Sequence[str] | None = None,
    ) -> tuple[list[str], list[int]]:
        """The model's answers to any questions, and the forward passes each took.

        Args:
            images: One picture a question.
            questions: What is asked.
            expressions: What each asks for, where it is a mask: it is then written
                faster, or by a grammar, as this segmenter is set.
        """
        from t4s_lib.models.conversation import encode_prompts

        prompts = encode_prompts(self.backbone, images, questions)
        labels: list[str | None] = [None] * len(questions)
        if expressions is not None:
            labels = list(expressions)
        answers = self._author.answer(prompts, labels)
        return [found.text for found in answers], [found.forwards for found in answers]

    def _segment(
        self,
        images: Sequence[Image.Image],
        expressions: Sequence[str],
        refiner: str,
        soft: bool,
        encode: Callable[[Sequence[str]], Any],
    ) -> list[Prediction]:
        _check(images, expressions)
        draw = find_refiner(refiner)
        if not images:
            return []
        start = time.perf_counter()
        prompts = encode([ask(words) for words in expressions])
        answers = self._author.answer(prompts, expressions, soft)
        each = (time.perf_counter() - start) / len(answers)
        return [
            self._read(answer, image, draw, each)
            for answer, image in zip(answers, images, strict=True)
        ]

    def _read(
        self, found: Answer, image: Image.Image, draw: Refiner, seconds: float
    ) -> Prediction:
        text, grid, report = read_answer(found.text, self.grid, self.codec)
        mask = draw.refine(grid, to_rgb(image), found.soft) > 0
        cost = (seconds, found.forwards)
        return Prediction(text, grid, report, mask, *cost, found.text, found.soft)


def _check(images: Sequence[Image.Image], expressions: Sequence[str]) -> None:
    if len(images) != len(expressions):
        found = f"{len(images)} pictures and {len(expressions)} expressions"
        raise ValueError(f"found {found}, expected one expression a picture")
    for words in expressions:
        if not isinstance(words, str) or not words.strip():
            raise ValueError(f"expression is {words!r}, expected words")
