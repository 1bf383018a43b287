"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

DataRoot = Annotated[
    Path | None,
    typer.Option(
        "--data",
        metavar="ROOT",
        help="Where the real data sets are; see data/README.md. Default: the "
        "environment variable T4S_DATA.",
    ),
]
