"""Our figures beside the printed ones, in one protocol at a time.

scores.json of each benchmark  --ours_beside-->  a table, Markdown or HTML
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from t4s_lib.evaluation.published import (
    Column,
    Protocol,
    Row,
    full_size,
    protocols,
    published,
    trust_levels,
)
from t4s_lib.evaluation.table_forms import FORMS, Table
from t4s_lib.sources.errors import DataError, listed, require_one_of

Figures = Mapping[str, float | None]

_SETS = {
    "refcoco": "RefCOCO",
    "refcoco+": "RefCOCO+",
    "refcocog": "RefCOCOg",
    "grefcoco": "gRefCOCO",
    "reasonseg": "ReasonSeg",
    "ade20k": "A-150",
    "context": "PC-59",
    "voc": "PAS-20",
}
_SHORT = {
    "n_acc": "N-acc",
    "acc_50_parity": "Acc@0.5",
    "acc_50_annotated": "Acc@0.5",
    "mIoU_parity": "mIoU",
}


def ours_beside(
    ours: Mapping[str, Figures],
    protocol: str,
    *,
    name: str = "ours",
    refiner: str = "",
    systems: Collection[str] | None = None,
    form: str = "markdown",
) -> str:
    """A table with our figures under the printed ones of the same protocol.

    Only the columns of benchmarks that were run are shown, and the printed mean
    only if all of them were.

    Args:
        ours: For each benchmark that was run, its scores as fractions, as in
            ``scores.json``.
        protocol: How to count, see ``published.protocols``.
        name: What to call our row.
        refiner: What drew our pixels.
        systems: Show only these systems; all where None.
        form: ``markdown`` or ``html``.

    Raises:
        DataError: If the protocol is not one of ours, a benchmark is not among
            its columns, its score is missing, or a form or system is not known.

    Examples:
        >>> run = {"context:59:val": {"mIoU_parity": 0.5, "n": 100}}
        >>> print(ours_beside(run, "ovs-parity", name="tiny"))
        **Open-vocabulary segmentation, mIoU of the authors' script**, in percent
        <BLANKLINE>
        | system | refiner | PC-59 val mIoU | read in |
        |---|---|---:|---|
        | Text4Seg (LLaVA-1.5-7B, COCO-Stuff alone) ¹ |  | 52.5 | page: ... |
        | **tiny** |  | **50.0** | **measured** |
        <BLANKLINE>
        ...
        context:59:val: 100 of 5,105 samples, so ours is not the printed figure's equal.
        ...
    """
    require_one_of("form", form, FORMS)
    return FORMS[form](beside(ours, protocol, name, refiner, systems))


def beside(
    ours: Mapping[str, Figures],
    protocol: str,
    name: str = "ours",
    refiner: str = "",
    systems: Collection[str] | None = None,
) -> Table:
    """The table of ``ours_beside`` as cells."""
    chosen = _comparable(protocol)
    places = _places(chosen, ours)
    whole = len(places) == len(chosen.columns)
    printed = [row for row in _rows(protocol, systems) if _has(row, places, whole)]
    values = [_own(chosen.columns[k], ours) for k in places]
    remarks = list(dict.fromkeys(row.note for row in printed if row.note))
    rows = [_cells(row, places, whole, remarks) for row in printed]
    rows.append(_own_cells(name, refiner, values, whole))
    return Table(
        caption=chosen.title,
        head=_head([chosen.columns[k] for k in places], whole),
        rows=tuple(rows),
        ours=len(rows) - 1,
        notes=_notes(chosen, ours, printed, remarks),
    )


def _comparable(protocol: str) -> Protocol:
    require_one_of("protocol", protocol, protocols())
    chosen = protocols()[protocol]
    if not chosen.measured:
        own = listed(name for name, one in protocols().items() if one.measured)
        raise DataError(
            f"protocol {protocol} has no figure of ours beside it: expected {own}"
        )
    return chosen


def _places(protocol: Protocol, ours: Mapping[str, Figures]) -> list[int]:
    """The columns that ours has, in order; nothing of ours may be left over."""
    known = dict.fromkeys(column.benchmark for column in protocol.columns)
    for benchmark in ours:
        if benchmark not in known:
            expected = f"expected {listed(known)}"
            raise DataError(
                f"benchmark {benchmark} is not in {protocol.name}: {expected}"
            )
    if not ours:
        raise DataError("there are no scores to compare, expected one benchmark")
    return [k for k, column in enumerate(protocol.columns) if column.benchmark in ours]


def _rows(protocol: str, systems: Collection[str] | None) -> list[Row]:
    if systems is None:
        return published(protocol)
    return [row for system in systems for row in published(protocol, system)]


def _has(row: Row, places: list[int], whole: bool) -> bool:
    shown = [row.values[k] for k in places] + ([row.mean] if whole else [])
    return any(value is not None for value in shown)


def _own(column: Column, ours: Mapping[str, Figures]) -> float | None:
    scores = ours[column.benchmark]
    if column.score is None or column.score not in scores:
        raise DataError(f"scores of {column.benchmark} have no {column.score}")
    value = scores[column.score]
    return None if value is None else 100 * value


def _head(columns: list[Column], whole: bool) -> tuple[str, ...]:
    names = [_column_name(column) for column in columns]
    return ("system", "refiner", *names, *(["mean"] if whole else []), "read in")


def _column_name(column: Column) -> str:
    dataset, _, split = column.benchmark.split(":")
    score = str(column.score)
    return f"{_SETS.get(dataset, dataset)} {split} {_SHORT.get(score, score)}"


def _cells(
    row: Row, places: list[int], whole: bool, remarks: list[str]
) -> tuple[str, ...]:
    mark = f" {_raised(remarks.index(row.note) + 1)}" if row.note else ""
    values = [row.values[k] for k in places] + ([row.mean] if whole else [])
    read_in = f"{row.trust}: {row.source}"
    return (row.name + mark, row.refiner, *map(_figure, values), read_in)


def _own_cells(
    name: str, refiner: str, values: list[float | None], whole: bool
) -> tuple[str, ...]:
    if whole:
        known = [value for value in values if value is not None]
        full = len(known) == len(values)
        values = [*values, sum(known) / len(known) if full else None]
    return (name, refiner, *map(_figure, values), "measured")


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"


def _raised(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))


def _notes(
    protocol: Protocol,
    ours: Mapping[str, Figures],
    printed: list[Row],
    remarks: list[str],
) -> tuple[str, ...]:
    levels = {row.trust for row in printed}
    trust = [f"{k}: {v}." for k, v in trust_levels().items() if k in levels]
    marked = [f"{_raised(k)} {text}." for k, text in enumerate(remarks, start=1)]
    return (protocol.about, *_partial(ours), *marked, *trust)


def _partial(ours: Mapping[str, Figures]) -> list[str]:
    """One line for each benchmark of which only a part was run."""
    found = []
    for benchmark, scores in ours.items():
        n, size = scores.get("n"), full_size(benchmark)
        if n is not None and size is not None and n != size:
            found.append(
                f"{benchmark}: {n:,.0f} of {size:,} samples, "
                "so ours is not the printed figure's equal."
            )
    return found
