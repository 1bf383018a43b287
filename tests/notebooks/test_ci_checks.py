"""CI tests itself: a sound lesson, spoilt in one way at a time, must be found out.

``fixtures/01-sound.ipynb`` is what the course accepts. Each fault below is one edit of
it, so that nothing else can be the reason for what is found.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest

from t4s_lib.course import profiles
from t4s_lib.course.freshness import read, write
from t4s_lib.course.run import Progress, run_course
from t4s_lib.course.scan import scan_source
from t4s_lib.course.scan_stored import scan_stored

SOUND = Path(__file__).parent / "fixtures" / "01-sound.ipynb"

Edit = Callable[[Any], None]

UNHEARD = """import urllib.request
try:
    urllib.request.urlopen("https://example.org")
except OSError:
    pass"""


def sets(name: str, source: str) -> Edit:
    """An edit that gives a cell another source."""

    def edit(nb: Any) -> None:
        cell(nb, name).source = source

    return edit


def replaces(name: str, old: str, new: str) -> Edit:
    """An edit that changes some words of a cell's source."""

    def edit(nb: Any) -> None:
        assert old in cell(nb, name).source
        cell(nb, name).source = cell(nb, name).source.replace(old, new)

    return edit


def untags(nb: Any) -> None:
    cell(nb, "parameters").metadata = nbformat.from_dict({})


def sleeps(nb: Any) -> None:
    """A training that takes too long; its limit is short here."""
    cell(nb, "figure").source = "import time\ntime.sleep(60)"
    cell(nb, "figure").metadata = nbformat.from_dict({"tags": ["training"]})


def swaps(nb: Any) -> None:
    one, two = cell(nb, "figure"), cell(nb, "widget")
    one.execution_count, two.execution_count = 4, 3


def skips(nb: Any) -> None:
    cell(nb, "figure").execution_count, cell(nb, "figure").outputs = None, []


def other_profile(nb: Any) -> None:
    nb.metadata.t4s.profile = "ci"


def keeps_state(nb: Any) -> None:
    nb.metadata.widgets = nbformat.from_dict({})


EXECUTED: dict[str, tuple[Edit, str]] = {
    "hidden-error": (
        replaces("widget", "value=4", "value=0"),
        "cell 5: inside a widget: ZeroDivisionError: division by zero",
    ),
    "wrong-parameter": (
        sets("parameters", 'PROFIL = "laptop"'),
        "cell 2: the 'parameters' cell does not set PROFILE",
    ),
    "untagged-parameter": (untags, "0 cells tagged 'parameters', expected 1"),
    "profile-set-again": (
        replaces("share", "share(3)", 'PROFILE = "laptop"'),
        "cell 3: sets PROFILE again",
    ),
    "missing-alt": (
        replaces("figure", 'alt="One cell of twelve, all black"', 'alt=""'),
        "cell 4: an <img> without alternative text",
    ),
    "bare-picture": (
        replaces("figure", "HTML(f", "display(Image.new('L', (9, 9)), f"),
        "cell 4: a picture without alternative text",
    ),
    "network": (
        sets("figure", UNHEARD.replace("    pass", "    raise")),
        "cell 4 of 5: URLError: <urlopen error asked the network for example.org",
    ),
    "network-unheard": (
        sets("figure", UNHEARD),
        "cell 4: on stderr: asked the network for example.org",
    ),
    "too-slow": (
        sleeps,
        "cell 4 of 5: the cell took more than 3 s (profile ci)",
    ),
}
"""What shows when a lesson is executed, and the reason that is given."""

STORED: dict[str, tuple[Edit, str]] = {
    "stale-hash": (
        replaces("share", "12 /", "24 /"),
        "its outputs are older than its source",
    ),
    "out-of-order": (swaps, "cell 4: the 4th that was run, expected the 3rd"),
    "not-run": (skips, "cell 4: not run, expected the 3rd"),
    "other-profile": (other_profile, "executed in profile ci, expected laptop"),
    "widget-state": (keeps_state, "metadata.widgets is stored"),
}
"""What shows in a notebook as it is committed, and the reason that is given."""


def cell(nb: Any, name: str) -> Any:
    return next(one for one in nb.cells if one.id == name)


def spoilt(edit: Edit) -> Any:
    nb = read(SOUND)
    edit(nb)
    nbformat.validate(nb)
    return nb


@pytest.fixture(scope="module")
def faults(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, ...]]:
    """What one run of a course finds in the sound lesson and in each spoilt one."""
    folder = tmp_path_factory.mktemp("faulty")
    source = folder / "notebooks"
    source.mkdir()
    write(read(SOUND), source / "00-sound.ipynb")
    for k, (name, (edit, _)) in enumerate(EXECUTED.items(), 1):
        write(spoilt(edit), source / f"{k:02}-{name}.ipynb")
    with pytest.MonkeyPatch.context() as patch:
        short = replace(profiles.load("ci"), training_timeout_s=3)
        patch.setitem(profiles._PROFILES, "ci", short)
        with (folder / "said").open("w") as said:
            done = run_course(source, folder / "out", "ci", progress=Progress(said))
    return {lesson.name[3:-6]: lesson.faults for lesson in done.lessons}


@pytest.mark.notebook
def test_the_sound_lesson_is_executed_without_a_fault(
    faults: dict[str, tuple[str, ...]],
) -> None:
    assert faults["sound"] == ()


@pytest.mark.notebook
@pytest.mark.parametrize("name", EXECUTED)
def test_a_fault_fails_the_course_for_its_own_reason(
    name: str, faults: dict[str, tuple[str, ...]]
) -> None:
    assert len(faults[name]) == 1
    assert EXECUTED[name][1] in faults[name][0]


def test_the_sound_lesson_is_stored_without_a_fault() -> None:
    nb = read(SOUND)
    assert [*scan_source(nb, SOUND.name), *scan_stored(nb, SOUND.name)] == []


@pytest.mark.parametrize("name", STORED)
def test_a_fault_in_what_is_stored_is_found_for_its_own_reason(name: str) -> None:
    edit, reason = STORED[name]
    nb = spoilt(edit)
    found = [*scan_source(nb, SOUND.name), *scan_stored(nb, SOUND.name)]
    assert len(found) == 1
    assert reason in str(found[0])
