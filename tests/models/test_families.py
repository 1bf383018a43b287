"""What is particular to each family, held against models of it."""

from __future__ import annotations

import re
import subprocess
import sys
from types import SimpleNamespace

import pytest

pytest.importorskip("transformers")

import torch
from transformers import AutoConfig

from t4s_lib.models import FAMILIES, family_of
from t4s_lib.models.families import TARGETS
from t4s_lib.models.toys import toy

LANGUAGE = ("language_model", "text_model")


def linear_layers(model: torch.nn.Module) -> list[str]:
    return [n for n, m in model.named_modules() if isinstance(m, torch.nn.Linear)]


@pytest.mark.parametrize("name", FAMILIES)
def test_every_model_type_is_one_that_transformers_knows(name: str) -> None:
    for kind in FAMILIES[name].model_types:
        assert AutoConfig.for_model(kind).model_type == kind


@pytest.mark.parametrize("name", FAMILIES)
def test_language_targets_are_the_language_models_linear_layers(name: str) -> None:
    model, pattern = toy(name).model, FAMILIES[name].targets("language")
    found = [n for n in linear_layers(model) if re.fullmatch(pattern, n)]
    decoder = model.get_decoder()
    inside = {id(m) for m in decoder.modules() if isinstance(m, torch.nn.Linear)}
    assert {id(model.get_submodule(n)) for n in found} == inside
    assert len(found) == 14  # two layers of seven


@pytest.mark.parametrize("name", FAMILIES)
def test_the_projector_is_added_and_nothing_else(name: str) -> None:
    family, model = FAMILIES[name], toy(name).model
    every = [n for n, _ in model.named_modules()]
    with_it, without = (
        {n for n in every if re.fullmatch(family.targets(where), n)}
        for where in ("language+projector", "language")
    )
    assert without <= with_it
    added = sorted(with_it - without)
    assert all(isinstance(model.get_submodule(n), torch.nn.Linear) for n in added)
    assert bool(added) == bool(family.projector)
    assert not any("layers" in n or "blocks" in n or "lm_head" in n for n in added)


def test_all_linear_is_for_peft_to_find() -> None:
    assert FAMILIES["llava"].targets("all-linear") == "all-linear"


def test_unknown_targets_are_refused() -> None:
    with pytest.raises(ValueError, match="'vision', expected one of language,"):
        FAMILIES["llava"].targets("vision")
    assert TARGETS[0] == "language"


@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_is_found_by_configuration_model_type_and_name(name: str) -> None:
    family = FAMILIES[name]
    assert family_of(name) is family
    assert family_of(SimpleNamespace(model_type=family.model_types[0])) is family


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("qwen2vl", "nearest is qwen2_vl"),
        ("internvl_chat", "Hub ids end in -hf"),
        ("bert", "known: llava, qwen2_vl"),
        (None, "known: llava"),
    ],
)
def test_an_unknown_family_names_the_known_ones(wrong: object, said: str) -> None:
    with pytest.raises(ValueError, match="no family for model type") as caught:
        family_of(wrong)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", FAMILIES)
def test_hub_ids_look_like_hub_ids(name: str) -> None:
    for hub_id in FAMILIES[name].hub_ids:
        assert re.fullmatch(r"[\w-]+/[\w.-]+", hub_id)


def test_naming_the_families_is_light() -> None:
    code = (
        "import sys, t4s_lib.models; "
        "print({'torch', 'transformers', 'peft', 'trl'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"
