"""Whatever is encoded comes back: any label, any grid, every codec."""

import re
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from t4s_lib import Codec, DescriptorGrid, codec, codec_names, codecs, fold, register
from t4s_lib.codecs import Reading
from t4s_lib.codecs.labels import BLANKS, LabelTable, escape, unescape
from t4s_lib.codecs.tags import Tagged

NAMES = codec_names()
NASTY = "|* \n\r\t%,;'\"<>/\\segothrx0129aä字🐎\u2028\xa0\x00"
label = st.text(min_size=1, max_size=12) | st.text(NASTY, min_size=1, max_size=8)
labels = st.lists(label | st.just("others"), min_size=1, max_size=4, unique=True)


@st.composite
def grids(draw: st.DrawFn) -> DescriptorGrid:
    table = ("others", *draw(labels))
    rows, cols = draw(st.integers(1, 9)), draw(st.integers(1, 9))
    seed = draw(st.integers(0, 2**32 - 1))
    stretch = draw(st.integers(1, 4))
    ids = np.random.default_rng(seed).integers(0, len(table), (rows, cols))
    ids = ids.repeat(stretch, axis=1)[:, :cols]
    return DescriptorGrid(ids, table)


@pytest.mark.parametrize("name", NAMES)
@settings(deadline=None, max_examples=200)
@given(grid=grids())
def test_decode_undoes_encode(name: str, grid: DescriptorGrid) -> None:
    text = codec(name).encode(grid)
    back, report = codec(name).decode(text, grid.shape)
    assert back == grid
    assert report.status == "exact", str(report)
    closed, report = codec(name).decode(text, grid.shape, labels=grid.labels)
    assert closed == grid
    assert closed.labels == grid.labels
    assert report.status == "exact"


@pytest.mark.parametrize("name", NAMES)
@settings(deadline=None, max_examples=100)
@given(grid=grids())
def test_a_whole_answer_is_read_through_its_tags(
    name: str, grid: DescriptorGrid
) -> None:
    text = codec(name).encode(grid)
    back, report = codec(name).decode(f"<seg>{text}</seg>", grid.shape)
    assert (back, report.status) == (grid, "exact")
    back, report = codec(name).decode(fold(text, "a dog"), grid.shape)
    assert back == grid
    assert report.kinds == {"prose"}


@settings(max_examples=2000)
@given(label)
@example("%25")
@example("%%41")
@example("\r\n")
def test_escape_is_reversible_and_safe(word: str) -> None:
    written = escape(word)
    assert unescape(written) == word
    assert not set("|*\n\r") & set(written)
    assert written == written.strip(BLANKS)
    assert not re.search("</?seg>", written, re.IGNORECASE)
    assert written != "others"


@settings(max_examples=500)
@given(
    st.from_regex(
        r"[A-Za-z0-9'.,:()-]([A-Za-z0-9 '.,:()-]*[A-Za-z0-9.'])?", fullmatch=True
    )
)
def test_ordinary_labels_are_left_alone(word: str) -> None:
    assert word == "others" or escape(word) == word


@pytest.mark.parametrize("name", NAMES)
@settings(deadline=None, max_examples=300)
@given(
    text=st.lists(
        st.sampled_from(
            [
                "dog *1",
                "others *2",
                "dog",
                "others",
                " *3",
                "| ",
                "\n ",
                "\n",
                ", ",
                "*",
                "|",
                " x2",
                "dog=a *1",
                "a *2",
                "0+1",
                " 1+2",
                "dog| 0+2",
            ]
        ),
        max_size=9,
    ).map("".join)
)
def test_exact_means_encode_writes_the_same(name: str, text: str) -> None:
    grid, report = codec(name).decode(text, (2, 3))
    writes_the_same = codec(name).encode(grid).strip(BLANKS) == text.strip(BLANKS)
    assert (report.status == "exact") == writes_the_same, str(report)
    assert (report.status == "exact") == (not report.faults)


no_break = st.characters(exclude_characters="\n\r;\\\\<", exclude_categories=["Cs"])
garbage = st.text(no_break, max_size=12) | st.text("*|, 0123 dogthers", max_size=20)


@settings(max_examples=500)
@given(grid=grids(), seed=st.integers(0, 8), line=garbage)
def test_a_broken_row_breaks_no_other_row(
    grid: DescriptorGrid, seed: int, line: str
) -> None:
    rows = codec("row-rle").encode(grid).removesuffix("\n").split("\n ")
    k = seed % len(rows)
    broken = "\n ".join([*rows[:k], line, *rows[k + 1 :]])
    back, report = codec("row-rle").decode(f"<seg>{broken}\n</seg>", grid.shape)
    cells, truth = back.cells(), grid.cells()
    assert cells[:k] + cells[k + 1 :] == truth[:k] + truth[k + 1 :], str(report)


def test_a_codec_from_a_notebook_works_everywhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("t4s_lib.codecs._CODECS", dict(codecs._CODECS))

    class Columns(Codec):
        """One line a column."""

        name = "columns-of-a-test"

        def encode(self, grid: DescriptorGrid) -> str:
            return "\n".join(" ".join(map(str, col)) for col in grid.ids.T) + "\n"

        def read(
            self, tagged: Tagged, shape: tuple[int, int], table: LabelTable
        ) -> Reading:
            if table.is_open:
                table.exact("dog")
            lines = [line.split() for line in tagged.body.strip().split("\n")]
            return Reading(np.array(lines, np.int32).T)

    register(Columns())
    assert "columns-of-a-test" in codec_names()
    mine = codec("columns-of-a-test")
    grid = DescriptorGrid([[0, 1], [1, 1], [0, 0]], ("others", "dog"))
    back, report = mine.decode(f"<seg>{mine.encode(grid)}</seg>", (3, 2))
    assert (back, report.status) == (grid, "exact")
    with pytest.raises(ValueError, match="columns-of-a-test"):
        mine.decode("0 1", 2, mode="parity")
    with pytest.raises(ValueError, match=r"of shape \(2, 2\), expected \(3, 3\)"):
        mine.decode("0 1\n0 1", 3)


def test_a_class_is_registered_as_it_is_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("t4s_lib.codecs._CODECS", dict(codecs._CODECS))

    @register
    class Doubled(type(codec("full"))):  # type: ignore[misc]
        name = "doubled"

    assert isinstance(codec("doubled"), Doubled)


def test_a_codec_that_is_not_finished_is_named() -> None:
    class Half(Codec):
        name = "half"

        def encode(self, grid: DescriptorGrid) -> str:
            return ""

    with pytest.raises(ValueError, match="Half is not finished, expected a method rea"):
        register(Half)
    with pytest.raises(ValueError, match="expected a Codec"):
        register("half")  # type: ignore[type-var]
    assert "half" not in codec_names()


def test_a_codec_needs_a_name() -> None:
    class Nameless(type(codec("full"))):  # type: ignore[misc]
        name = ""

    with pytest.raises(ValueError, match="Nameless has no name"):
        register(Nameless())


@pytest.mark.parametrize(
    ("call", "says"),
    [
        pytest.param(lambda: codec("r-rle"), "full, image-rle, row-rle", id="codec"),
        pytest.param(lambda: codec("row-rle").decode("", 0), "0", id="size"),
        pytest.param(
            lambda: codec("row-rle").decode("", 2, mode="x"), "'x'", id="mode"
        ),
        pytest.param(
            lambda: codec("row-rle").decode("", 2, labels=["a", "a"]),
            "twice",
            id="labels",
        ),
    ],
)
def test_bad_arguments(call: Callable[[], object], says: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        call()
    assert says in str(caught.value)
