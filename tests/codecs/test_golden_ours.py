"""The formats beyond the paper: strings that must never change."""

import numpy as np
import pytest

from t4s_lib import DescriptorGrid, codec
from t4s_lib.codecs.aliases import alias
from t4s_lib.codecs.box_grid import boxed_grid
from t4s_lib.codecs.box_places import around
from t4s_lib.grid import iou, mask_to_grid

DOG = "dog laying down"
DOG_ROWS = [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 4, 5, 7, 0, 0, 0]

DOG_TEXTS = {
    "row-repeat": "others *16 x9\n dog laying down *1| others *15\n "
    "dog laying down *4| others *12\n dog laying down *5| others *11\n "
    "dog laying down *7| others *9\n others *16 x3\n",
    "alias": "others *16\n " * 9 + "dog laying down=a *1| others *15\n "
    "a *4| others *12\n a *5| others *11\n a *7| others *9\n "
    "others *16\n others *16\n others *16\n",
    "alias-repeat": "others *16 x9\n dog laying down=a *1| others *15\n "
    "a *4| others *12\n a *5| others *11\n a *7| others *9\n others *16 x3\n",
    "box": "9+4 0+7\n dog laying down=a *1| others *6\n a *4| others *3\n "
    "a *5| others *2\n a *7\n",
    "spans": "dog laying down| 9+4\n 0+1\n 0+4\n 0+5\n 0+7\n",
    "gaps": "dog laying down| -, -, -, -, -, -, -, -, -, *0 *1, *0 *4, *0 *5, *0 *7, "
    "-, -, -\n",
}

ZEBRAS = [
    ["others", "zebra", "zebra", "grass"],
    ["others", "zebra", "zebra", "grass"],
    ["others", "others", "others", "others"],
    ["zebra", "others", "zebra", "others"],
]
ZEBRA_TEXTS = {
    "row-repeat": "others *1| zebra *2| grass *1 x2\n others *4\n "
    "zebra *1| others *1| zebra *1| others *1\n",
    "alias": "others *1| zebra=a *2| grass=b *1\n others *1| a *2| b *1\n others *4\n "
    "a *1| others *1| a *1| others *1\n",
    "alias-repeat": "others *1| zebra=a *2| grass=b *1 x2\n others *4\n "
    "a *1| others *1| a *1| others *1\n",
    "box": "0+4 0+4\n others *1| zebra=a *2| grass=b *1 x2\n others *4\n "
    "a *1| others *1| a *1| others *1\n",
    "spans": "zebra| 0+4\n 1+2 x2\n -\n 0+1 2+1\n grass| 0+2\n 3+1 x2\n",
    "gaps": "zebra| *1 *2, *1 *2, -, *0 *1 *1 *1\n grass| *3 *1, *3 *1, -, -\n",
}

NOTHING = {
    "row-repeat": "others *4 x4\n",
    "alias": "others *4\n others *4\n others *4\n others *4\n",
    "alias-repeat": "others *4 x4\n",
    "box": "others\n",
    "spans": "others\n",
    "gaps": "others\n",
}


def dog() -> DescriptorGrid:
    return DescriptorGrid.from_cells(
        [[DOG] * n + ["others"] * (16 - n) for n in DOG_ROWS]
    )


@pytest.mark.parametrize("name", DOG_TEXTS)
def test_the_papers_dog(name: str) -> None:
    assert codec(name).encode(dog()) == DOG_TEXTS[name]
    grid, report = codec(name).decode(DOG_TEXTS[name], 16, DOG)
    assert (grid, report.status) == (dog(), "exact")


@pytest.mark.parametrize("name", ZEBRA_TEXTS)
def test_two_labels(name: str) -> None:
    zebras = DescriptorGrid.from_cells(ZEBRAS)
    assert codec(name).encode(zebras) == ZEBRA_TEXTS[name]
    grid, report = codec(name).decode(ZEBRA_TEXTS[name], 4)
    assert (grid, report.status) == (zebras, "exact")


@pytest.mark.parametrize("name", NOTHING)
def test_no_target(name: str) -> None:
    empty = DescriptorGrid(np.zeros((4, 4)), ("others", "dog"))
    assert codec(name).encode(empty) == NOTHING[name]


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("a", "a=a *1| others *1\n"),
        ("x=b", "x=b=a *1| others *1\n"),
        ("others", "%6Fthers=a *1| others *1\n"),
        ("5+7 0+1", "5+7 0+1=a *1| others *1\n"),
    ],
)
def test_a_label_that_looks_like_a_mark(label: str, text: str) -> None:
    grid = DescriptorGrid([[1, 0]], ("others", label))
    assert codec("alias").encode(grid) == text
    for name in DOG_TEXTS:
        assert codec(name).decode(codec(name).encode(grid), (1, 2))[0] == grid


def test_letters_go_on_behind_z() -> None:
    table = ("others", *(f"thing {k}" for k in range(30)))
    grid = DescriptorGrid([list(range(31))], table)
    assert codec("alias").encode(grid).endswith("| thing 29=ad *1\n")
    assert len({alias(k) for k in range(1000)}) == 1000


def disc(radius: float = 100.0) -> np.ndarray:
    y, x = np.mgrid[:480, :640]
    return np.asarray((y - 200) ** 2 + (x - 300) ** 2 < radius**2)


def test_a_box_on_a_fine_grid_has_rows_of_a_coarse_one() -> None:
    grid = boxed_grid(disc(), 64, "disc")
    text = codec("box").encode(grid)
    assert text.startswith("13+27 20+20 in 16x16\n others *6| disc=a *4| others *6\n ")
    back, report = codec("box").decode(text, 64)
    assert (back, report.status) == (grid, "exact")
    coarse = mask_to_grid(disc(), 16, "disc")
    fine, plain = (drawn(found) for found in (back, coarse))
    assert iou(disc(), fine) > iou(disc(), plain) + 0.05
    assert len(text) < len(codec("row-rle").encode(coarse))


def drawn(grid: DescriptorGrid) -> np.ndarray:
    from t4s_lib import grid_to_mask

    return grid_to_mask(grid, (480, 640))


@pytest.mark.parametrize("radius", [1.0, 6.0, 30.0, 190.0])
def test_a_boxed_grid_is_tight_and_small_inside(radius: float) -> None:
    grid = boxed_grid(disc(radius), 64, "disc")
    box = around(grid.ids)
    assert (box is None) == (not grid.foreground.any())
    lines = codec("box").encode(grid).count("\n ")
    assert lines <= 16


def test_nothing_in_a_mask_is_nothing_in_a_box() -> None:
    assert not boxed_grid(np.zeros((9, 9), bool), 8).foreground.any()
