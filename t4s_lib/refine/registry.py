"""Refiners by name."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from typing import Any

from t4s_lib.refine.base import Refiner

REFINERS = ("nearest", "bilinear", "edge", "sam", "sam2", "sam3")
"""The names that ``refiner`` knows."""

_MODEL = ("torch", "transformers", "safetensors")
NEEDS = {"edge": ("scipy",), "sam": _MODEL, "sam2": _MODEL, "sam3": _MODEL}
"""The packages that a refiner needs beyond the core."""


def refiner(name: str = "bilinear", **options: Any) -> Refiner:
    """A refiner by its name.

    Args:
        name: One of ``REFINERS``. For ``sam``, ``sam2`` and ``sam3`` the weights may
            be named after a colon, a folder or a Hub id: ``sam:facebook/sam-vit-base``.
        options: What the refiner takes: see ``EdgeAware`` and ``load_sam``.

    Returns:
        The refiner. Those of the SAM family load their weights here.

    Raises:
        ValueError: For an unknown name, unknown options, a package that is missing,
            or weights that cannot be had.

    Examples:
        >>> refiner("nearest")
        <t4s_lib.refine.plain.Nearest object at ...>
        >>> refiner("magic")
        Traceback (most recent call last):
        ValueError: refiner is 'magic', expected one of nearest, bilinear, edge, ...
    """
    kind, _, weights = name.partition(":")
    if kind not in REFINERS or (weights and not kind.startswith("sam")):
        known = ", ".join(REFINERS)
        raise ValueError(f"refiner is {name!r}, expected one of {known}")
    if weights:
        options["weights"] = weights
    for package in NEEDS.get(kind, ()):
        if find_spec(package) is None:
            raise ValueError(f"refiner {kind} needs {package}: pip install {package}")
    factory = _factory(kind)
    try:
        inspect.signature(factory).bind(**options)
    except TypeError as error:
        raise ValueError(f"refiner {kind}: {error}") from error
    return factory(**options)


def _factory(kind: str) -> Callable[..., Refiner]:
    """What makes the refiner; only the module it needs is imported."""
    if kind.startswith("sam"):
        from t4s_lib.refine.sam import load_sam

        return partial(load_sam, kind)
    if kind == "edge":
        from t4s_lib.refine.edge import EdgeAware

        return EdgeAware
    from t4s_lib.refine.plain import Bilinear, Nearest

    return Nearest if kind == "nearest" else Bilinear
