"""The command ``t4s grammar``."""

from __future__ import annotations

import json
from typing import Annotated

import typer

FORMS = ("lark", "ebnf", "vllm")


def register(app: typer.Typer) -> None:
    """Add the command to an application."""
    app.command(epilog="Example: t4s grammar 'white horse' --form vllm")(grammar)


def grammar(
    labels: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[LABEL]...",
            help="What was asked for; none for a grammar that takes any label.",
        ),
    ] = None,
    codec: Annotated[
        str, typer.Option("--codec", metavar="CODEC", help="The format of the mask.")
    ] = "row-rle",
    grid: Annotated[
        str,
        typer.Option("--grid", metavar="GRID", help="Cells: 16, or ROWSxCOLS."),
    ] = "16",
    sentence: Annotated[
        str,
        typer.Option(
            "--sentence",
            metavar="WHICH",
            help="What may stand before the mask: free, templates (the paper's ten) "
            "or none.",
        ),
    ] = "free",
    form: Annotated[
        str,
        typer.Option(
            "--form",
            metavar="FORM",
            help="lark for llguidance; ebnf for xgrammar; vllm for the "
            "JSON to merge into a request to vLLM's server.",
        ),
    ] = "lark",
) -> None:
    """Write the grammar of right answers, for engines that serve models.

    A model held to it writes a mask whose rows all fill the grid, whatever it has
    learned. The question decides the labels, so each question has a grammar.
    """
    from t4s_lib.cli_masks import parse_grid
    from t4s_lib.generation.grammar import mask_grammar

    if form not in FORMS:
        raise ValueError(f"--form is {form!r}, expected one of {', '.join(FORMS)}")
    syntax = "lark" if form == "lark" else "ebnf"
    text = mask_grammar(
        codec, parse_grid(grid), labels or None, sentence=sentence, syntax=syntax
    )
    if form == "vllm":
        text = json.dumps({"structured_outputs": {"grammar": text}}, ensure_ascii=False)
    typer.echo(text)
