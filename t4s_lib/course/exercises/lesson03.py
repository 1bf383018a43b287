"""Lesson 03: what is in the loss, LoRA by hand, a training loop, sick curves."""

from __future__ import annotations

from t4s_lib.course.exercises import lesson03_lora
from t4s_lib.course.exercises.answers import label_mask
from t4s_lib.course.exercises.loops import in_order, last_loss, silent
from t4s_lib.course.exercises.model import Exercise, Late, Mistake

_LORA = "t4s_lib.course.exercises.lora"
_TRIALS = "t4s_lib.course.exercises.lora_trials"

PICTURE, PADDING = 3, 0
"""Token ids in the cases: a picture's token, and the padding."""

_ASKED = [1, 7, 8, PICTURE, PICTURE, 9]
_SAID = [21, 22, 23, 2]


CURVES = {
    "1": "healthy: the model learns what it is asked to",
    "2": "the learning rate is too high",
    "3": "the labels are one place off, so each token is asked to repeat itself",
    "4": "only eight pictures, learned by heart",
}
"""What may lie behind a curve, by number."""

EXERCISES = (
    Exercise(
        "3.1",
        "The label mask",
        label_mask,
        [
            Mistake(
                "everything learned",
                lambda ids, n, pad: [i if i != pad else -100 for i in ids],
                "The question is in your loss: the model would learn to ask. Mask the "
                "prompt's tokens.",
            ),
            Mistake(
                "padding learned",
                lambda ids, n, pad: [-100] * n + list(ids[n:]),
                "The padding is in your loss: the model would learn to write nothing, "
                "again and again.",
            ),
            Mistake(
                "zero for masked",
                lambda ids, n, pad: label_mask(ids, n, pad, 0),
                "A label of 0 is a token like any other. What is not in the loss is "
                "-100.",
            ),
            Mistake(
                "question learned",
                lambda ids, n, pad: [i if k < n else -100 for k, i in enumerate(ids)],
                "That is the wrong way round: you keep the prompt and mask the answer.",
            ),
            Mistake(
                "shifted",
                lambda ids, n, pad: [*label_mask(ids, n, pad)[1:], -100],
                "You shifted the labels. The model does that itself: a label stands "
                "where its token stands.",
            ),
            Mistake(
                "first token lost",
                lambda ids, n, pad: label_mask(ids, n + 1, pad),
                "The answer's first token is masked: the prompt has n tokens, so the "
                "answer begins at position n.",
            ),
            Mistake(
                "end token lost",
                lambda ids, n, pad: [
                    i if i != 2 else -100 for i in label_mask(ids, n, pad)
                ],
                "The end token belongs to the answer: without it a model never learns "
                "to stop.",
            ),
        ],
        [
            "Three parts: the prompt, the answer, the padding. Only one is learned.",
            "Go through the ids with `enumerate`: keep an id if its position is at "
            "least `prompt_length` and it is not `pad`.",
        ],
        [label_mask],
        (
            ([*_ASKED, *_SAID], len(_ASKED), PADDING),
            ([*_ASKED, *_SAID, PADDING, PADDING], len(_ASKED), PADDING),
            ([1, 7, 31, 2, 99, 99, 99], 2, 99),
        ),
        note="In PyTorch's cross-entropy, -100 means: do not count this one.",
    ),
    *lesson03_lora.EXERCISES,
    Exercise(
        "3.5",
        "A training loop",
        Late(_LORA, "overfit"),
        [
            Mistake(
                "never cleared",
                in_order("backward", "step"),
                "Gradients pile up: `backward` adds to those of the step before. Clear "
                "them with `optimizer.zero_grad()`.",
            ),
            Mistake(
                "cleared too soon",
                in_order("backward", "zero_grad", "step"),
                "You clear the gradients before the optimizer has used them, so "
                "nothing is learned.",
            ),
            Mistake(
                "no step",
                in_order("backward", "zero_grad"),
                "The loss never falls: nobody calls `optimizer.step()`.",
            ),
            Mistake(
                "step too soon",
                in_order("step", "zero_grad", "backward"),
                "The optimizer steps before there are gradients, so it is always one "
                "step behind: `backward` comes first.",
            ),
            Mistake(
                "last loss",
                last_loss,
                "Return the losses of all the steps, as a list.",
            ),
            Mistake(
                "nothing returned",
                silent,
                "It learns, but tells nobody: return the list of losses.",
            ),
        ],
        [
            "Every step: the loss, its gradients, one step of the optimizer, and the "
            "gradients cleared.",
            "`loss = model(**batch).loss`, then `loss.backward()`, "
            "`optimizer.step()`, `optimizer.zero_grad()`; and keep `loss.item()`.",
        ],
        [Late(_LORA, "overfit")],
        ((1,), (2,), (6,)),
        note="The loop behind every trainer. What the others add is comfort.",
        trial=Late(_TRIALS, "losses_of"),
    ),
    Exercise(
        "3.6",
        "Read a failing curve",
        "3142",
        [
            Mistake(
                "lowest is best",
                "1342",
                "A and B are swapped. A loss of almost nothing after a hundred steps, "
                "on new pictures too: nobody reads masks off pictures so soon. The "
                "answer must stand in what the model is shown.",
            ),
            Mistake(
                "held-out not looked at",
                "3412",
                "B and C are swapped. Look at the dashed line: in one of them it "
                "stops, and even creeps up, while the solid one goes on falling.",
            ),
            Mistake(
                "copying taken for learning by heart",
                "4132",
                "A and C are swapped. What is learned by heart does not help on new "
                "pictures; in A the new ones are as easy as the old.",
            ),
            Mistake(
                "jumps taken for health",
                "3241",
                "B and D are swapped. A healthy loss falls from where the base was. D "
                "jumps up first, and ends many times as high.",
            ),
            Mistake(
                "jumps taken for learning by heart",
                "3124",
                "C and D are swapped. Learning by heart brings the solid line down; in "
                "D even that one stays high.",
            ),
        ],
        [
            "Look at both lines: solid is what is trained on, dashed is new pictures.",
            "Three of the four are told by one question each: does it jump up and stay "
            "high? Do the two lines part? Is it too good to be true?",
        ],
        [
            "**3142**. A falls to almost nothing, on new pictures too: it copies (3). "
            "B falls on both (1). In C the lines part: learned by heart (4). D jumps "
            "up and stays high (2)."
        ],
        view="value",
        note="Look at training and held-out losses together, and at what is written.",
    ),
)
