"""Expressions that imply their target: the odd one out, what would roll, what is left.

They are to the plain expressions what ReasonSeg is to RefCOCO: the words do not name
the target, so something has to be known or worked out first. Each is offered only
where one reading is possible, as ``scene_expressions`` does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

from t4s_lib.sources.errors import require_one_of
from t4s_lib.sources.scene_depth import by_overlap, by_place
from t4s_lib.sources.scene_expressions import Phrase, extremes, plural
from t4s_lib.sources.scene_layout import ALL_PAIRS, Pair, Scene
from t4s_lib.sources.scene_likeness import (
    by_chain,
    by_colour_of,
    by_corners,
    by_shape_of,
    by_use,
)
from t4s_lib.sources.scene_views import AHEAD, DOWN, LEFT, RIGHT, UP, View, view

_Rule = Callable[[View], Iterator[Phrase]]

_NOTICED = 1.4
"""Ratio of two areas from which someone might notice it."""

_SIDES = {"the left": LEFT, "the right": RIGHT, "the top": UP, "the bottom": DOWN}


def by_odd(seen: View) -> Iterator[Phrase]:
    """``the odd one out``: one differs from all others, which are alike in that.

    Whoever looks for another colour, another shape or another size must come to the
    same answer, or find none.
    """
    count = len(seen.objects)
    if count < 3:
        return
    odd: set[int] = set()
    for values in (_colours(seen), _shapes(seen)):
        alone = [k for k in range(count) if values.count(values[k]) == 1]
        if len(set(values)) == 2 and len(alone) == 1:
            odd.add(alone[0])
    if len(odd) == 1 and not _odd_sizes(seen) - odd:
        yield Phrase("the odd one out", tuple(odd))


def by_exception(seen: View) -> Iterator[Phrase]:
    """``the largest shape that is not red``, where a red one is as large or larger."""
    for words, noun in _negations(seen):
        members = [k for k in range(len(seen.objects)) if k not in seen.nouns[noun]]
        for k in members if len(members) > 1 else ():
            others = [other for other in members if other != k]
            overall = set(extremes(seen, k, _others(seen, k)))
            for word in extremes(seen, k, others):
                if word not in overall:
                    yield Phrase(f"the {word} shape that is not {words}", (k,))


def by_sameness(seen: View) -> Iterator[Phrase]:
    """``the other shape with the colour of the star``."""
    colours, shapes = _colours(seen), _shapes(seen)
    for k, thing in enumerate(seen.objects):
        twins = [other for other in _others(seen, k) if colours[other] == colours[k]]
        if shapes.count(thing.shape) == 1 and len(twins) == 1:
            text = f"the other shape with the colour of the {thing.shape}"
            yield Phrase(text, (twins[0],))
        twins = [other for other in _others(seen, k) if shapes[other] == shapes[k]]
        if colours.count(thing.colour) == 1 and len(twins) == 1:
            text = f"the other shape with the form of the {thing.colour} one"
            yield Phrase(text, (twins[0],))


def by_order(seen: View) -> Iterator[Phrase]:
    """``the second shape from the left``, ``the second largest shape``."""
    for k in range(len(seen.objects)):
        others = _others(seen, k)
        for side, way in _SIDES.items():
            before = [o for o in others if seen.first(way, o, [k], AHEAD)]
            after = [o for o in others if seen.first(way, k, [o], AHEAD)]
            if _is_second(before, after, others):
                yield Phrase(f"the second shape from {side}", (k,))
        larger = [o for o in others if seen.larger(o, k)]
        smaller = [o for o in others if seen.larger(k, o)]
        if _is_second(larger, smaller, others):
            yield Phrase("the second largest shape", (k,))


def by_removal(seen: View) -> Iterator[Phrase]:
    """``the shape that would be left without the circles``."""
    for noun, members in seen.nouns.items():
        left = [k for k in range(len(seen.objects)) if k not in members]
        if len(members) > 1 and len(left) == 1:
            text = f"the shape that would be left without the {plural(noun)}"
            yield Phrase(text, (left[0],))


def by_rarity(seen: View) -> Iterator[Phrase]:
    """``the shape whose colour no other has``, ``the two shapes exactly alike``."""
    for what, values in (("colour", _colours(seen)), ("form", _shapes(seen))):
        alone = [k for k, value in enumerate(values) if values.count(value) == 1]
        if len(alone) == 1:
            yield Phrase(f"the shape whose {what} no other has", (alone[0],))
    names = Counter(thing.name for thing in seen.objects)
    if sorted(names.values())[-2:] == [1, 2]:
        pair = max(names, key=names.__getitem__)
        text = "the two shapes with the same colour and form"
        yield Phrase(text, seen.nouns[pair])


_RULES: Mapping[str, _Rule] = MappingProxyType(
    {
        "use": by_use,
        "corners": by_corners,
        "colour of": by_colour_of,
        "shape of": by_shape_of,
        "odd": by_odd,
        "exception": by_exception,
        "sameness": by_sameness,
        "order": by_order,
        "overlap": by_overlap,
        "place": by_place,
        "removal": by_removal,
        "rarity": by_rarity,
        "chain": by_chain,
    }
)

REASONS: tuple[str, ...] = tuple(_RULES)
"""The families of implied expressions."""


def implied(
    scene: Scene, family: str, pairs: Sequence[Pair] = ALL_PAIRS
) -> list[Phrase]:
    """All expressions of one family that imply something in a scene.

    Args:
        scene: The scene.
        family: One of ``REASONS``.
        pairs: Not used: none of them asks for what is not there.

    Returns:
        The phrases in a fixed order; none if the scene has no clear one.

    Raises:
        DataError: If the family is not known.

    Examples:
        >>> from t4s_lib.sources import SceneObject
        >>> ball = SceneObject("circle", "red", (0.2, 0.5), 0.2)
        >>> box = SceneObject("square", "blue", (0.7, 0.5), 0.1)
        >>> [phrase.text for phrase in implied(Scene((ball, box)), "shape of")]
        ['the one shaped like a full moon', 'the one shaped like a coin',
         'the one shaped like a chessboard']
    """
    require_one_of("family of implied expressions", family, REASONS)
    return list(_RULES[family](view(scene)))


def _colours(seen: View) -> list[str]:
    return [thing.colour for thing in seen.objects]


def _shapes(seen: View) -> list[str]:
    return [thing.shape for thing in seen.objects]


def _others(seen: View, k: int) -> list[int]:
    return [other for other in range(len(seen.objects)) if other != k]


def _odd_sizes(seen: View) -> set[int]:
    """Whoever might be called the odd one for its size alone."""

    def maybe(a: int, b: int) -> bool:
        radii = seen.objects[a].radius / seen.objects[b].radius
        return max(radii**2, seen.areas[a] / seen.areas[b]) >= _NOTICED

    return {
        k
        for k in range(len(seen.objects))
        if all(maybe(k, o) for o in _others(seen, k))
        or all(maybe(o, k) for o in _others(seen, k))
    }


def _negations(seen: View) -> Iterator[tuple[str, str]]:
    """What may stand behind ``not``, and the noun that it excludes."""
    for colour in dict.fromkeys(_colours(seen)):
        yield colour, f"{colour} shape"
    for shape in dict.fromkeys(_shapes(seen)):
        yield f"a {shape}", shape


def _is_second(
    before: Sequence[int], after: Sequence[int], others: Sequence[int]
) -> bool:
    """Whether one comes before, all others after, and none is in doubt."""
    return (
        len(before) == 1 and len(after) > 0 and len(before) + len(after) == len(others)
    )
