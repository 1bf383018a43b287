"""The commands ``t4s segment`` and ``t4s pretrain``."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer


def register(app: typer.Typer) -> None:
    """Add the commands to an application."""
    app.command(
        epilog="Example: t4s segment scene.png 'the red circle' -o mask.png --overlay "
        "seen.png"
    )(segment)
    app.command(epilog="Example: t4s pretrain --out build/base --minutes 90")(pretrain)


def segment(
    image: Annotated[
        Path, typer.Argument(metavar="IMAGE", help="The picture, any size.")
    ],
    expression: Annotated[
        str, typer.Argument(metavar="EXPRESSION", help="What is meant, in words.")
    ],
    out: Annotated[
        Path,
        typer.Option(
            "-o", "--out", metavar="MASK", help="The mask: .png, .bmp, .tif, .npy."
        ),
    ],
    model: Annotated[
        str,
        typer.Option(
            "--model",
            metavar="MODEL",
            help="tiny, which ships with the package and knows coloured shapes; a "
            "folder that t4s train wrote; or a Hub id.",
        ),
    ] = "tiny",
    refiner: Annotated[
        str,
        typer.Option(
            "--refiner",
            metavar="WAY",
            help="From cells to pixels: nearest, bilinear, edge (follows the picture's "
            "edges), sam, sam2, sam3 (need weights; sam:FOLDER_OR_HUB_ID).",
        ),
    ] = "bilinear",
    mode: Annotated[
        str,
        typer.Option(
            "--mode",
            metavar="MODE",
            help="How the text is written: rows drafts each row from the one above; "
            "lookup, forced, grammar and plain are slower and give the same.",
        ),
    ] = "rows",
    valid: Annotated[
        bool,
        typer.Option("--valid", help="Let the model write valid masks only."),
    ] = False,
    soft: Annotated[
        bool,
        typer.Option(
            "--soft", help="Refine how sure it was of each cell (row-rle, image-rle)."
        ),
    ] = False,
    overlay: Annotated[
        Path | None,
        typer.Option(
            "--overlay", metavar="PNG", help="Also the picture with the mask on it."
        ),
    ] = None,
) -> None:
    """Segment a picture by text; the text and a report go to stdout as JSON."""
    from t4s_lib.cli_masks import check_output, read_picture, write_mask
    from t4s_lib.generation.decode import MODES
    from t4s_lib.refine import REFINERS
    from t4s_lib.segmenter import Segmenter

    for path in (out, overlay):
        if path is not None:
            check_output(path)
    if refiner.partition(":")[0] not in REFINERS:
        known = ", ".join(REFINERS)
        raise ValueError(f"--refiner is {refiner!r}, expected one of {known}")
    if mode not in MODES:
        raise ValueError(f"--mode is {mode!r}, expected one of {', '.join(MODES)}")
    picture = read_picture(image)
    segmenter = Segmenter.load(model, mode=mode, valid=valid)
    found = segmenter(picture, expression, refiner, soft=soft)
    write_mask(found.mask, out)
    if overlay is not None:
        from t4s_lib.cli_masks import write_overlay

        write_overlay(picture, found.mask, overlay)
    told: dict[str, Any] = {
        **found.report.as_dict(),
        "text": found.text,
        "cells": int(found.grid.foreground.sum()),
        "pixels": int(found.mask.sum()),
        "seconds": round(found.seconds, 3),
        "forwards": found.forwards,
        "out": str(out),
    }
    typer.echo(json.dumps(told, ensure_ascii=False))


def pretrain(
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="New folder for the base.")
    ],
    minutes: Annotated[
        float,
        typer.Option("--minutes", metavar="N", help="How long, over all stages."),
    ] = 90.0,
    seed: Annotated[
        int, typer.Option("--seed", metavar="N", help="Weights, scenes, questions.")
    ] = 0,
    processes: Annotated[
        int, typer.Option("--processes", metavar="N", help="A processor core each.")
    ] = 2,
    start: Annotated[
        Path | None,
        typer.Option("--from", metavar="DIR", help="Go on from this base."),
    ] = None,
) -> None:
    """Make the tiny base anew, from nothing: see, then find, then write.

    It learns from synthetic scenes to name, count, box and say what stands in a row,
    but never to write a mask; `t4s train --recipe tiny` teaches that.
    """
    if out.is_file() or (out.is_dir() and any(out.iterdir())):
        raise ValueError(f"--out is {out}, which is not empty; expected a new folder")
    if minutes <= 0:
        raise ValueError(f"--minutes is {minutes}, expected more than 0")
    if processes < 1:
        raise ValueError(f"--processes is {processes}, expected 1 or more")
    if start is not None and not (start / "config.json").is_file():
        raise ValueError(f"--from is {start}, expected the folder of a base")
    from t4s_lib.models.tiny.pretrain import Schedule
    from t4s_lib.models.tiny.pretrain import pretrain as run

    tell = partial(_tell, minutes=minutes)
    schedule = Schedule.of(minutes, seed, goes_on=start is not None)
    run(out, schedule, processes, tell, start)
    typer.echo(json.dumps({"out": str(out), "minutes": minutes, "seed": seed}))


def _tell(record: dict[str, Any], minutes: float) -> None:
    typer.echo(_line(record, minutes), err=True)


def _line(record: dict[str, Any], minutes: float) -> str:
    known = [
        k for k in ("iou", "classes", "where", "reach", "text", "clock") if k in record
    ]
    losses = "  ".join(f"{name} {record[name]:.3f}" for name in known)
    left = f"{max(0.0, minutes - record['minute']):.0f} min left"
    return f"{record['stage']:5}  step {record['step']:5}  {losses}  {left}"
