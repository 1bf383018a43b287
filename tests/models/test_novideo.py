"""Processors that demand a video part, with and without torchvision."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("transformers")

from transformers import AutoProcessor

from t4s_lib.models import novideo
from t4s_lib.models.novideo import NoVideoProcessor
from t4s_lib.models.toys import toy

VIDEO = ("qwen2_5_vl", "internvl", "smolvlm")


def patched_places() -> tuple[Any, Any]:
    processing = importlib.import_module("transformers.processing_utils")
    automatic = importlib.import_module(
        "transformers.models.auto.video_processing_auto"
    )
    base = processing.transformers_module.__dict__.get("VideoProcessorMixin")
    return base, automatic.AutoVideoProcessor.from_pretrained


def test_nothing_changes_where_torchvision_exists(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(novideo, "is_torchvision_available", lambda: True)
    before = patched_places()
    assert not novideo.install()
    assert patched_places() == before


def test_installing_twice_is_installing_once() -> None:
    if not novideo.install():
        pytest.skip("torchvision is installed: there is nothing to stand in for")
    before = patched_places()
    assert novideo.install()
    assert patched_places() == before


@pytest.mark.parametrize("name", VIDEO)
def test_a_saved_processor_loads_and_keeps_its_video_settings(
    name: str, tmp_path: Path
) -> None:
    if not novideo.install():
        pytest.skip("torchvision is installed: transformers loads its own")
    toy(name).processor.save_pretrained(tmp_path)
    path, theirs = tmp_path / "processor_config.json", {"video_processor_type": "Real"}
    settings = json.loads(path.read_text()) | {"video_processor": theirs}
    path.write_text(json.dumps(settings))

    loaded = AutoProcessor.from_pretrained(tmp_path)
    assert isinstance(loaded.video_processor, NoVideoProcessor)
    loaded.save_pretrained(tmp_path / "again")
    again = json.loads((tmp_path / "again" / path.name).read_text())
    assert again["video_processor"]["video_processor_type"] == "Real"


def test_a_folder_without_video_settings_gives_an_empty_stand_in(
    tmp_path: Path,
) -> None:
    assert NoVideoProcessor.from_folder(tmp_path).to_dict() == {}


def test_a_video_is_refused_in_one_line() -> None:
    with pytest.raises(NotImplementedError, match="videos need torchvision"):
        NoVideoProcessor()(["a video"])
