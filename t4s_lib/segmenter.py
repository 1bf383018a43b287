r"""A picture and an expression go in, a model writes a text, the text is the mask.

>>> from t4s_lib import Segmenter
>>> from t4s_lib.sources import scenes
>>> sample = scenes(1, "heldout")[0]
>>> segment = Segmenter.load("tiny")                       # doctest: +SKIP
>>> segment(sample.image, sample.expression).mask.shape    # doctest: +SKIP
(64, 64)
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from t4s_lib.answers import read_answer
from t4s_lib.codecs import codec as find_codec
from t4s_lib.codecs.report import ParseReport
from t4s_lib.descriptor import BoolMask, DescriptorGrid, grid_size
from t4s_lib.grid import MODES, grid_to_mask
from t4s_lib.models.checkpoints import FORMAT_FILE
from t4s_lib.prompts import ask

if TYPE_CHECKING:
    from PIL import Image

    from t4s_lib.models import Backbone

REFINERS = MODES
"""How the grid becomes pixels."""


@dataclass(frozen=True)
class Prediction:
    """What a model answered, and the mask that it means.

    Attributes:
        text: The mask's text, without sentence and tags; the whole answer where
            there are no tags.
        grid: The text read as a grid.
        report: What had to be mended to read it.
        mask: Bool ``(H, W)``, as large as the picture.
        seconds: Wall-clock time; of a batch, each prediction's even share.
        forwards: Forward passes of the model until this answer was finished.
        answer: Everything that the model wrote.
    """

    text: str
    grid: DescriptorGrid
    report: ParseReport
    mask: BoolMask
    seconds: float
    forwards: int
    answer: str = ""


class Segmenter:
    """Segments pictures by asking a model for text.

    Args:
        backbone: The model with its processor, see ``load_backbone``.
        codec: The format the model writes.
        grid: Grid side, or ``(rows, cols)``, that it writes.
        max_new_tokens: Longest answer, in tokens; a longer one is cut, and the
            report says so.
    """

    def __init__(
        self,
        backbone: Backbone,
        codec: str = "row-rle",
        grid: int | tuple[int, int] = 16,
        max_new_tokens: int = 2048,
    ) -> None:
        self.backbone = backbone
        self.codec = find_codec(codec).name
        self.grid = grid_size(grid)
        self.max_new_tokens = max_new_tokens

    @classmethod
    def load(
        cls,
        name: str | Path = "tiny",
        *,
        codec: str | None = None,
        grid: int | tuple[int, int] | None = None,
        max_new_tokens: int = 2048,
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
            how: Passed to ``load_backbone``: ``dtype``, ``quantize``, ``device``.

        Raises:
            ValueError: If the model cannot be had; the line says why.
        """
        from t4s_lib.models import load_backbone

        noted = _noted(name)
        return cls(
            load_backbone(name, **how),
            codec or noted.get("codec", "row-rle"),
            grid or noted.get("grid", 16),
            max_new_tokens,
        )

    def __call__(
        self, image: Image.Image, expression: str, refiner: str = "bilinear"
    ) -> Prediction:
        """Segment one picture by one expression.

        Args:
            image: The picture, any size.
            expression: What is meant, e.g. ``"the red circle"``.
            refiner: How cells become pixels: ``nearest`` or ``bilinear``.

        Raises:
            ValueError: For an empty expression or an unknown refiner.
        """
        return self.batch([image], [expression], refiner)[0]

    def batch(
        self,
        images: Sequence[Image.Image],
        expressions: Sequence[str],
        refiner: str = "bilinear",
    ) -> list[Prediction]:
        """Segment several pictures at once, one expression each.

        Answers are written greedily, all at the same time; they are what they
        would be one by one, up to rounding.
        """
        _check(images, expressions, refiner)
        if not images:
            return []
        start = time.perf_counter()
        answers, forwards = self.write(images, [ask(words) for words in expressions])
        each = (time.perf_counter() - start) / len(images)
        return [
            self._read(answer, (image.height, image.width), refiner, each, passes)
            for answer, image, passes in zip(answers, images, forwards, strict=True)
        ]

    def write(
        self, images: Sequence[Image.Image], questions: Sequence[str]
    ) -> tuple[list[str], list[int]]:
        """The model's answers to any questions, and the forward passes each took."""
        import torch

        from t4s_lib.models.conversation import decode_answers, encode_prompts

        prompts = encode_prompts(self.backbone, images, questions)
        length = prompts["input_ids"].shape[1]
        with torch.inference_mode():
            written = self.backbone.model.generate(
                **prompts,
                do_sample=False,
                max_new_tokens=min(self.max_new_tokens, self._room() - length),
                pad_token_id=self.backbone.tokenizer.pad_token_id,
            )
        forwards = self._lengths(written[:, length:])
        return decode_answers(self.backbone, prompts, written), forwards

    def _lengths(self, new: Any) -> list[int]:
        """Tokens of each answer, its end included."""
        ends = self.backbone.model.generation_config.eos_token_id
        known = set(ends if isinstance(ends, list) else [ends])
        rows = new.tolist()
        return [
            next((k + 1 for k, token in enumerate(row) if token in known), len(row))
            for row in rows
        ]

    def _room(self) -> int:
        """How many tokens the decoder can hold."""
        text = self.backbone.model.config.get_text_config()
        return int(getattr(text, "max_position_embeddings", 4096))

    def _read(
        self,
        answer: str,
        size: tuple[int, int],
        refiner: str,
        seconds: float,
        forwards: int,
    ) -> Prediction:
        text, grid, report = read_answer(answer, self.grid, self.codec)
        mask = grid_to_mask(grid, size, mode=refiner)
        return Prediction(text, grid, report, mask, seconds, forwards, answer)


def _check(
    images: Sequence[Image.Image], expressions: Sequence[str], refiner: str
) -> None:
    if refiner not in REFINERS:
        raise ValueError(
            f"refiner is {refiner!r}, expected one of {', '.join(REFINERS)}"
        )
    if len(images) != len(expressions):
        found = f"{len(images)} pictures and {len(expressions)} expressions"
        raise ValueError(f"found {found}, expected one expression a picture")
    for words in expressions:
        if not isinstance(words, str) or not words.strip():
            raise ValueError(f"expression is {words!r}, expected words")


def _noted(name: str | Path) -> dict[str, Any]:
    """The codec and grid noted beside an adapter; nothing if there is no note."""
    note = Path(name) / FORMAT_FILE
    if not note.is_file():
        return {}
    found = json.loads(note.read_text(encoding="utf-8"))
    grid = found.get("grid", 16)
    return {**found, "grid": tuple(grid) if isinstance(grid, list) else grid}
