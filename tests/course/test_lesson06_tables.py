"""Lesson 06: what an mIoU counts, printed rows, and the commands that repeat them."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from t4s_lib.course import benchmark_classes, benchmark_real
from t4s_lib.sources import SHAPES, scenes


class TestClasses:
    MAPS = benchmark_classes.shape_maps(12)

    def test_maps_name_the_shapes_of_their_scenes(self) -> None:
        sample = scenes(12, "heldout")[3]
        kinds = {SHAPES.index(thing.shape) + 1 for thing in sample.extra["objects"]}
        assert set(np.unique(self.MAPS[3]).tolist()) <= {0, *kinds}

    def test_the_free_class_lifts_who_draws_nothing_most(self) -> None:
        drawn = benchmark_classes.predictions(self.MAPS)
        found = list(benchmark_classes.class_scores(self.MAPS, drawn).values())
        gains = [float(s["mIoU_parity"] or 0) - float(s["mIoU"] or 0) for s in found]
        assert found[0]["mIoU"] == 0
        assert gains[0] > gains[2] > gains[3] == 0
        assert 0.7 < float(found[2]["mIoU"] or 0) < 1


class TestReal:
    def test_without_data_there_is_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("T4S_DATA", raising=False)
        assert benchmark_real.data_folder() is None
        assert benchmark_real.real_benchmarks() == []

    def test_an_empty_folder_has_no_benchmark(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("T4S_DATA", str(tmp_path))
        assert benchmark_real.real_benchmarks() == []

    def test_the_oracle_stands_below_the_printed_rows(self) -> None:
        mine = {"refcocog:umd:val": {"bilinear": {"cIoU": 0.812, "n": 10}}}
        found = benchmark_real.oracle_beside(mine, "refcocog:umd:val")
        assert "| **oracle, 16 x 16** | **bilinear** | **81.2** |" in found
        assert "10 of 4,896 samples" in found
        bare = benchmark_real.oracle_beside({}, "refcocog:umd:val")
        assert "72.1" in bare
        assert "nothing of ours stands beside" in bare

    def test_the_commands_are_what_the_program_takes(self) -> None:
        import typer.main

        from t4s_lib.cli import app
        from t4s_lib.refine.registry import REFINERS
        from t4s_lib.sources.opening import known_benchmark
        from t4s_lib.training.recipe import load_recipe

        program: Any = typer.main.get_command(app)
        where = "refcocog:umd:val"
        rows = [r for r in benchmark_real.text4seg_rows(where) if r.table]
        for row in rows[:6]:
            text = benchmark_real.commands(row, where).replace("\\\n", "")
            words = [line.split() for line in text.splitlines()[2:]]
            seen = {}
            for _, _, _, _, _, name, *options in words:
                command = program.commands[name]
                seen[name] = command.make_context(name, list(options)).params
            assert load_recipe(seen["train"]["recipe"]).data
            assert known_benchmark(seen["evaluate"]["benchmark"])
            assert set(seen["evaluate"]["refiner"]) <= set(REFINERS)
            assert seen["evaluate"]["model"] == f"{seen['train']['out']}/adapter"
