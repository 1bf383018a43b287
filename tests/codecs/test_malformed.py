"""What models really write: a table of broken texts, and what becomes of each.

The picture is 3 rows of 4 cells; 1 is a cell of the dog.
"""

import pytest
from _pytest.mark import ParameterSet

from t4s_lib import ParseReport, codec

TRUTH = ["0000", "0110", "1111"]


def case(
    id: str, text: str, kinds: str, rows: list[str], status: str = "repaired"
) -> ParameterSet:
    return pytest.param(text, set(kinds.split()), rows, status, id=id)


ROW_RLE = [
    case(
        "exact",
        "others *4\n others *1| dog *2| others *1\n dog *4\n",
        "",
        TRUTH,
        "exact",
    ),
    case(
        "no-last-newline",
        "others *4\n others *1| dog *2| others *1\n dog *4",
        "",
        TRUTH,
        "exact",
    ),
    case(
        "blanks-at-both-ends",
        "\n\n  others *4\n others *1| dog *2| others *1\n dog *4 \n\n",
        "",
        TRUTH,
        "exact",
    ),
    case(
        "tags",
        "<seg>others *4\n others *1| dog *2| others *1\n dog *4\n</seg>",
        "",
        TRUTH,
        "exact",
    ),
    case(
        "no-closing-tag",
        "<seg>others *4\n others *1| dog *2| others *1\n dog *4\n",
        "missing_close_tag",
        TRUTH,
    ),
    case(
        "no-opening-tag",
        "others *4\n others *1| dog *2| others *1\n dog *4\n</seg>",
        "missing_open_tag",
        TRUTH,
    ),
    case(
        "tags-in-capitals",
        "<SEG>others *4\n others *1| dog *2| others *1\n dog *4\n</SEG>",
        "",
        TRUTH,
        "exact",
    ),
    case(
        "opening-tag-twice",
        "<seg><seg>others *4\n others *1| dog *2| others *1\n dog *4\n</seg>",
        "extra_tag",
        TRUTH,
    ),
    case(
        "two-masks-first-one-counts",
        "<seg>others *4\n others *1| dog *2| others *1\n dog *4\n</seg>"
        "<seg>dog *4\n dog *4\n dog *4\n</seg>",
        "extra_tag prose",
        TRUTH,
    ),
    case(
        "prose-around-tags",
        "Sure!\n<seg>others *4\n others *1| dog *2| others *1\n dog *4\n</seg> More?",
        "prose",
        TRUTH,
    ),
    case(
        "prose-without-tags",
        "Here it is:\nothers *4\n others *1| dog *2| others *1\n dog *4\nHope it helps",
        "prose",
        TRUTH,
    ),
    case(
        "first-row-broken-without-tags",
        "others 4\n others *1| dog *2| others *1\n dog *4\n",
        "no_count unreadable",
        TRUTH,
    ),
    case(
        "empty-line-in-place-of-a-row",
        "others *4\n\n dog *4\n",
        "unreadable",
        ["0000", "0000", "1111"],
    ),
    case(
        "empty-lines-between-all-rows",
        "others *4\n\n others *1| dog *2| others *1\n\n dog *4\n",
        "white_space",
        TRUTH,
    ),
    case(
        "empty-row-and-a-newline-in-front",
        "<seg>\nothers *4\n \n dog *4\n</seg>",
        "unreadable",
        ["0000", "0000", "1111"],
    ),
    case(
        "one-row-break-lost",
        "others *4| others *1| dog *2| others *1\n dog *4\n",
        "no_row_breaks",
        TRUTH,
    ),
    case(
        "one-row-break-lost-with-its-pipe",
        "others *4 others *1| dog *2| others *1\n dog *4\n",
        "no_row_breaks run_separator",
        TRUTH,
    ),
    case(
        "semicolon-for-one-pipe",
        "others *4\n others *1; dog *2| others *1\n dog *4\n",
        "run_separator",
        TRUTH,
    ),
    case(
        "semicolons-and-newlines",
        "others *4;\n others *1| dog *2| others *1;\n dog *4;\n",
        "white_space",
        TRUTH,
    ),
    case(
        "first-row-without-count-and-without-tags",
        "dog\n others *1| dog *2| others *1\n dog *4\n",
        "no_count unreadable",
        TRUTH,
    ),
    case(
        "prose-with-digits-around-all-rows",
        "3 rows:\nothers *4\n others *1| dog *2| others *1\n dog *4\n3 rows.",
        "prose",
        TRUTH,
    ),
    case(
        "garbage-in-place-of-a-row",
        "<seg>others *4\n ????\n dog *4\n</seg>",
        "no_count unreadable",
        ["0000", "0000", "1111"],
    ),
    case(
        "row-too-short",
        "others *4\n others *1| dog *2\n dog *4\n",
        "row_too_short",
        ["0000", "0111", "1111"],
    ),
    case(
        "row-too-long",
        "others *4\n others *1| dog *2| others *9\n dog *4\n",
        "row_too_long",
        TRUTH,
    ),
    case(
        "run-beyond-a-full-row",
        "others *4\n others *1| dog *2| others *1| dog *1\n dog *4\n",
        "row_too_long",
        TRUTH,
    ),
    case(
        "count-of-a-million-million",
        "others *4\n others *1| dog *1000000000000\n dog *4\n",
        "row_too_long",
        ["0000", "0111", "1111"],
    ),
    case(
        "count-of-ten-thousand-digits",
        f"others *4\n others *1| dog *{'9' * 10_000}\n dog *4\n",
        "row_too_long",
        ["0000", "0111", "1111"],
    ),
    case(
        "count-of-zero",
        "others *4\n others *1| cat *0| dog *2| others *1\n dog *4\n",
        "zero_count",
        TRUTH,
    ),
    case(
        "count-with-zeros-in-front",
        "others *4\n others *01| dog *2| others *1\n dog *4\n",
        "count_spelling",
        TRUTH,
    ),
    case(
        "count-in-arabic-digits",
        "others *4\n others *1| dog *٢| others *1\n dog *4\n",
        "no_count split_run row_too_short",
        ["0000", "0000", "1111"],
    ),
    case(
        "count-negative",
        "others *4\n others *1| dog *-2| others *3\n dog *4\n",
        "no_count split_run",
        ["0000", "0000", "1111"],
    ),
    case(
        "count-missing",
        "others *4\n others *1| dog| others *1\n dog *4\n",
        "no_count split_run row_too_short",
        ["0000", "0000", "1111"],
    ),
    case(
        "neighbours-not-joined",
        "others *4\n others *1| dog *1| dog *1| others *1\n dog *4\n",
        "split_run",
        TRUTH,
    ),
    case(
        "rows-missing",
        "others *4\n others *1| dog *2| others *1\n",
        "missing_rows",
        ["0000", "0110", "0000"],
    ),
    case(
        "rows-too-many",
        "others *4\n others *1| dog *2| others *1\n dog *4\n dog *4\n dog *4\n",
        "surplus_rows",
        TRUTH,
    ),
    case(
        "cut-off-in-a-label",
        "<seg>others *4\n others *1| do",
        "missing_close_tag cut_off row_too_short missing_rows",
        ["0000"] * 3,
    ),
    case(
        "cut-off-at-the-star",
        "others *4\n others *1| dog *",
        "cut_off row_too_short missing_rows",
        ["0000"] * 3,
    ),
    case(
        "newline-without-blank",
        "others *4\nothers *1| dog *2| others *1\ndog *4\n",
        "white_space",
        TRUTH,
    ),
    case(
        "windows-newlines",
        "others *4\r\n others *1| dog *2| others *1\r\n dog *4\r\n",
        "other_spelling",
        TRUTH,
    ),
    case(
        "empty-line",
        "others *4\n\n others *1| dog *2| others *1\n dog *4\n",
        "white_space",
        TRUTH,
    ),
    case(
        "no-blank-before-star",
        "others*4\n others *1| dog *2| others *1\n dog *4\n",
        "white_space",
        TRUTH,
    ),
    case(
        "blank-after-star",
        "others * 4\n others *1| dog *2| others *1\n dog *4\n",
        "white_space",
        TRUTH,
    ),
    case(
        "blank-before-pipe",
        "others *4\n others *1 | dog *2 | others *1\n dog *4\n",
        "white_space",
        TRUTH,
    ),
    case(
        "no-blank-after-pipe",
        "others *4\n others *1|dog *2|others *1\n dog *4\n",
        "white_space",
        TRUTH,
    ),
    case(
        "commas-for-pipes",
        "others *4\n others *1, dog *2, others *1\n dog *4\n",
        "run_separator",
        TRUTH,
    ),
    case(
        "blanks-for-pipes",
        "others *4\n others *1 dog *2 others *1\n dog *4\n",
        "run_separator",
        TRUTH,
    ),
    case(
        "semicolons-for-rows",
        "others *4; others *1| dog *2| others *1; dog *4;",
        "row_separator",
        TRUTH,
    ),
    case(
        "typed-newlines",
        r"others *4\n others *1| dog *2| others *1\n dog *4\n",
        "row_separator",
        TRUTH,
    ),
    case(
        "all-rows-on-one-line",
        "others *4| others *1| dog *2| others *1| dog *4",
        "no_row_breaks",
        TRUTH,
    ),
    case(
        "escape-of-nothing",
        "others *4\n others *1| %64og *2| others *1\n dog *4\n",
        "label_escape",
        TRUTH,
    ),
    case(
        "no-label",
        "others *4\n *1| dog *2| others *1\n dog *4\n",
        "unknown_label",
        TRUTH,
    ),
    case("empty", "", "unreadable", ["0000"] * 3, "failed"),
    case("empty-tags", "<seg></seg>", "unreadable", ["0000"] * 3, "failed"),
    case("newline-only", "\n", "unreadable", ["0000"] * 3, "failed"),
    case(
        "refusal",
        "I'm sorry, I cannot see a dog.",
        "unreadable",
        ["0000"] * 3,
        "failed",
    ),
    case(
        "a-box-instead",
        "<box>[[12, 40, 300, 500]]</box>",
        "unreadable",
        ["0000"] * 3,
        "failed",
    ),
    case("stars-only", "*" * 1000, "unreadable", ["0000"] * 3, "failed"),
]


def drawn(
    text: str, name: str = "row-rle", labels: list[str] | str | None = None
) -> tuple[list[str], ParseReport]:
    grid, report = codec(name).decode(text, (3, 4), labels)
    return ["".join(map(str, row)) for row in grid.foreground.astype(int)], report


@pytest.mark.parametrize(("text", "kinds", "rows", "status"), ROW_RLE)
def test_row_rle(text: str, kinds: set[str], rows: list[str], status: str) -> None:
    found, report = drawn(text)
    assert found == rows, str(report)
    assert report.status == status, str(report)
    assert report.kinds == kinds, str(report)


IMAGE_RLE = [
    case("exact", "others *5| dog *2| others *1| dog *4\n", "", TRUTH, "exact"),
    case(
        "too-short",
        "others *5| dog *2\n",
        "row_too_short missing_rows",
        ["0000", "0111", "0000"],
    ),
    case("too-long", "others *5| dog *2| others *1| dog *99\n", "surplus_rows", TRUTH),
    case("huge", "dog *1000000000000\n", "surplus_rows", ["1111"] * 3),
    case(
        "row-breaks",
        "others *4\n others *1| dog *2| others *1\n dog *4\n",
        "other_spelling",
        TRUTH,
    ),
    case("commas", "others *5, dog *2, others *1, dog *4\n", "run_separator", TRUTH),
    case(
        "cut-off",
        "others *5| dog *2| oth",
        "cut_off row_too_short missing_rows",
        ["0000", "0111", "0000"],
    ),
    case("refusal", "No.", "unreadable", ["0000"] * 3, "failed"),
]


@pytest.mark.parametrize(("text", "kinds", "rows", "status"), IMAGE_RLE)
def test_image_rle(text: str, kinds: set[str], rows: list[str], status: str) -> None:
    found, report = drawn(text, "image-rle")
    assert found == rows, str(report)
    assert report.status == status, str(report)
    assert report.kinds == kinds, str(report)


CELLS = "others| " * 5 + "dog| dog| others| dog| dog| dog| dog"
FULL = [
    case("exact", CELLS + "\n", "", TRUTH, "exact"),
    case("one-cell-missing", CELLS[:-5] + "\n", "row_too_short", TRUTH),
    case("one-cell-too-many", CELLS + "| dog\n", "surplus_rows", TRUTH),
    case("no-blanks", CELLS.replace("| ", "|") + "\n", "other_spelling", TRUTH),
    case("lines", CELLS.replace("| ", "\n"), "other_spelling", TRUTH),
    case(
        "a-run-in-place-of-a-cell",
        CELLS.replace("dog| others", "dog *1| others") + "\n",
        "unreadable",
        ["0000", "0100", "1111"],
    ),
    case("empty-cell", CELLS + "|\n", "run_separator", TRUTH),
    case(
        "cut-off",
        "others| others| others| others| oth",
        "cut_off row_too_short missing_rows",
        ["0000"] * 3,
    ),
    case("refusal", "I cannot see a dog.", "unreadable", ["0000"] * 3, "failed"),
]


@pytest.mark.parametrize(("text", "kinds", "rows", "status"), FULL)
def test_full(text: str, kinds: set[str], rows: list[str], status: str) -> None:
    found, report = drawn(text, "full")
    assert found == rows, str(report)
    assert report.status == status, str(report)
    assert report.kinds <= kinds | {"missing_rows"}, str(report)


class TestAskedLabels:
    """What `labels` adds: only these, and no others, are read."""

    def test_an_unknown_label_counts_as_others_and_is_reported(self) -> None:
        rows, report = drawn("cat *4\n dog *4\n cat *2| dog *2\n", labels=["dog"])
        assert rows == ["0000", "1111", "0011"]
        assert [(f.row, f.column, f.kind) for f in report.faults] == [
            (0, 0, "unknown_label"),
            (2, 0, "unknown_label"),
        ]

    @pytest.mark.parametrize("written", ["Dog", "DOG", "dog "])
    def test_other_letters_are_taken_for_the_asked_label(self, written: str) -> None:
        rows, report = drawn(
            f"others *4\n {written} *4\n dog *4\n", labels=["others", "dog"]
        )
        assert rows == ["0000", "1111", "1111"]
        assert report.kinds <= {"label_spelling", "white_space"}

    def test_a_target_called_others_can_be_asked_for(self) -> None:
        text = "others *4\n %6Fthers *4\n others *4\n"
        grid, report = codec("row-rle").decode(text, (3, 4), labels=["others"])
        assert grid.foreground.any(axis=1).tolist() == [False, True, False]
        assert report.status == "exact"

    def test_one_label_may_be_given_as_a_word(self) -> None:
        rows, report = drawn("dog *4\n others *4\n dog *4\n", labels="dog")
        assert (rows, report.status) == (["1111", "0000", "1111"], "exact")

    @pytest.mark.parametrize("labels", [[""], [None], [1]])
    def test_labels_are_words(self, labels: list[str]) -> None:
        with pytest.raises(ValueError, match="expected words"):
            drawn("", labels=labels)

    def test_the_table_is_the_asked_one(self) -> None:
        grid, _ = codec("row-rle").decode("dog *2\n", (1, 2), labels=["cat", "dog"])
        assert grid.labels == ("others", "cat", "dog")


def test_a_fault_names_row_column_and_kind() -> None:
    text = "others *4\n others *1| dog *2\n dog *9\n"
    _, report = codec("row-rle").decode(text, (3, 4))
    assert str(report).split("\n") == [
        "repaired, 2 faults",
        "  row 1, column 3: row_too_short, found '3 of 4 cells'",
        "  row 2, column 3: row_too_long, found 'dog *9'",
    ]
    assert report.as_dict()["faults"][0] == {
        "kind": "row_too_short",
        "row": 1,
        "column": 3,
        "found": "3 of 4 cells",
    }


def test_a_huge_count_allocates_nothing() -> None:
    import tracemalloc

    tracemalloc.start()
    for mode in ("repair", "parity"):
        codec("row-rle").decode("dog *1000000000000\n" * 16, 16, mode=mode)
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()
