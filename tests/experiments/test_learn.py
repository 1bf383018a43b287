"""``t4s codecs learn``: real trainings, as short as they come."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

pytest.importorskip("trl")

from t4s_lib.cli import main
from t4s_lib.experiments import load_results
from t4s_lib.experiments.papers import paper

Capture = pytest.CaptureFixture[str]

RECIPE = """\
title: As small as trains
source: a test
model: {model}
data: [{{benchmark: "scenes:synthetic:train"}}]
lora: {{r: 4, alpha: 8, dropout: 0.0, targets: language}}
lr: 5e-3
schedule: linear
batch: 2
per_device_batch: 2
steps: 1
precision: fp32
eval: {{benchmark: "scenes:synthetic:val", n: 2, every_steps: 1}}
save_every: 1
"""


@pytest.fixture(scope="module")
def recipe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from t4s_lib.models.toys import toy

    folder = tmp_path_factory.mktemp("toy")
    backbone = toy("llava")
    backbone.model.save_pretrained(folder)
    backbone.processor.save_pretrained(folder)
    file = tmp_path_factory.mktemp("recipe") / "small.yaml"
    file.write_text(RECIPE.format(model=folder), encoding="utf-8")
    return file


def _args(recipe: Path, out: Path, *more: str) -> list[str]:
    few = ["--codecs", "row-rle,spans", "--grids", "4", "--seeds", "0", "--n", "3"]
    short = ["--minutes", "0.005", "--processes", "1", "--recipe", str(recipe)]
    return ["codecs", "learn", "--out", str(out), *short, *few, *more]


def _train_by_hand(recipe: Path, folder: Path, codec: str) -> None:
    """As ``t4s train`` does, in this process."""
    own = [f"codec={codec}", "grid=4", "seed=0", "minutes=0.005", "clock=cpu"]
    options = [part for change in own for part in ("--set", change)]
    args = ["train", "--recipe", str(recipe), *options, "--out", str(folder)]
    assert main(args) == 0


def _times(out: Path, name: str) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in sorted(out.rglob(name))}


def test_an_experiment_is_trained_examined_written_and_never_redone(
    recipe: Path, tmp_path: Path, capfd: Capture
) -> None:
    out = tmp_path / "an experiment"
    _train_by_hand(recipe, out / "spans-4" / "seed-0", "spans")
    before = _times(out, "done.json")

    # Nothing is trained where only what is done is asked for.
    assert main(_args(recipe, out, "--no-train")) == 0
    assert "row-rle on 4 x 4, seed 0: not done, left out" in capfd.readouterr().err
    assert load_results(out / "results.json").groups == (("spans", 4),)

    # What is missing is trained; what is there stays.
    assert main(_args(recipe, out)) == 0
    said, shown = capfd.readouterr()
    assert "spans on 4 x 4, seed 0: examined before" in shown
    assert "row-rle on 4 x 4, seed 0: training" in shown
    assert "against row-rle" in said
    assert _times(out, "done.json").items() >= before.items()
    results = load_results(out / "results.json")
    assert {codec for codec, _ in results.groups} == {"row-rle", "spans"}
    assert results.scenes == paper(3).facts
    for arm in results.arms:
        assert len(arm.overlaps.unions) == 3
        assert arm.seconds_per_answer > 0
        assert arm.training.processes == 1
        assert (arm.training.tokens or 0) > arm.training.samples > 0
        assert arm.training.curve[0].minutes < arm.training.curve[-1].minutes
    assert results.made["command"].startswith("t4s codecs learn --out ... --recipe")
    assert results.recipe["minutes"] == 0.005
    assert "codec" not in results.recipe
    assert results.full_tokens[4] > results.of("spans", 4)[0].true_tokens
    assert (out / "page.html").is_file()

    # A second call does nothing anew, and says the same.
    exams, done = _times(out, "exam.json"), _times(out, "done.json")
    assert main(_args(recipe, out)) == 0
    assert (_times(out, "exam.json"), _times(out, "done.json")) == (exams, done)
    again = load_results(out / "results.json")
    assert again.arms == results.arms

    # An exam that was cut off, or is of other weights, is made again.
    broken, other = (out / f"{name}-4" / "seed-0" for name in ("spans", "row-rle"))
    (broken / "exam.json").write_text('{"valid_for": {', encoding="utf-8")
    stale = json.loads((other / "exam.json").read_text(encoding="utf-8"))
    stale["valid_for"]["weights"] = "others"
    (other / "exam.json").write_text(json.dumps(stale), encoding="utf-8")
    capfd.readouterr()
    assert main(_args(recipe, out, "--no-train")) == 0
    assert capfd.readouterr().err.count("examined on 3 scenes") == 2
    mended = load_results(out / "results.json").arms
    assert [a.overlaps for a in mended] == [a.overlaps for a in results.arms]

    # More scenes are asked of all, or the models would not have had the same ones.
    assert main(_args(recipe, out, "--no-train", "--n", "4")) == 0
    more = load_results(out / "results.json").arms
    assert [len(arm.overlaps.unions) for arm in more] == [4, 4]
    assert not list(out.rglob("*.partial"))


def test_a_training_that_was_cut_off_goes_on(
    recipe: Path, tmp_path: Path, capfd: Capture
) -> None:
    folder = tmp_path / "spans-4" / "seed-0"
    _train_by_hand(recipe, folder, "spans")
    (folder / "done.json").unlink()
    shutil.rmtree(folder / "adapter")
    args = _args(recipe, tmp_path, "--codecs", "spans")
    assert main(args) == 0
    assert "spans on 4 x 4, seed 0: going on" in capfd.readouterr().err
    (arm,) = load_results(tmp_path / "results.json").arms
    assert arm.training.steps >= 1


def test_another_training_stops_before_anything_is_trained(
    recipe: Path, tmp_path: Path, capfd: Capture
) -> None:
    folder = tmp_path / "spans-4" / "seed-0"
    _train_by_hand(recipe, folder, "spans")
    capfd.readouterr()
    assert main(_args(recipe, tmp_path, "--minutes", "7")) == 2
    (line,) = capfd.readouterr().err.splitlines()
    assert line.startswith(f"t4s: {folder} was trained with minutes 0.005, expected 7")
    assert not (tmp_path / "row-rle-4").exists()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--codecs", "rle"], "codec is 'rle', expected one of full"),
        (["--grids", "16,x"], "--grids is '16,x', expected whole numbers by commas"),
        (["--seeds", "-1"], "--seeds is '-1', expected 0 or more"),
        (["--grids", "0"], "grid is 0, expected 1 or more"),
        (["--processes", "0"], "--processes is 0, expected 1 or more"),
        (["--minutes", "0"], "minutes is 0"),
        (["--n", "0"], "n is 0, expected 1 or more"),
        (["--recipe", "tniy"], "recipe is 'tniy', expected a file or a name"),
        (["--set", "lr"], "change is 'lr', expected key=value"),
        (["--no-train"], "has no training that is done, expected one"),
    ],
)
def test_bad_input_is_one_line(
    options: list[str], says: str, recipe: Path, tmp_path: Path, capfd: Capture
) -> None:
    assert main(_args(recipe, tmp_path, *options)) == 2
    line = capfd.readouterr().err.splitlines()[-1]
    assert line.startswith("t4s: ")
    assert says in line


def test_help_teaches(capfd: Capture) -> None:
    assert main(["codecs", "learn", "--help"]) == 0
    said = " ".join(capfd.readouterr()[0].split())
    for words in (
        "--codecs",
        "goes on where it was cut off",
        "95 % intervals",
        "Seeds",
    ):
        assert words in said
    assert "Example: t4s codecs learn" in said
