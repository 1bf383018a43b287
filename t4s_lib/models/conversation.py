"""Questions and answers as a backbone wants them: messages, prompts, batches.

One code path for every family: the processor's chat template, then tokens. What
the model reads before it writes (``encode_prompts``) is, token for token, what stood
before the answer in training (``collator``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PIL import Image

from t4s_lib.models.squash import squash
from t4s_lib.models.turns import answers_only

if TYPE_CHECKING:
    from t4s_lib.models.loading import Backbone

Message = dict[str, Any]
Row = Mapping[str, Any]
IGNORED = -100
"""The label of a token that is not in the loss."""


def prompt_messages(question: str, image: Image.Image | None = None) -> list[Message]:
    """One picture and one question, as a conversation.

    Args:
        question: What is asked.
        image: The picture; without it, its place is held for the one in the row.

    Examples:
        >>> prompt_messages("Where is the dog?")
        [{'role': 'user', 'content': [{'type': 'image'},
          {'type': 'text', 'text': 'Where is the dog?'}]}]
    """
    picture = {"type": "image"} if image is None else {"type": "image", "image": image}
    return [
        {"role": "user", "content": [picture, {"type": "text", "text": question}]},
    ]


def later_messages(question: str) -> list[Message]:
    """One more question about the same picture, as a conversation goes on.

    Examples:
        >>> later_messages("And the cat?")[0]["content"]
        [{'type': 'text', 'text': 'And the cat?'}]
    """
    return [{"role": "user", "content": [{"type": "text", "text": question}]}]


def completion_messages(answer: str) -> list[Message]:
    """The answer, as a conversation goes on.

    Examples:
        >>> completion_messages("<seg></seg>")[0]["role"]
        'assistant'
    """
    return [{"role": "assistant", "content": [{"type": "text", "text": answer}]}]


def encode_prompts(
    backbone: Backbone, images: Sequence[Image.Image], questions: Sequence[str]
) -> Any:
    """What a backbone reads before it writes its answers.

    Args:
        backbone: Who reads.
        images: One picture per question, any size; each is squashed.
        questions: What is asked.

    Returns:
        A batch for ``model.generate``, padded on the left, on the model's device.

    Raises:
        ValueError: If there is not one picture per question.
    """
    if len(images) != len(questions):
        found = f"{len(images)} pictures and {len(questions)} questions"
        raise ValueError(f"found {found}, expected one picture per question")
    views = [squash(image, backbone.processor) for image in images]
    asked = [prompt_messages(q, view) for q, view in zip(questions, views, strict=True)]
    return encode_messages(backbone, asked)


def encode_messages(
    backbone: Backbone, conversations: Sequence[Sequence[Message]]
) -> Any:
    """What a backbone reads before it goes on with conversations.

    Args:
        backbone: Who reads.
        conversations: Of each all that was said, a question last; pictures squashed.

    Returns:
        As ``encode_prompts``.
    """
    batch = backbone.processor.apply_chat_template(
        [list(messages) for messages in conversations],
        tokenize=True,
        add_generation_prompt=True,
        return_dict=True,
        return_tensors="pt",
        processor_kwargs={
            "padding": True,
            "padding_side": "left",
            "add_special_tokens": False,  # the template writes them, as in training
        },
    )
    batch.pop("labels", None)  # PaliGemma's processor writes some for prompts too
    return batch.to(backbone.model.device, dtype=backbone.model.dtype)


def decode_answers(backbone: Backbone, prompts: Any, written: Any) -> list[str]:
    """The texts that were written after the prompts.

    Args:
        backbone: Who wrote.
        prompts: From ``encode_prompts``.
        written: Int ``(B, L)`` from ``model.generate``, prompts included.

    Returns:
        The answers, without special tokens.
    """
    new = written[:, prompts["input_ids"].shape[1] :]
    tokenizer = backbone.processor.tokenizer
    texts = tokenizer.batch_decode(
        new, skip_special_tokens=True, clean_up_tokenization_spaces=False
    )
    return list(texts)


def collator(backbone: Backbone) -> Callable[[Sequence[Row]], Any]:
    """Makes batches of training rows, with only the answers in the loss.

    Args:
        backbone: Who is trained.

    Returns:
        A function from rows, each with ``images``, ``prompt`` and ``completion``, to
        a batch with ``labels``. It leaves the rows as they are.
    """
    if backbone.family.collator == "paligemma":
        return PaliGemmaCollator(backbone.processor)
    from trl.trainer.sft_trainer import DataCollatorForVisionLanguageModeling

    make = DataCollatorForVisionLanguageModeling(
        backbone.processor, completion_only_loss=True
    )
    whole = partial(_collated, make)
    return answers_only(whole, backbone.processor)


def _collated(make: Callable[[list[dict[str, Any]]], Any], rows: Sequence[Row]) -> Any:
    return make([dict(row) for row in rows])


class PaliGemmaCollator:
    """Batches for PaliGemma, whose processor writes around the text it is given.

    The picture and the question are the prefix, read in both directions; the answer
    is the suffix, and all of the loss.

    Args:
        processor: A ``PaliGemmaProcessor``.
    """

    def __init__(self, processor: Any) -> None:
        self.processor = processor

    def __call__(self, rows: Sequence[Row]) -> Any:
        """A batch of rows; see ``collator``."""
        batch = self.processor(
            images=[list(row["images"]) for row in rows],
            text=[
                "<image>" * len(row["images"]) + _text(row["prompt"]) for row in rows
            ],
            suffix=[_text(row["completion"]) for row in rows],
            padding=True,
            padding_side="right",
            return_tensors="pt",
        )
        batch["labels"][batch["attention_mask"] == 0] = IGNORED
        return batch


def _pictures(row: Row) -> str:
    return "<image>" * len(row["images"])


def _text(messages: Sequence[Message]) -> str:
    """All that is said, without pictures."""
    found = []
    for message in messages:
        content = message["content"]
        parts = [{"text": content}] if isinstance(content, str) else content
        found += [part["text"] for part in parts if part.get("text")]
    return "".join(found)
