"""The one value every source yields: a picture, an expression, and the true mask."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from t4s_lib.sources.facts import LazyFacts

BoolMask = NDArray[np.bool_]


class Sample:
    """One picture, one expression and the mask it means.

    Picture and mask may be given as functions. They are then made when first
    asked for and kept, so a list of ten thousand samples costs nothing until
    one of them is looked at.

    Args:
        image: The picture (RGB), or a function that makes it.
        expression: What is asked for, e.g. ``"the red circle"``.
        mask: Bool ``(H, W)``, or a function that makes it; all False where the
            expression has no target.
        labels: The labels the answer may use, without ``others``.
        source: Where it comes from, e.g. ``"refcocog:umd:val#1234"``; unique
            within its benchmark and the same from run to run.
        extra: Facts of the source its users may want (category, boxes, ids). Copied,
            but for ``LazyFacts``, which stay lazy. Three have the same meaning in
            every source: ``classes``, a label map, and ``class_names``, what its
            values from 1 on mean (data sets of several classes); ``ignore``, bool
            ``(H, W)``, pixels that no score may count.

    Examples:
        >>> blank = np.zeros((2, 2), dtype=bool)
        >>> picture = Image.new("RGB", (2, 2))
        >>> sample = Sample(picture, "a dog", lambda: blank, ["a dog"], "demo#0")
        >>> sample, sample.is_no_target
        (Sample('a dog', source='demo#0'), True)
    """

    def __init__(
        self,
        image: Image.Image | Callable[[], Image.Image],
        expression: str,
        mask: BoolMask | Callable[[], BoolMask],
        labels: Sequence[str],
        source: str,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self._image = image
        self._mask = mask
        self.expression = expression
        self.labels = tuple(labels)
        self.source = source
        self.extra: Mapping[str, Any] = (
            extra if isinstance(extra, LazyFacts) else dict(extra or {})
        )

    @cached_property
    def image(self) -> Image.Image:
        """The picture, RGB."""
        return self._image() if callable(self._image) else self._image

    @cached_property
    def mask(self) -> BoolMask:
        """The true mask, bool ``(H, W)``; all False for a no-target sample."""
        return self._mask() if callable(self._mask) else self._mask

    @property
    def is_no_target(self) -> bool:
        """Whether the expression means nothing in this picture."""
        return not bool(self.mask.any())

    def __repr__(self) -> str:
        return f"Sample({self.expression!r}, source={self.source!r})"
