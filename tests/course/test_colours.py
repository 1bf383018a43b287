"""The course's colours: apart for colour-blind readers, few, and dark enough to read.

Colour blindness is simulated by the matrices of Machado, Oliveira and Fernandes
(2009), severity 1, in linear RGB; differences are CIE 1976 in L*a*b*, where 2.3 is
the least that people notice side by side.
"""

import colorsys
import json
import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from matplotlib.colors import to_hex, to_rgb
from numpy.typing import NDArray

from t4s_lib import mask_to_grid
from t4s_lib.course import plots, studies
from t4s_lib.course.figures import PALETTE, PAPER, contrast, ink
from t4s_lib.sources import scenes

ROOT = Path(__file__).parents[2]
COURSE = ROOT / "t4s_lib" / "course"
LESSONS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
Floats = NDArray[np.float64]
BLIND = {
    "none": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)


def seen(colour: str, kind: str) -> Floats:
    """A colour in L*a*b* as a reader sees it who has this kind of colour blindness."""
    given = np.array(to_rgb(colour))
    low = given <= 0.04045
    linear = np.where(low, given / 12.92, ((given + 0.055) / 1.055) ** 2.4)
    xyz = XYZ @ np.clip(BLIND[kind] @ linear, 0, 1) / XYZ.sum(axis=1)
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def apart(one: str, two: str, kind: str) -> float:
    return float(np.linalg.norm(seen(one, kind) - seen(two, kind)))


@pytest.mark.parametrize("kind", BLIND)
def test_labels_stay_apart_for_every_reader(kind: str) -> None:
    for one, two in combinations((*PALETTE, PAPER), 2):
        assert apart(one, two, kind) >= 10, (one, two)


def test_the_simulation_knows_what_is_confused() -> None:
    """Red and green of equal lightness, which the palette has not."""
    assert apart("#c04000", "#608000", "none") > 50
    assert apart("#c04000", "#608000", "deuteranopia") < 25


@pytest.mark.parametrize("colour", [*PALETTE, PAPER])
def test_letters_on_a_label_can_be_read(colour: str) -> None:
    assert contrast(ink(colour), colour) >= 4.5


def literals() -> list[tuple[str, str]]:
    """Every colour that a file of the course names, with the file."""
    files = sorted(COURSE.rglob("*.py"))
    found = {
        (path.relative_to(COURSE).as_posix(), colour)
        for path in files
        for colour in re.findall(r"#[0-9A-Fa-f]{6}\b", path.read_text("utf-8"))
    }
    return sorted(found)


def hue(colour: str) -> tuple[float, float]:
    """Hue in degrees, and how far a colour is from grey, 0 to 1."""
    red, green, blue = to_rgb(colour)
    turn = colorsys.rgb_to_hls(red, green, blue)[0]
    return turn * 360, max(red, green, blue) - min(red, green, blue)


def test_every_colour_is_a_grey_or_of_the_palettes_hues() -> None:
    hues = [hue(colour)[0] for colour in PALETTE]
    for file, colour in literals():
        turn, strength = hue(colour)
        near = min(abs((turn - known + 180) % 360 - 180) for known in hues)
        assert strength < 0.06 or near <= 10, f"{file}: {colour}"


def test_no_colour_is_named_that_readers_confuse() -> None:
    named = (
        r"""color(?:s|map)?["']?\s*[=:]\s*["'](red|green|lime|jet|rainbow|RdYlGn)\b"""
    )
    for path in sorted(COURSE.rglob("*.py")):
        assert re.findall(named, path.read_text("utf-8")) == [], path.name


SAMPLE = scenes(1, split="val", size=96)[0]
GRID = mask_to_grid(SAMPLE.mask, 8, "target")
CURVE = {"a": [0.1, 0.2], "b": [0.2, 0.1]}
PLOTS = {
    "pipeline": lambda: plots.pipeline(SAMPLE),
    "curves": lambda: plots.curves([8, 16], CURVE, "IoU", "t"),
    "rules": lambda: plots.rules_side_by_side(SAMPLE, 8, ["nearest", "majority"]),
    "sizes": lambda: plots.sizes_side_by_side(SAMPLE, [4, 8]),
    "cells": lambda: plots.cells_and_text(GRID, "t"),
    "damage": lambda: plots.damage_map(studies.damage(GRID, studies.slip)),
    "duel": lambda: plots.reading_duel(GRID, "target *8\n"),
}


@pytest.mark.parametrize("name", PLOTS)
def test_words_beside_a_plot_can_be_read(name: str) -> None:
    """Titles, labels, ticks and legends stand on the figure's white."""
    fig = PLOTS[name]()
    for ax in fig.axes:
        words = [ax.title, ax.xaxis.label, ax.yaxis.label]
        words += [*ax.get_xticklabels(), *ax.get_yticklabels()]
        legend = ax.get_legend()
        words += legend.get_texts() if legend is not None else []
        for word in words:
            if word.get_text() and word.get_visible():
                assert contrast(to_hex(word.get_color()), "white") >= 4.5, word


@pytest.mark.parametrize("path", LESSONS, ids=[p.stem for p in LESSONS])
def test_alternative_texts_say_a_finding(path: Path) -> None:
    """A sentence of six words or more, and not that there is a picture."""
    stored = json.loads(path.read_text(encoding="utf-8"))
    shown = json.dumps([cell.get("outputs", []) for cell in stored["cells"]])
    for alt in re.findall(r'<img alt=\\"(.*?)\\"', shown):
        assert len(alt.split()) >= 6, alt
        opening = r"(?i)(an? |the )?(plot|figure|image|chart|picture|graph) of"
        assert not re.match(opening, alt), alt
