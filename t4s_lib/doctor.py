"""What is installed, what is missing, who needs it, and the command that mends it.

Nothing is imported to find out: names, versions and ranges are read from the
metadata of installed packages, so this runs where half of them are broken. The
ranges come from this library's own metadata, hence from ``pyproject.toml``.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit
from urllib.request import url2pathname

from t4s_lib.requirements import GROUPS, PACKAGE, Requirement, requirements, verdict

NEEDED = ("core", "data", "course", "model")
"""The groups without which the course does not run."""


class Line(NamedTuple):
    """One thing that was looked at.

    Attributes:
        state: ``ok``, ``missing``, ``old``, ``new`` or ``?``.
        what: What was looked at, and what was found.
        fix: What mends it; empty where nothing needs mending.
        is_needed: Whether the course needs it.
    """

    state: str
    what: str
    fix: str = ""
    is_needed: bool = True

    def __str__(self) -> str:
        fix = f"\n{'':10}{self.fix}" if self.fix else ""
        return f"{f'[{self.state}]':9} {self.what}{fix}"


@dataclass(frozen=True)
class Diagnosis:
    """All that was looked at."""

    lines: tuple[Line, ...]

    @property
    def ok(self) -> bool:
        """Whether everything the course needs is there."""
        return all(line.state == "ok" for line in self.lines if line.is_needed)

    def __str__(self) -> str:
        verdict = (
            "The course can run."
            if self.ok
            else "The course cannot run yet: do what stands below [missing] or [old]."
        )
        return "\n".join([*map(str, self.lines), verdict])


def doctor(gpu: bool = False) -> Diagnosis:
    """Look at this environment.

    Args:
        gpu: Whether to import torch, which takes seconds, to ask it for a GPU.

    Returns:
        The diagnosis; print it.
    """
    return Diagnosis((_python(), *_packages(), _kernel(), _gpu(gpu), _data(os.environ)))


def _python() -> Line:
    version = ".".join(map(str, sys.version_info[:3]))
    try:
        wanted = str(metadata.metadata(PACKAGE)["Requires-Python"])
    except metadata.PackageNotFoundError:
        wanted = ">=3.11"
    state = verdict(version, wanted)
    fix = f"make an environment with Python {wanted}" if state != "ok" else ""
    return Line(state, f"Python {version} ({sys.executable})", fix)


def _packages() -> Iterator[Line]:
    try:
        found = requirements()
    except metadata.PackageNotFoundError:
        fix = _pip('-e ".[course]"') + "   (in the folder of pyproject.toml)"
        yield Line("missing", f"{PACKAGE} is not installed", fix)
        return
    seen: set[str] = set()
    for requirement in found:
        if requirement.name not in seen:
            yield _package(requirement)
        seen.add(requirement.name)


def _package(requirement: Requirement) -> Line:
    name, wanted, group = requirement
    needed = group in NEEDED
    try:
        version = metadata.version(name)
    except metadata.PackageNotFoundError:
        what = f"{name} {wanted}: needed for {GROUPS[group]}"
        return Line("missing", what, _install(group), needed)
    state = verdict(version, wanted)
    if state == "ok":
        return Line("ok", f"{name} {version}", "", needed)
    what = f"{name} {version}, expected {wanted}: needed for {GROUPS[group]}"
    return Line(state, what, _install(group), needed)


def _install(group: str) -> str:
    extra = "" if group == "core" else f"[{'course' if group == 'data' else group}]"
    folder = _checkout()
    return _pip(f'-e "{folder}{extra}"' if folder else f'"{PACKAGE}{extra}"')


def _pip(what: str) -> str:
    return f"{sys.executable} -m pip install {what}"


def _checkout() -> Path | None:
    """The folder of an editable installation; None for any other."""
    text = metadata.distribution(PACKAGE).read_text("direct_url.json")
    origin = json.loads(text) if text else {}
    if not origin.get("dir_info", {}).get("editable"):
        return None
    return Path(url2pathname(urlsplit(origin["url"]).path))


def _kernel() -> Line:
    what = "JupyterLab's kernel python3"
    fix = f"{sys.executable} -m ipykernel install --sys-prefix"
    spec = _kernel_spec()
    if spec is None:
        return Line("missing", f"{what}: none in this environment", fix)
    try:
        program = str(json.loads(spec.read_text(encoding="utf-8"))["argv"][0])
    except (OSError, ValueError, KeyError, IndexError, TypeError):
        return Line("missing", f"{what}: {spec} cannot be read", fix)
    start = f"start it with {sys.executable} -m jupyterlab"
    if Path(program).is_absolute() and not _is_own(program):
        return Line("missing", f"{what} runs {program}, not this Python ({spec})", fix)
    return Line("ok", f"{what} runs this Python; {start}")


def _kernel_spec() -> Path | None:
    """The kernel specification that a JupyterLab of this environment finds first."""
    if find_spec("jupyter_core") is None:
        return None
    from jupyter_core.paths import jupyter_path

    specs = (
        Path(folder, "python3", "kernel.json") for folder in jupyter_path("kernels")
    )
    return next((spec for spec in specs if spec.is_file()), None)


def _is_own(program: str) -> bool:
    return Path(program).parent == Path(sys.executable).parent


def _gpu(ask: bool) -> Line:
    if find_spec("torch") is None:
        return Line("missing", "GPU: torch is not installed; not needed", "", False)
    if not ask:
        what = "GPU: not looked for, which would import torch; not needed"
        return Line("?", what, "t4s doctor --gpu", False)
    import torch

    if torch.cuda.is_available():
        return Line("ok", f"GPU: {torch.cuda.get_device_name()}", "", False)
    if torch.backends.mps.is_available():
        return Line("ok", "GPU: Apple (MPS); numbers may differ", "", False)
    return Line("missing", "GPU: torch finds none; not needed", "", False)


def _data(environment: Mapping[str, str]) -> Line:
    folder = environment.get("T4S_DATA", "")
    if folder and Path(folder).is_dir():
        return Line("ok", f"real data: {folder}", "", False)
    found = f"T4S_DATA is {folder!r}, no folder" if folder else "T4S_DATA is not set"
    what = f"real data: {found}; not needed, lessons draw their own scenes"
    return Line("missing", what, "see data/README.md", False)
