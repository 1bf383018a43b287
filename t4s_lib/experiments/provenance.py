"""Where numbers are from: date, command, commit, versions, machine."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

PACKAGES = ("t4s-lib", "torch", "transformers", "trl", "peft", "accelerate", "numpy")


def provenance(command: str) -> dict[str, Any]:
    """What must be known to make the same numbers again.

    Args:
        command: The command line.
    """
    commit, changed = checkout(Path(__file__).parent)
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": command,
        "commit": commit,
        "changed": changed,
        "versions": {"python": platform.python_version(), **versions()},
        "machine": machine(),
    }


def versions(packages: Sequence[str] = PACKAGES) -> dict[str, str]:
    """Versions of the packages that are installed."""
    found = {}
    for name in packages:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def machine() -> dict[str, Any]:
    """The processor, how many cores this program may use, and the system."""
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count()
    system = f"{platform.system()} {platform.release()}"
    return {"cpu": _processor(), "cores": cores, "system": system}


def checkout(folder: Path) -> tuple[str | None, bool | None]:
    """The commit of a folder in a git checkout, and whether files differ from it.

    None and None where there is no checkout, or no git.
    """
    commit = _git(folder, "rev-parse", "HEAD")
    if not commit:
        return None, None
    return commit, bool(_git(folder, "status", "--porcelain"))


def _git(folder: Path, *args: str) -> str | None:
    command = ["git", "-C", str(folder), *args]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


def _processor() -> str:
    """The processor's name; Linux tells it in a file only."""
    told = Path("/proc/cpuinfo")
    if told.is_file():
        for line in told.read_text(encoding="utf-8", errors="replace").splitlines():
            key, _, value = line.partition(":")
            if key.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()
