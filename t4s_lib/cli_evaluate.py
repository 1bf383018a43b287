"""The command ``t4s evaluate``."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from t4s_lib.cli_options import DataRoot

if TYPE_CHECKING:
    from t4s_lib.evaluation.plan import Plan
    from t4s_lib.evaluation.run import Outcome


def register(app: typer.Typer) -> None:
    """Add the command to an application."""
    app.command(
        epilog="Example: t4s evaluate --model oracle --benchmark refcocog:umd:val "
        "--data $T4S_DATA --out build/oracle"
    )(evaluate)


def evaluate(
    benchmark: Annotated[
        str,
        typer.Option(
            "--benchmark",
            metavar="NAME",
            help="dataset:variant:split, e.g. refcocog:umd:val, grefcoco:unc:testA, "
            "ade20k:150:val, scenes:synthetic:heldout.",
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            metavar="DIR",
            help="Folder for predictions.jsonl, scores.json and report.html; the "
            "same command goes on where it was cut off.",
        ),
    ],
    model: Annotated[
        str,
        typer.Option(
            "--model",
            metavar="MODEL",
            help="tiny, a folder that t4s train wrote, a Hub id; or oracle, which "
            "writes the true grid.",
        ),
    ] = "tiny",
    data: DataRoot = None,
    refiner: Annotated[
        list[str] | None,
        typer.Option(
            "--refiner",
            metavar="NAME",
            help="Score with this refiner too; repeatable. Default: bilinear; "
            "nearest for none. Plain scores are always there.",
        ),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option("--limit", metavar="N", help="The first N samples only."),
    ] = None,
    processes: Annotated[
        int,
        typer.Option(
            "--processes",
            metavar="N",
            help="On this machine; the scores do not depend on it.",
        ),
    ] = 1,
    share: Annotated[
        str | None,
        typer.Option(
            "--share",
            metavar="K/N",
            help="Answer the K-th of N parts of the samples and stop; the same "
            "command without it, when all are done, makes the scores.",
        ),
    ] = None,
    grid: Annotated[
        str | None,
        typer.Option(
            "--grid",
            metavar="GRID",
            help="Cells: 16, or ROWSxCOLS. Default: what the model was trained on.",
        ),
    ] = None,
    codec: Annotated[
        str | None,
        typer.Option("--codec", metavar="NAME", help="The texts' format; likewise."),
    ] = None,
    rule: Annotated[
        str,
        typer.Option("--rule", metavar="RULE", help="How the true grid is made."),
    ] = "nearest",
    batch: Annotated[
        int, typer.Option("--batch", metavar="N", help="Samples answered at once.")
    ] = 16,
    max_new_tokens: Annotated[
        int, typer.Option("--max-new-tokens", metavar="N", help="Longest answer.")
    ] = 2048,
    threads: Annotated[
        int, typer.Option("--threads", metavar="N", help="Of each process, on a CPU.")
    ] = 1,
    dtype: Annotated[
        str | None,
        typer.Option("--dtype", metavar="TYPE", help="float32, float16, bfloat16."),
    ] = None,
    quantize: Annotated[
        str | None,
        typer.Option("--quantize", metavar="BITS", help="8bit or 4bit."),
    ] = None,
) -> None:
    """Score a model on a benchmark, with and without refiners.

    Deterministic: each sample is asked in a wording that its name chooses, answers
    are greedy. A bad sample is noted and skipped; more than 1 % of them fails the
    run. Ends with the scores as JSON on stdout.

    On several GPUs: torchrun --nproc_per_node N -m t4s_lib evaluate ...
    On several machines with a folder in common: --share 1/4, --share 2/4, ...
    """
    from t4s_lib.evaluation.errors import EvaluationError
    from t4s_lib.evaluation.progress import ProgressLine
    from t4s_lib.evaluation.run import evaluate as run

    chosen = {"dtype": dtype, "quantize": quantize}
    plan = _plan(
        model=model,
        benchmark=benchmark,
        codec=codec,
        grid=grid,
        rule=rule,
        refiners=refiner,
        batch=batch,
        max_new_tokens=max_new_tokens,
        threads=threads,
        load={key: value for key, value in chosen.items() if value is not None},
    )
    root = data or (Path(found) if (found := os.environ.get("T4S_DATA")) else None)
    if share is not None:
        _answer_share(share, plan, out, processes, data=root, limit=limit)
        return
    try:
        ended = run(
            plan, out, data=root, limit=limit, processes=processes, look=ProgressLine()
        )
    except EvaluationError as error:
        typer.echo(f"t4s: {error}", err=True)
        raise typer.Exit(1) from error
    if ended is not None:
        _tell(ended)


def _answer_share(
    text: str, plan: Plan, out: Path, processes: int, **given: Any
) -> None:
    """What ``--share`` does."""
    from t4s_lib.evaluation.progress import ProgressLine
    from t4s_lib.evaluation.shares import Share, evaluate_share

    share = Share.of(text)
    if processes != 1 or int(os.environ.get("WORLD_SIZE", "1")) > 1:
        raise ValueError(
            f"--share is {text!r} beside several processes, expected one process: "
            "give each a share of its own"
        )
    lines = evaluate_share(plan, out, share, look=ProgressLine(), **given)
    told = {"out": str(out), "share": text, "lines": lines}
    typer.echo(json.dumps(told, ensure_ascii=False))


def _plan(
    grid: str | None, codec: str | None, refiners: list[str] | None, **given: Any
) -> Plan:
    """The plan of a command; what is not given, as the model was trained."""
    from t4s_lib.cli_masks import parse_grid
    from t4s_lib.evaluation.plan import plan_of

    size = None if grid is None else parse_grid(grid)
    ways = ["bilinear"] if refiners is None else refiners
    return plan_of(grid=size, codec=codec, refiners=ways, **given)


def _tell(ended: Outcome) -> None:
    told = {"out": str(ended.out), "scores": dict(ended.scores)}
    typer.echo(json.dumps(told, ensure_ascii=False))
    if not ended.ok:
        typer.echo(f"t4s: {ended.complaint}", err=True)
        raise typer.Exit(1)
