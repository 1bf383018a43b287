"""What the library's own source may not do, read from the source itself."""

from __future__ import annotations

import ast
import compileall
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "t4s_lib").rglob("*.py"))
NEVER = {
    "eval",
    "exec",
    "os.popen",
    "os.system",
    "pickle.load",
    "pickle.loads",
    "torch.load",
    "yaml.load",
    "yaml.unsafe_load",
}
"""Calls that run what a file says."""

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def name_of(node: ast.expr) -> str:
    """The dotted name of what is called."""
    if isinstance(node, ast.Attribute):
        return f"{name_of(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def calls(path: Path) -> Iterator[ast.Call]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def test_nothing_runs_what_a_file_says() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{call.lineno} {name_of(call.func)}"
        for path in FILES
        for call in calls(path)
        if name_of(call.func) in NEVER
    ]
    assert found == []


def test_no_code_of_others_is_trusted_and_no_shell_is_asked() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{call.lineno} {keyword.arg}"
        for path in FILES
        for call in calls(path)
        for keyword in call.keywords
        if keyword.arg in ("trust_remote_code", "shell", "allow_pickle")
        and not (isinstance(keyword.value, ast.Constant) and not keyword.value.value)
    ]
    assert found == []


def public(
    node: ast.Module | Definition, name: str
) -> Iterator[tuple[str, Definition]]:
    """The public functions, classes and methods of a module."""
    for child in node.body:
        if isinstance(child, Definition) and not child.name.startswith("_"):
            yield f"{name}.{child.name}", child
            if isinstance(child, ast.ClassDef):
                yield from public(child, f"{name}.{child.name}")


def test_everything_public_says_what_it_is() -> None:
    mute = []
    for path in FILES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        entries = [(name, tree), *public(tree, name)]
        mute += [at for at, node in entries if not ast.get_docstring(node)]
    assert mute == []


def test_every_file_compiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.pycache_prefix", str(tmp_path))
    assert compileall.compile_dir(ROOT / "t4s_lib", quiet=2, force=True)
