r"""The conversation around a mask's text: the paper's questions and answers.

    question  Can you segment the white horse in the image?
    answer    The segmentation mask for 'white horse' is shown below:\n<seg>...</seg>

``X`` stands for what is asked for. The wordings are the authors', needed so that
their checkpoints are asked what they were trained on; only those known word for
word are here. Source: the authors' ``question_answer_list.py``.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from typing import NamedTuple

from t4s_lib.codecs.labels import BLANKS, escape_marks, escape_tags, unescape
from t4s_lib.codecs.report import Fault
from t4s_lib.codecs.tags import CLOSE, OPEN, cut, prose

QUESTIONS: dict[str, tuple[str, ...]] = {
    # Referring and generalised referring segmentation, training and evaluation.
    "partial": (
        "Please segment only the X in the image.",
        "Can you segment the X in the image?",
        "Where is the X in this picture? Please respond with segmentation mask.",
        "Where is 'X' in this image? Please output segmentation mask.",
        "Could you provide the segmentation mask for 'X' in this image?",
        "Please segment the image and highlight 'X'.",
    ),
    # Open-vocabulary segmentation: X is a list of candidates.
    "condition": (
        "Please segment the image based on the category: X.",
        "Segment the image according to the specified category: X.",
        "Segment the image while focusing on the category: X.",
        "Please provide a segmentation map for the category: X.",
        "Segment the image with emphasis on the class: X.",
        "Please segment the image, focusing on the candidate category: X.",
        "Could you segment the image, considering the indicated class: X?",
    ),
    # Everything in the picture.
    "all": ("Can you segment and label the image?",),
}
"""Question templates by kind; all of one kind are equally likely."""

ANSWERS: dict[str, tuple[str, ...]] = {
    "partial": (
        "Sure, here is the segmentation mask for 'X':",
        "Here is the segmentation map focusing on the X:",
        "Here is the segmentation mask highlighting the X:",
        "The segmentation map for 'X' is:",
        "The segmentation mask for 'X' is shown below:",  # twice, as theirs
        "The segmentation mask for 'X' is shown below:",
        "Sure, Here's the segmentation of the X:",
        "Sure, the segmented output for 'X' is:",
        "Certainly, the segmentation map for 'X' is:",
        "Certainly, here is the segmentation mask for 'X':",
    ),
    "condition": ("Sure, the segmentation mask is:",),
    "all": ("Sure, the segmentation mask is:",),
}
"""Sentences that stand before the mask, by the kind of question."""

JOINERS = {"code": "|", "parts": "| ", "paper": ", "}
"""How several labels become one X: in the authors' code, for parts, in the paper."""

_SLOT = re.compile(r"\bX\b")


class Answer(NamedTuple):
    """An answer taken apart.

    Attributes:
        sentence: What the model says before the mask.
        text: The mask's text, without tags.
        faults: Tags missing or too many, words after the mask.
    """

    sentence: str
    text: str
    faults: tuple[Fault, ...]


def ask(
    labels: str | Sequence[str],
    kind: str = "partial",
    seed: int | str = 0,
    joiner: str = "code",
) -> str:
    """Ask for one expression, or for several labels, in one of the paper's wordings.

    Args:
        labels: The expression, or the labels of a multi-class question.
        kind: ``"partial"``, ``"condition"`` or ``"all"``.
        seed: Chooses the wording; equal seeds choose alike on every machine.
            A sample's ``source`` is a good one.
        joiner: How several labels are joined, a key of ``JOINERS``.

    Raises:
        ValueError: For an unknown kind or joiner.

    Examples:
        >>> ask("white horse", seed=3)
        'Please segment only the white horse in the image.'
        >>> ask(["zebra", "grass"], kind="condition", seed=1)
        'Please segment the image based on the category: zebra|grass.'
    """
    return _filled(QUESTIONS, kind, seed, labels, joiner)


def fold(
    text: str,
    labels: str | Sequence[str],
    kind: str = "partial",
    seed: int | str = 0,
    joiner: str = "code",
) -> str:
    r"""Put the answer's sentence and the tags around a mask's text.

    Examples:
        >>> fold("dog *2\n", "dog", seed=5)
        "Sure, here is the segmentation mask for 'dog':\n<seg>dog *2\n</seg>"
    """
    return f"{_filled(ANSWERS, kind, seed, labels, joiner)}\n{OPEN}{text}{CLOSE}"


def unfold(answer: str) -> Answer:
    r"""Take an answer apart; the inverse of ``fold``.

    Words before the mask are the sentence. Where there are no tags at all, the
    whole answer is taken for the mask's text, and the missing tag is reported.

    Examples:
        >>> unfold("The segmentation map for 'dog' is:\n<seg>dog *2\n</seg>")[:2]
        ("The segmentation map for 'dog' is:", 'dog *2\n')
    """
    tagged = cut(answer)
    faults = list(tagged.faults)
    if not tagged.is_tagged:
        faults.append(Fault("missing_open_tag"))
    faults += prose(tagged._replace(before=""))
    return Answer(tagged.before.strip(BLANKS), tagged.body, tuple(faults))


def join_labels(labels: Sequence[str], joiner: str = "code") -> str:
    """Write several labels as one; a label that holds the joiner is escaped.

    Examples:
        >>> join_labels(["zebra", "grass"]), join_labels(["zebra", "a, b"], "paper")
        ('zebra|grass', 'zebra, a%2C b')
    """
    between = _joiner(joiner)
    written = [escape_marks(label) for label in labels]
    if joiner == "paper":
        written = [label.replace(between, f"%2C{between[1:]}") for label in written]
    return between.join(written)


def split_labels(joined: str, joiner: str = "code") -> list[str]:
    """The labels that were joined; the inverse of ``join_labels``.

    Examples:
        >>> split_labels("zebra|grass"), split_labels("zebra, a%2C b", "paper")
        (['zebra', 'grass'], ['zebra', 'a, b'])
    """
    return [unescape(label) for label in joined.split(_joiner(joiner))]


def _filled(
    templates: dict[str, tuple[str, ...]],
    kind: str,
    seed: int | str,
    labels: str | Sequence[str],
    joiner: str,
) -> str:
    if kind not in templates:
        raise ValueError(f"kind is {kind!r}, expected one of {', '.join(templates)}")
    wanted = labels if isinstance(labels, str) else join_labels(labels, joiner)
    template = random.Random(f"{kind}:{seed}").choice(templates[kind])
    return _SLOT.sub(lambda _: escape_tags(wanted), template)


def _joiner(name: str) -> str:
    if name not in JOINERS:
        raise ValueError(f"joiner is {name!r}, expected one of {', '.join(JOINERS)}")
    return JOINERS[name]
