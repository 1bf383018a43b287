"""The LoRA budget against peft, against models on the meta device, against autograd."""

from dataclasses import replace
from typing import Any

import pytest

from t4s_lib.models.families import FAMILIES
from t4s_lib.models.toys import GRID
from t4s_lib.training.budget import (
    WEIGHT_BYTES,
    Budget,
    lora_parameters,
    setting_for,
    smallest,
)
from t4s_lib.training.gpus import GIB, GPUS
from t4s_lib.training.shape_table import SHAPES
from t4s_lib.training.shapes import GROUPS, Shape

LLAVA = SHAPES["llava-hf/llava-1.5-7b-hf"]


@pytest.mark.parametrize("name", SHAPES)
def test_the_table_says_what_the_meta_model_says(name: str) -> None:
    from t4s_lib.training.meta import measure, meta_model

    assert measure(meta_model(name), name) == SHAPES[name]


@pytest.mark.parametrize(
    ("name", "billions"),
    [
        ("llava-hf/llava-1.5-7b-hf", 7.06),
        ("llava-hf/llava-1.5-13b-hf", 13.35),
        ("Qwen/Qwen2-VL-7B-Instruct", 8.29),
        ("Qwen/Qwen2.5-VL-3B-Instruct", 3.75),
        ("Qwen/Qwen3-VL-8B-Instruct", 8.77),
        ("OpenGVLab/InternVL3-8B-hf", 7.94),
        ("google/gemma-3-4b-it", 4.30),
        ("google/paligemma-3b-pt-224", 2.92),
    ],
)
def test_the_totals_are_the_published_ones(name: str, billions: float) -> None:
    assert SHAPES[name].parameters / 1e9 == pytest.approx(billions, abs=0.006)


def test_llava_at_rank_64_trains_160_million() -> None:
    assert lora_parameters(LLAVA, 64) == 159_907_840


@pytest.mark.parametrize(
    "family", ["llava", "qwen2_vl", "internvl", "deepseek_vl_hybrid"]
)
@pytest.mark.parametrize("targets", GROUPS)
def test_peft_counts_the_same(family: str, targets: str) -> None:
    from peft import LoraConfig, get_peft_model

    from t4s_lib.models.toys import toy
    from t4s_lib.training.meta import measure

    r, model = 5, toy(family).model
    shape = measure(model, family)
    where = FAMILIES[family].targets(targets)
    tuned = get_peft_model(
        model, LoraConfig(r=r, target_modules=where, task_type="CAUSAL_LM")
    )
    counted = sum(p.numel() for p in tuned.parameters() if p.requires_grad)
    assert lora_parameters(shape, r, targets) == counted


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_can_be_measured(family: str) -> None:
    from t4s_lib.models.toys import toy
    from t4s_lib.training.meta import measure

    backbone = toy(family)
    shape = measure(backbone.model, family)
    assert shape.parameters == sum(p.numel() for p in backbone.model.parameters())
    # Qwen's towers take any size: theirs is the family's, not the toy's.
    side = 16 if family.startswith("qwen") else GRID
    assert shape.visual_tokens == side**2
    assert len(shape.linears["language"]) > 0


@pytest.mark.parametrize("dropout", [0.0, 0.1])
def test_activations_are_what_autograd_keeps(dropout: float) -> None:
    """On the CPU, whose dropout keeps a mask of 2 bytes an input, a GPU's of 1."""
    width, inner, layers, tokens, r = 256, 640, 2, 1024, 8
    one, two = (
        _kept_bytes(width, inner, n, tokens, r, dropout) for n in (layers, layers + 1)
    )
    budget = Budget(_decoder(width, inner, layers), r, tokens=tokens,
                    checkpointing=False, dropout=dropout > 0)  # fmt: skip
    more = replace(budget, shape=replace(budget.shape, layers=layers + 1))
    said = more.memory.activations - budget.memory.activations
    masks = tokens * (6 * width + inner) * (dropout > 0)
    assert said + masks == pytest.approx(two - one, rel=0.05)


def _kept_bytes(
    width: int, inner: int, layers: int, tokens: int, r: int, dropout: float
) -> int:
    """Bytes that autograd saves in a decoder with LoRA, its weights left out."""
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import LlamaConfig, LlamaModel

    config = LlamaConfig(
        hidden_size=width, intermediate_size=inner, num_hidden_layers=layers,
        num_attention_heads=4, num_key_value_heads=4, vocab_size=16,
    )  # fmt: skip
    where = r".*\.(q|k|v|o|gate|up|down)_proj"
    lora = LoraConfig(r=r, lora_dropout=dropout, target_modules=where)
    model = get_peft_model(LlamaModel(config).to(torch.bfloat16), lora).train()
    own = {p.untyped_storage().data_ptr() for p in model.parameters()}
    kept: dict[int, Any] = {}

    def keep(tensor: Any) -> Any:
        store = tensor.untyped_storage()
        if store.data_ptr() not in own:
            kept[store.data_ptr()] = store
        return tensor

    given = torch.randn(1, tokens, width, dtype=torch.bfloat16, requires_grad=True)
    hooks = torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor)
    with hooks, torch.autocast("cpu", torch.bfloat16):
        model(inputs_embeds=given, use_cache=False)
    return sum(store.nbytes() for store in kept.values())


def _decoder(width: int, inner: int, layers: int) -> Shape:
    linears = {"language": ((width, width, 4 * layers),)}
    return replace(
        LLAVA, hidden=width, intermediate=inner, layers=layers, kv_width=width,
        linears=linears,
    )  # fmt: skip


def test_a_quantized_weight_is_as_large_as_loading_says() -> None:
    from t4s_lib.models.memory import QUANTIZED

    assert {key: WEIGHT_BYTES[key] for key in QUANTIZED} == QUANTIZED


def test_what_saves_memory_saves_memory() -> None:
    plain = Budget(LLAVA, batch=4, checkpointing=False)
    for lean in (
        replace(plain, checkpointing=True),
        replace(plain, batch=1),
        replace(plain, quantize="4bit"),
        replace(plain, r=8),
    ):
        assert lean.memory.total < plain.memory.total


def test_training_every_weight_takes_16_bytes_each() -> None:
    memory = Budget(LLAVA, r=None).memory
    fixed = memory.total - memory.activations
    assert fixed == pytest.approx(16 * LLAVA.parameters)


def test_the_smallest_gpu_and_what_would_make_room() -> None:
    budget = Budget(SHAPES["llava-hf/llava-1.5-13b-hf"], batch=4)
    found = smallest(budget)
    assert found is not None
    assert found.name == "A100 40 GB"
    assert setting_for(budget, found) == ""
    settings = {gpu.name: setting_for(budget, gpu) for gpu in GPUS}
    assert settings["RTX 4090 24 GB"] == "per_device_batch=1 quantize=4bit"
    assert settings["T4 16 GB"] is not None
    assert settings["T4 16 GB"].startswith("precision=fp16")
    assert setting_for(replace(budget, r=None), found) is None


def test_a_setting_that_is_named_does_fit() -> None:
    for shape in SHAPES.values():
        budget = Budget(shape, batch=8, checkpointing=False)
        for gpu in GPUS:
            words = setting_for(budget, gpu)
            if words is not None and "quantize=4bit" in words:
                lean = replace(budget, batch=1, checkpointing=True, quantize="4bit")
                lean = replace(lean, precision="fp16")
                assert lean.memory.total <= gpu.usable


@pytest.mark.parametrize(
    ("r", "targets", "words"),
    [
        (0, "language", "rank is 0, expected 1 or more"),
        (8, "mlp", "targets is 'mlp', expected one of language, language\\+projector"),
    ],
)
def test_bad_input_is_one_line(r: int, targets: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        lora_parameters(LLAVA, r, targets)


def test_a_model_that_is_not_here_is_named() -> None:
    from t4s_lib.training.meta import shape_of

    with pytest.raises(ValueError, match="model is 'no/such', expected a folder"):
        shape_of("no/such")


def test_gpus_stand_in_order_of_need() -> None:
    assert all(gpu.usable < gpu.memory * GIB for gpu in GPUS)
    assert GPUS[-1].hours(1e18, 8) == pytest.approx(GPUS[-1].hours(1e18) / 8)
