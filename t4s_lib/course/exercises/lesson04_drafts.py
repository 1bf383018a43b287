"""Exercises 4.4 to 4.6: draft a row, verify a draft, find float ties."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from t4s_lib.course.exercises.model import Exercise, Mistake
from t4s_lib.course.exercises.writing import BREAK, bf16, cut, draft, tied, verify

_ABOVE = "others *16\n others *5| dog *2| others *9\n "
_TIES = [(17.31, 17.28), (1.31, 1.28), (17.32, 17.31), (17.4, 16.9), (9.0, 2.0)]


def _rows(written: list[str]) -> list[list[str]]:
    """The tokens of each row; the last one is being written."""
    rows: list[list[str]] = [[]]
    for token in written:
        rows.append([]) if token == BREAK else rows[-1].append(token)
    return rows


def _above(written: list[str]) -> list[str]:
    return (_rows(written)[-2:-1] or [[]])[0]


def _cut_short(value: float) -> int:
    """A number's upper 16 bits, with the lower ones dropped."""
    return int(np.float32(value).view(np.uint32)) >> 16


def _agreed(drafted: list[str], best: list[str]) -> list[str]:
    return verify(drafted, best)[:-1]


def _next_to(pairs: Sequence[tuple[float, float]]) -> list[int]:
    """Steps whose logits are at most one bf16 number apart."""
    return [k for k, (a, b) in enumerate(pairs) if _cut_short(a) - _cut_short(b) <= 1]


EXERCISES = (
    Exercise(
        "4.4",
        "Draft the next row",
        draft,
        [
            Mistake(
                "whole row above",
                _above,
                "You propose the whole row above. A part of this row is written "
                "already: propose what comes behind it.",
            ),
            Mistake(
                "no look at this row",
                lambda w: _above(w)[len(_rows(w)[-1]) :],
                "This row has already left the row above: its count is another one. A "
                "copy of the rest would make the wrong sum, so propose nothing.",
            ),
            Mistake(
                "first row",
                lambda w: (
                    draft([*_rows(w)[0], BREAK, *_rows(w)[-1]])
                    if len(_rows(w)) > 1
                    else []
                ),
                "You copy the first row. A mask changes little from one row to the "
                "next, so take the row right above.",
            ),
            Mistake(
                "with the break",
                lambda w: draft(w) + [BREAK] * bool(draft(w)),
                "The break behind the row need not be drafted: once the row is full, "
                "it is forced. Propose the row's own tokens.",
            ),
            Mistake(
                "this row again",
                lambda w: _rows(w)[-1],
                "You propose this row again. What should come next stands in the row "
                "above.",
            ),
            Mistake(
                "one token",
                lambda w: draft(w)[:1],
                "You propose a single token. Checking ten costs the model hardly more "
                "than checking one, so propose all that is left of the row above.",
            ),
        ],
        [
            "Cut `written` at the breaks. The last piece is this row, the one before "
            "it is the row above; in the first row there is none.",
            "If the row above begins with this row, propose the rest of it, else "
            "nothing.",
        ],
        [draft],
        tuple(
            (cut(text),)
            for text in (
                f"{_ABOVE}others",
                f"{_ABOVE}",
                f"{_ABOVE}others *4",
                f"{_ABOVE}others *5| dog",
                "others *7",
                f"{_ABOVE}others *5| dog *3",
            )
        ),
        note="No model is asked, so a draft costs nothing. It may be wrong.",
    ),
    Exercise(
        "4.5",
        "Verify a draft",
        verify,
        [
            Mistake(
                "nothing of its own",
                _agreed,
                "One token is given away: behind the last agreed token stands the "
                "model's own choice, from the same pass. Keep it too.",
            ),
            Mistake(
                "wrong token kept",
                lambda d, b: d[: len(_agreed(d, b)) + 1],
                "You keep the draft's token where the model wants another one. At that "
                "place the model's choice counts, always.",
            ),
            Mistake(
                "agreement counted anywhere",
                lambda d, b: [x for x, y in zip(d, b, strict=False) if x == y],
                "You keep agreement behind a disagreement. There the model had read a "
                "wrong token, so its choices are worth nothing: stop at the first.",
            ),
            Mistake(
                "all or nothing",
                lambda d, b: list(b) if d == b[: len(d)] else b[:1],
                "All or nothing throws away a good beginning. Keep what agrees up to "
                "the first disagreement.",
            ),
            Mistake(
                "whole draft",
                lambda d, b: [*d, b[-1]],
                "You trust the draft. Only what the model would have written itself "
                "may be kept.",
            ),
            Mistake(
                "all the model's choices",
                lambda d, b: list(b),
                "You keep all of the model's choices. Behind the first disagreement "
                "they were made after a wrong token.",
            ),
        ],
        [
            "Go along both lists while they agree, and count.",
            "What is kept are the model's choices up to and with the first that "
            "differs: `best[:agreed + 1]`.",
        ],
        [verify],
        (
            (["| ", "dog", " *2"], ["| ", "dog", " *3", "\n "]),
            (["| ", "dog", " *2"], ["| ", "dog", " *2", "| "]),
            ([" *5", "| ", "dog"], [" *4", "| ", "dog", " *3"]),
            ([], [" *5"]),
            (["others", " *16", "\n "], ["others", " *9", "| ", "others"]),
        ),
        note="Each pass gives one token at least: never more passes than without.",
    ),
    Exercise(
        "4.6",
        "Float ties",
        tied,
        [
            Mistake(
                "a fixed distance",
                lambda pairs: [
                    k for k, (a, b) in enumerate(pairs) if abs(a - b) < 0.05
                ],
                "You use one distance for all sizes. The numbers of bf16 are further "
                "apart the larger they are: from 16 on by 1/8, from 1 on by 1/128.",
            ),
            Mistake(
                "neighbours too",
                _next_to,
                "You count neighbours as well. Here, two logits tie only if they "
                "become the very same number.",
            ),
            Mistake(
                "cut off",
                lambda pairs: [
                    k
                    for k, (a, b) in enumerate(pairs)
                    if _cut_short(a) == _cut_short(b)
                ],
                "You cut the digits off. Numbers are rounded to the nearest: two close "
                "ones can land on different sides of the middle.",
            ),
            Mistake(
                "fp16",
                lambda pairs: [
                    k
                    for k, (a, b) in enumerate(pairs)
                    if np.float16(a) == np.float16(b)
                ],
                "That is fp16, whose numbers lie eight times as close as bf16's.",
            ),
            Mistake(
                "never",
                lambda pairs: [],
                "Some do: between 16 and 32, bf16 has only 128 numbers.",
            ),
            Mistake(
                "the others",
                lambda pairs: [k for k in range(len(pairs)) if k not in tied(pairs)],
                "These are the steps where the two stay apart. Give the others.",
            ),
        ],
        [
            "Make both numbers bf16 and compare them.",
            "`torch.tensor(17.31).bfloat16()` is 17.25. What is 17.28?",
        ],
        [tied, bf16],
        (
            (_TIES,),
            ([(16.06, 15.98), (16.2, 16.1), (-0.501, -0.5005)],),
            ([(20.02, 19.98), (0.2002, 0.1998)],),
        ),
        note="Where they tie, the order of a sum decides; several tokens in one pass "
        "are summed in another order than one.",
    ),
)
