"""Whether a record of a JSON file or a pickle has the fields it should have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Form = Mapping[str, type | tuple[type, ...]]
"""Field to the type that its value must have."""

ID = (int, str)
"""What data sets number things with."""


def fits(record: Any, form: Form) -> bool:
    """Whether something is a record with these fields; a bool is no number.

    Examples:
        >>> fits({"id": 1, "name": "cat", "more": 0}, {"id": int, "name": str})
        True
        >>> fits({"id": True}, {"id": int}), fits({"id": None}, {"id": int})
        (False, False)
    """
    return isinstance(record, Mapping) and all(
        isinstance(record.get(key), kind) and record[key] is not True
        and record[key] is not False
        for key, kind in form.items()
    )  # fmt: skip


def described(form: Form) -> str:
    """The fields in words, for an error.

    Examples:
        >>> described({"id": int, "name": str})
        'id (int), name (str)'
    """
    kinds = {k: v if isinstance(v, tuple) else (v,) for k, v in form.items()}
    return ", ".join(
        f"{key} ({' or '.join(kind.__name__ for kind in kind_of)})"
        for key, kind_of in kinds.items()
    )
