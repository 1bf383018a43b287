"""Lesson 04: a grammar, the tokens it allows, the tokens it forces."""

from __future__ import annotations

from t4s_lib.course.exercises import lesson04_drafts
from t4s_lib.course.exercises.languages import ROWS, TEXTS, VOCABULARY, language
from t4s_lib.course.exercises.model import Exercise, Mistake
from t4s_lib.course.exercises.writing import allowed, cut, forced, row_rule

_O, _D = "others", "dog"


def _allowed(answer: object, written: str) -> object:
    return answer(written, list(VOCABULARY), list(TEXTS))  # type: ignore[operator]


def _forced(answer: object, written: list[str]) -> object:
    rows = [list(row) for row in ROWS]
    return answer(written, rows)  # type: ignore[operator]


def _going(written: list[str], rows: list[list[str]]) -> list[list[str]]:
    return [row for row in rows if row[: len(written)] == written]


EXERCISES = (
    Exercise(
        "4.1",
        "The grammar of one row",
        row_rule,
        [
            Mistake(
                "never ends",
                lambda left, a, b: [
                    f"{a} *{n}| <{b} {left - n}>" for n in range(1, left)
                ],
                "No row ever ends: one alternative has to fill all cells that are "
                "left, and nothing comes behind it.",
            ),
            Mistake(
                "one run only",
                lambda left, a, b: [f"{a} *{left}"],
                "That is the last run alone. A row may also go on: with fewer cells, "
                "a pipe, and a row of the other label in what is left.",
            ),
            Mistake(
                "same label again",
                lambda left, a, b: [
                    *(f"{a} *{n}| <{a} {left - n}>" for n in range(1, left)),
                    f"{a} *{left}",
                ],
                "Your label follows itself: two runs of one label are one longer run. "
                "What is left begins with the other label.",
            ),
            Mistake(
                "nothing used up",
                lambda left, a, b: [
                    *(f"{a} *{n}| <{b} {left}>" for n in range(1, left)),
                    f"{a} *{left}",
                ],
                "What is left does not shrink. Of `left` cells, n are written: "
                "`left - n` are left.",
            ),
            Mistake(
                "a cell lost",
                lambda left, a, b: [
                    *(f"{a} *{n}| <{b} {left - n - 1}>" for n in range(1, left)),
                    f"{a} *{left}",
                ],
                "A cell gets lost between two runs: of `left` cells, n are written, so "
                "`left - n` are left.",
            ),
            Mistake(
                "nothing left",
                lambda left, a, b: [
                    f"{a} *{n}| <{b} {left - n}>" for n in range(1, left + 1)
                ],
                "The run that fills the row needs an alternative of its own: no pipe, "
                "and no rest of 0 cells.",
            ),
            Mistake(
                "no pipe",
                lambda left, a, b: [
                    *(f"{a} *{n}<{b} {left - n}>" for n in range(1, left)),
                    f"{a} *{left}",
                ],
                "Between two runs stand a pipe and a blank, `| `.",
            ),
        ],
        [
            "The first run takes n cells. If n is less than `left`, a row that begins "
            "with the other label follows; if it is all of them, the row ends.",
            'One alternative for each n from 1 to `left - 1`, such as `"dog *2| '
            '<others 3>"` where 5 are left; and one more, `"dog *5"`.',
        ],
        [row_rule, language],
        ((1, _D, _O), (2, _D, _O), (4, _O, "the star")),
        note="The sum is in the grammar now: no row of it is too short or too long.",
        trial=language,
    ),
    Exercise(
        "4.2",
        "Which tokens are allowed",
        allowed,
        [
            Mistake(
                "finished texts only",
                lambda w, words, texts: [t for t in words if w + t in texts],
                "You keep tokens that finish a text. One that leads on to a longer "
                "text is allowed as well.",
            ),
            Mistake(
                "what was written forgotten",
                lambda w, words, texts: [
                    t for t in words if any(x.startswith(t) for x in texts)
                ],
                "These are the tokens that a text can begin with. Now something is "
                "written already, and they have to go on from there.",
            ),
            Mistake(
                "anywhere",
                lambda w, words, texts: [
                    t for t in words if any(t in x for x in texts)
                ],
                "These tokens occur somewhere in some text. They have to come right "
                "behind what is written.",
            ),
            Mistake(
                "any beginning",
                lambda w, words, texts: [
                    t for t in words if any(x.startswith(t, len(w)) for x in texts)
                ],
                "You look at the right place, but in every text: only those count "
                "that begin with what is written.",
            ),
            Mistake(
                "first letter",
                lambda w, words, texts: [
                    t
                    for t in words
                    if any(x.startswith(w + t[0]) for x in texts if x != w)
                ],
                "You compare a token's first letter. All of it has to fit.",
            ),
            Mistake(
                "one spelling",
                lambda w, words, texts: [
                    t
                    for t in allowed(w, words, texts)
                    if t in cut("".join(texts)) or t == "\n"
                ],
                "You leave out parts of words. A token such as `do` is allowed where "
                "`dog` is: `g` can follow.",
            ),
        ],
        [
            "A token is allowed if some text begins with all that would then be "
            "written.",
            "`text.startswith(written + token)`, for any of the texts.",
        ],
        [
            allowed,
            "The library asks an engine that walks a grammar's rules instead of a list "
            "of texts: of 16 by 16 cells there are 2 to the power of 256 texts.",
        ],
        (("",), (_O,), (f"{_O} *1",), (f"{_D} *2",), ("do",), (f"{_D} *2\n",)),
        note="Set all other logits to minus infinity, and nothing else can be written.",
        trial=_allowed,
    ),
    Exercise(
        "4.3",
        "The forced tokens",
        forced,
        [
            Mistake(
                "one token only",
                lambda w, rows: forced(w, rows)[:1],
                "You stop after one token. Go on while all rows still agree.",
            ),
            Mistake(
                "first row that fits",
                lambda w, rows: _going(w, rows)[0][len(w) :],
                "You write the rest of one row that fits. A token is forced only if "
                "every row that fits goes on with it.",
            ),
            Mistake(
                "nothing filtered",
                lambda w, rows: forced([], [row[len(w) :] for row in rows]),
                "You compare all rows. Rows that began otherwise no longer count.",
            ),
            Mistake(
                "written included",
                lambda w, rows: w + forced(w, rows),
                "What is written already is no part of the answer.",
            ),
            Mistake(
                "common somewhere",
                lambda w, rows: [
                    t
                    for t in _going(w, rows)[0][len(w) :]
                    if all(t in row[len(w) :] for row in _going(w, rows))
                ],
                "These tokens come in all rows, but not all at the same place. Stop at "
                "the first place where two rows differ.",
            ),
        ],
        [
            "Keep the rows that begin as `written` does; look at what comes behind.",
            "`zip(*tails)` gives the first tokens of all, then the second: stop where "
            "they are not all the same.",
        ],
        [forced],
        (
            (["the"],),
            (["others", " *1"],),
            ([],),
            (["others", " *2"],),
            (["the", " star", " *3"],),
        ),
        note="What is forced need not be asked: no pass of the model is spent on it.",
        trial=_forced,
    ),
    *lesson04_drafts.EXERCISES,
)
