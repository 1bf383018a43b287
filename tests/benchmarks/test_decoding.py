"""The benchmark of decoding, at a size that takes seconds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from benchmarks import decoding, replays, runs, soft
from t4s_lib.generation.tokens import Tokens
from t4s_lib.models import Backbone
from t4s_lib.models.toys import toy
from t4s_lib.sources import Sample, scenes

SMALL = decoding.Sizes(
    scenes=2, ways=1, full=1, soft=2, batches=1, texts=2, sides=(16, 4)
)


def letters() -> replays.Vocabulary:
    tokens = Tokens(lambda t: [ord(c) for c in t], lambda ids: "".join(map(chr, ids)))
    return replays.Vocabulary("letters", tokens, 0)


@pytest.fixture(scope="module")
def backbone() -> Backbone:
    return toy("llava")


@pytest.fixture(scope="module")
def found(backbone: Backbone) -> dict[str, Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runs, "LONGEST", 24)
        return decoding.measure_decoding(scenes(3, "val"), SMALL, backbone, letters())


def test_every_figure_is_there(found: dict[str, Any]) -> None:
    figures = {
        "identical",
        "replay_16_passes",
        "speedup_vs_greedy",
        "speedup_vs_full",
        "batch8_speedup",
        "grammar_cost",
        "soft_cost",
    }
    assert figures <= set(found)
    assert set(found["modes"]) == set(decoding.WAYS)
    assert found["modes"]["generate"]["speedup"] == 1
    assert all(way["passes"] > 0 for way in found["modes"].values())
    assert found["grammar_cost"] > 0
    assert found["soft_cost"] > 0


def test_replays_are_by_side_and_mode(found: dict[str, Any]) -> None:
    assert found["replay"]["texts"] == 2
    table = found["replay"]["16"]
    assert found["replay_16_passes"] == table["rows"]
    assert table["rows"] < table["lookup"] < table["plain"]


def test_ways_of_a_model_without_a_grammar_write_the_same(
    found: dict[str, Any],
) -> None:
    table = found["modes"]
    for way in ("plain", "lookup", "rows", "generate with prompt lookup"):
        assert table[way]["identical"] == 1
    assert found["batch8_identical"] == 1


def test_a_given_answer_is_spelled_one_token_a_pass(backbone: Backbone) -> None:
    asked = runs.question(backbone, scenes(1, "val")[0])
    wanted = [*backbone.tokenizer.encode("others", add_special_tokens=False)] * 3
    run = runs.spelled(backbone, asked, wanted)
    assert run.tokens == wanted
    assert run.forwards == len(wanted)


def test_passes_are_counted_through_an_adapter() -> None:
    inner = torch.nn.Linear(1, 1)

    class Wrapping:
        def get_base_model(self) -> Any:
            return inner

    with runs.Passes(Wrapping()) as passes:
        inner(torch.zeros(1))
        inner(torch.zeros(1))
    inner(torch.zeros(1))
    assert passes.count == 2


def test_full_descriptors_say_the_same_mask(backbone: Backbone) -> None:
    sample = scenes(1, "val")[0]
    asked = runs.question(backbone, sample)
    answer = "<seg>" + "\n ".join(["others *16"] * 16) + "\n</seg>"
    tokens = backbone.tokenizer.encode(answer, add_special_tokens=False)
    whole = decoding.full_tokens(backbone, asked, tokens)
    text = backbone.tokenizer.decode(whole)
    assert text.count("others") == 256
    assert whole[-1] == backbone.tokenizer.eos_token_id


@pytest.mark.parametrize(
    ("text", "end", "valid"),
    [
        ("others *16", True, True),
        ("others *15", True, False),
        ("others *16", False, False),
    ],
)
def test_an_answer_is_valid_that_is_exact_and_finished(
    backbone: Backbone, text: str, end: bool, valid: bool
) -> None:
    answer = "Here:\n<seg>" + "\n ".join([text] * 16) + "\n</seg>"
    tokens = backbone.tokenizer.encode(answer, add_special_tokens=False)
    tokens += [backbone.tokenizer.eos_token_id] * end
    assert decoding.is_valid(backbone, tokens) == valid


def test_intersections_and_unions_are_added_up() -> None:
    true = np.array([[True, True]])
    one = soft.Masks(true, true, np.array([[0.45, 0.9]]), 0.1)
    two = soft.Masks(~true, true, np.array([[0.0, 0.45]]), 0.1)
    assert soft.ciou([one, two]) == 0.5
    assert soft.ciou([one, two], 0.5) == 0.5
    assert soft.ciou([one, two], 0.4) == round(2 / 3, 4)


def test_a_replay_that_changes_the_text_is_an_error() -> None:
    words = letters()
    text = replays.Text("dog", 4, [1, 0, 2, 0])
    with pytest.raises(ValueError, match="plain changed the answer for 'dog'"):
        replays.passes(text, "plain", words)


def test_samples_are_replayed_as_in_training() -> None:
    mask = np.zeros((8, 8), bool)
    mask[:4] = True
    sample = Sample(lambda: None, "a dog", mask, ["a dog"], "demo#0")  # type: ignore[arg-type, return-value]
    text = replays.text_of(sample, 2, letters())
    body = "".join(map(chr, text.tokens[:-1]))
    assert body.endswith("\n<seg>a dog *2\n others *2\n</seg>")
    assert text.tokens[-1] == 0
