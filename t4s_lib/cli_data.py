"""The command ``t4s data check``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from t4s_lib.sources.check import Finding


def register(app: typer.Typer) -> None:
    """Add the commands to an application."""
    data = typer.Typer(help="Real data sets: what is there, and what is missing.")
    data.command(
        epilog="Example: t4s data check $T4S_DATA --benchmark refcocog:umd:val"
    )(check)
    data.callback()(lambda: None)
    app.add_typer(data, name="data")


def check(
    root: Annotated[
        Path, typer.Argument(metavar="ROOT", help="The folder with the data sets.")
    ],
    benchmark: Annotated[
        list[str] | None,
        typer.Option(
            "--benchmark",
            metavar="NAME",
            help="dataset:variant:split; may be given several times. All for none.",
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="A JSON record a benchmark, a line each.")
    ] = False,
) -> None:
    """Say which benchmarks are complete, what is missing, and how many samples.

    Counts are compared with the published ones. No picture is decoded.
    """
    from t4s_lib.sources.check import check as look

    found = []
    for finding in look(root, benchmark or None):
        found.append(finding.state)
        typer.echo(_as_json(finding) if as_json else _told(finding))
    if not as_json:
        typer.echo(f"{found.count('complete')} of {len(found)} benchmarks are complete")


def _as_json(finding: Finding) -> str:
    return json.dumps(finding.as_dict(), ensure_ascii=False)


def _told(finding: Finding) -> str:
    """A line with counts, and one more for each thing that is wrong beside them."""
    line = f"{finding.state:10}  {finding.benchmark:22}"
    if finding.state in ("absent", "broken"):
        return f"{line}  {finding.notes[0]}"
    counts = ", ".join(_counts(finding))
    return "\n".join([f"{line}  {counts}", *(f"{'':12}{n}" for n in finding.notes)])


def _counts(finding: Finding) -> Iterator[str]:
    """Each count, with the published one where they differ."""
    from t4s_lib.sources.check import COUNTED, differing

    other = differing(finding.tally, finding.published)
    for what in COUNTED:
        found = getattr(finding.tally, what)
        expected = getattr(finding.published, what)
        of = f" of {expected:,}" if what in other else ""
        if found or of:
            yield f"{found:,}{of} {what}"
