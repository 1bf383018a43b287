r"""The tiny model's tokenizer: a token a word, and bytes for everything else.

Text is cut into the pieces of the format first (`` *5``, ``| ``, a line break with
its blank, a tag, a word with the blank before it). A piece that stands in the
vocabulary is one token; any other is spelt in bytes, so no text is ever lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast

from t4s_lib.models.tiny.wordings import WORDINGS
from t4s_lib.prompts import ANSWERS, QUESTIONS
from t4s_lib.sources import COLOURS, SHAPES
from t4s_lib.sources.scene_expressions import plural

PAD, EOS, BOS = "<pad>", "<eos>", "<bos>"
IMAGE, IMAGE_START, IMAGE_END = "<image_soft_token>", "<image_start>", "<image_end>"
SPECIALS = (PAD, EOS, BOS, IMAGE, IMAGE_START, IMAGE_END)

TAGS = ("seg", "row", "col", "box", "width", "start")
"""Tags an answer may stand in; all but ``seg`` belong to the base's own tasks."""

LARGEST = 64
"""Counts and coordinates up to this number are one token."""

PIECE = (
    r" \*[0-9]+|\| |\n |\n|</?[a-z]+>"
    r"| ?[A-Za-z]+| ?[0-9]+| ?[^\sA-Za-z0-9<|*]+|\s|."
)
"""What text is cut into before tokens are looked up."""

TEMPLATE = (
    "{{ bos_token }}{% for message in messages %}"
    "{% if message['role'] == 'user' %}User: "
    "{% if message['content'] is string %}{{ message['content'] }}{% else %}"
    "{% for part in message['content'] %}{% if part['type'] == 'text' %}"
    "{{ part['text'] }}{% endif %}{% endfor %}"
    "{% for part in message['content'] %}{% if part['type'] == 'image' %}"
    "<image_start>{% endif %}{% endfor %}{% endif %}"
    "{% else %}Assistant:{% generation %}"
    "{% if message['content'] is string %}{{ message['content'] }}{% else %}"
    "{% for part in message['content'] %}{{ part['text'] }}{% endfor %}{% endif %}"
    "{{ eos_token }}{% endgeneration %}{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}Assistant:{% endif %}"
)
"""The chat template: the question stands before the picture, so that the picture's
tokens can read it."""


def _texts() -> Iterator[str]:
    """Every text whose words shall be tokens."""
    yield "User:"
    yield "Assistant:\n\n"
    for wordings in (QUESTIONS["partial"], ANSWERS["partial"], WORDINGS):
        yield from wordings
    for tag in TAGS:
        yield f"<{tag}></{tag}>"
    for colour, shape in product((*COLOURS, "any"), (*SHAPES, "shape")):
        yield f"the {colour} {shape}, {plural(shape)} '{colour} {shape}'"
    for number in range(LARGEST + 1):
        yield f"others *{number}| others\n {number} {number}, {number}\n"
    yield "the large small leftmost rightmost topmost bottommost largest smallest"
    yield "on the left right at the top bottom left of right of above below"


def _cutter() -> pre_tokenizers.PreTokenizer:
    return pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(PIECE), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )


def _pieces(texts: Iterable[str]) -> list[str]:
    cut = _cutter()
    seen = (piece for text in texts for piece, _ in cut.pre_tokenize_str(text))
    return list(dict.fromkeys(seen))


def build_tokenizer() -> PreTrainedTokenizerFast:
    r"""The tokenizer of the tiny model, made from the words of the course.

    Examples:
        >>> tokenizer = build_tokenizer()
        >>> tokenizer.tokenize("others *5| the red circle *11\n ")
        ['others', 'Ġ*5', '|Ġ', 'the', 'Ġred', 'Ġcircle', 'Ġ*11', 'ĊĠ']
        >>> tokenizer.decode(tokenizer("naïve *5|x").input_ids)
        'naïve *5|x'
    """
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    words = list(dict.fromkeys([*SPECIALS, *alphabet, *_pieces(_texts())]))
    core = Tokenizer(
        models.BPE({word: k for k, word in enumerate(words)}, [], ignore_merges=True)
    )
    core.pre_tokenizer = _cutter()
    core.decoder = decoders.ByteLevel()
    return PreTrainedTokenizerFast(
        tokenizer_object=core,
        pad_token=PAD,
        eos_token=EOS,
        bos_token=BOS,
        extra_special_tokens={
            "image_token": IMAGE,
            "boi_token": IMAGE_START,
            "eoi_token": IMAGE_END,
        },
        padding_side="left",
        clean_up_tokenization_spaces=False,
        model_max_length=1024,
        chat_template=TEMPLATE,
    )
