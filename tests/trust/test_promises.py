"""The pages that promise something name tests that are there, and all that ships."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_NAMED = re.compile(r"`([^`\s]+)`")
PLAIN = {".py", ".md", ".toml", ".txt", ".yml", ".yaml", ".sh", ""}
"""Sources, and settings of tools; where all else comes from must be said."""


def named(page: str) -> list[str]:
    """The files and folders that a page names in code spans."""
    found = _NAMED.findall((ROOT / page).read_text(encoding="utf-8"))
    return [name for name in found if "/" in name and not name.startswith("--")]


def test_every_promise_names_tests_that_are_there() -> None:
    page = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| **")]
    assert len(rows) > 10
    for row in rows:
        tests = [name for name in _NAMED.findall(row) if name.startswith("tests/")]
        assert tests, row
        for name in tests:
            path = ROOT / name
            assert path.is_dir() or "def test_" in path.read_text(), name


def shipped() -> list[str]:
    """The files that git knows, or would add."""
    asked = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    try:
        found = subprocess.run(asked, cwd=ROOT, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no git here: what ships cannot be listed")
    return found.stdout.decode().splitlines()


def test_all_that_ships_has_a_provenance() -> None:
    places = named("docs/provenance.md")
    homeless = [
        name
        for name in shipped()
        if Path(name).suffix not in PLAIN
        and not any(
            name.startswith(p) if p.endswith("/") else Path(name).match(p)
            for p in places
        )
    ]
    assert homeless == []


def test_pages_name_nothing_that_is_not_there() -> None:
    for page in ("SECURITY.md", "docs/provenance.md"):
        gone = [n for n in named(page) if "*" not in n and not (ROOT / n).exists()]
        assert gone == [], page


def test_there_is_one_licence() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["license"] == "Apache-2.0"
    assert {"LICENSE", "NOTICE"} <= set(project["license-files"])
    assert "Apache License" in (ROOT / "LICENSE").read_text()
    card = (ROOT / "t4s_lib/models/tiny/README.md").read_text(encoding="utf-8")
    assert "Apache-2.0" in card
