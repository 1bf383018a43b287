"""Everything that can truthfully be asked about a synthetic scene.

Each phrase comes with the objects it means, and is offered only where it is clear.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from types import MappingProxyType

from t4s_lib.sources.errors import require_one_of
from t4s_lib.sources.scene_layout import ALL_PAIRS, Pair, Scene
from t4s_lib.sources.scene_views import (
    AHEAD,
    APART,
    DOWN,
    LEFT,
    RIGHT,
    UP,
    View,
    nouns_for,
    view,
)

_PLACES = {
    "on the left": LEFT,
    "on the right": RIGHT,
    "at the top": UP,
    "at the bottom": DOWN,
}
_RELATIONS = {"left of": LEFT, "right of": RIGHT, "above": UP, "below": DOWN}
_EXTREMES = {"leftmost": LEFT, "rightmost": RIGHT, "topmost": UP, "bottommost": DOWN}


@dataclass(frozen=True, slots=True)
class Phrase:
    """An expression and what it means.

    Attributes:
        text: The expression, e.g. ``"the red circle"``.
        targets: Positions in ``scene.objects``; empty if there is no target.
    """

    text: str
    targets: tuple[int, ...]


_Rule = Callable[[View, Sequence[Pair]], Iterator[Phrase]]


def plural(noun: str) -> str:
    """The plural of a noun of the scenes.

    Examples:
        >>> plural("red cross"), plural("shape")
        ('red crosses', 'shapes')
    """
    return noun + ("es" if noun.endswith("s") else "s")


def _kind_of(noun: str) -> str:
    """Which kind of expression ``the <noun>`` is."""
    if noun == "shape":
        return "shape of any kind"
    if " " not in noun:
        return "shape"
    return "colour" if noun.endswith(" shape") else "class"


def _single(kind: str, seen: View) -> Iterator[Phrase]:
    for noun, members in seen.nouns.items():
        if len(members) == 1 and _kind_of(noun) == kind:
            yield Phrase(f"the {noun}", members)


def _by_class(seen: View, _: Sequence[Pair]) -> Iterator[Phrase]:
    return _single("class", seen)


def _by_colour(seen: View, _: Sequence[Pair]) -> Iterator[Phrase]:
    return _single("colour", seen)


def _by_shape(seen: View, _: Sequence[Pair]) -> Iterator[Phrase]:
    return _single("shape", seen)


def _ordered_pairs(seen: View) -> Iterator[tuple[str, int, int]]:
    """Nouns that fit exactly two shapes, with the two in both orders."""
    for noun, members in seen.nouns.items():
        if len(members) == 2:
            yield noun, members[0], members[1]
            yield noun, members[1], members[0]


def _by_size(seen: View, _: Sequence[Pair]) -> Iterator[Phrase]:
    for noun, large, small in _ordered_pairs(seen):
        if seen.larger(large, small):
            yield Phrase(f"the large {noun}", (large,))
            yield Phrase(f"the small {noun}", (small,))


def _by_position(seen: View, _: Sequence[Pair]) -> Iterator[Phrase]:
    for noun, one, other in _ordered_pairs(seen):
        for place, way in _PLACES.items():
            if seen.first(way, one, [other], APART):
                yield Phrase(f"the {noun} {place}", (one,))


def standing(seen: View, anchor: int, noun: str) -> Iterator[tuple[str, int]]:
    """Who alone of those a noun means stands where, seen from a shape.

    Gives the words, e.g. ``"left of"``, and the position of the one; nothing where
    the noun means less than two others.
    """
    others = [k for k in seen.nouns[noun] if k != anchor]
    if len(others) < 2:
        return
    for words, way in _RELATIONS.items():
        stands = [seen.stands(way, k, anchor) for k in others]
        if None not in stands and stands.count(True) == 1:
            yield words, others[stands.index(True)]


def _related(seen: View, anchor: int, noun: str) -> Iterator[Phrase]:
    for words, target in standing(seen, anchor, noun):
        text = f"the {noun} {words} the {seen.objects[anchor].name}"
        yield Phrase(text, (target,))


def _by_relation(seen: View, _: Sequence[Pair]) -> Iterator[Phrase]:
    for anchor, thing in enumerate(seen.objects):
        if len(seen.nouns[thing.name]) == 1:
            for noun in seen.nouns:
                yield from _related(seen, anchor, noun)


def extremes(seen: View, k: int, others: Sequence[int]) -> Iterator[str]:
    """The superlatives that fit ``k`` among the others."""
    for word, way in _EXTREMES.items():
        if seen.first(way, k, others, AHEAD):
            yield word
    if all(seen.larger(k, other) for other in others):
        yield "largest"
    if all(seen.larger(other, k) for other in others):
        yield "smallest"


def _by_superlative(seen: View, _: Sequence[Pair]) -> Iterator[Phrase]:
    for noun, members in seen.nouns.items():
        for k in members if len(members) > 1 else ():
            others = [other for other in members if other != k]
            for word in extremes(seen, k, others):
                yield Phrase(f"the {word} {noun}", (k,))


def _by_plural(seen: View, _: Sequence[Pair]) -> Iterator[Phrase]:
    for noun, members in seen.nouns.items():
        if len(members) > 1 and noun != "shape":
            yield Phrase(f"the {plural(noun)}", members)


def _by_list(seen: View, _: Sequence[Pair]) -> Iterator[Phrase]:
    for one, other in combinations(list(_single("class", seen)), 2):
        yield Phrase(f"{one.text} and {other.text}", one.targets + other.targets)


def _everything(seen: View, _: Sequence[Pair]) -> Iterator[Phrase]:
    yield Phrase("everything", tuple(range(len(seen.objects))))


def _absent(seen: View, pairs: Sequence[Pair]) -> Iterator[Phrase]:
    """What is not there; twice where its colour or its shape is."""
    asked = dict.fromkeys(noun for pair in pairs for noun in nouns_for(*pair))
    for noun in asked:
        if noun not in seen.nouns:
            yield Phrase(f"the {noun}", ())
    for pair in pairs:
        _any, colour, shape, both = nouns_for(*pair)
        if both not in seen.nouns and (colour in seen.nouns or shape in seen.nouns):
            yield Phrase(f"the {both}", ())


_RULES: Mapping[str, _Rule] = MappingProxyType(
    {
        "class": _by_class,
        "colour": _by_colour,
        "shape": _by_shape,
        "size": _by_size,
        "position": _by_position,
        "relation": _by_relation,
        "superlative": _by_superlative,
        "plural": _by_plural,
        "none": _absent,
        "list": _by_list,
        "everything": _everything,
    }
)

KINDS: tuple[str, ...] = tuple(_RULES)
"""The kinds of expression."""

LABELLED: tuple[str, ...] = ("list", "everything")
"""Kinds whose labels are class names; all others have one label, the expression."""

REFERRING: tuple[str, ...] = tuple(kind for kind in KINDS if kind not in LABELLED)
"""Kinds whose one label is the expression."""


def phrases(scene: Scene, kind: str, pairs: Sequence[Pair] = ALL_PAIRS) -> list[Phrase]:
    """All expressions of one kind that are clear in a scene.

    Args:
        scene: The scene.
        kind: One of ``KINDS``.
        pairs: Colour-shape pairs that a no-target expression may name.

    Returns:
        The phrases in a fixed order; none if the scene has no clear one.

    Raises:
        DataError: If the kind is not known.

    Examples:
        >>> from t4s_lib.sources import SceneObject
        >>> ball = SceneObject("circle", "red", (0.2, 0.5), 0.2)
        >>> box = SceneObject("square", "blue", (0.7, 0.5), 0.1)
        >>> for phrase in phrases(Scene((ball, box)), "superlative"):
        ...     print(phrase.text, phrase.targets)
        the leftmost shape (0,)
        the largest shape (0,)
        the rightmost shape (1,)
        the smallest shape (1,)
    """
    require_one_of("kind of expression", kind, KINDS)
    return phrases_of(view(scene), kind, pairs)


def phrases_of(
    seen: View, kind: str, pairs: Sequence[Pair] = ALL_PAIRS
) -> list[Phrase]:
    """``phrases`` for a scene already looked at; the kind is not checked."""
    return list(_RULES[kind](seen, pairs))
