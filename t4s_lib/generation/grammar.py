r"""The language of right answers: a sentence, a tag, a mask that fills its grid.

    mask_grammar("row-rle", 16, ["white horse"])      for an engine such as llguidance
    mask_grammar(..., syntax="ebnf")                  for vLLM's structured outputs

What a grammar lets pass, ``read_answer`` reads as *exact*, whatever the model.
"""

from __future__ import annotations

from collections.abc import Sequence

from t4s_lib.codecs import codec as find_codec
from t4s_lib.codecs.tags import CLOSE, OPEN
from t4s_lib.descriptor import Size, grid_size
from t4s_lib.generation.mask_rules import Parts, label_texts, mask_rules
from t4s_lib.generation.rules import Part, Ref, Words, written

SENTENCES = ("free", "templates", "none")
"""What may stand before the mask: short prose, the paper's sentences, nothing."""

PROSE = Words("<", 240)
"""The longest free sentence."""


def mask_grammar(
    codec: str = "row-rle",
    size: Size = 16,
    labels: str | Sequence[str] | None = None,
    *,
    sentence: str = "free",
    kind: str = "partial",
    syntax: str = "lark",
) -> str:
    r"""The grammar of an answer's whole text.

    Args:
        codec: The format asked for.
        size: Grid side, or ``(rows, cols)``.
        labels: What was asked for; ``others`` is always allowed. None allows any
            label, and then equal neighbours cannot be forbidden.
        sentence: One of ``SENTENCES``.
        kind: The kind of question, which knows the paper's sentences.
        syntax: ``"lark"`` or ``"ebnf"``.

    Returns:
        The grammar, a rule a line.

    Raises:
        ValueError: For an unknown codec, sentence or syntax, a bad size, no label.

    Examples:
        >>> print(mask_grammar("row-rle", (1, 2), "dog", sentence="none"))
        start: blank "<seg>" mask "</seg>"
        blank: "" | " "
        mask: row "\n"
        row: runs2
        runs2: "others" count2_0 | "dog" count2_1
        count2_0: " *2" | " *1| " runs1_0
        count2_1: " *2" | " *1| " runs1_1
        count1_0: " *1"
        runs1_0: "dog" count1_1
        count1_1: " *1"
        runs1_1: "others" count1_0
    """
    from t4s_lib.generation.openings import openings

    named = [labels] if isinstance(labels, str) else labels
    texts = None if named is None else label_texts(named)
    body = mask_rules(find_codec(codec).name, grid_size(size), texts)
    if sentence not in SENTENCES:
        known = ", ".join(SENTENCES)
        raise ValueError(f"sentence is {sentence!r}, expected one of {known}")
    if sentence == "templates" and labels is None:
        raise ValueError("sentence is 'templates', expected labels to put into them")
    before: Parts = [[OPEN]]
    if sentence == "free":
        before = [[OPEN], [PROSE, OPEN]]
    elif sentence == "templates" and labels is not None:
        before = [[text] for text in openings(labels, kind)]
    return written(_answer(before, body), syntax)


def _answer(before: Parts, body: dict[str, Parts]) -> dict[str, Parts]:
    # Tokenizers of the SentencePiece family begin an answer with a blank.
    start: list[Part] = [Ref("before"), Ref("mask"), CLOSE]
    if before == [[OPEN]]:
        start = [OPEN, *start[1:]]
        return {"start": [[Ref("blank"), *start]], "blank": [[], [" "]], **body}
    has_prose = any(isinstance(part, Words) for part in before[-1])
    if has_prose:
        return {"start": [start], "before": before, **body}
    rules = {"blank": [[], [" "]], "before": before}
    return {"start": [[Ref("blank"), *start]], **rules, **body}
