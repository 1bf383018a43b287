"""The project's own files agree with one another."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

import t4s_lib

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]


def required() -> dict[str, Requirement]:
    """Every requirement by name, over all extras."""
    texts = [*PROJECT["dependencies"], *(r for extra in EXTRAS.values() for r in extra)]
    found = [Requirement(text) for text in texts]
    return {r.name.lower(): r for r in found if r.name != PROJECT["name"]}


def conda() -> list[object]:
    return list(yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"])


def test_environment_yml_asks_for_the_same_versions() -> None:
    ours = required()
    names = [Requirement(line) for line in conda() if isinstance(line, str)]
    for wanted in names:
        if wanted.name == "python":
            assert wanted.specifier == SpecifierSet(PROJECT["requires-python"])
        elif wanted.name != "pip":
            assert wanted.specifier == ours[wanted.name].specifier, wanted.name


def test_environment_yml_installs_this_project_with_known_extras() -> None:
    (section,) = [line for line in conda() if isinstance(line, dict)]
    (line,) = section["pip"]
    match = re.fullmatch(r"-e \.\[([\w,]+)\]", line)
    assert match is not None
    assert set(match[1].split(",")) <= set(EXTRAS)
    assert {"course", "model"} <= set(match[1].split(","))


def test_environment_yml_takes_conda_forge_alone() -> None:
    text = yaml.safe_load((ROOT / "environment.yml").read_text())
    assert text["channels"] == ["conda-forge", "nodefaults"]


def test_every_pin_lies_in_its_range_and_every_requirement_is_pinned() -> None:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pins = {
        name.lower().replace("_", "-"): version
        for name, version in (ln.split("==") for ln in lines if "==" in ln)
    }
    for name, wanted in required().items():
        pinned = pins.get(name.replace("_", "-"))
        assert pinned is not None, f"{name} is not pinned in constraints.txt"
        assert wanted.specifier.contains(pinned), f"{name}=={pinned}, not {wanted}"


def test_the_version_is_said_once_and_the_same() -> None:
    assert t4s_lib.__version__ == PROJECT["version"]


def test_the_readme_names_both_commands_and_every_lesson() -> None:
    readme = (ROOT / "README.md").read_text()
    assert "make course" in readme
    assert "make test" in readme
    for lesson in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb")):
        assert f"notebooks/{lesson.name}" in readme


def test_links_between_files_lead_somewhere() -> None:
    for page in (ROOT / "README.md", ROOT / "data" / "README.md"):
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_importing_the_library_is_light() -> None:
    code = (
        "import sys, t4s_lib;"
        "heavy = {'torch', 'matplotlib', 'IPython', 'pycocotools', 'papermill'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    run = [sys.executable, "-c", code]
    found = subprocess.run(run, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
