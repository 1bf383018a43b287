"""A whole training, small: what it learns, what it writes, what it refuses."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("trl")

import torch
from PIL import Image

from t4s_lib.models import load_backbone
from t4s_lib.models.conversation import encode_prompts
from t4s_lib.models.toys import toy
from t4s_lib.sources import scenes
from t4s_lib.training.moments import Moment
from t4s_lib.training.recipe import Recipe, override
from t4s_lib.training.trainer import TrainResult, result, train

KEYS = {"cIoU", "gIoU", "grid_ceiling", "norm", "parse_failed", "no_target_accuracy"}


@dataclasses.dataclass
class Done:
    result: TrainResult
    moments: list[Moment]


@pytest.fixture(scope="module")
def done(small: Recipe, tmp_path_factory: pytest.TempPathFactory) -> Done:
    """The small recipe, trained as a user would."""
    moments: list[Moment] = []
    out = tmp_path_factory.mktemp("trained") / "new" / "out"
    return Done(train(small, out, callbacks=[moments.append]), moments)


def test_everything_promised_is_in_the_folder(done: Done) -> None:
    found = {path.name for path in done.result.folder.iterdir()}
    assert found == {
        *("adapter", "checkpoints", "curve.png", "done.json", "film.jsonl"),
        *("film.png", "log.jsonl", "recipe.yaml", "scores.json"),
    }
    names = {path.name for path in done.result.adapter.iterdir()}
    assert {"adapter_model.safetensors", "adapter_config.json"} <= names
    assert not [name for name in names if name.endswith((".bin", ".pt", ".pth"))]
    saved = json.loads((done.result.folder / "scores.json").read_text())
    assert saved == done.result.scores
    assert set(saved) >= KEYS
    assert saved["n"] == 5


def test_the_log_has_a_line_a_logged_step(done: Done) -> None:
    log = done.result.log
    assert [line["step"] for line in log] == [0, 2, 4, 6, 8]
    assert [line["samples"] for line in log] == [0, 8, 16, 24, 32]
    assert [line["step"] for line in log if "scores" in line] == [0, 4, 8]
    assert log[-1]["loss"] < log[1]["loss"]
    rates = [line["lr"] for line in log[1:]]
    assert rates == sorted(rates, reverse=True)
    seconds = [line["seconds"] for line in log]
    assert seconds == sorted(seconds)
    assert (done.result.steps, done.result.seconds > 0) == (8, True)


def test_the_film_shows_the_same_samples_each_time(done: Done) -> None:
    lines = (done.result.folder / "film.jsonl").read_text().splitlines()
    frames = [json.loads(line) for line in lines]
    assert [frame["step"] for frame in frames] == [0] * 5 + [4] * 5 + [8] * 5
    sources = [frame["source"] for frame in frames]
    assert (
        sources[:5] == sources[5:10] == [f"scenes:synthetic:val#{k}" for k in range(5)]
    )
    assert all(frame["expression"] in frame["question"] for frame in frames)
    with Image.open(done.result.folder / "film.png") as film:
        assert film.width > 5 * 96
        assert film.height > 5 * 96


def test_callbacks_are_told_of_each_moment(done: Done) -> None:
    assert [moment.step for moment in done.moments] == [0, 2, 4, 6, 8]
    assert [moment.is_last for moment in done.moments] == [False] * 4 + [True]
    assert [len(moment.predictions) for moment in done.moments] == [5, 0, 5, 0, 5]
    assert done.moments[-1].scores == done.result.scores


def test_the_adapter_changes_what_its_base_says_and_loads_by_its_folder(
    done: Done, model_folder: Path
) -> None:
    learned, base = load_backbone(done.result.adapter), load_backbone(model_folder)
    prompt = encode_prompts(base, [Image.new("RGB", (9, 9))], ["Where is it?"])
    with torch.no_grad():
        logits = [b.model(**prompt).logits for b in (base, learned)]
    assert (logits[0] - logits[1]).abs().max() > 1e-3


def test_a_finished_training_is_only_read_again(done: Done, small: Recipe) -> None:
    again = train(small, done.result.folder, resume=True)
    assert again == result(done.result.folder) == done.result


def test_the_same_seed_gives_the_same_training(
    done: Done,
    small: Recipe,
    tmp_path: Path,
    adapter_weights: Callable[[Path], dict[str, Any]],
) -> None:
    again = train(small, tmp_path / "again", callbacks=[])
    one, two = adapter_weights(done.result.adapter), adapter_weights(again.adapter)
    assert one.keys() == two.keys()
    assert all(torch.equal(one[key], two[key]) for key in one)


def test_another_seed_gives_another_training(
    done: Done, small: Recipe, tmp_path: Path
) -> None:
    other = override(small, ["seed=1", "steps=2", "eval=null"])
    found = train(other, tmp_path / "other", callbacks=[])
    assert found.log[0]["loss"] != done.result.log[1]["loss"]


@pytest.mark.parametrize(
    "changes",
    [
        ["gradient_checkpointing=true"],
        ["per_device_batch=2"],
        ["lora.targets=all-linear"],
        ["precision=bf16"],
        ["lora=null"],
        ["eval=null"],
    ],
)
def test_other_ways_to_train(small: Recipe, tmp_path: Path, changes: list[str]) -> None:
    chosen = override(small, ["steps=4", "lora.dropout=0", *changes])
    plain = override(small, ["steps=4", "lora.dropout=0"])
    found = train(chosen, tmp_path / "out", callbacks=[])
    losses = [line["loss"] for line in found.log if "loss" in line]
    assert losses[-1] < losses[0]
    if chosen.gradient_checkpointing or chosen.per_device_batch < 4:
        same = train(plain, tmp_path / "plain", callbacks=[])
        expected = [line["loss"] for line in same.log if "loss" in line]
        assert losses == pytest.approx(expected, abs=1e-4)
    whole = chosen.lora is None
    assert found.adapter.name == ("model" if whole else "adapter")
    assert load_backbone(found.adapter).family.name == "llava"
    assert (found.scores is None) == (chosen.eval is None)


def test_the_clock_ends_a_training_and_lowers_its_rate(
    small: Recipe, tmp_path: Path
) -> None:
    timed = override(small, ["minutes=0.05", "eval=null", "log_every=1"])
    found = train(timed, tmp_path / "out", callbacks=[])
    assert found.seconds >= 3
    assert found.steps == found.log[-1]["step"] > 1
    rates = [line["lr"] for line in found.log]
    assert rates[-1] < 0.5 * max(rates)


def test_samples_of_ones_own_and_a_model_at_hand(small: Recipe, tmp_path: Path) -> None:
    mine = list(scenes(3, "heldout"))
    chosen = override(small, ["data.0.count=9", "epochs=4", "eval=null"])
    found = train(
        chosen, tmp_path, samples=mine, evaluate_on=mine[:2], backbone=toy("qwen2_5_vl")
    )
    assert found.steps == 3
    assert found.scores is not None
    assert found.scores["n"] == 2


def test_an_adapter_to_begin_with_is_merged_into_a_base(
    done: Done, small: Recipe, tmp_path: Path
) -> None:
    chosen = override(small, ["steps=2", f"init={done.result.adapter}"])
    found = train(chosen, tmp_path / "out", callbacks=[])
    settings = json.loads((found.adapter / "adapter_config.json").read_text())
    assert settings["base_model_name_or_path"] == str((found.folder / "base").resolve())
    assert load_backbone(found.adapter).family.name == "llava"
    assert found.log[0]["scores"] == done.result.scores


def test_a_folder_with_something_in_it_is_left_alone(
    small: Recipe, tmp_path: Path
) -> None:
    (tmp_path / "thesis.txt").write_text("the only copy")
    for resume, said in (
        (False, "holds thesis.txt; expected an empty folder"),
        (True, "no recipe.yaml: not a training"),
    ):
        with pytest.raises(ValueError, match=said):
            train(small, tmp_path, resume=resume)
    with pytest.raises(ValueError, match=r"thesis.txt is a file; expected a folder"):
        train(small, tmp_path / "thesis.txt")
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
    assert (tmp_path / "thesis.txt").read_text() == "the only copy"


def test_another_recipe_does_not_go_on_with_it(done: Done, small: Recipe) -> None:
    changed = override(small, ["lr=1e-4"])
    with pytest.raises(ValueError, match=r"lr is 0.0001, expected 0.005 as in the"):
        train(changed, done.result.folder, resume=True)
    with pytest.raises(ValueError, match=r"has no done.json, expected a training that"):
        result(done.result.folder / "adapter")


def test_a_batch_that_cannot_be_shared_out_is_refused() -> None:
    from t4s_lib.training.sft import share_out

    with pytest.raises(ValueError, match="batch is 6, expected a multiple of 4"):
        share_out(6, 2, 4)
