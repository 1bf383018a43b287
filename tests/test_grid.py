"""Pixels to cells and back, against Pillow, a slow loop and by hand."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from t4s_lib import DescriptorGrid, grid_to_mask, iou, mask_to_grid, oracle_iou
from t4s_lib.grid import grid_to_label_map

sides = st.integers(1, 70)


def random_mask(height: int, width: int, seed: int) -> NDArray[np.bool_]:
    return np.random.default_rng(seed).random((height, width)) > 0.5


@settings(deadline=None, max_examples=300)
@given(sides, sides, st.integers(1, 40), st.integers(1, 40), st.integers(0, 9))
def test_nearest_is_pillows_nearest(
    height: int, width: int, rows: int, cols: int, seed: int
) -> None:
    mask = random_mask(height, width, seed)
    picture = Image.fromarray(mask.astype(np.uint8) * 255)
    theirs = np.asarray(picture.resize((cols, rows), Image.Resampling.NEAREST)) > 0
    ours = mask_to_grid(mask, (rows, cols)).foreground
    np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize(
    ("height", "width"),
    [(1, 640), (640, 1), (1, 1), (3, 5), (479, 641), (1000, 7), (4000, 3000)],
)
@pytest.mark.parametrize("size", [16, 24, (9, 32)])
def test_nearest_is_pillows_on_odd_shapes(
    height: int, width: int, size: int | tuple[int, int]
) -> None:
    test_nearest_is_pillows_nearest.hypothesis.inner_test(  # type: ignore[attr-defined]
        height, width, *(size if isinstance(size, tuple) else (size, size)), 0
    )


@given(st.integers(1, 16), st.integers(1, 16), st.integers(1, 60), st.integers(1, 60))
def test_drawing_back_is_pillows_nearest(
    rows: int, cols: int, height: int, width: int
) -> None:
    ids = random_mask(rows, cols, rows * cols).astype(np.int32)
    drawn = grid_to_mask(DescriptorGrid(ids, ("others", "dog")), (height, width))
    picture = Image.fromarray(ids.astype(np.uint8)).resize(
        (width, height), Image.Resampling.NEAREST
    )
    np.testing.assert_array_equal(drawn, np.asarray(picture) > 0)


def slow_share(
    mask: NDArray[np.bool_], row: int, col: int, rows: int, cols: int
) -> float:
    """The filled area of one cell, pixel by pixel."""
    height, width = mask.shape
    top, bottom = row * height / rows, (row + 1) * height / rows
    left, right = col * width / cols, (col + 1) * width / cols
    filled: float = 0.0
    for y in range(height):
        for x in range(width):
            tall = max(0.0, min(bottom, y + 1) - max(top, y))
            wide = max(0.0, min(right, x + 1) - max(left, x))
            filled += mask[y, x] * tall * wide
    return float(filled / ((bottom - top) * (right - left)))


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 12), st.integers(1, 12), st.integers(1, 7), st.integers(1, 7))
def test_area_rules_agree_with_a_slow_loop(
    height: int, width: int, rows: int, cols: int
) -> None:
    mask = random_mask(height, width, height + 13 * width)
    majority = mask_to_grid(mask, (rows, cols), rule="majority").foreground
    coverage = mask_to_grid(mask, (rows, cols), rule="coverage").foreground
    for row in range(rows):
        for col in range(cols):
            share = slow_share(mask, row, col, rows, cols)
            if abs(share - 0.5) > 1e-9:
                assert majority[row, col] == (share > 0.5)
            assert coverage[row, col] == (share > 1e-9)


def test_several_masks_later_ones_on_top() -> None:
    sky, kite = np.zeros((2, 4, 4), dtype=bool)
    sky[:2] = True
    kite[:, 3] = True
    grid = mask_to_grid({"sky": sky, "kite": kite}, 4)
    assert grid.cells()[0] == ["sky", "sky", "sky", "kite"]
    assert grid.cells()[3] == ["others", "others", "others", "kite"]


@pytest.mark.parametrize("rule", ["nearest", "majority", "coverage"])
def test_label_map_with_names_and_void(rule: str) -> None:
    values = np.array([[0, 7], [255, 9]], dtype=np.uint8)
    names = {7: "dog", 9: "cat"}
    grid = mask_to_grid(values, 2, rule=rule, names=names, ignore=[255])
    assert grid.cells() == [["others", "dog"], ["others", "cat"]]


def test_two_values_may_share_a_name_and_zero_may_be_named() -> None:
    grid = mask_to_grid(np.array([[0, 1, 2]]), (1, 3), names={0: "a", 1: "b", 2: "a"})
    assert grid.cells() == [["a", "b", "a"]]


def test_integers_above_zero_are_the_target() -> None:
    assert mask_to_grid(np.array([[0, 255]], np.uint8), (1, 2)).foreground.tolist() == [
        [False, True]
    ]


class TestLostTargets:
    speck = np.zeros((480, 640), dtype=bool)
    speck[100:103, 200:203] = True

    def test_nearest_reports_the_loss(self) -> None:
        grid = mask_to_grid(self.speck, 16, "bird")
        assert grid.lost == ("bird",)
        assert not grid.foreground.any()

    @pytest.mark.parametrize("rule", ["nearest+keep", "majority+keep", "coverage+keep"])
    def test_keep_gives_it_the_cell_it_lies_in(self, rule: str) -> None:
        grid = mask_to_grid(self.speck, 16, "bird", rule=rule)
        assert np.argwhere(grid.foreground).tolist() == [[3, 5]]
        assert grid.lost == ()

    def test_coverage_keeps_by_itself(self) -> None:
        assert mask_to_grid(self.speck, 16, "bird", rule="coverage").lost == ()

    def test_keep_spares_the_only_cell_of_another(self) -> None:
        wide, speck = np.zeros((2, 4, 4), dtype=bool)
        wide[:, :3] = True
        speck[0, 0] = True  # in the one cell that sees mostly `wide`
        grid = mask_to_grid(
            {"speck": speck, "wide": wide}, (1, 2), rule="majority+keep"
        )
        assert "wide" in grid.cells()[0]

    def test_a_target_wholly_under_another_is_lost(self) -> None:
        mask = np.ones((4, 4), dtype=bool)
        assert mask_to_grid({"a": mask, "b": mask}, 2).lost == ("a",)

    def test_an_empty_mask_lost_nothing(self) -> None:
        grid = mask_to_grid(np.zeros((5, 5), dtype=bool), 16, "bird", "nearest+keep")
        assert grid.lost == ()
        assert not grid.foreground.any()


@pytest.mark.parametrize(
    ("call", "says"),
    [
        pytest.param(
            lambda: mask_to_grid(np.array([[255]]), ignore=[255]), "names", id="ignore"
        ),
        pytest.param(lambda: mask_to_grid(np.zeros((0, 4), bool)), "shape", id="empty"),
        pytest.param(lambda: mask_to_grid(np.zeros(4, bool)), "shape", id="1-d"),
        pytest.param(lambda: mask_to_grid(np.zeros((2, 2, 3))), "shape", id="colour"),
        pytest.param(lambda: mask_to_grid(np.zeros((2, 2))), "float64", id="floats"),
        pytest.param(
            lambda: mask_to_grid(np.ones((2, 2), bool), 0), "0", id="no-cells"
        ),
        pytest.param(
            lambda: mask_to_grid(np.ones((2, 2), bool), 10**9), "4096", id="huge"
        ),
        pytest.param(
            lambda: mask_to_grid(np.ones((2, 2), bool), rule="nearset"),
            "'nearset'",
            id="rule-misspelt",
        ),
        pytest.param(
            lambda: mask_to_grid(np.array([[3]]), names={1: "dog"}), "[3]", id="unnamed"
        ),
        pytest.param(
            lambda: mask_to_grid(
                {"a": np.ones((1, 2), bool), "b": np.ones((2, 2), bool)}
            ),
            "(1, 2)",
            id="shapes-differ",
        ),
        pytest.param(
            lambda: mask_to_grid(np.ones((2, 2), bool), label=""), "''", id="no-label"
        ),
        pytest.param(
            lambda: grid_to_mask(DescriptorGrid([[0]], ("others",)), (0, 5)),
            "(0, 5)",
            id="no-pixels",
        ),
        pytest.param(
            lambda: grid_to_mask(DescriptorGrid([[0]], ("others",)), (5, 5), "dog"),
            "'dog'",
            id="label-not-there",
        ),
        pytest.param(
            lambda: grid_to_mask(
                DescriptorGrid([[0]], ("others",)), (5, 5), mode="cubic"
            ),
            "'cubic'",
            id="mode",
        ),
        pytest.param(lambda: iou([[True]], [[True, False]]), "(1, 1)", id="iou-shapes"),
    ],
)
def test_bad_input_is_named_in_one_line(call: Callable[[], object], says: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        call()
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_bilinear_rounds_corners_and_stays_inside_the_picture() -> None:
    grid = DescriptorGrid(np.pad(np.ones((4, 4), np.int32), 6), ("others", "dog"))
    blocks, round_ = (
        grid_to_mask(grid, (160, 160), mode=m) for m in ("nearest", "bilinear")
    )
    assert blocks.sum() == 1600
    assert 0.9 < round_.sum() / 1600 < 1
    assert not round_[60, 60]
    assert round_[80, 80]


def test_bilinear_gives_each_pixel_one_label() -> None:
    cells = [["sky", "sky"], ["sea", "others"]]
    grid = DescriptorGrid.from_cells(cells)
    masks = [grid_to_label_map(grid, (20, 20), "bilinear") == k for k in range(3)]
    assert (np.sum(masks, axis=0) == 1).all()


def test_oracle_iou_grows_with_the_grid() -> None:
    yy, xx = np.mgrid[:480, :640]
    disc = (yy - 240) ** 2 + (xx - 320) ** 2 < 150**2
    scores = [oracle_iou(disc, n) for n in (8, 16, 32, 64)]
    assert scores == sorted(scores)
    assert 0.8 < scores[1] < 0.95


def test_iou_of_two_empty_masks_is_one() -> None:
    assert iou(np.zeros((3, 3)), np.zeros((3, 3))) == 1.0
    assert iou(np.zeros((3, 3)), np.eye(3)) == 0.0


class TestDescriptorGrid:
    def test_is_frozen(self) -> None:
        grid = DescriptorGrid([[0]], ("others",))
        with pytest.raises(ValueError, match="read-only"):
            grid.ids[0, 0] = 1
        with pytest.raises(AttributeError):
            grid.labels = ("others",)  # type: ignore[misc]

    def test_equality_looks_at_cells_not_numbers(self) -> None:
        one = DescriptorGrid([[1, 2]], ("others", "cat", "dog"))
        two = DescriptorGrid([[3, 1]], ("others", "dog", "cow", "cat"))
        assert one == two
        assert hash(one) == hash(two)
        assert one != DescriptorGrid([[2, 1]], ("others", "cat", "dog"))
        assert one != DescriptorGrid([[1], [2]], ("others", "cat", "dog"))
        assert one != "a grid"

    def test_a_target_called_others_is_not_the_background(self) -> None:
        grid = DescriptorGrid([[0, 1]], ("others", "others"))
        assert grid.where("others").tolist() == [[False, True]]
        assert grid != DescriptorGrid([[0, 0]], ("others",))

    @pytest.mark.parametrize(
        ("ids", "labels", "says"),
        [
            pytest.param([[0]], ("dog",), "'others' first", id="no-background"),
            pytest.param([[0]], (), "'others' first", id="no-labels"),
            pytest.param([[0]], ("others", ""), "not empty", id="empty-label"),
            pytest.param([[0]], ("others", "a", "a"), "twice", id="label-twice"),
            pytest.param([[1]], ("others",), "1 labels", id="id-too-high"),
            pytest.param([[-1]], ("others",), "from -1", id="id-negative"),
            pytest.param([0], ("others",), "(1,)", id="not-2-d"),
            pytest.param([[]], ("others",), "(1, 0)", id="no-cells"),
        ],
    )
    def test_bad_grids(
        self, ids: list[int], labels: tuple[str, ...], says: str
    ) -> None:
        with pytest.raises(ValueError, match=r".") as caught:
            DescriptorGrid(np.array(ids, np.int32), labels)
        assert says in str(caught.value)
