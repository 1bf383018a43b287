"""Facts about a sample, some of which are costly and so made when first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any


class LazyFacts(Mapping[str, Any]):
    """A read-only dictionary whose ``made`` entries are computed once, on demand.

    Args:
        known: Facts at hand.
        made: Functions that make the others.

    Examples:
        >>> facts = LazyFacts({"id": 7}, {"classes": lambda: print("read") or 1})
        >>> list(facts), "classes" in facts
        (['id', 'classes'], True)
        >>> facts["classes"], facts["classes"]
        read
        (1, 1)
    """

    def __init__(
        self, known: Mapping[str, Any], made: Mapping[str, Callable[[], Any]]
    ) -> None:
        self._known = dict(known)
        self._made = {name: make for name, make in made.items() if name not in known}

    def __getitem__(self, name: str) -> Any:
        if name in self._made:
            self._known[name] = self._made.pop(name)()
        return self._known[name]

    def __contains__(self, name: object) -> bool:
        return name in self._known or name in self._made

    def __iter__(self) -> Iterator[str]:
        return iter((*self._known, *self._made))

    def __len__(self) -> int:
        return len(self._known) + len(self._made)
