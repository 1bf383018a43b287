"""Killed with -9 wherever it touches a file, the library loses none.

Evaluation and training have kills of their own beside their other tests; the ones
here go through every writer of a single file, and through the course.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from benchmarks.torn_files import torn

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("task", "kills", "seed"), [("files", 6, 2), ("evaluate", 4, 3), ("course", 2, 4)]
)
def test_after_every_kill_all_is_whole_and_the_end_is_the_same(
    task: str, kills: int, seed: int
) -> None:
    chosen = ["--task", task, "--kills", str(kills), "--seed", str(seed)]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.kills", *chosen],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert (told["task"], told["kills"], told["lost"]) == (task, kills, [])


def test_what_is_torn_is_seen(tmp_path: Path) -> None:
    Image.new("L", (64, 64), 7).save(tmp_path / "a.png")
    (tmp_path / "b.json").write_text("[1, 2]")
    (tmp_path / "c.html").write_text("<html></html>\n")
    (tmp_path / "d.jsonl").write_text('{"step": 1}\n{"st')
    (tmp_path / ".e.json.part").write_text("[1, ")
    assert torn(tmp_path) == []
    for path in tmp_path.glob("[abc].*"):
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    (tmp_path / "d.jsonl").write_text('{"st\n{"step": 1}\n')
    (tmp_path / "f.pt").touch()
    said = torn(tmp_path)
    assert [line.split()[0] for line in said] == [
        "a.png",
        "b.json",
        "c.html",
        "d.jsonl",
        "f.pt",
    ]
