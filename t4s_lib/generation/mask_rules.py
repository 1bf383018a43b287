"""What each codec may write on a grid, as grammar rules.

Counts are exact: a rule stands for the cells that are left, so a run can neither
end early nor run over. With labels given, neighbouring runs differ too, and only the
text that ``encode`` would write is left, but for what ``LETS_PASS`` names, and where
that takes too many rules (``run_rules``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from t4s_lib.codecs import codec as find_codec
from t4s_lib.codecs.labels import escape
from t4s_lib.descriptor import OTHERS
from t4s_lib.generation.gap_rules import gap_rules
from t4s_lib.generation.open_labels import LABEL, label_rules
from t4s_lib.generation.row_rules import (
    alias_repeat_rules,
    alias_rules,
    box_rules,
    row_repeat_rules,
)
from t4s_lib.generation.rules import Part, Parts, Ref, Rules
from t4s_lib.generation.run_rules import run_rules
from t4s_lib.generation.span_rules import span_rules

Build = Callable[[tuple[int, int], Sequence[str] | None], dict[str, Parts]]


def label_texts(labels: Sequence[str]) -> list[str]:
    """How labels are written, ``others`` first and each once.

    Where ``others`` is itself asked for, its escaped spelling is one more label.

    Raises:
        ValueError: If there is none, or one is empty.
    """
    if not labels:
        raise ValueError("labels are empty, expected at least one, or None for any")
    for label in labels:
        if not isinstance(label, str) or not label.strip():
            raise ValueError(f"label is {label!r}, expected words")
    return [OTHERS, *dict.fromkeys(map(escape, labels))]


def _row_rle(shape: tuple[int, int], labels: Sequence[str] | None) -> dict[str, Parts]:
    rows, cols = shape
    ends: list[Part] = [Ref("row"), "\n "]
    mask: list[Part] = [*ends * (rows - 1), Ref("row"), "\n"]
    return {"mask": [mask], "row": [[Ref(f"runs{cols}")]], **run_rules(cols, labels)}


def _image_rle(
    shape: tuple[int, int], labels: Sequence[str] | None
) -> dict[str, Parts]:
    cells = shape[0] * shape[1]
    return {"mask": [[Ref(f"runs{cells}"), "\n"]], **run_rules(cells, labels)}


def _full(shape: tuple[int, int], labels: Sequence[str] | None) -> dict[str, Parts]:
    cells = shape[0] * shape[1]
    more: list[Part] = ["| ", Ref("cell")]
    mask: list[Part] = [Ref("cell"), *more * (cells - 1), "\n"]
    if labels is None:
        return {"mask": [mask], "cell": [[LABEL]], **label_rules()}
    return {"mask": [mask], "cell": [[label] for label in labels]}


MASKS: dict[str, Build] = {
    "row-rle": _row_rle,
    "image-rle": _image_rle,
    "full": _full,
    "row-repeat": row_repeat_rules,
    "alias": alias_rules,
    "alias-repeat": alias_repeat_rules,
    "box": box_rules,
    "spans": span_rules,
    "gaps": gap_rules,
}
"""Rules by the codec's name; ``add_rules`` adds those of a codec of your own."""

LETS_PASS: dict[str, frozenset[str]] = {
    "row-repeat": frozenset({"not_folded"}),
    "alias": frozenset({"alias_spelling", "no_alias", "split_run"}),
    "alias-repeat": frozenset(
        {"alias_spelling", "no_alias", "split_run", "not_folded", "other_spelling"}
    ),
    "box": frozenset(
        {"alias_spelling", "no_alias", "split_run", "not_folded", "other_spelling"}
        | {"loose_box"}
    ),
    "spans": frozenset({"not_folded", "overlap", "other_spelling"}),
    "gaps": frozenset({"overlap", "other_spelling"}),
}
"""Faults that rules cannot see: that two rows are equal, say. None leaves a cell open;
with one label asked for, only ``not_folded`` and ``loose_box`` are left."""


def add_rules(codec: str, build: Build) -> None:
    """Add the rules of a codec of your own, or replace them.

    Args:
        codec: Its name.
        build: Makes the rules from the grid's shape and the labels as they are written,
            ``others`` first (None for any); the rule ``mask`` is the whole text.

    Raises:
        ValueError: If there is no codec of this name.
    """
    MASKS[find_codec(codec).name] = build


def mask_rules(
    codec: str, shape: tuple[int, int], labels: Sequence[str] | None
) -> Rules:
    """The rules of a codec's masks; the rule ``mask`` is the whole text.

    Args:
        codec: Name of a codec.
        shape: Rows and columns.
        labels: As they are written, ``others`` first; None for any.

    Raises:
        ValueError: If nobody has written rules for this codec.
    """
    if codec not in MASKS:
        known = ", ".join(MASKS)
        raise ValueError(
            f"codec {codec!r} has no grammar, expected one of {known}, "
            f"or rules added with mask_rules.add_rules({codec!r}, ...)"
        )
    return MASKS[codec](shape, labels)
