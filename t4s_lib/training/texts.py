"""How many tokens a training sample's text has: counted where there are texts.

Without the data, published means stand in, and the plan says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from t4s_lib.sources.base import Sample
from t4s_lib.training.specs import DataSpec, Recipe

Counter = Callable[[str], float]

CHAT, FRAME = 20, 48
"""Tokens of a chat template; of a question and an answer without its map (measured
with Mistral's 32k vocabulary on 155 RefCOCOg sentences: 21 and 27)."""

CHARACTERS = {
    "full": 4.0,
    "image-rle": 3.3,
    "row-rle": 3.1,
    "row-repeat": 3.2,
    "alias": 2.4,
    "alias-repeat": 2.4,
    "box": 2.2,
    "spans": 1.7,
    "gaps": 1.8,
}
"""Characters a token, of maps that name real expressions; measured likewise."""

_PAPER = {"full": 583.0, "row-rle": 154.0, "image-rle": 110.0}
_REFCOCOG = {
    "full": 780.0,
    "image-rle": 144.0,
    "row-rle": 202.0,
    "row-repeat": 128.0,
    "alias": 142.0,
    "alias-repeat": 88.0,
    "box": 71.0,
    "spans": 48.0,
    "gaps": 69.0,
}
_SIDE = 16  # the grid that these are for
_CONVERSATION = 250.0
_LOOKED_AT = 100  # samples


class Text(NamedTuple):
    """The text of one sample, on average.

    Attributes:
        question: Tokens that are read only, the chat template's among them.
        answer: Tokens that are learned.
        source: Where the numbers are from.
    """

    question: float
    answer: float
    source: str

    @property
    def total(self) -> float:
        """Both."""
        return self.question + self.answer


def counted(
    samples: Sequence[Sample], spec: DataSpec, recipe: Recipe, count: Counter | None
) -> Text:
    """Count the first samples' texts.

    Args:
        samples: At least one.
        spec: Their source.
        recipe: Says how they are written.
        count: Counts tokens; by ``CHARACTERS`` for None.
    """
    from t4s_lib.training.photo_rows import spoken

    some = [samples[k] for k in range(min(_LOOKED_AT, len(samples)))]
    sizes = []
    for sample in some:
        turns = spoken(sample, spec, recipe)
        asked = sum(_size(turn.question, recipe, count) for turn in turns)
        sizes.append((asked, sum(_size(turn.answer, recipe, count) for turn in turns)))
    means = [sum(column) / len(some) for column in zip(*sizes, strict=True)]
    how = "the model's tokenizer" if count else "their length"
    return Text(means[0] + CHAT, means[1], f"{len(some)} real texts, by {how}")


def published(spec: DataSpec, recipe: Recipe) -> Text:
    """What is known of a data set's texts without having them."""
    if spec.benchmark.startswith("llava:"):
        return Text(CHAT, _CONVERSATION, "assumed, a LLaVA conversation")
    mean, source = _known(recipe.codec, spec.benchmark)
    grows = recipe.grid / _SIDE
    sized = mean * (grows**2 if recipe.codec == "full" else grows)
    source += f", scaled from {_SIDE}x{_SIDE}" if recipe.grid != _SIDE else ""
    reads, writes = CHAT + 21 * spec.rounds, (sized + FRAME - 21) * spec.rounds
    return Text(reads, writes, source)


def _known(codec: str, benchmark: str) -> tuple[float, str]:
    """Mean tokens of a codec's maps on the grid above, and where that is from."""
    named = codec if codec in _REFCOCOG else "row-rle"
    like = "" if named == codec else f", as if {codec} were row-rle"
    if benchmark.startswith("refcocog:"):
        return _REFCOCOG[named], f"measured on 155 RefCOCOg sentences{like}"
    assumed = "" if benchmark.startswith(("refcoco", "grefcoco")) else "assumed, "
    source = f"{assumed}the paper's mean on RefCOCO"
    if named in _PAPER:
        return _PAPER[named], source + like
    shorter = _REFCOCOG[named] / _REFCOCOG["row-rle"]
    return _PAPER["row-rle"] * shorter, f"{source} of row-rle, shorter as on RefCOCOg"


def tokenizer_of(model: str) -> Counter | None:
    """A model's own way to count tokens, if its tokenizer is on this machine."""
    from t4s_lib.training.meta import place

    try:
        from transformers import AutoTokenizer

        tokenizer = AutoTokenizer.from_pretrained(place(model), local_files_only=True)
    except (ImportError, OSError, ValueError):
        return None
    return lambda text: len(tokenizer(text, add_special_tokens=False)["input_ids"])


def _size(text: str, recipe: Recipe, count: Counter | None) -> float:
    return count(text) if count else len(text) / CHARACTERS.get(recipe.codec, 3.1)
