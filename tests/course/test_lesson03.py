"""Lesson 03's answers against peft, and what its checks make of odd ones."""

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
import torch

from t4s_lib.course import check, solution
from t4s_lib.course.exercises import lora, lora_trials
from t4s_lib.course.exercises.answers import label_mask
from t4s_lib.course.exercises.layer import Layer
from t4s_lib.course.exercises.loops import in_order

LAYERS = [
    Layer(3, 5, r=1, alpha=1),
    Layer(8, 4, r=4, alpha=16, bias=True),
    Layer(128, 384, r=32, alpha=64),
]
layers = pytest.mark.parametrize("layer", LAYERS, ids=repr)


class Stub(torch.nn.Module):  # type: ignore[misc]
    """As it stands in the notebook."""

    def __init__(self, base: Any, A: Any, B: Any, alpha: float) -> None:
        super().__init__()
        self.base, self.A, self.B = base, torch.nn.Parameter(A), torch.nn.Parameter(B)
        self.scale = ...

    def forward(self, x: Any) -> Any: ...


@layers
def test_twenty_lines_equal_peft(layer: Layer) -> None:
    base, A, B, x = lora_trials.parts(layer)
    mine = lora.LoraLinear(base, A, B, layer.alpha)
    theirs = lora_trials.peft_layer(base, A, B, layer.alpha)
    torch.testing.assert_close(mine(x), theirs(x))
    trained = [name for name, p in mine.named_parameters() if p.requires_grad]
    assert trained == ["A", "B"]


@layers
def test_merged_equals_peft_and_answers_alike(layer: Layer) -> None:
    base, A, B, x = lora_trials.parts(layer)
    mine = lora.merged(base.weight.detach(), A, B, layer.alpha)
    theirs = lora_trials.peft_weight(base.weight.detach(), A, B, layer.alpha)
    torch.testing.assert_close(mine, theirs.detach())
    beside = lora.LoraLinear(base, A, B, layer.alpha)(x)
    together = torch.nn.functional.linear(x, mine, base.bias)
    torch.testing.assert_close(together, beside)


def test_it_begins_as_the_layer_it_was() -> None:
    base, *_, x = lora_trials.parts(Layer(6, 4, r=2, alpha=8))
    A, B = (part.double() for part in lora.start(6, 4, 2))
    assert torch.equal(lora.LoraLinear(base, A, B, 8)(x), base(x))


@pytest.mark.parametrize(
    ("id", "answer"),
    [
        pytest.param("3.2", lora.LoraLinear, id="lora"),
        pytest.param("3.3", lora.start, id="start"),
        pytest.param(
            "3.3",
            lambda n, m, r: (torch.zeros(r, n), torch.randn(m, r)),
            id="start-with-A-zero",
        ),
        pytest.param(
            "3.3",
            lambda n, m, r: (
                torch.nn.Parameter(torch.randn(r, n)),
                torch.nn.Parameter(torch.zeros(m, r)),
            ),
            id="start-with-parameters",
        ),
        pytest.param("3.4", lora.merged, id="merged"),
        pytest.param("3.5", lora.overfit, id="overfit"),
        pytest.param(
            "3.5", in_order("zero_grad", "backward", "step"), id="cleared-at-first"
        ),
        pytest.param(
            "3.1", lambda *given: torch.tensor(label_mask(*given)), id="labels-in-torch"
        ),
        pytest.param(
            "3.1", lambda *given: np.array(label_mask(*given)), id="labels-in-numpy"
        ),
    ],
)
def test_every_right_way_passes(id: str, answer: Any) -> None:
    assert check(id, answer).verdict == "passed"


def test_the_notebooks_class_as_it_stands_is_not_attempted() -> None:
    assert check("3.2", Stub).verdict == "not attempted yet"


def test_a_layer_that_is_not_a_layer_is_told_so() -> None:
    assert "'int' object is not callable" in check("3.2", lambda *_: 3).hint


def test_losses_as_tensors_are_losses() -> None:
    def loop(model: Any, batch: Any, optimizer: Any, steps: int) -> list[Any]:
        losses = []
        for _ in range(steps):
            loss = model(**batch).loss
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
            losses.append(loss)
        return losses

    assert check("3.5", loop).verdict == "passed"


def test_solutions_show_the_librarys_lora() -> None:
    assert "class LoraLinear" in solution("3.2").data
    assert "def merged" in solution("3.4").data


def test_curves_are_answered_by_a_text() -> None:
    assert check("3.6", 3142).hint == "The answer is a text; yours is a number."
    assert check("3.6", "3142").verdict == "passed"


def test_looking_at_the_exercises_loads_no_torch() -> None:
    script = (
        "import sys, t4s_lib.course, t4s_lib.course.exercises as e, "
        "t4s_lib.course.learned, t4s_lib.course.live, t4s_lib.course.failing_runs;"
        "sys.exit(any(m in sys.modules for m in ('torch', 'peft', 'transformers')))"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
