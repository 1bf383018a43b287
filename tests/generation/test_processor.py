"""Models of random weights, held to a grammar, write whole masks in every way."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from PIL import Image

from t4s_lib.answers import read_answer
from t4s_lib.generation.decode import picture_tokens
from t4s_lib.generation.engine import Grammar
from t4s_lib.generation.processor import GrammarProcessor
from t4s_lib.models.conversation import decode_answers, encode_prompts
from t4s_lib.models.toys import toy

FAMILIES = ("llava", "qwen2_5_vl", "internvl", "deepseek_vl", "idefics3", "gemma3")
SIZE = 3
WAYS: dict[str, dict[str, Any]] = {
    "greedy": {"do_sample": False},
    "sampled": {"do_sample": True, "temperature": 1.5},
    "beams": {"do_sample": False, "num_beams": 3},
}


def write(name: str, rows: int, **how: Any) -> list[str]:
    backbone = toy(name)
    image = Image.new("RGB", (64, 64), "teal")
    prompts = encode_prompts(backbone, [image] * rows, ["Where is the dog?"] * rows)
    grammar = Grammar.of("row-rle", SIZE, "dog", backbone, sentence="none")
    torch.manual_seed(0)
    written = backbone.model.generate(
        **prompts,
        max_new_tokens=400,
        pad_token_id=backbone.tokenizer.pad_token_id,
        suppress_tokens=picture_tokens(backbone) or None,
        logits_processor=[GrammarProcessor(grammar, prompts["input_ids"].shape[1])],
        **how,
    )
    return decode_answers(backbone, prompts, written)


def statuses(answers: list[str]) -> list[str]:
    return [read_answer(answer, SIZE).report.status for answer in answers]


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("way", WAYS)
def test_two_rows_are_whole_masks(name: str, way: str) -> None:
    assert statuses(write(name, 2, **WAYS[way])) == ["exact"] * 2


@pytest.mark.parametrize("name", FAMILIES)
def test_prompt_lookup_writes_what_greedy_writes(name: str) -> None:
    plain = write(name, 1, do_sample=False)
    looked = write(name, 1, do_sample=False, prompt_lookup_num_tokens=6)
    assert looked == plain
    assert statuses(plain) == ["exact"]


def test_grammars_must_share_the_rows() -> None:
    backbone = toy("llava")
    grammar = Grammar.of("row-rle", SIZE, "dog", backbone)
    processor = GrammarProcessor([grammar] * 2, 0)
    with pytest.raises(ValueError, match="3 rows for 2 grammars"):
        processor(torch.zeros(3, 1, dtype=torch.long), torch.zeros(3, 10))
