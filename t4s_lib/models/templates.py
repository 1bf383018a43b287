"""Chat templates of our own, where a checkpoint has none, or one that never stops."""

from __future__ import annotations


def chat(
    image: str, user: str, between: str, assistant: str, end: str, start: str = ""
) -> str:
    """A chat template: pictures and question, then answer and end token.

    Args:
        image: What stands for a picture; pictures come before the question.
        user: What stands before a question.
        between: What stands after a question.
        assistant: What stands before an answer. No blank at its end: tokenizers
            join it to the answer's first word, and the prompt is then no prefix of
            what was trained on.
        end: What ends an answer.
        start: What stands before everything.

    Returns:
        The template, in Jinja.
    """
    return (
        f"{start}{{% for message in messages %}}"
        "{% if message.content is string %}"
        "{% set images = [] %}{% set text = message.content %}{% else %}"
        "{% set images = message.content|selectattr('type', 'equalto', 'image') %}"
        "{% set texts = message.content|selectattr('type', 'equalto', 'text') %}"
        "{% set text = texts|map(attribute='text')|join('') %}{% endif %}"
        f"{{% if message.role == 'assistant' %}}{assistant}"
        f"{{% generation %}}{{{{ text }}}}{end}{{% endgeneration %}}"
        f"{{% else %}}{user}{{% for _ in images %}}{image}{{% endfor %}}"
        f"{{{{ text }}}}{between}{{% endif %}}"
        f"{{% endfor %}}{{% if add_generation_prompt %}}{assistant}{{% endif %}}"
    )


LLAVA = chat(
    image="<image>\n",
    user="USER: ",
    between="\n",
    assistant="ASSISTANT:",
    end="{{ eos_token }}",
    start="{{ bos_token }}",
)
"""LLaVA-1.5's, as the authors' training tool writes it, with an end."""

DEEPSEEK = chat(
    image="<image_placeholder>",
    user="User: ",
    between="\n\n",
    assistant="Assistant:",
    end="{{ eos_token }}",
    start="{{ bos_token }}You are a helpful language and vision assistant. You are able"
    " to understand the visual content that the user provides, and assist the user"
    " with a variety of tasks using natural language.\n\n",
)
"""DeepSeek-VL's, with its system prompt."""

PALIGEMMA = chat(image="<image>", user="", between="", assistant="", end="")
"""PaliGemma's prompt; its processor writes what belongs around it."""

CHATML = chat(
    image="<IMG_CONTEXT>\n",
    user="<|im_start|>user\n",
    between="<|im_end|>\n",
    assistant="<|im_start|>assistant\n",
    end="<|im_end|>",
)
"""InternVL's, for toys: real checkpoints bring their own."""
