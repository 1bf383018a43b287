"""Every expression means exactly its mask: a slow reader checks it on its own.

The reader knows nothing of how phrases are made. It takes the sentence apart and
looks for the shapes it could mean, reading doubtful words in every way people do.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable

import numpy as np
import pytest

from t4s_lib.sources import KINDS, SPLITS, DataError, Sample, Scene, SceneObject, scenes
from t4s_lib.sources.scene_expressions import phrases, plural

Test = Callable[[SceneObject, SceneObject], bool]


def x(thing: SceneObject) -> float:
    return thing.centre[0]


def y(thing: SceneObject) -> float:
    return thing.centre[1]


def in_cone(dx: float, dy: float) -> bool:
    """Whether the way (dx, dy) goes within 45 degrees of the first axis."""
    return math.atan2(abs(dy), dx) <= math.pi / 4 + 1e-9


BEATS: dict[str, Test] = {
    "leftmost": lambda a, b: x(a) < x(b),
    "rightmost": lambda a, b: x(a) > x(b),
    "topmost": lambda a, b: y(a) < y(b),
    "bottommost": lambda a, b: y(a) > y(b),
    "on the left": lambda a, b: x(a) < x(b),
    "on the right": lambda a, b: x(a) > x(b),
    "at the top": lambda a, b: y(a) < y(b),
    "at the bottom": lambda a, b: y(a) > y(b),
    "largest": lambda a, b: a.radius > 1.25 * b.radius,
    "smallest": lambda a, b: b.radius > 1.25 * a.radius,
    "large": lambda a, b: a.radius > 1.25 * b.radius,
    "small": lambda a, b: b.radius > 1.25 * a.radius,
}

# Each relation, read loosely (which side) and strictly (which quarter).
RELATIONS: dict[str, tuple[Test, Test]] = {
    "left of": (
        lambda a, b: x(a) < x(b),
        lambda a, b: in_cone(x(b) - x(a), y(b) - y(a)),
    ),
    "right of": (
        lambda a, b: x(a) > x(b),
        lambda a, b: in_cone(x(a) - x(b), y(b) - y(a)),
    ),
    "above": (lambda a, b: y(a) < y(b), lambda a, b: in_cone(y(b) - y(a), x(b) - x(a))),
    "below": (lambda a, b: y(a) > y(b), lambda a, b: in_cone(y(a) - y(b), x(b) - x(a))),
}


def fits(thing: SceneObject, noun: str) -> bool:
    words = noun.split()
    shape = words[-1] in ("shape", thing.shape)
    return shape and (len(words) == 1 or words[0] == thing.colour)


def named(objects: list[SceneObject], noun: str) -> list[int]:
    return [k for k, thing in enumerate(objects) if fits(thing, noun)]


def read_relation(objects: list[SceneObject], text: str) -> list[int] | None:
    found = re.fullmatch(f"the (.+) ({'|'.join(RELATIONS)}) the (.+)", text)
    if not found:
        return None
    noun, words, anchor_noun = found.groups()
    (anchor,) = named(objects, anchor_noun)
    others = [k for k in named(objects, noun) if k != anchor]
    readings = [
        [k for k in others if test(objects[k], objects[anchor])]
        for test in RELATIONS[words]
    ]
    assert readings[0] == readings[1], f"{text} can be read in two ways"
    return readings[0]


def read_comparison(objects: list[SceneObject], text: str) -> list[int] | None:
    before = re.fullmatch(r"the (\w+(?:est|most)|large|small) (.+)", text)
    after = re.fullmatch(r"the (.+) ((?:on|at) the \w+)", text)
    if after:
        noun, word = after.groups()
    elif before:
        word, noun = before.groups()
    else:
        return None
    members = named(objects, noun)
    assert len(members) > 1, f"{text} compares one thing"
    return [
        k
        for k in members
        if all(BEATS[word](objects[k], objects[o]) for o in members if o != k)
    ]


def read_plural(objects: list[SceneObject], text: str) -> list[int] | None:
    words = text.removeprefix("the ").split()
    one = {plural(shape): shape for shape in {"shape", *(o.shape for o in objects)}}
    if words[-1] not in one:
        return None
    members = named(objects, " ".join([*words[:-1], one[words[-1]]]))
    assert len(members) > 1, f"{text} has one member"
    return members


def read(objects: list[SceneObject], text: str) -> list[int]:
    """The positions of the shapes a sentence means."""
    if text == "everything":
        return list(range(len(objects)))
    if " and " in text:
        return [k for part in text.split(" and ") for k in read(objects, part)]
    for reader in (read_relation, read_comparison, read_plural):
        members = reader(objects, text)
        if members is not None:
            return members
    members = named(objects, text.removeprefix("the "))
    assert len(members) < 2, f"{text} is ambiguous"
    return members


def draw_slowly(objects: list[SceneObject], number: int, size: tuple[int, int]) -> int:
    """Visible circle pixels, point by point; only for scenes of circles."""
    height, width = size
    count = 0
    for row in range(height):
        for column in range(width):
            top = 0
            for k, thing in enumerate(objects, start=1):
                dx = column + 0.5 - x(thing) * width
                dy = row + 0.5 - y(thing) * height
                if math.hypot(dx, dy) < thing.radius * min(size):
                    top = k
            count += top == number
    return count


def check(sample: Sample) -> None:
    objects = list(sample.extra["objects"])
    targets = read(objects, sample.expression)
    _, ids = sample.extra["scene"].render(sample.mask.shape)
    assert np.array_equal(sample.mask, np.isin(ids, [k + 1 for k in targets]))
    assert sorted(targets) == sorted(sample.extra["targets"])
    assert all((ids == k + 1).any() for k in targets)
    assert set(sample.extra["classes"]) == {objects[k].name for k in targets}


@pytest.mark.parametrize("split", SPLITS)
def test_every_expression_means_exactly_its_mask(split: str) -> None:
    for sample in scenes(250, split, seed=11, kinds=KINDS):
        check(sample)


def test_every_phrase_of_many_scenes_means_its_targets() -> None:
    for sample in scenes(40, seed=5):
        scene = sample.extra["scene"]
        for kind in KINDS:
            for phrase in phrases(scene, kind):
                meant = read(list(scene.objects), phrase.text)
                assert sorted(meant) == sorted(phrase.targets), phrase


def test_what_is_extreme_by_its_centre_is_so_by_what_is_visible() -> None:
    for sample in scenes(150, seed=2, kinds=["superlative", "size"]):
        objects = list(sample.extra["objects"])
        _, ids = sample.extra["scene"].render(64)
        word, noun = sample.expression.split(" ", 2)[1:]
        (target,) = sample.extra["targets"]
        for other in set(named(objects, noun)) - {target}:
            mine, its = ids == target + 1, ids == other + 1
            if word == "leftmost":
                assert mine.any(0).argmax() <= its.any(0).argmax()
            if word in ("large", "largest"):
                assert mine.sum() > its.sum()


def test_the_mask_is_what_is_visible() -> None:
    below = SceneObject("circle", "red", (0.4, 0.5), 0.3)
    above = SceneObject("circle", "blue", (0.6, 0.5), 0.2)
    scene = Scene((below, above))
    for size in ((40, 40), (33, 57)):
        _, ids = scene.render(size)
        for number in (1, 2):
            expected = draw_slowly([below, above], number, size)
            assert (ids == number).sum() == expected


def test_a_doubtful_scene_offers_no_doubtful_phrase() -> None:
    left = SceneObject("circle", "red", (0.40, 0.3), 0.1)
    nearly = SceneObject("circle", "blue", (0.44, 0.7), 0.11)
    scene = Scene((left, nearly))
    texts = [p.text for kind in KINDS for p in phrases(scene, kind)]
    assert "the topmost circle" in texts
    assert not [t for t in texts if "left" in t or "large" in t or "small" in t]
    assert "the circle" not in texts


def test_no_target_names_only_what_it_may() -> None:
    scene = Scene((SceneObject("circle", "red", (0.5, 0.5), 0.2),))
    found = {
        p.text for p in phrases(scene, "none", [("red", "circle"), ("red", "star")])
    }
    assert found == {"the star", "the red star"}


def test_an_unknown_kind_is_named() -> None:
    with pytest.raises(DataError, match="unknown kind of expression 'verb'"):
        phrases(Scene(()), "verb")
