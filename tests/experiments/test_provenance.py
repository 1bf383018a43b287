"""Where numbers are from."""

from __future__ import annotations

import subprocess
from datetime import datetime
from pathlib import Path

import numpy as np

from t4s_lib.experiments.provenance import checkout, machine, provenance, versions


def test_it_says_when_where_and_with_what() -> None:
    found = provenance("t4s codecs learn")
    assert datetime.fromisoformat(found["date"]).tzinfo is not None
    assert found["command"] == "t4s codecs learn"
    assert found["versions"]["numpy"] == np.__version__
    assert machine()["cores"] >= 1
    assert machine()["cpu"]
    assert versions(["no-such-package-at-all"]) == {}


def test_a_folder_outside_a_checkout_has_no_commit(tmp_path: Path) -> None:
    assert checkout(tmp_path) == (None, None)


def test_a_checkout_has_a_commit_and_may_be_changed(tmp_path: Path) -> None:
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    for words in (["init", "-q"], [*who, "commit", "-q", "--allow-empty", "-m", "1"]):
        subprocess.run(["git", "-C", str(tmp_path), *words], check=True)
    commit, changed = checkout(tmp_path)
    assert commit is not None
    assert len(commit) == 40
    assert changed is False
    (tmp_path / "new.txt").touch()
    assert checkout(tmp_path) == (commit, True)
