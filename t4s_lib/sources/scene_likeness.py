"""Shapes and colours meant without being named: by use, by corners, by likeness."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from t4s_lib.sources.scene_expressions import Phrase, standing
from t4s_lib.sources.scene_views import View

ROUND = ("circle", "ring")

USES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "that would roll": ROUND,
        "that would roll down a slope": ROUND,
        "you could look through": ("ring",),
        "that could be threaded on a string": ("ring",),
    }
)
"""What a shape would do, to the shapes that would."""

CORNERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "with three corners": ("triangle",),
        "with four corners": ("square",),
        "with five points": ("star",),
        "with four arms": ("cross",),
        "with no corners": ROUND,
    }
)
"""What a shape has, to the shapes that have it."""

COLOUR_OF: Mapping[str, str] = MappingProxyType(
    {
        "grass": "green",
        "a frog": "green",
        "snow": "white",
        "milk": "white",
        "a lemon": "yellow",
        "a ripe tomato": "red",
        "blood": "red",
        "a clear sky": "blue",
        "a plum": "purple",
    }
)
"""What has a colour that everyone knows."""

SHAPE_OF: Mapping[str, str] = MappingProxyType(
    {
        "a full moon": "circle",
        "a coin": "circle",
        "a slice of pizza": "triangle",
        "a doughnut": "ring",
        "a plus sign": "cross",
        "a chessboard": "square",
        "a starfish": "star",
    }
)
"""What has a shape that everyone knows."""


def _of(seen: View, *nouns: str) -> tuple[int, ...]:
    """The shapes that any of the nouns fits."""
    return tuple(sorted({k for noun in nouns for k in seen.nouns.get(noun, ())}))


def _one_or_some(seen: View, facts: Mapping[str, tuple[str, ...]]) -> Iterator[Phrase]:
    for words, shapes in facts.items():
        targets = _of(seen, *shapes)
        if 0 < len(targets) < len(seen.objects):
            noun = "shape" if len(targets) == 1 else "shapes"
            yield Phrase(f"the {noun} {words}", targets)


def by_use(seen: View) -> Iterator[Phrase]:
    """``the shape that would roll``."""
    return _one_or_some(seen, USES)


def by_corners(seen: View) -> Iterator[Phrase]:
    """``the shape with three corners``."""
    return _one_or_some(seen, CORNERS)


def by_colour_of(seen: View) -> Iterator[Phrase]:
    """``the one that is the colour of grass``."""
    for thing, colour in COLOUR_OF.items():
        if len(targets := _of(seen, f"{colour} shape")) == 1:
            yield Phrase(f"the one that is the colour of {thing}", targets)


def by_shape_of(seen: View) -> Iterator[Phrase]:
    """``the one shaped like a slice of pizza``."""
    for thing, shape in SHAPE_OF.items():
        if len(targets := _of(seen, shape)) == 1:
            yield Phrase(f"the one shaped like {thing}", targets)


def by_chain(seen: View) -> Iterator[Phrase]:
    """``the shape left of the one shaped like a coin``: two steps."""
    for phrase in (*by_shape_of(seen), *by_colour_of(seen)):
        for words, target in standing(seen, phrase.targets[0], "shape"):
            yield Phrase(f"the shape {words} {phrase.text}", (target,))
