"""The command ``t4s merge``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command to an application."""
    app.command(
        epilog="Example: t4s merge --model out/mine/adapter --out out/mine/merged"
    )(merge)


def merge(
    model: Annotated[
        str,
        typer.Option(
            "--model",
            metavar="DIR",
            help="A folder with an adapter, as t4s train writes it; or tiny.",
        ),
    ],
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="A new folder for the model.")
    ],
    dtype: Annotated[
        str,
        typer.Option(
            "--dtype",
            metavar="TYPE",
            help="Of the weights: auto (the base's own), float32, float16, bfloat16.",
        ),
    ] = "auto",
) -> None:
    """Make one plain model of an adapter and its base, for engines such as vLLM.

    The folder is read by transformers, by vLLM, and by t4s segment --model DIR.
    """
    from t4s_lib.models.merging import write_merged

    made = write_merged(model, out, dtype)
    size = sum(path.stat().st_size for path in made.iterdir())
    typer.echo(json.dumps({"out": str(made), "bytes": size}))
