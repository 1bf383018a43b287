"""The command ``t4s train``."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from t4s_lib.cli_options import DataRoot

if TYPE_CHECKING:
    from t4s_lib.training.specs import Recipe


def register(app: typer.Typer) -> None:
    """Add the command to an application."""
    app.command(epilog="Example: t4s train --recipe tiny --out build/mine")(train)


def train(
    recipe: Annotated[
        str,
        typer.Option(
            "--recipe",
            metavar="NAME|FILE",
            help="What is trained, on what, how long: tiny, tiny-ci, "
            "res-llava-1.5-7b, ... or a YAML file of yours.",
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="DIR",
            help="A new folder for adapter/, log.jsonl, curve.png, film.png, "
            "scores.json and checkpoints/.",
        ),
    ] = None,
    changes: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="KEY=VALUE",
            help="Change the recipe; repeatable. lr=1e-4, lora.r=16, minutes=2, "
            "model=HUB/ID, eval.n=100, data.0.passes=1.",
        ),
    ] = None,
    data: DataRoot = None,
    resume: Annotated[
        bool,
        typer.Option(
            "--resume",
            help="Go on from the last whole checkpoint in DIR; from the start if "
            "there is none.",
        ),
    ] = False,
    processes: Annotated[
        int | None,
        typer.Option(
            "--processes",
            metavar="N",
            min=1,
            help="Share each step among N processes on this machine: one a GPU, or "
            "two on two cores, which is faster than one on both.",
        ),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            help="Only say samples, tokens, steps, memory and hours by GPU.",
        ),
    ] = False,
) -> None:
    """Teach a model to write masks: LoRA on a vision-language model, by a recipe.

    While it trains it shows how far it is, draws the loss and the scores (curve.png)
    and what the model answers for the same few held-out pictures (film.png). At the
    end DIR/adapter can be used: t4s segment --model DIR/adapter.

    On several GPUs: --processes N, or torchrun --nproc_per_node N -m t4s_lib train ...
    Too large for one: accelerate launch --config_file "$(python -m t4s_lib.launch
    fsdp)" -m t4s_lib train ... (or zero2, zero3).
    """
    from t4s_lib.training.recipe import load_recipe, override

    chosen = override(load_recipe(recipe), changes or [])
    root = data or (Path(found) if (found := os.environ.get("T4S_DATA")) else None)
    if dry_run:
        from t4s_lib.training.plan import plan

        typer.echo(str(plan(chosen, root)))
        return
    if out is None:
        raise ValueError("--out is missing, expected a new folder for the training")
    _run(chosen, out, root, resume, processes)


def _run(
    recipe: Recipe, out: Path, data: Path | None, resume: bool, processes: int | None
) -> None:
    from t4s_lib.training.apart import end_with_the_one_who_asked
    from t4s_lib.training.processes import leaving_together
    from t4s_lib.training.trainer import train as run

    end_with_the_one_who_asked()
    with leaving_together():
        done = run(recipe, out, resume=resume, data=data, processes=processes)
    if os.environ.get("RANK", "0") != "0":
        return
    said = {"adapter": str(done.adapter), "steps": done.steps}
    said |= {"seconds": done.seconds, "scores": done.scores}
    typer.echo(json.dumps(said, ensure_ascii=False))
