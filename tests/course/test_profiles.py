"""The three profiles and the one line for any other."""

from dataclasses import FrozenInstanceError, astuple

import pytest

from t4s_lib.course.profiles import NAMES, load
from t4s_lib.training.recipe import load_recipe


def test_every_known_name_loads_a_profile_of_that_name() -> None:
    assert NAMES == ("ci", "laptop", "gpu")
    assert [load(name).name for name in NAMES] == list(NAMES)


def test_profiles_grow_from_ci_to_gpu() -> None:
    ci, laptop, gpu = (astuple(load(name))[1:] for name in NAMES)
    for small, middle, large in zip(ci, laptop, gpu, strict=True):
        if isinstance(small, int | float):
            assert small <= middle <= large


@pytest.mark.parametrize("name", NAMES)
def test_grids_are_sorted_and_hold_the_papers_16(name: str) -> None:
    grids = load(name).grids
    assert list(grids) == sorted(set(grids))
    assert 16 in grids


@pytest.mark.parametrize("name", NAMES)
def test_one_cell_may_not_outlast_its_lesson(name: str) -> None:
    profile = load(name)
    assert profile.cell_timeout_s < profile.training_timeout_s
    assert profile.training_timeout_s <= profile.lesson_budget_min * 60 <= 3600


@pytest.mark.parametrize("name", NAMES)
def test_lesson_03_trains_within_its_time(name: str) -> None:
    profile = load(name)
    minutes = load_recipe(profile.recipe).minutes
    assert minutes is not None
    assert minutes * 60 * 1.5 < profile.training_timeout_s


def test_a_profile_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        load("ci").masks = 1  # type: ignore[misc]


@pytest.mark.parametrize("name", ["", "CI", "cloud"])
def test_an_unknown_name_gets_one_line_with_the_known_ones(name: str) -> None:
    with pytest.raises(ValueError, match="ci, laptop, gpu") as caught:
        load(name)
    assert "\n" not in str(caught.value)
