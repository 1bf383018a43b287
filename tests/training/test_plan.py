"""The dry run: the authors' steps from published counts, and a page that says why."""

import os
import re
from pathlib import Path

import pytest

from t4s_lib.sources import scenes
from t4s_lib.training.gpus import GPUS
from t4s_lib.training.plan import Plan, plan, sample_flops
from t4s_lib.training.published import CHECKPOINTS, CLEF_BOUNDS, COUNTS
from t4s_lib.training.recipe import load_recipe, names, override

DATA = os.environ.get("T4S_DATA")


def made(name: str, *changes: str, data: str | Path | None = None) -> Plan:
    return plan(override(load_recipe(name), changes), data)


def test_the_authors_steps_follow_from_published_counts() -> None:
    for task, backbone in (("res", "internvl2-8b"), ("gres", "internvl2-8b")):
        steps = made(f"{task}-{backbone}").steps
        assert steps == pytest.approx(CHECKPOINTS[task], rel=0.01)
        print(task, steps, "of the authors'", CHECKPOINTS[task])


def test_the_one_estimated_count_lies_within_its_bounds() -> None:
    """RefClef's is published nowhere; its bounds move the steps by -1.9 to +0.3 %."""
    least, most = CLEF_BOUNDS
    estimated = [name for name, count in COUNTS.items() if count.trust == "estimated"]
    assert estimated == ["refclef:unc:train"]
    assert least < COUNTS[estimated[0]].sentences < most
    others = sum(
        COUNTS[name].sentences
        for name in ("refcoco:unc:train", "refcoco+:unc:train", "refcocog:umd:train")
    )
    low, high = (
        2 * (others + clef) * 0.99 * 5 / 128 / CHECKPOINTS["res"] - 1
        for clef in CLEF_BOUNDS
    )
    assert low == pytest.approx(-0.019, abs=0.001)
    assert high == pytest.approx(0.003, abs=0.001)


def test_counts_add_up_with_the_sizes_of_the_other_splits() -> None:
    assert 120_624 + 10_834 + 5_657 + 5_095 == 142_210
    assert COUNTS["refcoco+:unc:train"].sentences + 10_758 + 5_726 + 4_889 == 141_564
    assert COUNTS["refcocog:umd:train"].sentences + 4_896 + 9_602 == 95_010
    assert COUNTS["grefcoco:unc:train"].sentences + 16_870 + 18_712 + 14_933 == 259_859


@pytest.mark.parametrize("name", [n for n in names() if not n.startswith("tiny")])
def test_every_paper_recipe_has_a_plan_with_hours_by_gpu(name: str) -> None:
    page = str(made(name))
    for gpu in GPUS:
        assert re.search(rf"{gpu.name} +[\d,]+ +[\d,]+   (yes|with )", page)
    assert "Not measured on a GPU" in page
    assert "estimated:" in page or "recalled:" in page or "read:" in page
    assert all(line == line.rstrip() for line in page.splitlines())


def test_a_plan_is_a_product_of_its_parts() -> None:
    found = made("res-llava-1.5-7b")
    assert found.steps is not None
    assert found.samples == found.steps * 128
    assert found.visual == 576
    assert found.tokens == found.visual + found.text
    assert found.budget is not None
    assert found.budget.trained == 189_071_360
    assert found.flops is not None
    assert found.flops == pytest.approx(
        found.samples * sample_flops(found.budget, found.tokens, 180), rel=0.01
    )


def test_longer_formats_and_finer_grids_have_more_text() -> None:
    text = {
        codec: made("res-llava-1.5-7b", f"codec={codec}").text
        for codec in ("full", "row-rle", "image-rle")
    }
    assert text["full"] > text["row-rle"] > text["image-rle"]
    assert made("res-llava-1.5-7b", "grid=32").text > text["row-rle"]


def test_checkpointing_costs_time_and_saves_memory() -> None:
    lean = made("res-llava-1.5-7b")
    plain = made("res-llava-1.5-7b", "gradient_checkpointing=false")
    assert lean.flops is not None
    assert plain.flops is not None
    assert lean.budget is not None
    assert plain.budget is not None
    assert lean.flops > 1.3 * plain.flops
    assert lean.budget.memory.total < plain.budget.memory.total


def test_the_clock_has_no_steps_and_scenes_no_end() -> None:
    found = made("tiny")
    page = str(found)
    assert (found.steps, found.epoch, found.flops) == (None, None, None)
    assert f"{found.recipe.minutes:g} minutes" in page


def test_synthetic_samples_are_counted_and_their_texts_read() -> None:
    found = made("tiny", "data=[{benchmark: scenes:synthetic:train, count: 96}]",
                 "epochs=2", "held_back=0.25")  # fmt: skip
    assert (found.epoch, found.steps) == (72, 9)
    (source,) = found.sources
    assert source.trust == "counted"
    assert source.text.source.startswith("96 real texts")
    assert 90 < source.text.answer < 300
    assert len(scenes(96)) == source.pass_size


def test_a_model_folder_is_measured(tmp_path: Path) -> None:
    from t4s_lib.models.toys import toy

    backbone = toy("llava")
    backbone.model.save_pretrained(tmp_path)
    backbone.processor.save_pretrained(tmp_path)
    found = made("tiny", f"model={tmp_path}", "steps=10")
    assert found.shape is not None
    assert found.shape.parameters == sum(p.numel() for p in backbone.model.parameters())
    assert found.visual == 16
    assert found.sources[0].text.source.endswith("the model's tokenizer")
    assert "so has a laptop" in str(found)


def test_a_model_that_is_not_here_still_has_a_plan() -> None:
    page = str(made("tiny", "model=no/such-model", "steps=10"))
    assert "no/such-model: not on this machine, so no memory and no hours below" in page
    assert "10 at batch" in page


def test_a_source_nobody_counted_is_named() -> None:
    with pytest.raises(ValueError, match="samples of nowhere:x:train are not at hand"):
        made("tiny", "data=nowhere:x:train", "epochs=1")


@pytest.mark.skipif(not DATA, reason="T4S_DATA names no folder with real data")
def test_real_samples_are_counted_where_they_are() -> None:
    found = made(
        "res-llava-1.5-7b",
        "data=[{benchmark: refcocog:umd:val, passes: 2}]",
        "held_back=0",
        data=DATA,
    )
    (source,) = found.sources
    assert source.trust == "counted"
    assert source.pass_size is not None
    assert found.epoch == 2 * source.pass_size
    assert source.text.source.endswith("by their length")
