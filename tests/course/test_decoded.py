"""What lesson 04 compares: modes of writing, by hand and with the shipped model."""

import pytest

from t4s_lib import codec, mask_to_grid
from t4s_lib.course import decoded, traces
from t4s_lib.course.traces import DRAFT, GRAMMAR, MODEL, Piece, Trace
from t4s_lib.models import Backbone, load_backbone
from t4s_lib.prompts import fold
from t4s_lib.sources import Sample, scenes

SAMPLES = list(scenes(2, "heldout"))


def said(sample: Sample, mode: str = "plain", seconds: float = 1.0) -> Trace:
    """The true answer, in three passes."""
    label = sample.expression
    text = codec("row-rle").encode(mask_to_grid(sample.mask, 16, label))
    pieces = tuple(Piece(letter, MODEL) for letter in fold(text, label))
    return Trace(mode, pieces, label, steps=(1, 2, 9), seconds=seconds)


def broken(sample: Sample) -> Trace:
    return Trace("plain", (Piece("<seg>others *3\n</seg>", MODEL),), sample.expression)


TRUE = [said(sample) for sample in SAMPLES]
FAST = [said(sample, "rows", 0.25) for sample in SAMPLES]


def test_times_passes_and_texts_are_compared_mask_by_mask() -> None:
    runs = {"plain": TRUE, "rows": FAST}
    assert decoded.times_as_fast(runs, "rows") == 4
    assert decoded.passes(runs) == {"plain": 3, "rows": 3}
    assert decoded.seconds(runs)["rows"] == 0.25
    assert decoded.same_text(runs, "rows") == (2, 2)
    lines = decoded.mode_lines(runs)
    assert [line[0] for line in lines] == ["plain", "rows"]
    assert lines[1][4:] == ("4.0", "2 of 2")
    assert all(len(line) == len(decoded.MODE_HEADER) for line in lines)


def test_only_texts_without_a_fault_must_stay_the_same() -> None:
    runs = {"plain": [TRUE[0], broken(SAMPLES[1])], "rows": [FAST[1], FAST[1]]}
    assert decoded.same_text(runs, "rows") == (0, 1)


def test_a_line_says_how_many_are_whole_and_how_good() -> None:
    name, whole, iou = decoded.reading_line("x", TRUE, SAMPLES)
    assert (name, whole) == ("x", "2 of 2")
    assert iou > 0.5
    line = decoded.reading_line("y", [TRUE[0], broken(SAMPLES[1])], SAMPLES)
    assert line[1] == "1 of 2"
    assert line[2] < iou


@pytest.fixture(scope="module")
def tiny() -> Backbone:
    return load_backbone("tiny")


@pytest.fixture(scope="module")
def runs(tiny: Backbone) -> dict[str, list[Trace]]:
    return decoded.in_all_modes(tiny, SAMPLES)


def test_each_mode_writes_what_plain_writes_in_fewer_passes(
    runs: dict[str, list[Trace]],
) -> None:
    assert list(runs) == list(decoded.MODES)
    for mode in runs:
        same, of = decoded.same_text(runs, mode)
        assert same == of
    few = decoded.passes(runs)
    assert few["plain"] == few["grammar"] > few["forced"] > few["rows"]
    assert few["plain"] > few["lookup"] > few["rows"]


def test_who_chose_is_known_of_every_token(runs: dict[str, list[Trace]]) -> None:
    for mode, written in runs.items():
        for trace in written:
            assert {piece.who for piece in trace.pieces} <= set(traces.CHOOSERS)
            assert trace.passes[-1] <= trace.forwards
            assert len(trace.passes) == len(trace.pieces)
            if mode == "plain":
                assert trace.count(MODEL) == len(trace.pieces)
    assert all(trace.count(GRAMMAR) for trace in runs["forced"])
    assert all(trace.count(DRAFT) for trace in runs["rows"])


def test_the_distance_of_the_best_two_is_known_at_each_token(tiny: Backbone) -> None:
    apart = decoded.bf16_apart(tiny, SAMPLES[0])
    plain = decoded.answer(tiny, SAMPLES[0], "plain")
    assert len(apart) == plain.forwards
    assert min(apart) >= 0


def test_an_unfit_mode_is_one_line(tiny: Backbone) -> None:
    with pytest.raises(ValueError, match="mode is 'fast', expected one of plain"):
        decoded.answer(tiny, SAMPLES[0], "fast")
