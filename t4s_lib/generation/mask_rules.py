"""What each codec may write on a grid, as grammar rules.

Counts are exact: a rule stands for the cells that are left, so a run can neither
end early nor run over. With labels given, neighbouring runs differ too, and only the
text that ``encode`` would write is left; where that takes too many rules (many labels,
or runs over a whole picture) equal neighbours are let pass.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from t4s_lib.codecs.labels import escape
from t4s_lib.descriptor import OTHERS
from t4s_lib.generation.open_labels import LABEL, label_rules
from t4s_lib.generation.rules import Part, Parts, Ref, Rules

Build = Callable[[tuple[int, int], Sequence[str] | None], dict[str, Parts]]

APART = 20_000
"""Up to so many alternatives, neighbouring runs are made to differ."""

MOST_CELLS = 256
"""The longest series of runs: alternatives grow with its square, engines end at 65k."""


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
    return {"mask": [mask], "row": [[Ref(f"runs{cols}")]], **_runs(cols, labels)}


def _image_rle(
    shape: tuple[int, int], labels: Sequence[str] | None
) -> dict[str, Parts]:
    cells = shape[0] * shape[1]
    return {"mask": [[Ref(f"runs{cells}"), "\n"]], **_runs(cells, labels)}


def _full(shape: tuple[int, int], labels: Sequence[str] | None) -> dict[str, Parts]:
    cells = shape[0] * shape[1]
    more: list[Part] = ["| ", Ref("cell")]
    mask: list[Part] = [Ref("cell"), *more * (cells - 1), "\n"]
    if labels is None:
        return {"mask": [mask], "cell": [[LABEL]], **label_rules()}
    return {"mask": [mask], "cell": [[label] for label in labels]}


def _runs(cells: int, labels: Sequence[str] | None) -> dict[str, Parts]:
    """Rules ``runs1`` to ``runsN``: series of runs that fill so many cells."""
    if cells > MOST_CELLS:
        found = f"found {cells} cells without a row break"
        raise ValueError(f"{found}, a grammar counts up to {MOST_CELLS}")
    if labels is None:
        return _open_runs(cells)
    alternatives = cells**2 * len(labels) // 2 + cells * len(labels) ** 2
    return (_any_runs if alternatives > APART else _other_runs)(cells, labels)


def _open_runs(cells: int) -> dict[str, Parts]:
    found: dict[str, Parts] = {}
    for left in range(cells, 0, -1):
        shorter = range(1, left)
        more: Parts = [[Ref(f"RUN{n}"), "| ", Ref(f"runs{left - n}")] for n in shorter]
        found[f"runs{left}"] = [[Ref(f"RUN{left}")], *more]
    lengths = range(1, cells + 1)
    lexemes: dict[str, Parts] = {f"RUN{n}": [[LABEL, f" *{n}"]] for n in lengths}
    return {**found, **lexemes, **label_rules()}


def _any_runs(cells: int, labels: Sequence[str]) -> dict[str, Parts]:
    found: dict[str, Parts] = {"label": [[label] for label in labels]}
    for left in range(cells, 0, -1):
        found[f"runs{left}"] = [[Ref("label"), Ref(f"count{left}")]]
        found[f"count{left}"] = _counts(left, "runs{}")
    return found


def _other_runs(cells: int, labels: Sequence[str]) -> dict[str, Parts]:
    """As ``_any_runs``, and remembers which label came last."""
    found: dict[str, Parts] = {}
    numbers = range(len(labels))

    def runs(left: int, last: int | None) -> Parts:
        return [[labels[k], Ref(f"count{left}after{k}")] for k in numbers if k != last]

    found[f"runs{cells}"] = runs(cells, None)
    for left in range(cells, 0, -1):
        for k in numbers:
            found[f"count{left}after{k}"] = _counts(left, f"runs{{}}after{k}")
            if left < cells:
                found[f"runs{left}after{k}"] = runs(left, k)
    if len(labels) == 1:
        return {f"runs{cells}": [[labels[0], f" *{cells}"]]}
    return found


def _counts(left: int, rest: str) -> Parts:
    """A count that fills the cells left, or a smaller one and what follows it."""
    whole: Parts = [[f" *{left}"]]
    return whole + [[f" *{n}| ", Ref(rest.format(left - n))] for n in range(1, left)]


MASKS: dict[str, Build] = {
    "row-rle": _row_rle,
    "image-rle": _image_rle,
    "full": _full,
}
"""Rules by the codec's name; add those of a codec of your own here."""


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
        raise ValueError(f"codec {codec!r} has no grammar, expected one of {known}")
    return MASKS[codec](shape, labels)
