"""Pixels and words on a figure: where and as matplotlib would put them."""

import io
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from numpy.typing import NDArray

from t4s_lib.course.widgets.placed import DPI, place, write

ALIGNED = [(ha, va) for ha in ("left", "center", "right") for va in ("top", "center")]
ALIGNED += [("left", "bottom"), ("right", "baseline")]


def sheet() -> Figure:
    return Figure(figsize=(3, 1), dpi=DPI)


def pixels(fig: Figure, dpi: float = DPI) -> NDArray[np.uint8]:
    raw = io.BytesIO()
    fig.savefig(raw, format="rgba", facecolor="white", dpi=dpi)
    size = (round(fig.get_figheight() * dpi), round(fig.get_figwidth() * dpi), 4)
    return np.frombuffer(raw.getvalue(), np.uint8).reshape(size)[..., :3]


def box(image: NDArray[np.uint8]) -> tuple[int, ...]:
    """First and last row and column that hold ink."""
    rows, cols = np.nonzero((image < 160).any(axis=-1))
    return int(rows.min()), int(rows.max()), int(cols.min()), int(cols.max())


def test_pixels_are_shown_as_matplotlib_shows_them() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (40, 60, 3), np.uint8)
    ours, theirs = sheet(), sheet()
    place(ours, noise, 20, 30)
    theirs.figimage(noise, 20, 30, origin="upper")
    np.testing.assert_array_equal(pixels(ours), pixels(theirs))
    np.testing.assert_array_equal(pixels(ours)[26:66, 20:80], noise)


@pytest.mark.parametrize(("ha", "va"), ALIGNED)
def test_words_stand_where_matplotlib_puts_them(ha: str, va: str) -> None:
    style: Any = {"ha": ha, "va": va, "fontsize": 10, "family": "DejaVu Sans"}
    ours, theirs = sheet(), sheet()
    write(ours, 0.5, 0.5, "Typed words 0.838", **style)
    theirs.text(0.5, 0.5, "Typed words 0.838", **style)
    apart = np.subtract(box(pixels(ours)), box(pixels(theirs)))
    assert np.abs(apart[:2]).max() <= 1  # up and down
    assert np.abs(apart[2:]).max() <= 5  # of some 110 pixels from end to end


def test_weight_and_colour_are_kept() -> None:
    plain, bold = sheet(), sheet()
    write(plain, 0.1, 0.5, "wins", color="#0072B2")
    write(bold, 0.1, 0.5, "wins", color="#0072B2", fontweight="bold")
    assert (pixels(bold) < 160).sum() > 1.2 * (pixels(plain) < 160).sum()
    assert pixels(plain).reshape(-1, 3).min(axis=0).tolist() == [0, 0x72, 0xB2]


def test_a_ground_reaches_beyond_the_words() -> None:
    fig = sheet()
    place(fig, np.zeros((96, 288, 3), np.uint8), 0, 0)
    write(fig, 0.5, 0.5, "room", ha="center", va="center", ground="white")
    rows, cols = np.nonzero(pixels(fig).min(axis=-1) == 255)
    held = pixels(fig)[rows.min() : rows.max() + 1, cols.min() : cols.max() + 1]
    assert held[:2].min() == held[-2:].min() == held[:, :2].min() == 255
    assert held.min() < 40


def test_a_dollar_is_a_dollar_and_nothing_is_nothing() -> None:
    fig = sheet()
    write(fig, 0.1, 0.5, "$x$")
    write(fig, 0.1, 0.5, "")
    assert fig.texts[0].get_text() == "$x$"
    alone = sheet()
    write(alone, 0.1, 0.5, "x")
    assert box(pixels(fig))[3] > box(pixels(alone))[3] + 8


def test_at_another_size_matplotlib_draws_all_of_it() -> None:
    fig = sheet()
    place(fig, np.full((96, 288, 3), 200, np.uint8), 0, 0)
    write(fig, 0.5, 0.5, "$room$", ha="center", va="center", ground="white")
    large, own = pixels(fig, 2 * DPI), pixels(fig)
    assert large.shape == (192, 576, 3)
    apart = np.subtract(box(large), np.multiply(2, box(own)))
    assert np.abs(apart).max() <= 8
