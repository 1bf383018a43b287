"""LoRA budget: what it draws, what it says, and that both follow the controls."""

import subprocess
import sys
from typing import Any

import pytest
from matplotlib import _pylab_helpers

from t4s_lib.course.widgets.lora_budget import (
    PLACES,
    RANKS,
    LoraView,
    build_lora_budget,
    describe_lora_budget,
    render_lora_budget,
)
from t4s_lib.course.widgets.lora_budget_ground import (
    memory_axes,
    memory_ground,
    rank_ground,
)
from t4s_lib.training.gpus import GPUS
from t4s_lib.training.shape_table import SHAPES


def control(box: Any, description: str) -> Any:
    return next(c for c in box.children[0].children if c.description == description)


def words(figure: Any) -> str:
    return " | ".join(text.get_text() for text in figure.texts)


@pytest.mark.parametrize("backbone", SHAPES)
@pytest.mark.parametrize("place", PLACES.values())
def test_every_setting_is_drawn_without_pyplot(backbone: str, place: str) -> None:
    view = LoraView(backbone, place=place)
    figure = render_lora_budget(view)
    needed = f"{view.budget.memory.total / 2**30:.1f} GiB needed"
    assert needed in words(figure)
    assert len(figure.images) == 2
    assert not _pylab_helpers.Gcf.figs


def test_the_ground_has_a_line_for_each_gpu_and_is_drawn_once() -> None:
    names = [label.get_text() for label in memory_axes(88).get_yticklabels()]
    assert names == ["needed", *(gpu.name for gpu in GPUS)]
    keys: Any = memory_axes(88).get_legend()
    assert [text.get_text() for text in keys.get_texts()][1:3] == ["LoRA", "gradients"]
    assert memory_ground(88) is memory_ground(88)


def test_the_ring_sits_on_the_line_of_its_rank() -> None:
    figure = render_lora_budget(LoraView(r=8))
    ground = rank_ground(RANKS, _lines(), 7063)
    ring: Any = next(
        a for a in figure.artists if getattr(a, "get_marker", str)() == "o"
    )
    x, y = ring.get_transform().transform((ring.get_xdata()[0], ring.get_ydata()[0]))
    left = figure.bbox.width - ground.pixels.shape[1]
    millions = LoraView(r=8).budget.trained / 1e6
    wanted = ground.place.transform((8, millions))
    assert (x - left, y) == pytest.approx(tuple(wanted), abs=1)


def _lines() -> tuple[tuple[float, ...], ...]:
    views = (
        [LoraView(r=r, place=p) for r in RANKS] for p in ("language", "all-linear")
    )
    return tuple(tuple(v.budget.trained / 1e6 for v in line) for line in views)


def test_each_gpu_has_its_verdict_in_words() -> None:
    drawn = words(render_lora_budget(LoraView("llava-hf/llava-1.5-13b-hf")))
    assert drawn.count("to spare") + drawn.count("no; room with") == len(GPUS)
    assert "weights in 4 bits" in drawn
    every = words(render_lora_budget(LoraView(place="everything")))
    assert every.count("no room") == len(GPUS)


def test_the_sentence_has_parameters_memory_and_gpus() -> None:
    said = describe_lora_budget(LoraView())
    assert "159.9 of 7,063 million parameters are trained (2.26%)" in said
    assert "LoRA of rank 64 on the language model" in said
    assert "Room: RTX 4090 24 GB;" in said
    assert "Room after a change: T4 16 GB with precision=fp16" in said


def test_parameters_grow_with_the_rank_and_memory_hardly() -> None:
    small, large = (LoraView(r=r).budget for r in (1, 64))
    assert large.trained == 64 * small.trained
    assert large.memory.total < 1.3 * small.memory.total


def test_each_control_changes_picture_and_readout() -> None:
    box = build_lora_budget()
    _, figure, readout, _ = box.children
    seen = {(figure.value, readout.value)}
    for name, value in (
        ("Backbone", "Qwen/Qwen3-VL-8B-Instruct"),
        ("Rank", 128),
        ("LoRA on", "all-linear"),
        ("Frozen weights in", "4bit"),
        ("Samples at once", 8),
        ("Gradient checkpointing", False),
    ):
        control(box, name).value = value
        seen.add((figure.value, readout.value))
    assert len(seen) == 7
    assert (
        "Qwen3-VL-8B-Instruct, LoRA of rank 128 on every linear layer" in readout.value
    )


def test_without_lora_its_controls_are_off_and_reset_turns_them_on() -> None:
    box = build_lora_budget()
    first = box.children[1].value
    control(box, "LoRA on").value = "everything"
    assert control(box, "Rank").disabled
    assert control(box, "Frozen weights in").disabled
    assert "every weight trained" in box.children[2].value
    control(box, "Reset").click()
    assert not control(box, "Rank").disabled
    assert box.children[1].value == first


def test_the_alternative_text_is_the_readout() -> None:
    box = build_lora_budget()
    _, figure, readout, _ = box.children
    assert describe_lora_budget(LoraView()) in figure.value
    assert 'role="status"' in readout.value


def test_every_control_has_a_label() -> None:
    assert all(c.description for c in build_lora_budget().children[0].children)


def test_it_needs_no_torch() -> None:
    code = (
        "import sys; from t4s_lib.course.widgets.lora_budget import build_lora_budget;"
        "build_lora_budget(); heavy = {'torch', 'transformers', 'peft'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    run = [sys.executable, "-c", code]
    found = subprocess.run(run, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
