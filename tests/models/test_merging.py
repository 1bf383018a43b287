"""The folder that engines serve: whole, plain, and held to the exported grammar."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("peft")

import torch
from transformers import AutoModelForImageTextToText, AutoProcessor

from t4s_lib.codecs import codec as find_codec
from t4s_lib.generation.grammar import mask_grammar
from t4s_lib.models import load_backbone
from t4s_lib.models.conversation import encode_prompts
from t4s_lib.models.errors import ModelError
from t4s_lib.models.merging import write_merged
from t4s_lib.prompts import ask, fold
from t4s_lib.sources import scenes
from t4s_lib.training.rows import true_grid


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_merged("tiny", tmp_path_factory.mktemp("merged") / "tiny")


def test_the_folder_has_what_an_engine_asks_for(folder: Path) -> None:
    names = {path.name for path in folder.iterdir()}
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    # One of transformers' own classes, by a name that vLLM's registry has too.
    assert config["architectures"] == ["Gemma3ForConditionalGeneration"]
    assert config["model_type"] == "gemma3"
    assert "auto_map" not in config  # no code of ours is needed to load it
    assert {"model.safetensors", "tokenizer.json", "tokenizer_config.json"} <= names
    assert {"chat_template.jinja", "processor_config.json", "t4s.json"} <= names
    assert not {n for n in names if n.endswith((".bin", ".pt", ".pth", ".py", ".pkl"))}
    assert not {n for n in names if n.startswith("adapter")}


def test_transformers_alone_loads_it_and_it_answers_as_the_adapter_does(
    folder: Path,
) -> None:
    model, told = AutoModelForImageTextToText.from_pretrained(
        folder, output_loading_info=True
    )
    assert not told["missing_keys"]
    assert not told["unexpected_keys"]
    processor = AutoProcessor.from_pretrained(folder)
    tuned = load_backbone("tiny")
    sample = scenes(1, "val")[0]
    prompts = encode_prompts(tuned, [sample.image], [ask(sample.expression)])
    talk = [{"role": "user", "content": [{"type": "image"}]}]
    rendered, before = (
        one.apply_chat_template(talk, add_generation_prompt=True)
        for one in (processor, tuned.processor)
    )
    assert rendered == before
    assert processor.boi_token in rendered
    with torch.no_grad():
        expected = tuned.model(**prompts).logits
        found = model.eval()(**prompts).logits
    assert torch.allclose(found, expected, atol=1e-4)
    assert model.dtype == torch.float32


def test_a_base_in_half_precision_stays_so(tmp_path: Path) -> None:
    made = write_merged("tiny", tmp_path / "half", dtype="bfloat16")
    config = json.loads((made / "config.json").read_text(encoding="utf-8"))
    assert config["dtype"] == "bfloat16"


def test_the_exported_grammar_takes_a_true_answer_and_no_false_one(
    folder: Path,
) -> None:
    xgrammar = pytest.importorskip("xgrammar", reason="vLLM's engine is not installed")
    sample = scenes(1, "val")[0]
    text = exported(sample.expression)
    tokenizer = AutoProcessor.from_pretrained(folder).tokenizer
    known = xgrammar.TokenizerInfo.from_huggingface(tokenizer)
    compiled = xgrammar.GrammarCompiler(known).compile_grammar(text)
    true, wrong = answers(sample)
    right = xgrammar.GrammarMatcher(compiled, terminate_without_stop_token=True)
    assert right.accept_string(true)
    assert right.is_terminated()
    other = xgrammar.GrammarMatcher(compiled, terminate_without_stop_token=True)
    assert not other.accept_string(wrong)


def test_the_request_for_vllm_carries_that_grammar() -> None:
    words = ["grammar", "red circle", "--form", "vllm"]
    start = [sys.executable, "-m", "t4s_lib"]
    done = subprocess.run([*start, *words], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said == {"structured_outputs": {"grammar": exported("red circle")}}
    assert exported("red circle").startswith("root ::= ")


def test_bad_input_is_one_line_and_leaves_nothing(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="which exists; expected a new folder"):
        write_merged("tiny", folder)
    with pytest.raises(ModelError, match="has no adapter, expected one"):
        write_merged("tiny-base", tmp_path / "out")
    with pytest.raises(ModelError, match="dtype is 'int4', expected one of"):
        write_merged("tiny", tmp_path / "out", dtype="int4")
    assert not list(tmp_path.iterdir())


def exported(expression: str) -> str:
    return mask_grammar("row-rle", 16, [expression], syntax="ebnf")


def answers(sample: Any) -> tuple[str, str]:
    """A true answer, and the same with one row missing."""
    text = find_codec("row-rle").encode(true_grid(sample, 16))
    short = text.split("\n", 1)[1].lstrip()
    true, wrong = (fold(t, sample.expression, "partial", "x") for t in (text, short))
    return true, wrong
