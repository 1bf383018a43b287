"""Exercises 3.2 to 3.4: LoRA by hand, held against peft."""

from __future__ import annotations

from typing import Any

import numpy as np

from t4s_lib.course.exercises.layer import Layer
from t4s_lib.course.exercises.model import Exercise, Late, Mistake

_LORA = "t4s_lib.course.exercises.lora"
_TRIALS = "t4s_lib.course.exercises.lora_trials"


def _drawn(*shape: int) -> Any:
    return np.random.default_rng(0).normal(size=shape)


EXERCISES = (
    Exercise(
        "3.2",
        "LoRA",
        Late(_TRIALS, "peft_layer"),
        [
            Mistake(
                "no scale",
                lambda base, A, B, alpha: lambda x: base(x) + x @ A.T @ B.T,
                "The scale is missing: the update counts alpha / r times.",
            ),
            Mistake(
                "scale is alpha",
                lambda base, A, B, alpha: lambda x: base(x) + alpha * (x @ A.T @ B.T),
                "Your scale is alpha. Divide it by the rank, which is the number of "
                "rows of A.",
            ),
            Mistake(
                "scale upside down",
                lambda base, A, B, alpha: (
                    lambda x: base(x) + len(A) / alpha * (x @ A.T @ B.T)
                ),
                "Your scale is r / alpha. It is the other way round: alpha / r.",
            ),
            Mistake(
                "base forgotten",
                lambda base, A, B, alpha: lambda x: alpha / len(A) * (x @ A.T @ B.T),
                "That is the update alone. What the base layer answers comes on top.",
            ),
            Mistake(
                "A and B swapped",
                lambda base, A, B, alpha: (
                    lambda x: base(x) + alpha / len(A) * x @ B @ A
                ),
                "A comes first, then B: `x @ A.T` has r columns, and `@ B.T` makes "
                "them as many as the layer has outputs.",
            ),
            Mistake(
                "bias forgotten",
                lambda base, A, B, alpha: (
                    lambda x: x @ base.weight.T + alpha / len(A) * (x @ A.T @ B.T)
                ),
                "The base layer's bias is lost. Call the layer, `self.base(x)`, "
                "instead of using its weight.",
            ),
        ],
        [
            "`forward` has two parts, added: what the base layer answers, and the "
            "update times the scale.",
            "x has the inputs in its last axis: first `x @ self.A.T`, then "
            "`@ self.B.T`. The rank is `len(A)`.",
        ],
        [Late(_LORA, "LoraLinear")],
        (
            (Layer(4, 3, r=2, alpha=2, bias=True),),
            (Layer(3, 3, r=2, alpha=2),),
            (Layer(4, 3, r=2, alpha=4),),
            (Layer(3, 3, r=1, alpha=2),),
            (Layer(6, 2, r=2, alpha=1, bias=True),),
        ),
        note="The same numbers as peft's own layer, with weights drawn at random.",
        trial=Late(_TRIALS, "lora_output"),
    ),
    Exercise(
        "3.3",
        "How A and B begin",
        Late(_LORA, "start"),
        [
            Mistake(
                "both random",
                lambda n, m, r: (_drawn(r, n), _drawn(m, r)),
                "With both drawn at random, B A is not zero: the model is damaged "
                "before it has learned anything.",
            ),
            Mistake(
                "both zero",
                lambda n, m, r: (np.zeros((r, n)), np.zeros((m, r))),
                "Nothing changes, and nothing ever will: where A and B are both zero, "
                "so are both gradients.",
            ),
            Mistake(
                "B first",
                lambda n, m, r: (np.zeros((m, r)), _drawn(r, n)),
                "You return B first. A comes first.",
            ),
            Mistake(
                "on their sides",
                lambda n, m, r: (_drawn(n, r), np.zeros((r, m))),
                "Both lie on their side: A is (r, inputs) and B is (outputs, r), as "
                "torch keeps the weights of a layer.",
            ),
            Mistake(
                "A all ones",
                lambda n, m, r: (np.ones((r, n)), np.zeros((m, r))),
                "The rows of your A are all alike, so they learn alike, and the update "
                "stays of rank 1. Draw A at random.",
            ),
        ],
        [
            "B A must be zero, yet one of the two must let gradients through.",
            "`torch.zeros(outputs, r)` is one of them; `torch.randn(...)` the other.",
        ],
        [Late(_LORA, "start")],
        ((4, 3, 2), (6, 6, 3)),
        note="So a wrapped model starts as exactly the model it was.",
        trial=Late(_TRIALS, "start_effect"),
    ),
    Exercise(
        "3.4",
        "Merge",
        Late(_TRIALS, "peft_weight"),
        [
            Mistake(
                "no scale",
                lambda W, A, B, alpha: W + B @ A,
                "The scale is missing: what is merged is alpha / r times B A.",
            ),
            Mistake(
                "scale is alpha",
                lambda W, A, B, alpha: W + alpha * B @ A,
                "Your scale is alpha. Divide it by the rank, `len(A)`.",
            ),
            Mistake(
                "update alone",
                lambda W, A, B, alpha: alpha / len(A) * B @ A,
                "That is the update alone. Add it to the weight.",
            ),
            Mistake(
                "taken away",
                lambda W, A, B, alpha: W - alpha / len(A) * B @ A,
                "Taking the update away is what undoes a merge. Add it.",
            ),
            Mistake(
                "on its side",
                lambda W, A, B, alpha: W + alpha / len(A) * (B @ A).T,
                "Your update lies on its side: it must be (outputs, inputs), like the "
                "weight. That is B A, not its transpose.",
            ),
        ],
        [
            "W x + scale B A x is (W + scale B A) x.",
            "`B @ A` has the shape of the weight.",
        ],
        [Late(_LORA, "merged")],
        (
            (Layer(4, 3, r=2, alpha=2),),
            (Layer(3, 3, r=1, alpha=1),),
            (Layer(4, 3, r=2, alpha=6),),
        ),
        note="A merged model is as fast as one without LoRA, and as large.",
        trial=Late(_TRIALS, "merged_weight"),
    ),
)
