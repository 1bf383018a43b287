"""The clock, the rate that follows it, and the line that shows how far it is."""

from __future__ import annotations

import io
import time

import pytest

from t4s_lib.training.clock import CLOCKS, Clock, rate
from t4s_lib.training.moments import Moment
from t4s_lib.training.progress import ProgressLine, progress_line


def test_the_clock_goes_on_from_a_checkpoint() -> None:
    times = iter([100.0, 200.0, 230.0, 260.0])
    clock = Clock(minutes=2, now=lambda: next(times))
    clock.start(60)
    assert (clock.tick(), clock.fraction, clock.is_over) == (90, 0.75, False)
    assert (clock.tick(), clock.fraction, clock.is_over) == (120, 1, True)


def test_all_processes_take_the_first_ones_time() -> None:
    times = iter([0.0, 0.0, 50.0])
    clock = Clock(minutes=1, share=lambda seconds: 30.0, now=lambda: next(times))
    clock.start()
    assert (clock.tick(), clock.fraction) == (30, 0.5)


def test_processor_time_stands_still_while_others_work() -> None:
    clock = Clock(minutes=1, now=CLOCKS["cpu"])
    clock.start()
    time.sleep(0.2)
    assert clock.tick() < 0.1


def test_without_minutes_no_clock_ends_anything() -> None:
    clock = Clock()
    clock.tick()
    assert (clock.fraction, clock.is_over) == (0, False)


@pytest.mark.parametrize("schedule", ["linear", "cosine"])
def test_the_rate_rises_then_falls_to_nothing(schedule: str) -> None:
    rates = [rate(schedule, k / 100, 0.1) for k in range(101)]
    assert rates[:11] == sorted(rates[:11])
    assert rates[10:] == sorted(rates[10:], reverse=True)
    assert (rates[0], rates[10], rates[100]) == (0, 1, 0)
    assert rates[55] == pytest.approx(0.5)


def test_schedules() -> None:
    assert [rate("constant", f, 0) for f in (0, 0.5, 1)] == [1, 1, 1]
    with pytest.raises(ValueError, match="schedule is 'step', expected one of linear"):
        rate("step", 0.5, 0)


def test_the_line_says_what_is_left() -> None:
    timed = Moment(10, 160, 60, 0.25, minutes=6, scores={"norm": 0.5})
    assert progress_line(timed) == (
        "step 10 · 160 samples · loss 0.250 · 50% of the ceiling · 1:00, 5:00 to go"
    )
    # 10 steps took a minute here; what an earlier attempt took does not count.
    stepped = Moment(60, 960, 500, 1.0, steps=100, steps_here=10, seconds_here=60)
    assert progress_line(stepped).endswith("8:20, 4:00 to go")
    assert progress_line(Moment(0, 0, 0, steps=9)) == "step 0 of 9 · 0 samples · 0:00"


def test_a_file_gets_few_lines_and_a_terminal_one() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    plain, terminal = io.StringIO(), Terminal()
    moments = [
        Moment(1, 1, 1, 0.5),
        Moment(2, 2, 2, 0.4, scores={"norm": 0.1}),
        Moment(3, 3, 3, 0.3, is_last=True),
    ]
    for stream in (plain, terminal):
        show = ProgressLine(stream)
        for moment in moments:
            show(moment)
    assert [line[:6] for line in plain.getvalue().splitlines()] == ["step 2", "step 3"]
    assert terminal.getvalue().count("\r") == 3
    assert terminal.getvalue().count("\n") == 1
