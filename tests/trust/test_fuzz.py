"""Thousands of broken texts, and every text that ever broke a promise."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from benchmarks.fuzz import ROOM_MIB, SECONDS, attempt, bounded, fuzz, keep
from benchmarks.fuzz_promises import KINDS
from benchmarks.fuzz_texts import Case, Maker
from t4s_lib.codecs import Codec, codec, codec_names, register
from t4s_lib.generation.mask_text import MaskText

CORPUS = Path(__file__).parent / "corpus"
KEPT = sorted(CORPUS.glob("*.json"))


def test_thousands_of_broken_texts_break_no_promise() -> None:
    with bounded():
        tallies = list(fuzz(seed=7, numbers=range(4000)))
    (tally,) = [tally for tally in tallies if tally.n]
    assert [(wrong, case.text) for case, wrong in tally.broken] == []
    assert {"exact", "repaired", "failed", "parity failed"} <= set(tally.outcomes)
    assert tally.rise_mib < ROOM_MIB / 4


@pytest.mark.parametrize("path", KEPT, ids=[path.stem for path in KEPT])
def test_what_once_broke_a_promise_does_so_no_more(path: Path) -> None:
    with bounded():
        assert attempt(Case.of(json.loads(path.read_text())))[1] is None


def test_a_case_is_made_again_from_its_number() -> None:
    one, two = Maker(3), Maker(3)
    assert [one.case(k) for k in range(50)] == [two.case(k) for k in range(50)]
    assert one.case(7) != Maker(4).case(7)
    assert Case.of(json.loads(json.dumps(one.case(7).as_dict()))) == one.case(7)


def broken_codec(read: object) -> type[Codec]:
    """A codec whose reading is this."""
    parts = {"name": "broken", "encode": lambda self, grid: "", "read": read}
    return type("Broken", (Codec,), parts)


def raises(*_: object) -> None:
    raise KeyError("dog")


def takes_all_memory(*_: object) -> bytes:
    return b" " * (4 * ROOM_MIB * 2**20)


def never_ends(*_: object) -> None:
    while True:
        pass


@pytest.mark.parametrize(
    ("read", "said"),
    [(raises, "KeyError"), (takes_all_memory, "MemoryError"), (never_ends, "Late")],
)
def test_the_fuzz_finds_what_it_looks_for(
    read: object, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from benchmarks import fuzz as module
    from t4s_lib import codecs

    monkeypatch.setattr(codecs, "_CODECS", dict(codecs._CODECS))
    monkeypatch.setattr(module, "SECONDS", 0.2)
    register(broken_codec(read))
    case = Case("broken", (2, 2), None, "repair", "dog *2")
    with bounded():
        outcome, wrong = attempt(case)
    assert (outcome, str(wrong)[: len(said)]) == ("raised", said)
    kept = keep(case, str(wrong), tmp_path)
    assert Case.of(json.loads(kept.read_text())) == case


def test_every_kind_of_fault_that_may_occur_is_documented() -> None:
    assert {"row_too_long", "gave_up", "other_spelling"} < KINDS
    assert len(KINDS) > 30


@pytest.mark.parametrize("name", codec_names())
@pytest.mark.parametrize(
    ("before", "unit", "after"),
    [
        ("", "9", ""),
        ("1+2", " ", "y"),
        ("1x", " ", "y"),
        ("dog| 0+9\n", "1+1 ", "x9"),
        ("", "others *999999| ", ""),
        ("", "others *999999 x999999\n ", ""),
        ("", "<seg>", "</seg>"),
    ],
)
def test_time_and_memory_follow_the_length_of_a_text(
    name: str, before: str, unit: str, after: str
) -> None:
    text = before + unit * (16_000 // len(unit)) + after
    guess = MaskText("dog", name, 16).guess
    with bounded():
        start = time.process_time()
        codec(name).decode(text, 16)
        guess(text)
        assert time.process_time() - start < SECONDS / 2
