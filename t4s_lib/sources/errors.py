"""The errors of this package: one line for a person, no traceback needed."""

from __future__ import annotations

from collections.abc import Iterable


class DataError(ValueError):
    """Data that is not there, or not in the expected form.

    The message is one line that names the thing, what was found and what was
    expected, so a command line can print it as it is.
    """


class MissingFileError(DataError, FileNotFoundError):
    """A file or folder of a data set that is not where it should be.

    Examples:
        >>> error = MissingFileError("a.jpg not found: looked in images")
        >>> isinstance(error, FileNotFoundError), str(error)
        (True, 'a.jpg not found: looked in images')
    """


def listed(names: Iterable[object]) -> str:
    """Names in one line, sorted, cut after twelve; ``nothing`` if there are none.

    Args:
        names: What to list.

    Returns:
        The names joined by commas.

    Examples:
        >>> listed(["val", "test"]), listed([])
        ('test, val', 'nothing')
    """
    found = sorted(str(name) for name in names)
    more = f" and {len(found) - 12} more" if len(found) > 12 else ""
    return ", ".join(found[:12]) + more or "nothing"


def require_one_of(what: str, value: object, allowed: Iterable[object]) -> None:
    """Refuse a value that is not among the allowed ones.

    Args:
        what: What the value is, for the message.
        value: The value given.
        allowed: The values that are fine.

    Raises:
        DataError: If ``value`` is not allowed.

    Examples:
        >>> require_one_of("split", "dev", ["train", "val"])
        Traceback (most recent call last):
        ...
        t4s_lib.sources.errors.DataError: unknown split 'dev': expected train, val
    """
    names = list(allowed)
    if value not in names:
        raise DataError(f"unknown {what} {value!r}: expected {listed(names)}")
