"""The command ``t4s codecs learn``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from t4s_lib.experiments.learn import Plan

EXAMPLE = (
    "Example: t4s codecs learn --codecs row-rle,gaps --minutes 8 --out build/learned"
)

CLOCK = "clock=cpu"
"""Minutes of the processor: a busy machine takes nothing from any codec."""


def learn(
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            metavar="DIR",
            help="Where the trainings, results.json and page.html are; what is done "
            "there is not done again.",
        ),
    ],
    codecs: Annotated[
        str,
        typer.Option("--codecs", metavar="NAMES", help="Which formats, by commas."),
    ] = "row-rle,gaps,box,spans,image-rle,full",
    grids: Annotated[
        str, typer.Option("--grids", metavar="N,...", help="Grid sides, by commas.")
    ] = "16",
    seeds: Annotated[
        str,
        typer.Option(
            "--seeds",
            metavar="N,...",
            help="A model each; how far they come out apart is part of the answer.",
        ),
    ] = "0,1",
    minutes: Annotated[
        float,
        typer.Option(
            "--minutes",
            metavar="N",
            help="Of each training, of the first process's processor time.",
        ),
    ] = 8,
    n: Annotated[
        int,
        typer.Option("--n", metavar="N", help="Held-out scenes each model is asked."),
    ] = 400,
    processes: Annotated[
        int,
        typer.Option("--processes", metavar="N", help="How many share a training."),
    ] = 2,
    recipe: Annotated[
        str,
        typer.Option("--recipe", metavar="NAME|FILE", help="As of t4s train."),
    ] = "tiny",
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="As of t4s train; repeatable."),
    ] = None,
    train: Annotated[
        bool,
        typer.Option(
            "--train/--no-train",
            help="Train what is missing; or report on what is done.",
        ),
    ] = True,
) -> None:
    """Train a model on each codec, and see whether a shorter text costs accuracy.

    All models have the same minutes, data, weights to begin with and number of
    processes; codec, grid and seed differ. Each is trained by t4s train in
    DIR/CODEC-GRID/seed-K, goes on where it was cut off, and is asked about the same
    held-out scenes. Differences from row-rle, the paper's codec, get 95 % intervals
    over those scenes; an interval that holds 0 shows no difference. Seeds are not
    in the interval: compare it with how far apart they come out.

    Time: codecs x grids x seeds x minutes, and some seconds a model for the exam.
    """
    from t4s_lib.experiments.learn import learn as run
    from t4s_lib.experiments.words import verdict

    plan = _plan(out, codecs, grids, seeds, minutes, n, processes, recipe, changes)
    results = run(plan if train else plan.without_training(), _tell)
    for codec, grid in results.groups:
        if ("row-rle", grid) in results.groups:
            typer.echo(verdict(results, codec, grid))
    typer.echo(f"written: {out / 'results.json'}, {out / 'page.html'}")


def _plan(
    out: Path,
    codecs: str,
    grids: str,
    seeds: str,
    minutes: float,
    n: int,
    processes: int,
    recipe: str,
    changes: list[str] | None,
) -> Plan:
    from t4s_lib.experiments.learn import Plan
    from t4s_lib.training.recipe import load_recipe, override

    if processes < 1:
        raise ValueError(f"--processes is {processes}, expected 1 or more")
    changed = [*(changes or []), f"minutes={minutes:g}", CLOCK]
    given = ["--recipe", recipe, *(f for c in changed for f in ("--set", c))]
    return Plan(
        override(load_recipe(recipe), changed),
        tuple(given),
        _names(codecs),
        out,
        _numbers("--grids", grids),
        _numbers("--seeds", seeds),
        n,
        processes,
    )


def _names(text: str) -> tuple[str, ...]:
    """Codecs by commas, each once.

    Raises:
        ValueError: If one is unknown.
    """
    from t4s_lib.codecs import codec

    names = tuple(dict.fromkeys(name.strip() for name in text.split(",")))
    for name in names:
        codec(name)
    return names


def _numbers(option: str, text: str) -> tuple[int, ...]:
    """Whole numbers by commas, each once.

    Raises:
        ValueError: If one is none.
    """
    try:
        found = tuple(dict.fromkeys(int(part) for part in text.split(",")))
    except ValueError:
        raise ValueError(
            f"{option} is {text!r}, expected whole numbers by commas, e.g. 0,1"
        ) from None
    if min(found) < 0:
        raise ValueError(f"{option} is {text!r}, expected 0 or more")
    return found


def _tell(line: str) -> None:
    typer.echo(line, err=True)
