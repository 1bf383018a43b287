"""The curve and the film strip, as pictures."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from t4s_lib import codec, fold
from t4s_lib.sources import scenes
from t4s_lib.training.curve import render_curve, save_curve
from t4s_lib.training.film import FOOT, GAP, HEAD, TILE, predict, render_film
from t4s_lib.training.rows import true_grid

LOG: list[dict[str, Any]] = [
    {"step": 0, "seconds": 0, "scores": {"norm": 0.0, "cIoU": 0.0, "parse_failed": 1}},
    {"step": 10, "seconds": 30, "loss": 2.0},
    {"step": 20, "seconds": 60, "loss": 1.0, "scores": {"norm": 0.9, "cIoU": None}},
]


def test_the_curve_has_the_losses_and_the_scores() -> None:
    above, below = render_curve(LOG, "tiny").axes
    assert np.array(above.lines[0].get_xydata()).tolist() == [[0.5, 2], [1, 1]]
    lines = {line.get_label(): line for line in below.lines}
    norm = np.array(lines["share of the grid ceiling"].get_xydata())
    assert norm.tolist() == [[0, 0], [1, 0.9]]
    assert len({line.get_marker() for line in below.lines}) == 3


def test_without_matplotlib_there_is_no_curve_and_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert save_curve(LOG, tmp_path / "curve.png")
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    assert not save_curve(LOG, tmp_path / "other.png")
    assert [path.name for path in tmp_path.iterdir()] == ["curve.png"]


def test_the_film_draws_what_was_answered() -> None:
    sample = next(s for s in scenes(9, "val") if not s.is_no_target)
    right = fold(codec("row-rle").encode(true_grid(sample)), sample.expression)
    frames = [
        predict(sample, "?", "no idea", (0, 0.0), 16, "row-rle"),
        predict(sample, "?", right, (5, 1.0), 16, "row-rle"),
    ]
    assert [frame.status for frame in frames] == ["failed", "exact"]
    assert frames[0].iou == 0
    assert frames[1].iou > 0.5
    film = np.asarray(render_film([sample], [f.as_dict() for f in frames]), dtype=int)
    assert film.shape == (HEAD + TILE + FOOT, 4 * (TILE + GAP) + GAP, 3)
    tiles = [
        film[HEAD : HEAD + TILE, GAP + k * (TILE + GAP) :][:, :TILE] for k in range(4)
    ]
    # Grey has no colour; the mask does.
    coloured = [(np.ptp(tile, axis=2) > 60).mean() for tile in tiles[1:]]
    assert coloured[1] == 0
    assert coloured[0] == pytest.approx(coloured[2], rel=0.35)


def test_a_long_film_keeps_its_first_and_last_frame() -> None:
    sample = scenes(1, "val")[0]
    frames = [predict(sample, "?", "", (k, k), 16, "row-rle") for k in range(50)]
    film = render_film([sample], frames)
    assert film.width == 10 * (TILE + GAP) + GAP
