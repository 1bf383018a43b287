"""How long a training's texts are, where the data are not at hand."""

from __future__ import annotations

import pytest

from t4s_lib.codecs import codec_names
from t4s_lib.training.recipe import load_recipe, override
from t4s_lib.training.texts import CHARACTERS, Text, published

RECIPE = load_recipe("res-llava-1.5-7b")
PLACES = {spec.benchmark.partition(":")[0]: spec for spec in RECIPE.data}


def _of(place: str, *changes: str) -> Text:
    return published(PLACES[place], override(RECIPE, changes))


@pytest.mark.parametrize("place", ["refcoco", "refcocog"])
def test_every_codec_has_a_length_of_its_own(place: str) -> None:
    lengths = {name: _of(place, f"codec={name}").answer for name in codec_names()}
    assert len(set(lengths.values())) == len(lengths)
    assert max(lengths, key=lambda name: lengths[name]) == "full"
    assert min(lengths, key=lambda name: lengths[name]) == "spans"
    assert set(CHARACTERS) == set(codec_names())


def test_where_a_number_is_from_is_said() -> None:
    assert _of("refcocog", "codec=spans").source == "measured on 155 RefCOCOg sentences"
    assert _of("refcoco", "codec=row-rle").source == "the paper's mean on RefCOCO"
    ours = _of("refcoco", "codec=spans").source
    assert ours == "the paper's mean on RefCOCO of row-rle, shorter as on RefCOCOg"


def test_a_finer_grid_writes_more_of_what_grows_with_its_side() -> None:
    coarse, fine = (_of("refcoco", "codec=spans", f"grid={n}") for n in (16, 32))
    assert fine.answer > 1.5 * coarse.answer
    assert fine.source.endswith("scaled from 16x16")
