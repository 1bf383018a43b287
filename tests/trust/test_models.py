"""Model folders that would run a program: refused or read without running it.

Each test plants a canary: a program that leaves a file if anything runs it.
"""

from __future__ import annotations

import json
import pickle
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")

from t4s_lib.models import load_backbone
from t4s_lib.models.errors import ModelError

Edit = Callable[[Path], None]


class Runs:
    """Pickles as a call that leaves a file."""

    def __init__(self, canary: Path) -> None:
        self._canary = canary

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self._canary,))


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model whose template is its own, and an adapter of it."""
    from peft import LoraConfig, get_peft_model

    from t4s_lib.models.toys import toy

    folder = tmp_path_factory.mktemp("shelf")
    backbone = toy("internvl")
    backbone.model.save_pretrained(folder / "model")
    backbone.processor.save_pretrained(folder / "model")
    settings = LoraConfig(r=4, target_modules=backbone.family.targets())
    get_peft_model(backbone.model, settings).save_pretrained(folder / "adapter")
    edit(folder / "adapter/adapter_config.json", base_model_name_or_path="unknown/base")
    return folder


@pytest.fixture
def model(shelf: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(shelf / "model", tmp_path / "model"))


@pytest.fixture
def adapter(shelf: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(shelf / "adapter", tmp_path / "adapter"))


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    return tmp_path / "canary"


def edit(path: Path, **changes: Any) -> None:
    found = json.loads(path.read_text()) if path.is_file() else {}
    path.write_text(json.dumps({**found, **changes}))


def refusal(name: Path, **settings: Any) -> str:
    with pytest.raises(ModelError) as caught:
        load_backbone(name, device="cpu", **settings)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def plant(folder: Path, canary: Path) -> None:
    """Code beside the weights, and settings that ask for it."""
    program = f"from pathlib import Path\nPath({str(canary)!r}).touch()\n"
    classes = "".join(f"class {k}: pass\n" for k in ("Config", "Model", "Made", "Tok"))
    (folder / "evil.py").write_text(program + classes)
    maps = {"AutoConfig": "evil.Config", "AutoModelForImageTextToText": "evil.Model"}
    edit(folder / "config.json", auto_map=maps)
    edit(folder / "processor_config.json", auto_map={"AutoProcessor": "evil.Made"})
    names = ["evil.Tok", "evil.Tok"]
    edit(folder / "tokenizer_config.json", auto_map={"AutoTokenizer": names})


def test_pickled_weights_alone_are_refused(model: Path, canary: Path) -> None:
    (model / "model.safetensors").unlink()
    (model / "pytorch_model.bin").write_bytes(pickle.dumps(Runs(canary)))
    assert "has pickled weights, which are not read" in refusal(model)
    assert not canary.exists()


def test_pickles_beside_the_weights_are_left_alone(
    model: Path, adapter: Path, canary: Path
) -> None:
    for path in (model / "pytorch_model.bin", adapter / "adapter_model.bin"):
        path.write_bytes(pickle.dumps(Runs(canary)))
    load_backbone(model, adapter=adapter, device="cpu")
    assert not canary.exists()
    pickle.loads((model / "pytorch_model.bin").read_bytes())
    assert canary.exists()  # the canary sings where it is read


def test_an_adapter_with_pickled_weights_is_refused(
    model: Path, adapter: Path, canary: Path
) -> None:
    (adapter / "adapter_model.safetensors").unlink()
    (adapter / "adapter_model.bin").write_bytes(pickle.dumps(Runs(canary)))
    assert "has no adapter_model.safetensors" in refusal(model, adapter=adapter)
    assert not canary.exists()


def test_code_that_comes_with_a_model_is_not_run(model: Path, canary: Path) -> None:
    plant(model, canary)
    load_backbone(model, device="cpu")  # our own classes read it
    assert not canary.exists()


@pytest.mark.parametrize(
    ("file", "key", "said"),
    [
        ("config.json", "model_type", "no family for model type 'evil'"),
        ("processor_config.json", "processor_class", "is never run"),
    ],
)
def test_a_model_that_needs_code_of_its_own_is_refused(
    model: Path, canary: Path, file: str, key: str, said: str
) -> None:
    plant(model, canary)
    edit(model / file, **{key: "evil"})
    assert said in refusal(model)
    assert not canary.exists()


def test_an_adapter_names_no_library_to_import(
    model: Path, adapter: Path, canary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(model, canary)
    monkeypatch.setattr(sys, "path", [*sys.path, str(model)])
    named = {"base_model_class": "Model", "parent_library": "evil"}
    edit(adapter / "adapter_config.json", auto_mapping=named)
    load_backbone(model, adapter=adapter, device="cpu")
    assert not canary.exists()


def outside(model: Path) -> None:
    (model / "model.safetensors").rename(model.parent / "m.safetensors")
    parts = {"weight_map": {"a": "../m.safetensors"}}
    edit(model / "model.safetensors.index.json", **parts)


def junk_index(model: Path) -> None:
    edit(model / "model.safetensors.index.json", weight_map={"a": {"b": 1}})


@pytest.mark.parametrize("change", [outside, junk_index])
def test_weights_lie_in_the_folder(model: Path, change: Edit) -> None:
    change(model)
    said = refusal(model)
    assert "model.safetensors.index.json names" in said
    assert "expected a file beside it" in said


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{% for k in range(10 ** 12) %}{% endfor %}",
        "{% include '/etc/passwd' %}",
        "{% for %}",
    ],
)
def test_a_chat_template_stays_in_its_sandbox(model: Path, template: str) -> None:
    (model / "chat_template.jinja").write_text(template)
    assert f"the chat template of {model} does not work: " in refusal(model)


def test_settings_that_are_none(model: Path, adapter: Path) -> None:
    (adapter / "adapter_config.json").write_text("[1]")
    assert "holds a list, expected settings" in refusal(model, adapter=adapter)
    (adapter / "adapter_config.json").write_text('{"peft_type": "EVIL"}')
    assert "of the kind 'EVIL', expected 'LORA'" in refusal(model, adapter=adapter)
    (model / "config.json").write_text("[" * 100_000)
    assert "config.json is cut off or no JSON" in refusal(model)
    (model / "config.json").write_text('"llava"')
    assert "config.json holds a str, expected settings" in refusal(model)


def test_an_adapter_is_not_its_own_base(adapter: Path) -> None:
    config = adapter / "adapter_config.json"
    edit(config, base_model_name_or_path=str(adapter))
    assert "is an adapter too" in refusal(adapter)


def test_names_that_lead_in_circles_or_nowhere(tmp_path: Path) -> None:
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone")
    for name in ("circle", "nowhere"):
        assert "expected 'tiny', 'tiny-base', a folder" in refusal(tmp_path / name)
    assert "expected 'tiny'" in refusal(Path("../../etc/passwd"))


def test_a_checkpoint_with_a_program_in_it_is_not_run(
    tmp_path: Path, canary: Path
) -> None:
    pytest.importorskip("trl")
    from benchmarks.kill_training import Training

    task, out = Training(), tmp_path / "out"
    task.prepare(tmp_path / "given")
    task.run(out)
    (out / "done.json").unlink()
    latest = max((out / "checkpoints").iterdir(), key=lambda p: p.stat().st_mtime)
    poisoned = [p for p in latest.iterdir() if p.suffix in (".pt", ".pth", ".bin")]
    sizes = json.loads((latest / "complete.json").read_text())
    for path in poisoned:
        path.write_bytes(pickle.dumps(Runs(canary)))
        sizes["files"][path.name] = path.stat().st_size
    (latest / "complete.json").write_text(json.dumps(sizes))
    assert {"optimizer.pt", "scheduler.pt"} <= {path.name for path in poisoned}
    with pytest.raises(Exception, match=r"[Ww]eights.only|[Uu]nsupported"):
        task.run(out)
    assert not canary.exists()
