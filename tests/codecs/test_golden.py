"""The authors' bytes: strings that must never change."""

import pytest

from t4s_lib import DescriptorGrid, codec

DOG_ROWS = [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 4, 5, 7, 0, 0, 0]

# The paper's Fig. 5, byte for byte, between the tags.
DOG_TEXT = (
    "others *16\n others *16\n others *16\n others *16\n others *16\n others *16\n "
    "others *16\n others *16\n others *16\n dog laying down *1| others *15\n "
    "dog laying down *4| others *12\n dog laying down *5| others *11\n "
    "dog laying down *7| others *9\n others *16\n others *16\n others *16\n"
)

# The paper's Fig. 3 picture of two dogs.
W, B = "brown dog", "black dog"
DOGS = [
    ["sky"] * 6,
    ["sky"] * 6,
    ["sky", "sky", W, B, "sky", "sky"],
    ["sky", "sky", W, B, B, "sky"],
    ["sand", "sand", W, B, B, "sand"],
    ["sand", "sand", W, B, "sand", "sand"],
]
DOGS_ROW_RLE = (
    "sky *6\n sky *6\n sky *2| brown dog *1| black dog *1| sky *2\n "
    "sky *2| brown dog *1| black dog *2| sky *1\n "
    "sand *2| brown dog *1| black dog *2| sand *1\n "
    "sand *2| brown dog *1| black dog *1| sand *2\n"
)
DOGS_IMAGE_RLE = (
    "sky *14| brown dog *1| black dog *1| sky *4| brown dog *1| black dog *2| sky *1| "
    "sand *2| brown dog *1| black dog *2| sand *3| "
    "brown dog *1| black dog *1| sand *2\n"
)
DOGS_FULL = (
    "sky| sky| sky| sky| sky| sky| sky| sky| sky| sky| sky| sky| sky| sky| brown dog| "
    "black dog| sky| sky| sky| sky| brown dog| black dog| black dog| sky| sand| sand| "
    "brown dog| black dog| black dog| sand| sand| sand| "
    "brown dog| black dog| sand| sand\n"
)


def dog() -> DescriptorGrid:
    return DescriptorGrid.from_cells(
        [["dog laying down"] * n + ["others"] * (16 - n) for n in DOG_ROWS]
    )


def test_the_papers_dog() -> None:
    assert codec("row-rle").encode(dog()) == DOG_TEXT
    grid, report = codec("row-rle").decode(DOG_TEXT, 16)
    assert grid == dog()
    assert report.status == "exact"


@pytest.mark.parametrize(
    ("name", "text"),
    [("row-rle", DOGS_ROW_RLE), ("image-rle", DOGS_IMAGE_RLE), ("full", DOGS_FULL)],
)
def test_two_dogs_without_others(name: str, text: str) -> None:
    grid = DescriptorGrid.from_cells(DOGS)
    assert codec(name).encode(grid) == text
    assert codec(name).decode(text, 6)[0] == grid
    assert codec(name).decode(text, 6)[1].status == "exact"


def test_an_empty_target_is_rows_of_others() -> None:
    empty = DescriptorGrid([[0] * 16] * 16, ("others", "dog"))
    assert codec("row-rle").encode(empty) == "\n ".join(["others *16"] * 16) + "\n"
    assert codec("image-rle").encode(empty) == "others *256\n"


@pytest.mark.parametrize(
    ("label", "written"),
    [
        pytest.param("dog laying down", "dog laying down", id="ordinary"),
        pytest.param(
            "the man's 50% cut, left", "the man's 50% cut, left", id="marks-of-prose"
        ),
        pytest.param("Straße 北京 🐎", "Straße 北京 🐎", id="unicode"),
        pytest.param("<b>bold</b>", "<b>bold</b>", id="other-tags"),
        pytest.param("Others", "Others", id="others-in-capitals"),
        pytest.param("a|b", "a%7Cb", id="pipe"),
        pytest.param("2 * 3", "2 %2A 3", id="star"),
        pytest.param("two\nlines", "two%0Alines", id="newline"),
        pytest.param("<seg>", "%3Cseg>", id="open-tag"),
        pytest.param("a </SEG> b", "a %3C/SEG> b", id="close-tag-in-capitals"),
        pytest.param(" dog", "%20dog", id="leading-blank"),
        pytest.param("dog ", "dog%20", id="trailing-blank"),
        pytest.param(" ", "%20", id="one-blank"),
        pytest.param("others", "%6Fthers", id="others"),
        pytest.param("%6Fthers", "%256Fthers", id="looks-escaped"),
        pytest.param("100%|", "100%%7C", id="percent-then-pipe"),
    ],
)
def test_how_a_label_is_written(label: str, written: str) -> None:
    grid = DescriptorGrid([[1, 0]], ("others", label))
    assert codec("row-rle").encode(grid) == f"{written} *1| others *1\n"
