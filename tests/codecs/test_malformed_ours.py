"""The formats beyond the paper: broken texts, and what becomes of each.

The picture is 3 rows of 4 cells; 1 is a cell of the dog. Each line is a text, the
faults it is charged with, the rows that are read, and how the reading ended.
"""

import pytest

from t4s_lib import codec

TRUTH = "0000 0110 1111"

CASES = {
    "row-repeat": [
        ("others *4\n others *1| dog *2| others *1\n dog *4\n", "", TRUTH, "exact"),
        ("others *4 x2\n dog *4\n", "", "0000 0000 1111", "exact"),
        (
            "others *4\n others *4\n dog *4\n",
            "not_folded",
            "0000 0000 1111",
            "repaired",
        ),
        (
            "others *4 x1\n others *1| dog *2| others *1\n dog *4\n",
            "fold_spelling",
            TRUTH,
            "repaired",
        ),
        ("others *4X02\n dog *4\n", "fold_spelling", "0000 0000 1111", "repaired"),
        (
            "others *4 x0\n others *1| dog *2| others *1\n dog *4\n",
            "fold_spelling",
            TRUTH,
            "repaired",
        ),
        (
            "others *4 x99999999999999\n",
            "fold_spelling surplus_rows",
            "0000 0000 0000",
            "repaired",
        ),
        ("others *4 x2\n dog *4 x2\n", "surplus_rows", "0000 0000 1111", "repaired"),
        (
            "others *4\n dog *4 x",
            "fold_spelling missing_rows",
            "0000 1111 0000",
            "repaired",
        ),
        ("others *4 x2; dog *4\n", "row_separator", "0000 0000 1111", "repaired"),
        ("others *4 x2\n dog *3\n", "row_too_short", "0000 0000 1111", "repaired"),
        ("others *4 x2\n", "missing_rows", "0000 0000 0000", "repaired"),
        ("no dog", "unreadable", "0000 0000 0000", "failed"),
        ("dog x3\n", "unreadable", "0000 0000 0000", "failed"),
        (
            "others *4 x2| dog *4\n",
            "missing_rows no_count no_row_breaks",
            "0000 1111 0000",
            "repaired",
        ),
    ],
    "alias": [
        ("others *4\n others *1| dog=a *2| others *1\n a *4\n", "", TRUTH, "exact"),
        (
            "others *4\n others *1| dog *2| others *1\n dog *4\n",
            "no_alias",
            TRUTH,
            "repaired",
        ),
        (
            "others *4\n others *1| dog=b *2| others *1\n b *4\n",
            "alias_spelling",
            TRUTH,
            "repaired",
        ),
        (
            "others *4\n others *1| dog=a *2| others *1\n dog=a *4\n",
            "other_spelling",
            TRUTH,
            "repaired",
        ),
        (
            "others *4\n others *1| dog=a *2| others *1\n cat=a *4\n",
            "alias_spelling",
            TRUTH,
            "repaired",
        ),
        (
            "others *4\n others *1| a *2| others *1\n dog=a *4\n",
            "no_alias",
            TRUTH,
            "repaired",
        ),
        (
            "others *4\n others *1| dog=a *2\n a *4\n",
            "row_too_short",
            "0000 0111 1111",
            "repaired",
        ),
        (
            "others *4\n others=a *4\n a *4\n",
            "alias_spelling",
            "0000 0000 0000",
            "repaired",
        ),
        (
            "others *4\n others *1| dog=a*2| others *1\n a *4\n",
            "white_space",
            TRUTH,
            "repaired",
        ),
    ],
    "box": [
        ("1+2 0+4\n others *1| dog=a *2| others *1\n a *4\n", "", TRUTH, "exact"),
        ("others\n", "", "0000 0000 0000", "exact"),
        (
            "0+3 0+4\n others *4\n others *1| dog=a *2| others *1\n a *4\n",
            "loose_box",
            TRUTH,
            "repaired",
        ),
        (
            "others *4\n others *1| dog=a *2| others *1\n a *4\n",
            "no_box",
            TRUTH,
            "repaired",
        ),
        (
            "1+9 0+4\n others *1| dog=a *2| others *1\n a *4\n",
            "box_place",
            TRUTH,
            "repaired",
        ),
        (
            "1+2 0+4\n others *1| dog=a *2| others *1\n",
            "missing_rows",
            "0000 0110 0000",
            "repaired",
        ),
        (
            "1+2 0+4\n others *1| dog=a *2\n a *4\n",
            "row_too_short",
            "0000 0111 1111",
            "repaired",
        ),
        (
            "1 + 2, 0 + 4\n others *1| dog=a *2| others *1\n a *4\n",
            "other_spelling",
            TRUTH,
            "repaired",
        ),
        (
            "1+2 0+4 in 9x9\n others *1| dog=a *2| others *1\n a *4\n",
            "box_place",
            TRUTH,
            "repaired",
        ),
        (
            "Sure:\n1+2 0+4\n others *1| dog=a *2| others *1\n a *4\n",
            "prose",
            TRUTH,
            "repaired",
        ),
        (
            "1+2 0+4\nothers *1| dog=a *2| others *1\n a *4\n",
            "other_spelling",
            TRUTH,
            "repaired",
        ),
        ("1+2 0+4\n", "unreadable", "0000 0000 0000", "failed"),
        ("1+2 0+", "no_box unreadable", "0000 0000 0000", "failed"),
        ("<box>[[1, 2, 3, 4]]</box>", "no_box unreadable", "0000 0000 0000", "failed"),
        (
            "1+2 0+4\n others *4\n others *4\n",
            "not_folded",
            "0000 0000 0000",
            "repaired",
        ),
        ("1+0 9+9\n dog=a *1\n", "box_place", "0000 0001 0000", "repaired"),
        (
            "1+2 0+4 in 1x2\n others *1| dog=a *1\n",
            "loose_box",
            "0000 0011 0011",
            "repaired",
        ),
    ],
    "spans": [
        ("dog| 1+2\n 1+2\n 0+4\n", "", TRUTH, "exact"),
        ("others\n", "", "0000 0000 0000", "exact"),
        ("dog| 1+2\n 1+2\n", "missing_rows", "0000 0110 0000", "repaired"),
        ("dog| 1+2\n 1+2\n 0+4\n 0+4\n", "surplus_rows", TRUTH, "repaired"),
        ("dog| 1+2\n 1+2\n 0+9\n", "row_too_long", TRUTH, "repaired"),
        ("dog| 1+9\n 1+2\n 0+4\n", "box_place", TRUTH, "repaired"),
        ("dog\n 1+2\n 0+4\n", "unreadable", "0000 0000 0000", "failed"),
        ("dog| 1+2\n 1+1 2+1\n 0+4\n", "split_run", TRUTH, "repaired"),
        ("dog| 1+2\n 2+1 1+1\n 0+4\n", "split_run", TRUTH, "repaired"),
        ("dog| 1+2\n 1+2\n 1+0\n", "zero_count", "0000 0110 0000", "repaired"),
        ("dog| 0+3\n -\n 1+2\n 0+4\n", "other_spelling", TRUTH, "repaired"),
        ("dog| 1+2\n 0+4\n 0+4\n", "not_folded", "0000 1111 1111", "repaired"),
        ("dog| 1+2\n 1+2\n cat| 2+1\n 0+4\n", "missing_rows", TRUTH, "repaired"),
        ("dog| 1+2\n 1+2\n 0+4\n cat| 2+1\n 0+4\n", "overlap", TRUTH, "repaired"),
        ("dog| 1+2\n 1+2\n 0+", "cut_off", "0000 0110 0000", "repaired"),
        ("dog| 1+2\n 1+2\n\n 0+4\n", "white_space", TRUTH, "repaired"),
        ("dog| 1+2\n 1+2; 0+4\n", "row_separator", TRUTH, "repaired"),
        ("dog|1+2\n1+2\n0+4\n", "other_spelling", TRUTH, "repaired"),
        ("dog| 1+2\n 1 + 2\n 0 + 4\n", "other_spelling", TRUTH, "repaired"),
        ("dog| 1+2\n ??\n 0+4\n", "unreadable", "0000 0000 1111", "repaired"),
        ("Sure:\ndog| 1+2\n 1+2\n 0+4\n", "prose", TRUTH, "repaired"),
        ("I cannot see a dog.", "unreadable", "0000 0000 0000", "failed"),
        ("dog| here\n 1+2\n", "box_place missing_rows", "0110 0000 0000", "repaired"),
        (
            "dog| 1+2\n 0+4 x9999999999\n",
            "fold_spelling surplus_rows",
            "0000 1111 1111",
            "repaired",
        ),
        ("dog| 1+", "cut_off", "0000 0000 0000", "repaired"),
        ("<seg>0+1\n dog| 1+2\n 1+2\n 0+4\n</seg>", "no_label", TRUTH, "repaired"),
        ("dog| 1+2\n 1+2\n dog| 2+1\n 0+4\n", "missing_rows", TRUTH, "repaired"),
    ],
    "gaps": [
        ("dog| -, *1 *2, *0 *4\n", "", TRUTH, "exact"),
        ("others\n", "", "0000 0000 0000", "exact"),
        ("dog| -, *1 *2\n", "missing_rows", "0000 0110 0000", "repaired"),
        ("dog| -, *1 *2, *0 *4, -, -\n", "surplus_rows", TRUTH, "repaired"),
        ("dog| -, *1 *2, *0 *9\n", "row_too_long", TRUTH, "repaired"),
        ("dog| -, *1 *2 *9 *1, *0 *4\n", "row_too_long", TRUTH, "repaired"),
        ("dog -, *1 *2, *0 *4\n", "unreadable", "0000 0000 0000", "failed"),
        ("dog| -, *1 *1 *0 *1, *0 *4\n", "split_run", TRUTH, "repaired"),
        ("dog| *1 *0, *1 *2, *0 *4\n", "zero_count", TRUTH, "repaired"),
        ("dog| -; *1 *2; *0 *4\n", "row_separator", TRUTH, "repaired"),
        ("dog| -\n *1 *2\n *0 *4\n", "row_separator", TRUTH, "repaired"),
        ("dog| -, *1 2, 0 *4\n", "other_spelling", TRUTH, "repaired"),
        ("dog| -, *1 *2 *1, *0 *4\n", "unreadable", TRUTH, "repaired"),
        ("dog| , *1 *2, *0 *4\n", "unreadable", TRUTH, "repaired"),
        ("dog| -, *1 *2, *0 *4", "", TRUTH, "exact"),
        ("dog| -, *1 *2, *0", "cut_off", "0000 0110 0000", "repaired"),
        ("dog| -, *1 *2, *", "cut_off", "0000 0110 0000", "repaired"),
        ("dog| -, *1 *2, *0 *4\n cat| -, *1 *1, -\n", "overlap", TRUTH, "repaired"),
        ("dog| -, *1 *2, *0 *4\n\n", "", TRUTH, "exact"),
        ("Sure!\ndog| -, *1 *2, *0 *4\n", "prose", TRUTH, "repaired"),
        ("I see no dog.", "unreadable", "0000 0000 0000", "failed"),
        ("dog| -, *1 *2, -\n dog| -, -, *0 *4\n", "other_spelling", TRUTH, "repaired"),
        ("dog| -, -, -\n", "other_spelling", "0000 0000 0000", "repaired"),
        ("dog| -, **1 *2, *0 *4\n", "unreadable", TRUTH, "repaired"),
    ],
}

ALL = [(name, *case) for name, cases in CASES.items() for case in cases]


@pytest.mark.parametrize(("name", "text", "kinds", "rows", "status"), ALL)
def test_a_broken_text_is_mended_and_reported(
    name: str, text: str, kinds: str, rows: str, status: str
) -> None:
    grid, report = codec(name).decode(text, (3, 4))
    found = ["".join(map(str, row)) for row in grid.foreground.astype(int)]
    assert " ".join(found) == rows, str(report)
    assert report.status == status, str(report)
    assert sorted(report.kinds) == kinds.split(), str(report)


@pytest.mark.parametrize("name", CASES)
def test_what_was_not_asked_for_counts_as_others(name: str) -> None:
    text = CASES[name][0][0].replace("dog", "cat")
    grid, report = codec(name).decode(text, (3, 4), labels="dog")
    assert not grid.foreground.any()
    assert "unknown_label" in report.kinds
    assert report.kinds <= {"unknown_label", "split_run"}


@pytest.mark.parametrize("name", CASES)
def test_other_letters_are_taken_for_the_label(name: str) -> None:
    text = CASES[name][0][0].replace("dog", "Dog")
    grid, report = codec(name).decode(text, (3, 4), labels="dog")
    assert grid.foreground.sum() == 6
    assert report.kinds == {"label_spelling"}


@pytest.mark.parametrize("name", CASES)
def test_a_huge_count_allocates_little(name: str) -> None:
    import tracemalloc

    huge = "9" * 30
    texts = [
        f"dog *4 x{huge}\n " * 9,
        f"{huge}+{huge} {huge}+{huge} in {huge}x{huge}\n dog=a *4 x{huge}",
    ]
    tracemalloc.start()
    for text in [*texts, f"dog| {huge}+{huge}\n {huge}+{huge} x{huge}\n " * 9]:
        codec(name).decode(text, 16)
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


@pytest.mark.parametrize("name", CASES)
def test_a_broken_count_stays_in_its_row(name: str) -> None:
    text = (
        CASES[name][0][0]
        .replace("dog *2| others *1", "dog *2")
        .replace("dog=a *2| others *1", "dog=a *2")
        .replace(" 1+2\n 0", " 1+3\n 0")
        .replace(" *1 *2,", " *1 *3,")
    )
    grid, _ = codec(name).decode(text, (3, 4))
    assert grid.foreground.astype(int).tolist() == [[0] * 4, [0, 1, 1, 1], [1] * 4]
