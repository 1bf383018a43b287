"""Values from a file or a command line, as the types that a dataclass declares.

A value that does not fit is refused in one line that names its key, what was found
and what was expected; an unknown key names the nearest one that is known.
"""

from __future__ import annotations

import dataclasses
import math
import types
import typing
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any, ClassVar, Literal, TypeVar, Union

T = TypeVar("T")

_WORDS = {"true": True, "yes": True, "on": True, "false": False, "no": False}


class Checked:
    """Base of a frozen dataclass whose values are checked however it is made.

    Attributes:
        prefix: Stands before each key in a message, e.g. ``"lora."``.
    """

    prefix: ClassVar[str] = ""

    def __post_init__(self) -> None:
        for name, kind in hints(type(self)).items():
            value = convert(getattr(self, name), kind, self.prefix + name)
            object.__setattr__(self, name, value)
        self.check()

    def check(self) -> None:
        """What the types alone do not say; raises ``ValueError``."""

    def need(self, fits: bool, key: str, expected: str) -> None:
        """Refuse the value of ``key`` unless it fits.

        Raises:
            ValueError: If it does not fit.
        """
        if not fits:
            raise ValueError(_refusal(self.prefix + key, getattr(self, key), expected))


def hints(kind: Any) -> dict[str, Any]:
    """Name to type, for each field of a dataclass."""
    known = typing.get_type_hints(kind)
    return {field.name: known[field.name] for field in dataclasses.fields(kind)}


def build(kind: type[T], values: Mapping[str, Any], prefix: str = "") -> T:
    """Make a dataclass of a mapping.

    Args:
        kind: The dataclass.
        values: Its fields by name; those with a default may be missing.
        prefix: Stands before each key in a message.

    Raises:
        ValueError: If a key is unknown or missing, or a value does not fit.

    Examples:
        >>> from t4s_lib.training.specs import LoraSpec
        >>> build(LoraSpec, {"r": "16"}, "lora.").r
        16
        >>> build(LoraSpec, {"alhpa": 32}, "lora.")
        Traceback (most recent call last):
        ValueError: lora.alhpa is no key, expected e.g. lora.alpha; known are r,
        alpha, dropout, targets
    """
    known = list(hints(kind))
    for key in values:
        require_known(key, known, prefix)
    for field in dataclasses.fields(typing.cast("Any", kind)):
        if field.name not in values and _is_required(field):
            raise ValueError(f"{prefix}{field.name} is missing, expected {_said(kind)}")
    return kind(**values)


def require_known(key: str, known: Sequence[str], prefix: str = "") -> None:
    """Refuse a key that is not among the known ones, and name the nearest.

    Raises:
        ValueError: If it is not.
    """
    if key in known:
        return
    near = get_close_matches(str(key), known, n=1, cutoff=0.0)[0]
    raise ValueError(
        f"{prefix}{key} is no key, expected e.g. {prefix}{near}; "
        f"known are {', '.join(known)}"
    )


def convert(value: Any, kind: Any, key: str) -> Any:
    """A value as the type asked for; numbers may come as text.

    Args:
        value: What was found.
        kind: ``str``, ``int``, ``float``, ``bool``, a ``Literal``, a dataclass, a
            tuple of one of these, or one of these or None.
        key: Its name, for the message.

    Raises:
        ValueError: If it does not fit.

    Examples:
        >>> convert("2e-3", float, "lr"), convert("yes", bool, "leak_filter")
        (0.002, True)
        >>> convert("many", int | None, "steps")
        Traceback (most recent call last):
        ValueError: steps is 'many', expected a whole number, or nothing
    """
    origin, options = typing.get_origin(kind), typing.get_args(kind)
    if origin in (Union, types.UnionType):
        return None if value is None else _optional(value, options[0], key)
    if origin is Literal:
        return _literal(value, options, key)
    if origin is tuple:
        return _several(value, options[0], key)
    if dataclasses.is_dataclass(kind):
        return _nested(value, typing.cast("type", kind), key)
    return _plain(value, kind, key)


def _optional(value: Any, kind: Any, key: str) -> Any:
    if isinstance(value, str) and value.lower() in ("none", "null"):
        return None
    try:
        return convert(value, kind, key)
    except ValueError as error:
        words = str(error)
        plain = words.startswith(f"{key} is ") and not words.endswith("or nothing")
        raise ValueError(f"{words}, or nothing" if plain else words) from None


def _literal(value: Any, options: tuple[Any, ...], key: str) -> Any:
    if value not in options:
        raise ValueError(_refusal(key, value, f"one of {', '.join(map(str, options))}"))
    return value


def _several(value: Any, kind: Any, key: str) -> tuple[Any, ...]:
    if isinstance(value, str | Mapping) or dataclasses.is_dataclass(value):
        value = [value]
    if not isinstance(value, Sequence):
        raise ValueError(_refusal(key, value, "a list"))
    return tuple(convert(item, kind, f"{key}.{k}") for k, item in enumerate(value))


def _nested(value: Any, kind: type[T], key: str) -> T:
    if isinstance(value, kind):
        return value
    if isinstance(value, Mapping):
        return build(kind, value, f"{key}.")
    first = next(iter(hints(kind)))
    if isinstance(value, str) and hints(kind)[first] is str:
        return build(kind, {first: value}, f"{key}.")
    raise ValueError(_refusal(key, value, f"keys {', '.join(hints(kind))}"))


def _plain(value: Any, kind: type, key: str) -> Any:
    """A word, a number, or yes and no."""
    if kind is str and isinstance(value, str) and value.strip():
        return value.strip()
    if kind is bool and isinstance(value, bool):
        return value
    if kind is bool and str(value).lower() in _WORDS:
        return _WORDS[str(value).lower()]
    if kind in (int, float) and not isinstance(value, bool):
        number = _number(value)
        if number is not None and (kind is float or number == int(number)):
            return kind(number)
    raise ValueError(_refusal(key, value, _NAMES[kind]))


_NAMES: dict[type, str] = {
    str: "a word",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
}


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def _is_required(field: dataclasses.Field[Any]) -> bool:
    missing = dataclasses.MISSING
    return field.default is missing and field.default_factory is missing


def _said(kind: Any) -> str:
    fields = dataclasses.fields(kind)
    needed = [field.name for field in fields if _is_required(field)]
    return f"at least {', '.join(needed)}"


def _refusal(key: str, value: Any, expected: str) -> str:
    found = "nothing" if value is None else repr(value)
    return f"{key} is {found}, expected {expected}"
