"""What CONTRIBUTING.md and the glossary say is true: their blocks are executed."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from t4s_lib import codecs
from t4s_lib.course import exercises
from t4s_lib.course.site.links import broken_links

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
TERMS = """descriptor grid run row expression target no-target refiner backbone adapter
cIoU gIoU N-acc T-acc mIoU Acc@0.5"""


def section(title: str) -> str:
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", GUIDE, re.M | re.S)
    assert found is not None, title
    return found[1]


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.M | re.S)


@pytest.fixture
def registries(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """What a block registers is forgotten again, what it writes is thrown away."""
    monkeypatch.setattr(codecs, "_CODECS", dict(codecs._CODECS))
    before = dict(exercises.EXERCISES)
    monkeypatch.chdir(tmp_path)
    yield
    exercises.EXERCISES.clear()
    exercises.EXERCISES.update(before)


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("A codec", ["others *2\\n dog *2", "exact True"]),
        ("An exercise", ["2.9: passed", "You count a label", "2.9: not attempted yet"]),
        ("A source", ["1 star 16"]),
        ("A lesson", ["[]"]),
    ],
)
def test_what_the_guide_shows_works(
    title: str,
    said: list[str],
    registries: None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    names: dict[str, object] = {"__name__": "guide"}
    found = blocks(section(title), "python")
    assert found
    for number, block in enumerate(found):
        path = Path(f"guide_{number}.py")
        path.write_text(block, encoding="utf-8")
        exec(compile(block, str(path), "exec"), names)
    printed = capsys.readouterr().out
    for words in said:
        assert words in printed


def test_the_guides_codec_never_raises(registries: None) -> None:
    for block in blocks(section("A codec"), "python"):
        exec(block, {})
    names = [name for name in codecs.codec_names() if name.startswith("column")]
    (columns,) = map(codecs.codec, names)
    three = "dog *2\n dog *2\n dog *2"
    for text in ("", "dog *9", "others *1", "|*|", three, "*" * 99):
        grid, report = columns.decode(text, (2, 3))
        assert grid.shape == (2, 3)
        assert report.status in ("exact", "repaired", "failed")
    short, report = columns.decode("dog *2\n dog *1\n dog *2\n", (2, 3))
    assert [(f.row, f.column) for f in report.faults] == [(1, 1)]
    assert short.foreground.all()


def commands() -> list[list[str]]:
    lines = [line for block in blocks(GUIDE, "sh") for line in block.splitlines()]
    parts = [part for line in lines for part in line.split("&&")]
    return [shlex.split(part, comments=True) for part in parts if part.strip()]


def test_the_commands_of_the_guide_exist() -> None:
    from typer.main import get_command

    from t4s_lib.cli import app

    known = get_command(app).commands  # type: ignore[attr-defined]
    for first, *rest in commands():
        if first == "t4s":
            options = {o for p in known[rest[0]].params for o in p.opts}
            options |= {"--benchmark", "--json"} if rest[0] == "data" else set()
            assert {word for word in rest if word.startswith("--")} <= options
        elif first == "make":
            assert f"\n{rest[0]}:" in (ROOT / "Makefile").read_text()
        else:
            assert first.startswith(".venv/bin/")
            paths = [word for word in rest if "/" in word]
            assert all((ROOT / path).exists() for path in paths), rest


def test_the_paths_of_the_guide_exist() -> None:
    for path in re.findall(
        r"`((?:t4s_lib|tests|docs|notebooks|data)/[\w/.-]+)`", GUIDE
    ):
        assert "NN" in path or (ROOT / path).exists(), path


def glossary_terms() -> dict[str, str]:
    found = re.findall(r"^### ([^\n]+)\n(.*?)(?=^#|\Z)", GLOSSARY, re.M | re.S)
    return {term: text.strip() for term, text in found}


@pytest.mark.parametrize("term", TERMS.split())
def test_every_term_of_the_project_is_in_the_glossary(term: str) -> None:
    assert term in glossary_terms()


def test_the_glossary_says_each_thing_once_and_briefly() -> None:
    terms = re.findall(r"^### (.+)$", GLOSSARY, re.M)
    assert len(set(terms)) == len(terms)
    for term, text in glossary_terms().items():
        assert 8 <= len(text.split()) <= 50, term


def test_links_of_the_glossary_and_the_guides_lead_somewhere() -> None:
    for page in ("docs/glossary.md", "docs/ways-in.md", "CONTRIBUTING.md"):
        text = (ROOT / page).read_text(encoding="utf-8")
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
            assert ((ROOT / page).parent / target).exists(), f"{page}: {target}"


def test_a_term_that_is_linked_to_a_lesson_stands_in_that_lesson() -> None:
    for term, text in glossary_terms().items():
        for name in re.findall(r"\(\.\./notebooks/([^)]+)\)", text):
            lesson = (ROOT / "notebooks" / name).read_text(encoding="utf-8").lower()
            assert term.split()[0].lower() in lesson, f"{term} is not in {name}"


def test_pages_of_an_empty_folder_have_no_links(tmp_path: Path) -> None:
    assert broken_links(tmp_path) == []
