"""What is promised of every text, whoever wrote it; checked one case at a time."""

from __future__ import annotations

import random

from benchmarks.fuzz_texts import PAPER, Case
from t4s_lib.answers import read_answer
from t4s_lib.codecs import codec
from t4s_lib.codecs import report as reports
from t4s_lib.codecs.labels import BLANKS
from t4s_lib.codecs.report import ParseReport
from t4s_lib.codecs.tags import cut
from t4s_lib.generation.grammar import mask_grammar
from t4s_lib.generation.mask_text import MaskText

KINDS = {
    line.split()[0]
    for line in (reports.__doc__ or "").splitlines()
    if line.startswith("    ") and line.split()[0].replace("_", "").isalpha()
}
"""The kinds of fault that the documentation lists."""

_GUESSED = 12  # every so manyth text is finished by a drafter as well
_RULED = 400  # every so manyth case has its labels made a grammar


class Broken(Exception):
    """A promise that was not kept."""


def read(case: Case) -> str:
    """Read a case, check every promise, and say what became of it.

    Raises:
        Broken: If a promise was not kept.
    """
    made = codec(case.codec)
    grid, report = made.decode(case.text, case.shape, case.labels, case.mode)
    _check_report(report, case.shape)
    if grid.shape != case.shape:
        raise Broken(f"a grid of {grid.shape}, expected {case.shape}")
    if report.status == "failed" and grid.foreground.any():
        raise Broken("failed, and yet there is foreground")
    if case.mode == "parity":
        return f"parity {report.status}"
    if case.labels is not None and not set(grid.labels) <= {"others", *case.labels}:
        raise Broken(f"labels {grid.labels}, expected some of {case.labels}")
    if report.status == "exact":
        body = cut(case.text).body.strip(BLANKS)
        if made.encode(grid).strip(BLANKS) != body:
            raise Broken("called exact, but encode writes it otherwise")
    return report.status


def _check_report(report: ParseReport, shape: tuple[int, int]) -> None:
    if (report.status == "exact") != (not report.faults):
        raise Broken(f"{report.status} with {len(report.faults)} faults")
    if strange := report.kinds - KINDS:
        raise Broken(f"kinds {sorted(strange)} are in no documentation")
    for fault in report.faults:
        for at, side in ((fault.row, shape[0]), (fault.column, shape[1])):
            if at is not None and not 0 <= at <= side:
                raise Broken(f"{fault}, beyond the grid {shape}")
        if len(fault.found) > 40:
            raise Broken(f"a fault quotes {len(fault.found)} characters")


def read_again(case: Case) -> None:
    """What is read can be written, and then reads exactly the same.

    Raises:
        Broken: If it does not.
    """
    made = codec(case.codec)
    grid, _ = made.decode(case.text, case.shape, case.labels)
    again, report = made.decode(made.encode(grid), case.shape)
    if report.status != "exact" or again != grid:
        raise Broken(f"what was read does not survive being written: {report}")


def other_ways(case: Case, number: int) -> None:
    """One of the other doors that a model's text, or a label, comes in by.

    Raises:
        Broken: If a promise is not kept.
    """
    if number % 4 == 0:
        read_answer(case.text, case.shape, case.codec)
    elif number % 4 == 1:
        read_again(case)
    elif number % 4 == 2 and case.codec not in PAPER:
        _refuses_parity(case)
    if number % _GUESSED == 3:
        _guess(case)
    if number % _RULED == 3:
        _rule(case, random.Random(number).choice(("lark", "ebnf")))


def every_way(case: Case) -> None:
    """All doors, for a case that is worth it.

    Raises:
        Broken: If a promise is not kept.
    """
    for number in range(4):
        other_ways(case, number)
    _guess(case)
    for syntax in ("lark", "ebnf"):
        _rule(case, syntax)


def _guess(case: Case) -> None:
    """How a drafter goes on with a text."""
    named = case.labels or ("dog",)
    found = MaskText(named, case.codec, case.shape).guess(cut(case.text).body)
    if found is not None and not isinstance(found, str):
        raise Broken(f"the guess is {found!r}, expected words or None")


def _rule(case: Case, syntax: str) -> None:
    """A grammar of the labels, on a grid that is not large."""
    label = [name for name in case.labels or () if name.strip()][:2] or ["dog"]
    rows, cols = case.shape
    mask_grammar(case.codec, (min(rows, 4), min(cols, 4)), label, syntax=syntax)


def _refuses_parity(case: Case) -> None:
    try:
        codec(case.codec).decode(case.text, case.shape, None, "parity")
    except ValueError as error:
        if "no parity mode" not in str(error):
            raise Broken(f"parity says {error}") from error
    else:
        raise Broken(f"{case.codec} was read in parity mode, which it lacks")
