"""A training in processes of its own, watched from the one that asked for it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

pytest.importorskip("trl")

from t4s_lib.training.apart import processes_here
from t4s_lib.training.moments import Moment
from t4s_lib.training.recipe import Recipe, override, to_yaml
from t4s_lib.training.trainer import train


def test_two_processes_tell_what_one_here_would(small: Recipe, tmp_path: Path) -> None:
    recipe = override(small, ["lora.dropout=0"])
    apart: list[Moment] = []
    here: list[Moment] = []
    two = train(recipe, tmp_path / "two", processes=2, callbacks=[apart.append])
    train(recipe, tmp_path / "one", callbacks=[here.append])

    assert [m.step for m in apart] == [m.step for m in here] == [0, 2, 4, 6, 8]
    losses = [[m.loss for m in told if m.loss is not None] for told in (apart, here)]
    assert losses[0] == pytest.approx(losses[1], abs=1e-4)
    for there, one in zip(apart, here, strict=True):
        assert (there.samples, there.steps) == (one.samples, one.steps)
        assert there.is_last == one.is_last
        assert there.steps_here == one.steps_here
        assert [p.source for p in there.predictions] == [
            p.source for p in one.predictions
        ]
    assert apart[0].scores == here[0].scores
    assert two.steps == 8
    assert (two.adapter / "adapter_model.safetensors").is_file()

    # What is done is not done again; it is told from the start.
    again: list[Moment] = []
    train(recipe, two.folder, resume=True, processes=2, callbacks=[again.append])
    assert again == apart
    with pytest.raises(ValueError, match=r"holds adapter; expected an empty folder"):
        train(recipe, two.folder, processes=1, callbacks=[again.append])
    assert again == apart


def test_a_training_that_fails_apart_says_why_in_its_own_words(
    small: Recipe, tmp_path: Path
) -> None:
    missing = override(small, [f"model={tmp_path / 'no such model'}"])
    with pytest.raises(ValueError, match="no such model") as caught:
        train(missing, tmp_path / "out", processes=1, callbacks=[])
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_what_another_process_cannot_have_is_refused(
    small: Recipe, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="processes is 2 and samples is given"):
        train(small, tmp_path / "out", processes=2, samples=[])
    assert not (tmp_path / "out").exists()


def test_a_callback_that_gives_up_ends_the_training(
    small: Recipe, tmp_path: Path
) -> None:
    endless = override(small, ["steps=100000"])

    def give_up(moment: Moment) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(endless, tmp_path / "out", processes=1, callbacks=[give_up])
    assert not (tmp_path / "out" / "done.json").exists()


def test_no_training_outlives_the_one_who_asked_for_it(
    small: Recipe, tmp_path: Path
) -> None:
    file = tmp_path / "endless.yaml"
    file.write_text(to_yaml(override(small, ["steps=100000"])))
    code = (
        "import sys; from t4s_lib.training.trainer import train;"
        "train(*sys.argv[1:], processes=2)"
    )
    told = [str(file), str(tmp_path / "out")]
    asking = subprocess.Popen([sys.executable, "-c", code, *told])
    try:
        _wait(lambda: (tmp_path / "out" / "log.jsonl").exists() or asking.poll())
        started = psutil.Process(asking.pid).children(recursive=True)
        assert len(started) >= 3  # torchrun and two ranks
    finally:
        asking.kill()
        asking.wait()
    _, alive = psutil.wait_procs(started, timeout=60)
    assert not alive


def _wait(is_so: Callable[[], object], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_the_number_of_processes_suits_the_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import torch

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    for cores, expected in ((1, 1), (2, 2), (12, 2)):
        monkeypatch.setattr(os, "sched_getaffinity", lambda _, n=cores: set(range(n)))
        assert processes_here() == expected
