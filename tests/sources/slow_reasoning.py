"""A slow reader of implied expressions, for tests.

It knows nothing of how expressions are made: it takes the sentence apart, renders the
scene finely, and tries every reading that people might have.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from t4s_lib.sources import Scene, SceneObject

FINE = 160
SIDES = {"left": (0, 1), "right": (0, -1), "top": (1, 1), "bottom": (1, -1)}
WAYS = {"left of": (-1, 0), "right of": (1, 0), "above": (0, -1), "below": (0, 1)}
CORNERS = {"three corners": "triangle", "four corners": "square"}
CORNERS |= {"five points": "star", "four arms": "cross"}
COLOURS = {"grass": "green", "a frog": "green", "snow": "white", "milk": "white"}
COLOURS |= {"a lemon": "yellow", "a ripe tomato": "red", "blood": "red"}
COLOURS |= {"a clear sky": "blue", "a plum": "purple"}
FORMS = {"a full moon": "circle", "a coin": "circle", "a slice of pizza": "triangle"}
FORMS |= {"a doughnut": "ring", "a plus sign": "cross", "a chessboard": "square"}
FORMS |= {"a starfish": "star"}
PLACES: dict[str, tuple[float, float]] = {
    "upper left corner": (0, 0),
    "upper right corner": (1, 0),
}
PLACES |= {"lower left corner": (0, 1), "lower right corner": (1, 1)}
PLACES |= {"middle of the picture": (0.5, 0.5)}

Things = list[SceneObject]
Test = Callable[[SceneObject], bool]


def those(things: Things, test: Test) -> list[int]:
    return [k for k, thing in enumerate(things) if test(thing)]


def whole(thing: SceneObject) -> Any:
    """All of a shape, hidden or not, as bool."""
    return Scene((thing,)).instances((FINE, FINE)) > 0


def by_table(things: Things, text: str) -> list[int] | None:
    """What would roll, what has corners, what something looks like."""
    if "would roll" in text or "no corners" in text:
        return those(things, lambda t: t.shape in ("circle", "ring"))
    if "look through" in text or "threaded" in text:
        return those(things, lambda t: t.shape == "ring")
    if found := re.fullmatch("the shapes? with (.* (?:corners|points|arms))", text):
        form = CORNERS[found[1]]
        return those(things, lambda t: t.shape == form)
    if found := re.fullmatch("the one that is the colour of (.*)", text):
        colour = COLOURS[found[1]]
        return those(things, lambda t: t.colour == colour)
    if found := re.fullmatch("the one shaped like (.*)", text):
        form = FORMS[found[1]]
        return those(things, lambda t: t.shape == form)
    return None


def odd_ones(things: Things) -> set[int]:
    """Whoever is the odd one in any respect: its removal leaves the rest alike."""
    found = set()
    respects: list[Callable[[SceneObject, SceneObject], bool]] = [
        lambda a, b: a.colour == b.colour,
        lambda a, b: a.shape == b.shape,
        lambda a, b: max(a.radius, b.radius) < 1.3 * min(a.radius, b.radius),
    ]
    for alike in respects:
        for k, thing in enumerate(things):
            rest = [other for j, other in enumerate(things) if j != k]
            same = all(alike(a, b) for a in rest for b in rest)
            if same and not any(alike(thing, other) for other in rest):
                found.add(k)
    return found


def by_odd(things: Things, text: str) -> list[int] | None:
    if text != "the odd one out":
        return None
    by_kind = list(odd_ones(things))
    assert len(by_kind) == 1, f"{by_kind} may be the odd one"
    assert len(things) > 2
    return by_kind


def first(values: dict[int, float]) -> list[int]:
    """Who has the smallest value; more than one if they are close."""
    least = min(values.values())
    return [k for k, value in values.items() if value <= least + 0.02]


def extreme(things: Things, members: list[int], word: str) -> list[int]:
    if word in ("largest", "smallest"):
        sign = -1 if word == "largest" else 1
        return first({k: sign * 2 * math.log(things[k].radius) for k in members})
    axis, sign = SIDES[word.removesuffix("most")]
    return first({k: sign * things[k].centre[axis] for k in members})


def by_exception(things: Things, text: str) -> list[int] | None:
    found = re.fullmatch(r"the (\w+) shape that is not (?:a )?(\w+)", text)
    if not found:
        return None
    word, name = found.groups()
    out = those(things, lambda t: name in (t.colour, t.shape))
    assert out, "nothing is left out"
    return extreme(things, [k for k in range(len(things)) if k not in out], word)


def by_sameness(things: Things, text: str) -> list[int] | None:
    if found := re.fullmatch("the other shape with the colour of the (.*)", text):
        form = found[1]
        (one,) = those(things, lambda t: t.shape == form)
        twins = those(things, lambda t: t.colour == things[one].colour)
    elif found := re.fullmatch("the other shape with the form of the (.*) one", text):
        colour = found[1]
        (one,) = those(things, lambda t: t.colour == colour)
        twins = those(things, lambda t: t.shape == things[one].shape)
    else:
        return None
    return [k for k in twins if k != one]


def by_order(things: Things, text: str) -> list[int] | None:
    if text == "the second largest shape":
        order = sorted(range(len(things)), key=lambda k: -things[k].radius)
        gaps = [things[a].radius / things[b].radius for a, b in pairwise(order)]
        assert min(gaps[:2]) > 1.25
        return [order[1]]
    found = re.fullmatch(r"the second shape from the (\w+)", text)
    if not found:
        return None
    axis, sign = SIDES[found[1]]
    order = sorted(range(len(things)), key=lambda k: sign * things[k].centre[axis])
    assert len(things) > 2
    return [order[1]]


def by_overlap(things: Things, text: str) -> list[int] | None:
    if "hid" not in text:
        return None
    full = [whole(thing) for thing in things]
    over = [
        (k, other)
        for other in range(len(things))
        for k in range(other)
        if (full[k] & full[other]).any()
    ]
    if text == "the shape that is partly hidden":
        return sorted({k for k, _ in over})
    return sorted({other for _, other in over})


def by_place(things: Things, text: str) -> list[int] | None:
    found = re.fullmatch(r"the shape closest to the (.*)", text)
    if not found:
        return None
    ids = Scene(tuple(things)).instances((FINE, FINE))
    away, centres = {}, {}
    for k, thing in enumerate(things):
        rows, columns = np.nonzero(ids == k + 1)
        x, y = (columns + 0.5) / FINE, (rows + 0.5) / FINE
        if found[1] == "border of the picture":
            away[k] = float(np.min([x, y, 1 - x, 1 - y]))
            centres[k] = away[k]
        else:
            px, py = PLACES[found[1]]
            away[k] = float(np.hypot(x - px, y - py).min())
            centres[k] = math.hypot(thing.centre[0] - px, thing.centre[1] - py)
    (nearest,) = first(centres)
    assert away[nearest] <= min(away.values()) + 0.01, "centre and edge disagree"
    return [nearest]


def by_removal(things: Things, text: str) -> list[int] | None:
    found = re.fullmatch(r"the shape that would be left without the (.*)", text)
    if not found:
        return None
    words = found[1].split()
    single = {"crosses": "cross"}.get(words[-1], words[-1].removesuffix("s"))
    gone = those(
        things,
        lambda t: single in ("shape", t.shape) and words[0] in (t.colour, words[-1]),
    )
    assert len(gone) > 1
    return [k for k in range(len(things)) if k not in gone]


def by_rarity(things: Things, text: str) -> list[int] | None:
    if found := re.fullmatch(r"the shape whose (\w+) no other has", text):
        key = {"colour": "colour", "form": "shape"}[found[1]]
        counts = Counter(getattr(thing, key) for thing in things)
        return those(things, lambda t: counts[getattr(t, key)] == 1)
    if text != "the two shapes with the same colour and form":
        return None
    counts = Counter(thing.name for thing in things)
    return those(things, lambda t: counts[t.name] > 1)


def by_chain(things: Things, text: str) -> list[int] | None:
    found = re.fullmatch(f"the shape ({'|'.join(WAYS)}) (the one .*)", text)
    if not found:
        return None
    (anchor,) = by_table(things, found[2]) or []
    dx, dy = WAYS[found[1]]
    loose, strict = [], []
    for k, thing in enumerate(things):
        x, y = np.subtract(thing.centre, things[anchor].centre)
        along, aside = x * dx + y * dy, abs(x * dy) + abs(y * dx)
        if k != anchor and along > 0:
            loose.append(k)
            strict += [k] if aside <= along + 1e-9 else []
    assert loose == strict, f"{text} can be read in two ways"
    return loose


READERS = (
    by_table,
    by_odd,
    by_exception,
    by_sameness,
    by_order,
    by_overlap,
    by_place,
    by_removal,
    by_rarity,
    by_chain,
)


def read(things: Things, text: str) -> list[int]:
    """The positions of the shapes that a sentence implies."""
    found = [reader(things, text) for reader in READERS]
    meant = [targets for targets in found if targets is not None]
    assert len(meant) == 1, f"{len(meant)} readers understand {text!r}"
    singular = "shapes" not in text
    assert not singular or len(meant[0]) == 1, f"{text!r} means {meant[0]}"
    assert len(meant[0]) < len(things), f"{text!r} means everything"
    return meant[0]
