"""What has been printed: the paper's tables 1 to 5 and its peers', as data.

``published.json`` holds them, in percent, each figure with where it was read and how
far to trust that. Every row names its protocol, what was counted and how; figures of
two protocols are never in one table, see ``beside``.

>>> [row.values[0] for row in published("ovs-parity")]
[16.5]
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from t4s_lib.sources.errors import require_one_of

FILE = Path(__file__).with_name("published.json")


class Column(NamedTuple):
    """One figure of a table.

    Attributes:
        benchmark: Its name, e.g. ``refcocog:umd:val``.
        score: The key of ``scores.json`` that is counted in the same way; None
            where none is.
    """

    benchmark: str
    score: str | None


@dataclass(frozen=True)
class Protocol:
    """One way of counting.

    Attributes:
        name: Short, e.g. ``res-ciou``.
        title: What it measures.
        about: What one has to know to compare.
        columns: The figures of a full row, in order.
    """

    name: str
    title: str
    about: str
    columns: tuple[Column, ...]

    @property
    def measured(self) -> bool:
        """Whether a figure of ours can stand beside these."""
        return all(column.score for column in self.columns)


@dataclass(frozen=True)
class Row:
    """One system's figures in one protocol, in percent.

    Attributes:
        protocol: The protocol's name.
        system: What the authors call it.
        values: One for each column of the protocol; None where none was read.
        mean: The mean that was printed; None where none was.
        backbone: The model inside, or its size.
        refiner: What draws the pixels after the model; ``none``, or empty where
            that is not a separate step or not known.
        year: Of publication; None where not known.
        table: Where in the paper, e.g. ``Text4Seg, Table 1``; else empty.
        source: Where the figures were read.
        trust: How far to trust that, a key of ``trust_levels``.
        note: What else one has to know.
    """

    protocol: str
    system: str
    values: tuple[float | None, ...]
    mean: float | None = None
    backbone: str = ""
    refiner: str = ""
    year: int | None = None
    table: str = ""
    source: str = ""
    trust: str = "recalled"
    note: str = ""

    @property
    def name(self) -> str:
        """System and backbone."""
        return f"{self.system} ({self.backbone})" if self.backbone else self.system


def published(protocol: str, system: str | None = None) -> list[Row]:
    """The printed rows of one protocol, the paper's own first.

    Args:
        protocol: Its name, see ``protocols``.
        system: Only rows of this system, e.g. ``Text4Seg``.

    Raises:
        DataError: If there is no such protocol or system; names those there are.

    Examples:
        >>> best = max(published("res-ciou", "Text4Seg"), key=lambda row: row.mean or 0)
        >>> best.name, best.values[0], best.mean, best.trust
        ('Text4Seg (LLaVA-1.5-13B)', 80.2, 76.2, 'page')
    """
    require_one_of("protocol", protocol, protocols())
    rows = [row for row in _content().rows if row.protocol == protocol]
    if system is None:
        return rows
    require_one_of(f"system of {protocol}", system, {row.system for row in rows})
    return [row for row in rows if row.system == system]


def protocols() -> dict[str, Protocol]:
    """The protocols by name.

    Examples:
        >>> protocols()["gres"].columns[0]
        Column(benchmark='grefcoco:unc:val', score='gIoU')
    """
    return dict(_content().protocols)


def protocols_of(benchmark: str) -> list[str]:
    """The protocols in which a run on this benchmark alone has printed neighbours.

    Examples:
        >>> protocols_of("refcocog:umd:val")
        ['res-ciou', 'res-miou', 'rec-mask-boxes']
        >>> protocols_of("scenes:synthetic:heldout")
        []
    """
    found = {
        name: None
        for name, protocol in protocols().items()
        if protocol.measured
        for k, column in enumerate(protocol.columns)
        if column.benchmark == benchmark and _printed(name, k)
    }
    return list(found)


def _printed(protocol: str, column: int) -> bool:
    return any(row.values[column] is not None for row in published(protocol))


def trust_levels() -> dict[str, str]:
    """The degrees of trust and what each means, the highest first."""
    return dict(_content().trust)


def full_size(benchmark: str) -> int | None:
    """How many samples a whole benchmark has; None where it was not read.

    Examples:
        >>> full_size("refcoco:unc:val"), full_size("scenes:synthetic:val")
        (10834, None)
    """
    return _content().sizes.get(benchmark)


class _Content(NamedTuple):
    trust: Mapping[str, str]
    sizes: Mapping[str, int]
    protocols: Mapping[str, Protocol]
    rows: tuple[Row, ...]


@lru_cache(maxsize=1)
def _content() -> _Content:
    raw = json.loads(FILE.read_text(encoding="utf-8"))
    known = {name: _protocol(name, entry) for name, entry in raw["protocols"].items()}
    rows = tuple(_row(entry) for entry in raw["rows"])
    return _Content(raw["trust"], raw["sizes"], known, rows)


def _protocol(name: str, entry: Mapping[str, Any]) -> Protocol:
    columns = tuple(Column(*column) for column in entry["columns"])
    return Protocol(name, entry["title"], entry["about"], columns)


def _row(entry: Mapping[str, Any]) -> Row:
    return Row(**{**entry, "values": tuple(entry["values"])})
