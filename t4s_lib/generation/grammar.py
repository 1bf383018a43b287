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
from t4s_lib.generation.mask_rules import label_texts, mask_rules
from t4s_lib.generation.open_labels import AFTER_LEFT, LONGEST
from t4s_lib.generation.rules import Chars, Many, Part, Parts, Ref, written

SENTENCES = ("free", "templates", "none")
"""What may stand before the mask: short prose, the paper's sentences, nothing."""

PROSE = 240
"""Characters of the longest free sentence, besides the labels that it names.

In it, ``<`` stands only before blanks, digits and ``=``, so it is never a tag.
"""

_CHAR: Parts = [[Chars("<", are_others=True)], ["<", Chars(AFTER_LEFT)]]


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
        start: before mask "</seg>"
        before: "<seg>" | " <seg>"
        mask: row "\n"
        row: runs2
        runs2: "others *" count2after0 | "dog *" count2after1
        count2after0: "2" | "1| " runs1after0
        count2after1: "2" | "1| " runs1after1
        count1after0: "1"
        runs1after0: "dog *" count1after1
        count1after1: "1"
        runs1after1: "others *" count1after0
    """
    named = [labels] if isinstance(labels, str) else labels
    texts = None if named is None else label_texts(named)
    start: Parts = [[Ref("before"), Ref("mask"), CLOSE]]
    before = _before(sentence, named, kind)
    body = mask_rules(find_codec(codec).name, grid_size(size), texts)
    return written({"start": start, **before, **body}, syntax)


def _before(sentence: str, labels: Sequence[str] | None, kind: str) -> dict[str, Parts]:
    """The rule ``before``: all that ends with the opening tag."""
    from t4s_lib.generation.openings import openings

    if sentence not in SENTENCES:
        known = ", ".join(SENTENCES)
        raise ValueError(f"sentence is {sentence!r}, expected one of {known}")
    if sentence == "free":
        most = PROSE + (LONGEST if labels is None else sum(map(len, labels)))
        tagged: list[Part] = [Many(Ref("CHAR"), 1, most), OPEN]
        return {"before": [[OPEN], [Ref("PROSE")]], "PROSE": [tagged], "CHAR": _CHAR}
    if sentence == "none":
        texts = [OPEN]
    elif labels is None:
        raise ValueError("sentence is 'templates', expected labels to put into them")
    else:
        texts = openings(labels, kind)
    # Tokenizers of the SentencePiece family begin an answer with a blank.
    return {"before": [[blank + text] for text in texts for blank in ("", " ")]}
