"""QLoRA: frozen weights of 4 bits; or one line that says what is missing."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

pytest.importorskip("trl")

from t4s_lib.models import load_backbone
from t4s_lib.training.recipe import Recipe, override
from t4s_lib.training.trainer import train

HAS_BITS = find_spec("bitsandbytes") is not None


@pytest.mark.skipif(not HAS_BITS, reason="bitsandbytes is not installed")
@pytest.mark.parametrize("checkpointing", ["false", "true"])
def test_a_model_of_4_bits_learns(
    small: Recipe, tmp_path: Path, checkpointing: str
) -> None:
    chosen = override(small, ["quantize=4bit", "lr=2e-2"])
    chosen = override(chosen, [f"gradient_checkpointing={checkpointing}"])
    found = train(chosen, tmp_path / "out", callbacks=[])
    losses = [line["loss"] for line in found.log if "loss" in line]
    assert losses[-1] < losses[0] - 0.1
    assert load_backbone(found.adapter).family.name == "llava"


@pytest.mark.skipif(not HAS_BITS, reason="bitsandbytes is not installed")
def test_nothing_is_merged_into_4_bits(small: Recipe, tmp_path: Path) -> None:
    first = train(override(small, ["steps=1"]), tmp_path / "first", callbacks=[])
    chosen = override(small, ["quantize=4bit", f"init={first.adapter}"])
    with pytest.raises(ValueError, match="cannot be merged into quantized weights"):
        train(chosen, tmp_path / "out", callbacks=[])
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(HAS_BITS, reason="bitsandbytes is installed")
def test_without_bitsandbytes_one_line_says_how_to_get_it(
    small: Recipe, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="needs bitsandbytes: pip install bitsandb"):
        train(override(small, ["quantize=4bit"]), tmp_path / "out", callbacks=[])
    assert not (tmp_path / "out").exists()
